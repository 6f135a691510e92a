"""Somebody elsewhere asks to quote a post (FEP-044f), and answers those of ours who ask."""

from federation.documents import note as documents
from federation.documents.activity import Activity
from federation.errors import Gone, Untrusted
from federation.origins import is_same_origin
from server import events
from server.fanout.notifications import notify
from server.outbox import quotes as outbox
from server.remote import statuses as remote
from server.runtime import Runtime
from server.store import accounts, domain_blocks, quotes, statuses
from server.store.accounts import Account
from server.store.quotes import Quote
from server.store.revisions import load_marks
from server.store.statuses import Status


async def handle_quote_request(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Accept with a stamp, or reject, as the author of the post said who may quote it."""
    quoted = await statuses.find_by_uri(runtime.db, activity.object_id or "")
    if quoted is None or not quoted.local or quoted.boost_of_id or not activity.instrument_id:
        return
    author = await accounts.get_account(runtime.db, quoted.account_id)
    quoting = None
    if await _may_quote(runtime, sender, quoted):
        quoting = await _quoting_status(runtime, sender, activity)
    async with runtime.transaction() as tx:
        quote = await quotes.find_quote(tx.db, quoting.id) if quoting else None
        if quoting is None or quote is None or not _is_open(quote, quoted):
            await outbox.send_reject(tx, author, sender, activity)
            return
        if quote.state != "accepted":
            await quotes.set_state(tx.db, quoting.id, "accepted")
            await notify(tx, "quote", [author.id], sender.id, quoting.id)
            events.status_edited(tx, quoting.id)
        await outbox.send_accept(tx, author, sender, activity, quoting)


def _is_open(quote: Quote, quoted: Status) -> bool:
    """A consent that was taken back is not given again because somebody asks again."""
    return quote.quoted_uri == quoted.uri and quote.state in {"pending", "accepted"}


async def _may_quote(runtime: Runtime, sender: Account, quoted: Status) -> bool:
    if not await statuses.list_visible(runtime.db, [quoted.id], sender.id):
        return False
    if await domain_blocks.is_blocked(runtime.db, quoted.account_id, sender.domain or ""):
        return False
    marks = await load_marks(runtime.db, [quoted.id], [sender.id])
    return marks[sender.id, quoted.id].quote_approval == "automatic"


async def _quoting_status(runtime: Runtime, sender: Account, activity: Activity) -> Status | None:
    """The post that quotes: from the request, which its author signed, or from its origin."""
    uri = activity.instrument_id or ""
    known = await statuses.find_by_uri(runtime.db, uri)
    if known is None and isinstance(activity.instrument, dict) and is_same_origin(uri, sender.uri):
        note = documents.read_note(activity.instrument)
        if note.author != sender.uri:
            raise Untrusted(f"{uri} is not by {sender.uri}")
        known = await remote.store_note(runtime, sender, note, is_new=True)
    elif known is None:
        try:
            known = await remote.find_or_fetch_status(runtime, uri)
        except Gone:
            return None
    return known if known and known.account_id == sender.id else None


async def take_answer(runtime: Runtime, sender: Account, activity: Activity) -> bool:
    """Take an Accept or Reject of a member's request to quote; False when it is of another kind.

    Only the author of the quoted post can give it. An Accept counts when the stamp that it names
    is found at its origin (a job).
    """
    uri = outbox.requesting_uri(activity.object_id or "")
    quoting = await statuses.find_by_uri(runtime.db, uri) if uri else None
    quote = await quotes.find_quote(runtime.db, quoting.id) if quoting else None
    if quoting is None or quote is None or not quoting.local:
        return False
    if quote.quoted_account_id != sender.id or quote.state not in {"pending", "accepted"}:
        return True
    async with runtime.transaction() as tx:
        if activity.type == "Reject":
            await quotes.set_state(tx.db, quoting.id, "rejected")
            events.status_edited(tx, quoting.id)
            tx.enqueue("send_update", quoting.id)
        elif activity.result_id:
            tx.enqueue("verify_quote", quoting.id, activity.result_id)
    return True


async def take_revocation(runtime: Runtime, sender: Account, stamp_uri: str) -> bool:
    """Take the deletion of a stamp, by whoever gave it; False when it is no stamp that we know."""
    found = await quotes.find_by_approval(runtime.db, stamp_uri)
    if found is None:
        return False
    if found.quoted_account_id == sender.id:
        async with runtime.transaction() as tx:
            await quotes.set_state(tx.db, found.status_id, "revoked")
            events.status_edited(tx, found.status_id)
            quoting = await statuses.get_status(tx.db, found.status_id)
            if quoting.local:
                tx.enqueue("send_update", quoting.id)
    return True
