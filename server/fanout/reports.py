"""A report arrives, from a member or from another server: kept, and moderators are told."""

from server.fanout.notifications import notify
from server.identity.permissions import Permission
from server.store import reported_posts, reports, roles
from server.store.reports import NewReport, Report
from server.transaction import Transaction

_TOLD = Permission.ADMINISTRATOR | Permission.MANAGE_REPORTS


async def keep_report(tx: Transaction, account_id: int, new: NewReport) -> Report | None:
    """Keep it, with what its posts say now, and tell those who manage reports; None for one that
    came before.

    While there is an open one about the same account nobody is told of another.
    """
    is_known = await reports.has_open(tx.db, new.target_id)
    report = await reports.insert_report(tx.db, account_id, new)
    if report:
        await reported_posts.keep(tx.db, report.id)
    if report and not is_known:
        moderators = await roles.members_with(tx.db, _TOLD)
        told = [one for one in moderators if one != new.target_id]
        await notify(tx, "admin.report", told, account_id, report_id=report.id, to_oneself=True)
    return report
