"""A member tells the moderators of somebody."""

from collections.abc import Sequence
from dataclasses import replace

from server.errors import Invalid, NotFound
from server.fanout.reports import keep_report
from server.outbox.flags import send_flag
from server.runtime import Runtime
from server.store import accounts, rules
from server.store.database import Database
from server.store.reports import CATEGORIES, NewReport, Report

_LONGEST_COMMENT = 1000
_MOST_STATUSES = 100


async def report_account(
    runtime: Runtime, account_id: int, new: NewReport, domains: Sequence[str] | None = None
) -> Report:
    """Keep the report, tell our moderators and, if it is `forwarded`, those of other servers.

    These are of `domains`: the account's own server, unless others are named, which host somebody
    whom a reported post answers. Raises NotFound (also for posts and collections that are not the
    target's, or not for the member to see), Invalid.
    """
    target = await accounts.get_account(runtime.db, new.target_id)
    if target.suspended_at:
        raise NotFound
    if len(new.comment) > _LONGEST_COMMENT:
        raise Invalid(
            f"Validation failed: Comment is too long (maximum is {_LONGEST_COMMENT} characters)"
        )
    if new.category not in CATEGORIES:
        raise Invalid(f"'{new.category}' is not a valid category")
    await check_rules(runtime.db, new.category, new.rule_ids)
    if len(new.status_ids) > _MOST_STATUSES:
        raise Invalid(f"Validation failed: At most {_MOST_STATUSES} posts can be reported at once")
    is_forwarded = new.forwarded and not target.is_local
    wanted = {target.domain or ""} if domains is None else {one.strip().lower() for one in domains}
    new = replace(new, forwarded=is_forwarded and target.domain in wanted)
    async with runtime.transaction() as tx:
        report = await keep_report(tx, account_id, new)
        assert report is not None  # it has no uri with which it could have come before
        kept = (set(report.status_ids), set(report.collection_ids))
        if kept != (set(new.status_ids), set(new.collection_ids)):
            raise NotFound
        if is_forwarded:
            await send_flag(tx, target, report, wanted)
    return report


async def check_rules(db: Database, category: str, rule_ids: Sequence[int]) -> None:
    """Rules are cited by who tells of a violation, and there are such rules. Raises Invalid."""
    if rule_ids and category != "violation":
        raise Invalid("Validation failed: Rule ids must be blank")
    if rule_ids and not set(rule_ids) <= {rule.id for rule in await rules.list_rules(db)}:
        raise Invalid("Validation failed: Rule ids does not reference valid rules")
