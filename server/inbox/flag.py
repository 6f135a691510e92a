"""Moderators elsewhere report somebody to ours."""

from federation.documents.activity import Activity
from federation.documents.flag import read_subjects
from server.fanout.reports import keep_report
from server.runtime import Runtime
from server.store import accounts, statuses
from server.store.accounts import Account
from server.store.reports import NewReport

_LONGEST_COMMENT = 5000


async def handle_flag(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """One report for each account of ours that is named, or whose post is.

    Nothing happens when moderators want no reports of that domain.
    """
    rule = runtime.domain_rules.of(sender.domain or "")
    if rule and rule.reject_reports:
        return
    subjects = read_subjects(activity)
    posts = await statuses.list_by_addresses(runtime.db, runtime.addresses, subjects)
    named = await accounts.list_by_uris(runtime.db, subjects)
    targets = {account.id for account in named} | {status.account_id for status in posts}
    async with runtime.transaction() as tx:
        for target in await accounts.list_accounts(tx.db, sorted(targets)):
            if not target.is_local or target.suspended_at or target.actor_type == "Application":
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
