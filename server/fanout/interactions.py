"""What comes of an author's answer to somebody who asked to answer, favourite or boost a post."""

from server.fanout import statuses as fanout
from server.fanout.notifications import notify
from server.outbox import favourites as outbox
from server.store import (
    accounts,
    favourites,
    interaction_requests,
    notifications,
    status_audiences,
    status_writes,
    statuses,
)
from server.store.accounts import Account
from server.store.interaction_requests import Request
from server.store.statuses import Status
from server.transaction import Transaction

# As GoToSocial calls them.
_PENDING = {"reply": "pending.reply", "like": "pending.favourite", "announce": "pending.reblog"}


async def tell_asked(tx: Transaction, request: Request) -> None:
    """Tell a member that somebody would like to."""
    await notify(
        tx, _PENDING[request.kind], [request.target_id], request.account_id, _subject(request)
    )


async def _untell(tx: Transaction, request: Request) -> None:
    await notifications.delete_notifications(
        tx.db, _PENDING[request.kind], request.target_id, request.account_id, _subject(request)
    )


def _subject(request: Request) -> int | None:
    """What the notification shows: the answer, or the post that is to be favourited or boosted."""
    return request.done_id if request.kind == "reply" else request.status_id


async def grant(tx: Transaction, request: Request, stamp_uri: str | None = None) -> None:
    """It is done now, for all whom it is for; `stamp_uri` is that of an author elsewhere."""
    await interaction_requests.answer_request(tx.db, request.id, "accepted", stamp_uri)
    await _untell(tx, request)
    account = await accounts.get_account(tx.db, request.account_id)
    if request.kind == "like":
        await _favourite(tx, account, request, stamp_uri)
    elif request.done_id and request.visibility:
        await status_audiences.set_visibility(tx.db, request.done_id, request.visibility)
        done = await statuses.get_status(tx.db, request.done_id)
        await fanout.distribute_status(tx, done)
        if request.kind == "announce":
            await notify(tx, "reblog", [request.target_id], account.id, request.status_id)


async def refuse(tx: Transaction, request: Request) -> None:
    """No, or no longer: a favourite and a boost are taken back, and an answer by somebody else.

    One by a member stays for the two alone.
    """
    await interaction_requests.answer_request(tx.db, request.id, "rejected")
    await _untell(tx, request)
    account = await accounts.get_account(tx.db, request.account_id)
    if request.kind == "like":
        await favourites.delete_favourite(tx.db, request.account_id, request.status_id)
        await notifications.delete_notifications(
            tx.db, "favourite", request.target_id, request.account_id, request.status_id
        )
        return
    done = await _done(tx, request)
    if done is None:
        return
    if request.kind == "announce" or not account.is_local:
        await fanout.announce_deletion(tx, done)
        await status_writes.delete_status(tx.db, done, account.uri)
    elif done.visibility != "direct":
        await status_audiences.set_visibility(tx.db, done.id, "direct")
        await status_audiences.address_silently(tx.db, done.id, request.target_id)
        await fanout.announce_deletion(tx, done)


async def _done(tx: Transaction, request: Request) -> Status | None:
    if request.done_id:
        return await statuses.find_status(tx.db, request.done_id)
    return await statuses.find_by_uri(tx.db, request.interaction_uri)


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
