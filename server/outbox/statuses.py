"""Create, Update, Delete and Announce of our statuses."""

from collections.abc import Sequence
from datetime import UTC, datetime

from federation.documents.activity import build_activity
from federation.documents.audience import PUBLIC
from federation.documents.authorization import authorization
from federation.documents.context import AUTHORIZATION_CONTEXT, NOTE_CONTEXT
from federation.documents.reading import Document
from federation.documents.times import written
from server.addresses import Addresses
from server.errors import NotFound
from server.outbox import objects
from server.outbox.queue import send_status, send_to_inboxes
from server.outbox.quotes import send_request
from server.runtime import Runtime
from server.store import (
    accounts,
    deliveries,
    interaction_requests,
    local_accounts,
    relays,
    status_views,
)
from server.store.accounts import Account
from server.store.database import Database
from server.store.quotes import Quote
from server.store.status_links import load_links
from server.store.status_views import StatusView
from server.store.statuses import Status
from server.transaction import Transaction


async def send_create_job(runtime: Runtime, status_id: int) -> None:
    """Job: tell others of a new post."""
    await _send_note(runtime, status_id, is_update=False)


async def send_update_job(runtime: Runtime, status_id: int) -> None:
    """Job: tell others of an edit, wherever the post went before too."""
    await _send_note(runtime, status_id, is_update=True)


async def send_announce_job(runtime: Runtime, boost_id: int) -> None:
    """Job: tell others of a boost."""
    async with runtime.transaction() as tx:
        view = await _find_view(tx.db, boost_id)
        if view and view.boost_of:
            announce = announce_activity(
                view.status, view.account.account, view.boost_of, tx.addresses
            )
            request = await interaction_requests.find_by_done(tx.db, boost_id)
            if request and request.stamp_uri:
                announce |= {
                    **authorization("announce", request.stamp_uri),
                    "@context": AUTHORIZATION_CONTEXT,
                }
            await send_status(tx, view.account.account, announce, boost_id, to_followers=True)


async def send_delete(tx: Transaction, account: Account, status: Status) -> None:
    """Tell everybody who may have the post; to be called before its row is deleted."""
    activity = build_activity(
        "Delete",
        f"{status.uri}#delete",
        account.uri,
        {"id": status.uri, "type": "Tombstone"},
        [PUBLIC],
    )
    await send_status(
        tx, account, activity, status.id, to_followers=status.visibility != "direct", to_past=True
    )


async def send_undo_announce(tx: Transaction, account: Account, boost: Status) -> None:
    """Take a boost back; to be called before its row is deleted."""
    view = await _find_view(tx.db, boost.id)
    if view is None or view.boost_of is None:
        return
    announce = announce_activity(boost, account, view.boost_of, tx.addresses)
    undo = build_activity(
        "Undo", f"{boost.uri}/undo", account.uri, announce, announce["to"], announce["cc"]
    )
    await send_status(tx, account, undo, boost.id, to_followers=True, to_past=True)


def create_activity(note: Document, *, is_update: bool) -> Document:
    """The Create of a Note, or the Update after an edit, or with new counts of a poll."""
    changed_at = note.get("updated") or datetime.now(UTC).isoformat(timespec="seconds")
    mark = f"#updates/{changed_at}" if is_update else "/activity"
    kind = "Update" if is_update else "Create"
    activity = build_activity(
        kind,
        note["id"] + mark,
        note["attributedTo"],
        note,
        note["to"],
        note["cc"],
        published=note["published"],
    )
    return {**activity, "@context": NOTE_CONTEXT}


def announce_activity(
    boost: Status, account: Account, original: StatusView, addresses: Addresses
) -> Document:
    """The Announce of a boost, by reference: whoever wants the post asks its origin."""
    followers = addresses.collection(account.id, "followers")
    author = original.account.account.uri
    to, cc = objects.audience_of_boost(boost.visibility, followers, author)
    published = written(boost.created_at, "seconds")
    return build_activity(
        "Announce", boost.uri, account.uri, original.status.uri, to, cc, published=published
    )


async def load_notes(
    db: Database, views: Sequence[StatusView], addresses: Addresses
) -> dict[int, Document]:
    """The Notes of posts by their status, with one query for all of them."""
    links = await load_links(db, [view.status.id for view in views])
    return {
        view.status.id: objects.note_document(view, links[view.status.id], addresses)
        for view in views
        if view.status.id in links
    }


async def load_note(db: Database, view: StatusView, addresses: Addresses) -> Document:
    """The Note of one post. Raises NotFound when it was deleted since the view was read."""
    note = (await load_notes(db, [view], addresses)).get(view.status.id)
    if note is None:
        raise NotFound
    return note


async def _send_note(runtime: Runtime, status_id: int, *, is_update: bool) -> None:
    async with runtime.transaction() as tx:
        view = await _find_view(tx.db, status_id)
        notes = await load_notes(tx.db, [view] if view else [], tx.addresses)
        note = notes.get(status_id)
        if view is None or note is None:  # deleted, perhaps between the two questions
            return
        account = await accounts.get_account(tx.db, view.status.account_id)
        await send_status(
            tx,
            account,
            create_activity(note, is_update=is_update),
            status_id,
            to_followers=view.status.visibility != "direct",
            to_past=is_update,
            is_private=view.status.visibility == "private",
        )
        if not is_update and view.quote and view.quote.state == "pending":
            await _ask(tx, account, view.quote, note)
        if not is_update and view.status.visibility == "public":
            await _tell_relays(tx, view.status)


async def _ask(tx: Transaction, account: Account, quote: Quote, note: Document) -> None:
    if quote.quoted_account_id:
        author = await accounts.get_account(tx.db, quote.quoted_account_id)
        await send_request(tx, account, quote, author, note)


async def _tell_relays(tx: Transaction, status: Status) -> None:
    """Name a new public post to the relays of LitePub's kind, as the instance."""
    inboxes = [] if status.local_only else await relays.list_inboxes(tx.db, "litepub")
    if not inboxes:
        return
    instance = await local_accounts.find_instance_actor(tx.db)
    assert instance is not None  # it has asked the relays to take what we send
    followers = tx.addresses.collection(instance.id, "followers")
    uri = f"{instance.uri}#announces/{status.id}"
    announce = build_activity("Announce", uri, instance.uri, status.uri, [followers], [PUBLIC])
    await send_to_inboxes(tx, instance, announce, inboxes)
    await deliveries.remember_inboxes(tx.db, status.id, inboxes)


async def _find_view(db: Database, status_id: int) -> StatusView | None:
    views = await status_views.load_status_views(db, [status_id])
    return views[0] if views else None
