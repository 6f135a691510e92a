"""What posts of others quote, as they say it."""

from federation.documents.note import Note
from server.store import quotes
from server.store.statuses import Status
from server.transaction import Transaction

# A post that quotes a post that quotes a post: so many are fetched.
DEPTH = 2


async def keep_quote(tx: Transaction, status: Status, note: Note, depth: int) -> None:
    """Write what a note of somebody else's quotes, in place of what it quoted before.

    Nobody's word is taken for it that the quoted one agrees: a job asks.
    """
    kept = await quotes.find_quote(tx.db, status.id)
    if kept and kept.quoted_uri != note.quote:
        await quotes.delete_quote(tx.db, status.id)
    if note.quote is None:
        return
    if kept is None or kept.quoted_uri != note.quote:
        await quotes.insert_pending(tx.db, status.id, status.account_id, note.quote)
    elif kept.state == "accepted" or not note.quote_authorization:
        return
    if depth > 0:
        tx.enqueue("verify_quote", status.id, note.quote_authorization, depth - 1)
