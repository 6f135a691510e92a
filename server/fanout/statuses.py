"""What a new or changed status sets off inside this instance, whoever wrote it."""

from server import events
from server.fanout.notifications import notify
from server.store import conversations, feeds, quotes, status_edits
from server.store.statuses import Status
from server.transaction import Transaction


async def distribute_status(tx: Transaction, status: Status, *, is_held: bool = False) -> None:
    """Into the timelines of its readers, to those whom it names, onto open streams, and, if a
    member wrote it, on its way to others.

    Those whom a held one names find it among the requests alone.
    """
    reach = await feeds.add_home_entries(tx.db, status.id)
    if reach.is_listed:
        await feeds.add_list_entries(tx.db, status.id)
    if status.boost_of_id is None:
        await notify(tx, "mention", reach.named, status.account_id, status.id, is_held=is_held)
        await notify(tx, "status", reach.told, status.account_id, status.id)
    if reach.leaves:
        tx.enqueue("send_announce" if status.boost_of_id else "send_create", status.id)
    if status.visibility == "direct":
        for account_id, row_id in await conversations.upsert_conversations(tx.db, status.id):
            events.conversation_changed(tx, account_id, row_id)
    events.status_posted(tx, status.id)


async def show_to_author(tx: Transaction, status: Status) -> None:
    """What waits for somebody's consent stands in the home of its author alone."""
    await feeds.add_own_entry(tx.db, status.account_id, status.id, status.boost_of_id or status.id)


async def show_to_reader(tx: Transaction, status_id: int, account_id: int) -> None:
    """A status that is there already is for that member, too, without a word."""
    await feeds.add_home_entries(tx.db, status_id)
    events.status_posted(tx, status_id, only_to=account_id)


async def announce_edit(tx: Transaction, status: Status, *, is_held: bool = False) -> None:
    """Tell open streams, newly named people, and those who boosted it; see distribute_status."""
    mentioned = await status_edits.mentioned_ids(tx.db, status.id)
    await notify(tx, "mention", mentioned, status.account_id, status.id, is_held=is_held)
    boosters = await status_edits.booster_ids(tx.db, status.id)
    await notify(tx, "update", boosters, status.account_id, status.id)
    for quoting_id, quoter_id in await quotes.quoter_ids(tx.db, status.id):
        await notify(tx, "quoted_update", [quoter_id], status.account_id, quoting_id)
    events.status_edited(tx, status.id)


async def announce_deletion(tx: Transaction, status: Status) -> None:
    """Tell open streams, and let conversations end before it; to be called before the deletion."""
    for account_id, row_id in await conversations.step_back(tx.db, status.id):
        events.conversation_changed(tx, account_id, row_id)
    tags = await status_edits.tag_names(tx.db, status.id)
    addressed = await status_edits.addressed_ids(tx.db, status.id)
    events.status_deleted(tx, status.id, status.account_id, status.visibility, tags, addressed)
