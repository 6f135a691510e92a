"""What comes of an author's answer to somebody who asked to answer, favourite or boost a post."""

from server.fanout import statuses as fanout
from server.fanout.notifications import notify
from server.outbox import favourites as outbox
from server.store import accounts, favourites, interaction_requests, status_writes, statuses
from server.store.accounts import Account
from server.store.interaction_requests import Request
from server.transaction import Transaction


async def grant(tx: Transaction, request: Request, stamp_uri: str | None = None) -> None:
    """It is done now, for all whom it is for; `stamp_uri` is that of an author elsewhere."""
    await interaction_requests.answer_request(tx.db, request.id, "accepted", stamp_uri)
    account = await accounts.get_account(tx.db, request.account_id)
    if request.kind == "like":
        await _favourite(tx, account, request, stamp_uri)
    elif request.done_id and request.visibility:
        await status_writes.set_visibility(tx.db, request.done_id, request.visibility)
        done = await statuses.get_status(tx.db, request.done_id)
        await fanout.distribute_status(tx, done)
        if request.kind == "announce":
            await notify(tx, "reblog", [request.target_id], account.id, request.status_id)


async def refuse(tx: Transaction, request: Request) -> None:
    """A favourite and a boost are taken back; an answer by a member stays for the two alone."""
    await interaction_requests.answer_request(tx.db, request.id, "rejected")
    account = await accounts.get_account(tx.db, request.account_id)
    if request.kind == "like":
        await favourites.delete_favourite(tx.db, request.account_id, request.status_id)
    elif request.done_id and (request.kind == "announce" or not account.is_local):
        done = await statuses.get_status(tx.db, request.done_id)
        await fanout.announce_deletion(tx, done)
        await status_writes.delete_status(tx.db, done, account.uri)


async def _favourite(
    tx: Transaction, account: Account, request: Request, stamp_uri: str | None
) -> None:
    """Of a member who asked elsewhere it stands there already, and goes out with the stamp."""
    status = await statuses.get_status(tx.db, request.status_id)
    uri = request.interaction_uri
    if not status.local:
        if stamp_uri:
            await outbox.send_granted_like(tx, account, status, uri, stamp_uri)
    elif await favourites.insert_favourite(
        tx.db, account.id, status.id, None if account.is_local else uri
    ):
        await notify(tx, "favourite", [request.target_id], account.id, status.id)
