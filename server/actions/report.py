"""A member tells the moderators of somebody."""

from server.errors import Invalid
from server.fanout.notifications import notify
from server.identity.permissions import Permission
from server.runtime import Runtime
from server.store import accounts, reports, roles
from server.store.reports import CATEGORIES, NewReport, Report

_LONGEST_COMMENT = 1000
_MOST_STATUSES = 100
TOLD_OF_REPORTS = Permission.ADMINISTRATOR | Permission.MANAGE_REPORTS


async def report_account(runtime: Runtime, account_id: int, new: NewReport) -> Report:
    """Keep the report and tell those who manage reports. Raises NotFound, Invalid."""
    target = await accounts.get_account(runtime.db, new.target_id)
    if len(new.comment) > _LONGEST_COMMENT:
        raise Invalid(
            f"Validation failed: Comment is too long (maximum is {_LONGEST_COMMENT} characters)"
        )
    if new.category not in CATEGORIES:
        raise Invalid(f"'{new.category}' is not a valid category")
    if len(new.status_ids) > _MOST_STATUSES:
        raise Invalid(f"Validation failed: At most {_MOST_STATUSES} posts can be reported at once")
    async with runtime.transaction() as tx:
        report = await reports.insert_report(tx.db, account_id, new)
        moderators = await roles.members_with(tx.db, TOLD_OF_REPORTS)
        told = [one for one in moderators if one != target.id]
        await notify(tx, "admin.report", told, account_id, report_id=report.id, to_oneself=True)
    return report
