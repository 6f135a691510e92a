"""Asking to answer, favourite or boost, and answering those who ask.

https://docs.gotosocial.org/en/latest/federation/interaction_controls/
"""

from typing import Any

from federation.documents.activity import build_activity
from federation.documents.authorization import Stamp, build_request, build_stamp
from federation.documents.context import AUTHORIZATION_CONTEXT
from federation.documents.reading import Document
from server.addresses import Addresses
from server.outbox.queue import send
from server.outbox.relations import new_activity_uri
from server.store import accounts, statuses
from server.store.accounts import Account
from server.store.interaction_requests import Request
from server.store.statuses import Status
from server.transaction import Transaction

_REQUEST = "/request"


def request_uri(interaction_uri: str) -> str:
    """Id of a member's request about an answer, Like or Announce of theirs."""
    return f"{interaction_uri}{_REQUEST}"


def requested_uri(uri: str) -> str:
    """Id of what an answer is about: it may name the request, or the thing itself."""
    return uri.removesuffix(_REQUEST)


async def send_request(
    tx: Transaction, account: Account, request: Request, status: Status, instrument: Any
) -> None:
    """Ask the author elsewhere."""
    author = await accounts.get_account(tx.db, request.target_id)
    uri = request_uri(request.interaction_uri)
    document = build_request(request.kind, uri, account.uri, status.uri, instrument, author.uri)
    await send(tx, account, document, [author])


async def send_answer(tx: Transaction, author: Account, request: Request, *, is_yes: bool) -> None:
    """Tell somebody elsewhere what the author, one of ours, says; a yes is shown by a stamp."""
    asker = await accounts.get_account(tx.db, request.account_id)
    if asker.is_local:
        return
    status = await statuses.get_status(tx.db, request.status_id)
    inner: Any = request.interaction_uri
    if request.request_uri:
        inner = {
            "type": f"{request.kind.title()}Request",
            "id": request.request_uri,
            "actor": asker.uri,
            "object": status.uri,
            "instrument": request.interaction_uri,
        }
    kind = "Accept" if is_yes else "Reject"
    result: Document = {"result": tx.addresses.stamp(request.id)} if is_yes else {}
    uri = new_activity_uri(tx, author, f"{kind.lower()}s")
    answer = build_activity(kind, uri, author.uri, inner, [asker.uri], **result)
    await send(tx, author, {**answer, "@context": AUTHORIZATION_CONTEXT}, [asker])


def stamp_document(
    author: Account, status: Status, request: Request, addresses: Addresses
) -> Document:
    """The stamp by which an author of ours agrees."""
    return build_stamp(
        Stamp(
            addresses.stamp(request.id),
            request.kind,
            author.uri,
            request.interaction_uri,
            status.uri,
        )
    )
