"""What a reaction sets off inside this instance, whoever it is by."""

from server.errors import Invalid
from server.fanout.notifications import notify
from server.store import notifications, reactions
from server.store.reactions import Emoji
from server.store.statuses import Status
from server.transaction import Transaction

_NOTIFICATION = "pleroma:emoji_reaction"  # as Pleroma and its clients call it
MOST_OF_A_PERSON = 16
_MOST_KINDS = 64


async def add_reaction(
    tx: Transaction, account_id: int, status: Status, emoji: Emoji, uri: str | None
) -> int | None:
    """Put an emoji under a status; gives its id, None when it stood there.

    The author is told once of each person. Raises Invalid when there are too many.
    """
    room = await reactions.lock_room(tx.db, account_id, status.id, emoji)
    if room.is_there:
        return None
    if room.own >= MOST_OF_A_PERSON or (not room.is_known and room.kinds >= _MOST_KINDS):
        raise Invalid("Validation failed: Reactions limit reached")
    reaction_id = await reactions.insert_reaction(tx.db, account_id, status.id, emoji, uri)
    await notify(tx, _NOTIFICATION, [status.account_id], account_id, status.id)
    return reaction_id


async def remove_reaction(
    tx: Transaction, account_id: int, status: Status, name: str, domain: str | None
) -> tuple[int, Emoji] | None:
    """Take an emoji away; gives its id and what it was, None when there was none."""
    removed = await reactions.delete_reaction(tx.db, account_id, status.id, name, domain)
    if removed and not await reactions.has_reacted(tx.db, account_id, status.id):
        await notifications.delete_notifications(
            tx.db, _NOTIFICATION, status.account_id, account_id, status.id
        )
    return removed
