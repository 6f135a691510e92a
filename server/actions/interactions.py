"""Members ask those who want to be asked, and answer those who ask them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from federation.documents.activity import build_activity
from server.errors import Forbidden
from server.fanout import interactions as fanout
from server.outbox import interactions as outbox
from server.outbox.statuses import announce_activity, load_note
from server.runtime import Runtime
from server.store import accounts, blocks, interaction_requests, status_views, statuses
from server.store.database import Database
from server.store.interaction_requests import Asking, Request
from server.store.statuses import Status
from server.transaction import Transaction


async def must_ask(db: Database, status: Status, kind: str, account_id: int) -> bool:
    """Whether the author of a status wants to be asked first. Raises Forbidden.

    With an author elsewhere also who may without being asked gets a stamp, for all others to see.
    """
    if kind not in status.interaction_policy or status.account_id == account_id:
        return False
    verdict = await statuses.may_interact(db, status, kind, account_id)
    if verdict == "denied":
        raise Forbidden
    return verdict == "manual" or not status.local


async def check_not_blocking(db: Database, account_id: int, status: Status) -> None:
    """Raises Forbidden: whom one blocks one neither favourites nor boosts."""
    if await blocks.is_blocked(db, account_id, status.account_id):
        raise Forbidden


async def ask(
    tx: Transaction,
    kind: str,
    account_id: int,
    status: Status,
    uri: str,
    done: tuple[int, str] | None = None,
) -> None:
    """Write the request; `done` is the answer or boost and whom it will be for."""
    done_id, visibility = done or (None, None)
    asking = Asking(kind, account_id, status.account_id, status.id, uri, done_id, visibility)
    request = await interaction_requests.insert_request(tx.db, asking)
    if not status.local:
        tx.enqueue("send_interaction_request", request.id)
    elif request.state == "pending":
        await fanout.tell_asked(tx, request)


async def send_interaction_request_job(runtime: Runtime, request_id: int) -> None:
    """Job: ask an author elsewhere."""
    async with runtime.transaction() as tx:
        request = await interaction_requests.find_request(tx.db, request_id)
        if request is None or request.state != "pending":
            return
        account = await accounts.get_account(tx.db, request.account_id)
        status = await statuses.get_status(tx.db, request.status_id)
        instrument: Any = None
        if request.done_id:
            instrument = await _done(tx, request)
        else:
            instrument = build_activity("Like", request.interaction_uri, account.uri, status.uri)
        await outbox.send_request(tx, account, request, status, instrument)


async def _done(tx: Transaction, request: Request) -> Any:
    """The answer or boost as it will be, for whom it will be."""
    [view] = await status_views.load_status_views(tx.db, [request.done_id or 0])
    shown = replace(view, status=replace(view.status, visibility=request.visibility or "direct"))
    if shown.boost_of:
        return announce_activity(shown.status, shown.account.account, shown.boost_of, tx.addresses)
    return await load_note(tx.db, shown, tx.addresses)


async def authorize(runtime: Runtime, account_id: int, request_id: int) -> Request:
    """Agree. Raises NotFound for what was not asked of the member."""
    return await _answer(runtime, account_id, request_id, is_yes=True)


async def reject(runtime: Runtime, account_id: int, request_id: int) -> Request:
    """Do not agree. Raises NotFound for what was not asked of the member."""
    return await _answer(runtime, account_id, request_id, is_yes=False)


async def _answer(runtime: Runtime, account_id: int, request_id: int, *, is_yes: bool) -> Request:
    async with runtime.transaction() as tx:
        request = await interaction_requests.get_asked(tx.db, account_id, request_id)
        if request.state == "pending":
            author = await accounts.get_account(tx.db, account_id)
            await outbox.send_answer(tx, author, request, is_yes=is_yes)
            await (fanout.grant if is_yes else fanout.refuse)(tx, request)
        state, now = "accepted" if is_yes else "rejected", datetime.now(UTC)
        return replace(request, state=state, answered_at=now)
