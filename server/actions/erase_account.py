"""An account goes for good, whoever wants it: its member, or moderators after a suspension."""

from server import events
from server.fanout import statuses as fanout
from server.outbox import profiles, relations
from server.runtime import Runtime
from server.store import accounts, erasures, follows, status_writes, statuses, tokens
from server.store.accounts import Account
from server.transaction import Transaction

_BATCH = 100  # statuses


async def erase_account(runtime: Runtime, account_id: int, *, if_suspended: bool = False) -> None:
    """Hide an account at once, tell everybody, and have the worker delete all that it has.

    Its name stays taken; an address of e-mail is free again. It cannot be brought back. With
    `if_suspended`, nothing happens to one that moderators bring back at this moment. Raises
    NotFound.
    """
    account = await accounts.get_account(runtime.db, account_id)
    async with runtime.transaction() as tx:
        if not await erasures.begin(tx.db, account_id, if_suspended=if_suspended):
            return
        if account.is_local:
            await profiles.send_delete_actor(tx, account)
        else:
            await _end_ties(tx, account)
        events.tokens_revoked(tx, await tokens.delete_tokens_of_account(tx.db, account_id))
        events.account_changed(tx, account_id)
        tx.enqueue("erase_account", account_id)


async def erase_account_job(runtime: Runtime, account_id: int) -> None:
    """Job: delete some statuses and come back for more; with the last ones, everything else."""
    account = await accounts.get_account(runtime.db, account_id)
    batch = await statuses.list_oldest(runtime.db, account_id, _BATCH)
    async with runtime.transaction() as tx:
        for status in batch:
            await fanout.announce_deletion(tx, status)
            await status_writes.delete_status(tx.db, status, account.uri)
        if len(batch) == _BATCH:
            tx.enqueue("erase_account", account_id)
            return
    # Files first: should this end halfway, their names are still known the next time.
    await runtime.media.delete(await erasures.list_files(runtime.db, account_id))
    async with runtime.transaction() as tx:
        await erasures.finish(tx.db, account_id)


async def _end_ties(tx: Transaction, account: Account) -> None:
    """Whoever is elsewhere does not hear of it otherwise: nobody follows it, it follows nobody."""
    for follow in await follows.list_with_members(tx.db, account.id):
        if follow.account_id == account.id:
            member = await accounts.get_account(tx.db, follow.target_id)
            await relations.send_reject_follow(tx, member, account, follow.uri)
        else:
            member = await accounts.get_account(tx.db, follow.account_id)
            await relations.send_undo_follow(tx, member, account, follow.uri)
