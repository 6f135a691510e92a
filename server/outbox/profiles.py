"""Update and Delete of a member's actor."""

from datetime import UTC, datetime

from federation.documents.activity import build_activity
from federation.documents.audience import PUBLIC
from federation.documents.context import ACTOR_CONTEXT
from server.outbox.objects import actor_document
from server.outbox.queue import send_to_everyone, send_to_followers, send_to_inboxes
from server.runtime import Runtime
from server.store import accounts, actor_keys, deliveries
from server.store.accounts import Account
from server.transaction import Transaction


async def send_profile_job(runtime: Runtime, account_id: int) -> None:
    """Job: tell followers elsewhere how a member looks now."""
    async with runtime.transaction() as tx:
        account = await accounts.find_account(tx.db, account_id)
        if account is None:
            return
        keys = await actor_keys.list_public_keys(tx.db, account_id)
        activity = build_activity(
            "Update",
            f"{account.uri}#updates/{int(datetime.now(UTC).timestamp() * 1000)}",
            account.uri,
            actor_document(
                account,
                keys,
                tx.addresses,
                tx.cipher,
                await accounts.find_uri(tx.db, account.moved_to_id),
            ),
            [PUBLIC],
        )
        await send_to_followers(tx, account, {**activity, "@context": ACTOR_CONTEXT})


async def send_move(tx: Transaction, account: Account, target: Account, move_id: int) -> None:
    """Tell followers, and those who block the account, that it moved."""
    followers = tx.addresses.collection(account.id, "followers")
    uri = f"{account.uri}#moves/{move_id}"
    activity = build_activity("Move", uri, account.uri, account.uri, [followers], target=target.uri)
    inboxes = await deliveries.list_move_inboxes(tx.db, account.id)
    await send_to_inboxes(tx, account, activity, inboxes)


async def send_delete_actor(tx: Transaction, account: Account) -> None:
    """Tell everybody that an account of ours is gone; to be called before its follows end."""
    activity = build_activity("Delete", f"{account.uri}#delete", account.uri, account.uri, [PUBLIC])
    await send_to_everyone(tx, account, activity)
