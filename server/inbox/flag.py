"""Moderators elsewhere report somebody to ours."""

from collections.abc import Sequence

from federation.documents.activity import Activity
from federation.documents.flag import read_subjects
from server.fanout.reports import keep_report
from server.runtime import Runtime
from server.store import accounts, statuses
from server.store.accounts import Account
from server.store.reports import NewReport
from server.store.statuses import Status

_LONGEST_COMMENT = 5000


async def handle_flag(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """One report for each account of ours that is named, or whose post is, and for one of elsewhere
    with a post that answers one of ours.

    Nothing happens when moderators want no reports of that domain.
    """
    rule = runtime.domain_rules.of(sender.domain or "")
    if rule and rule.reject_reports:
        return
    subjects = read_subjects(activity)
    posts = await statuses.list_by_addresses(runtime.db, runtime.addresses, subjects)
    named = await accounts.list_by_uris(runtime.db, subjects)
    targets = {account.id for account in named} | {status.account_id for status in posts}
    concerned = await _who_answer_ours(runtime, posts)
    async with runtime.transaction() as tx:
        for target in await accounts.list_accounts(tx.db, sorted(targets)):
            is_ours = target.is_local and target.actor_type != "Application"
            if target.suspended_at or not (is_ours or target.id in concerned):
                continue
            new = NewReport(
                target.id,
                (activity.content or activity.summary or "")[:_LONGEST_COMMENT],
                "other",
                [status.id for status in posts if status.account_id == target.id],
                [],
                [],
                uri=activity.id and f"{activity.id}#{target.id}",
            )
            await keep_report(tx, sender.id, new)


async def _who_answer_ours(runtime: Runtime, posts: Sequence[Status]) -> set[int]:
    """Authors of those of the posts that answer one of ours."""
    answered = {status.in_reply_to_account_id or 0 for status in posts}
    people = await accounts.list_accounts(runtime.db, answered)
    ours = {account.id for account in people if account.is_local}
    return {status.account_id for status in posts if status.in_reply_to_account_id in ours}
