"""Moderators look after reports."""

from collections.abc import Sequence

from server.actions.report import check_rules
from server.errors import Invalid
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.runtime import Runtime
from server.store import accounts, audit_log, moderation_notes, reports
from server.store.reports import CATEGORIES, Report
from server.transaction import Transaction

_LONGEST_NOTE = 2000


async def assign(
    runtime: Runtime, moderator_id: int, report_id: int, *, to_oneself: bool
) -> Report:
    """Look after a report oneself, or let nobody do. Raises NotFound, Forbidden."""
    report = await _get(runtime, moderator_id, report_id)
    async with runtime.transaction() as tx:
        await reports.assign(tx.db, report.id, moderator_id if to_oneself else None)
        await _record(tx, moderator_id, "assign" if to_oneself else "unassign", report)
    return await reports.get_report(runtime.db, report_id)


async def resolve(runtime: Runtime, moderator_id: int | None, report_id: int) -> Report:
    """Nothing more is to be done. Raises NotFound, Forbidden."""
    report = await _get(runtime, moderator_id, report_id)
    async with runtime.transaction() as tx:
        if await reports.resolve(tx.db, moderator_id, report.target_id, report.id):
            await _record(tx, moderator_id, "resolve", report)
    return await reports.get_report(runtime.db, report_id)


async def reopen(runtime: Runtime, moderator_id: int | None, report_id: int) -> Report:
    """There is more to do. Raises NotFound, Forbidden."""
    report = await _get(runtime, moderator_id, report_id)
    async with runtime.transaction() as tx:
        if await reports.reopen(tx.db, report.id):
            await _record(tx, moderator_id, "reopen", report)
    return await reports.get_report(runtime.db, report_id)


async def update(
    runtime: Runtime,
    moderator_id: int,
    report_id: int,
    category: str | None,
    rule_ids: Sequence[int] | None,
) -> Report:
    """Say otherwise what a report is about; None leaves as it is. Raises NotFound, Invalid."""
    report = await _get(runtime, moderator_id, report_id)
    category = category or report.category
    if category not in CATEGORIES:
        raise Invalid(f"'{category}' is not a valid category")
    await check_rules(runtime.db, category, rule_ids or ())
    rules = report.rule_ids if rule_ids is None else rule_ids
    async with runtime.transaction() as tx:
        await reports.update_report(
            tx.db, report.id, category, rules if category == "violation" else []
        )
        await _record(tx, moderator_id, "update", report)
    return await reports.get_report(runtime.db, report_id)


async def write_note(
    runtime: Runtime,
    moderator_id: int,
    content: str,
    *,
    target_id: int | None = None,
    report_id: int | None = None,
) -> None:
    """Write to other moderators about an account or a report. Raises NotFound, Invalid."""
    await check_may(runtime.db, moderator_id, Permission.MANAGE_REPORTS)
    content = content.strip()
    if not content or len(content) > _LONGEST_NOTE:
        problem = "can't be blank" if not content else f"is too long (maximum is {_LONGEST_NOTE})"
        raise Invalid(f"Validation failed: Content {problem}")
    if target_id is not None:
        await accounts.get_account(runtime.db, target_id)
    if report_id is not None:
        await reports.get_report(runtime.db, report_id)
    await moderation_notes.insert_note(
        runtime.db, moderator_id, content, target_id=target_id, report_id=report_id
    )


async def _get(runtime: Runtime, moderator_id: int | None, report_id: int) -> Report:
    await check_may(runtime.db, moderator_id, Permission.MANAGE_REPORTS)
    return await reports.get_report(runtime.db, report_id)


async def _record(tx: Transaction, moderator_id: int | None, action: str, report: Report) -> None:
    target = await accounts.get_account(tx.db, report.target_id)
    await audit_log.record(tx.db, moderator_id, action, "report", report.id, target.acct)
