"""Asking to quote, answering those who ask, and taking consent back (FEP-044f).

https://codeberg.org/fediverse/fep/src/branch/main/fep/044f/fep-044f.md
"""

from federation.documents.activity import Activity, build_activity
from federation.documents.audience import PUBLIC
from federation.documents.authorization import Stamp, build_request, build_stamp
from federation.documents.context import AUTHORIZATION_CONTEXT
from federation.documents.reading import Document
from server.addresses import Addresses
from server.outbox.queue import send, send_status
from server.outbox.relations import new_activity_uri
from server.store.accounts import Account
from server.store.quotes import Quote
from server.store.statuses import Status
from server.transaction import Transaction

_REQUEST = "/quote_request"


def request_uri(status_uri: str) -> str:
    """Id of the request that belongs to a post of ours."""
    return f"{status_uri}{_REQUEST}"


def requesting_uri(uri: str) -> str | None:
    """Id of the post that such a request belongs to; None for another address."""
    return uri.removesuffix(_REQUEST) if uri.endswith(_REQUEST) else None


async def send_request(
    tx: Transaction, account: Account, quote: Quote, quoted_author: Account, note: Document
) -> None:
    """Ask the author elsewhere whether a member may quote."""
    request = build_request(
        "quote", request_uri(note["id"]), account.uri, quote.quoted_uri, note, quoted_author.uri
    )
    await send(tx, account, request, [quoted_author])


async def send_accept(
    tx: Transaction, author: Account, quoter: Account, request: Activity, quoting: Status
) -> None:
    """Let somebody elsewhere quote a post of a member; the stamp shows it to everybody."""
    stamp = tx.addresses.quote_stamp(quoting.id)
    await _answer(tx, "Accept", author, quoter, request, {"result": stamp})


async def send_reject(tx: Transaction, author: Account, quoter: Account, request: Activity) -> None:
    """Do not let somebody elsewhere quote."""
    await _answer(tx, "Reject", author, quoter, request, {})


async def send_revocation(
    tx: Transaction, author: Account, quoted: Status, quoting: Status
) -> None:
    """Tell all who may know of a quote that the author of what it quotes agrees no longer."""
    stamp = stamp_document(author, quoted, quoting, tx.addresses)
    delete = build_activity("Delete", f"{stamp['id']}#delete", author.uri, stamp, [PUBLIC])
    delete["@context"] = AUTHORIZATION_CONTEXT
    # Former readers of both posts; the quoter is one of those who quoted.
    await send_status(tx, author, delete, quoted.id, to_followers=True, to_past=True)
    if quoting.local:
        await send_status(tx, author, delete, quoting.id, to_followers=False, to_past=True)


def stamp_document(
    author: Account, quoted: Status, quoting: Status, addresses: Addresses
) -> Document:
    """The stamp by which an author of ours agrees to a quote."""
    return build_stamp(
        Stamp(addresses.quote_stamp(quoting.id), "quote", author.uri, quoting.uri, quoted.uri)
    )


async def _answer(
    tx: Transaction,
    kind: str,
    author: Account,
    quoter: Account,
    request: Activity,
    result: Document,
) -> None:
    """The request is embedded by what identifies it, as Mastodon does."""
    inner = {
        "type": "QuoteRequest",
        "id": request.id,
        "actor": quoter.uri,
        "object": request.object_id,
        "instrument": request.instrument_id,
    }
    uri = new_activity_uri(tx, author, f"{kind.lower()}s")
    answer = build_activity(kind, uri, author.uri, inner, [quoter.uri], **result)
    answer["@context"] = AUTHORIZATION_CONTEXT
    await send(tx, author, answer, [quoter])
