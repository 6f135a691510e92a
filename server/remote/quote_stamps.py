"""Whether those whom posts quote agree: their stamps are read at their origin (FEP-044f).

A stamp that does not hold changes nothing, so that nobody can spoil a quote by an early bad one;
one that holds is kept with the quote.
"""

import logging

from federation.documents.authorization import read_stamp
from federation.errors import Gone, Malformed, RemoteError, Unreachable, Untrusted
from federation.origins import is_same_origin
from federation.transport.fetch import fetch_document
from server import events
from server.identity.signing import instance_signer
from server.remote.quotes import DEPTH
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store import accounts, quotes, statuses, tombstones
from server.store.quotes import Quote
from server.store.statuses import Status

log = logging.getLogger(__name__)


async def verify_quote_job(
    runtime: Runtime, status_id: int, stamp_uri: str | None, depth: int = DEPTH
) -> None:
    """Job: fetch what a status quotes, then see whether its author agrees.

    One's own posts may be quoted without; of a member of ours the row itself says it. Raises
    Unreachable, so that it is tried again.
    """
    quote = await quotes.find_quote(runtime.db, status_id)
    if quote is None or quote.state in {"rejected", "revoked"}:
        return
    try:
        quoted = await find_or_fetch_status(runtime, quote.quoted_uri, depth)
        if quoted.boost_of_id:
            return
        await _attach(runtime, quote, quoted)
        if await _is_agreed(runtime, quote, quoted, stamp_uri):
            await _accept(runtime, quote, stamp_uri)
    except Unreachable:
        raise
    except RemoteError as error:
        log.info("quote of %s stays %s: %s", quote.quoted_uri, quote.state, error)


async def _attach(runtime: Runtime, quote: Quote, quoted: Status) -> None:
    if quote.quoted_id is None:
        async with runtime.transaction() as tx:
            await quotes.attach(tx.db, quote.status_id, quoted)
            events.status_edited(tx, quote.status_id)


async def _is_agreed(runtime: Runtime, quote: Quote, quoted: Status, stamp_uri: str | None) -> bool:
    """Raises Untrusted for a stamp that stands elsewhere or says something else."""
    if quote.account_id == quoted.account_id:
        return True
    if quoted.local or stamp_uri is None or quoted.visibility not in {"public", "unlisted"}:
        return False
    author = await accounts.get_account(runtime.db, quoted.account_id)
    if not is_same_origin(stamp_uri, author.uri):
        raise Untrusted(f"{stamp_uri} is not of {author.uri}")
    if await tombstones.is_buried(runtime.db, stamp_uri, author.uri):
        raise Gone(f"{stamp_uri} was taken back")
    document = await fetch_document(runtime.http, stamp_uri, await instance_signer(runtime))
    stamp = read_stamp(document)
    if stamp.id != stamp_uri or stamp.kind != "quote":
        raise Malformed(f"{stamp_uri} is no stamp for a quote")
    quoting = await statuses.get_status(runtime.db, quote.status_id)
    if (stamp.author, stamp.interacting, stamp.target) != (author.uri, quoting.uri, quoted.uri):
        raise Untrusted(f"{stamp_uri} is for another quote")
    return True


async def _accept(runtime: Runtime, quote: Quote, stamp_uri: str | None) -> None:
    async with runtime.transaction() as tx:
        await quotes.set_state(tx.db, quote.status_id, "accepted", stamp_uri)
        events.status_edited(tx, quote.status_id)
        status = await statuses.get_status(tx.db, quote.status_id)
        if status.local:
            tx.enqueue("send_update", status.id)
