"""Somebody elsewhere posts."""

import logging
from dataclasses import replace

from federation.documents import note as documents
from federation.documents.activity import Activity
from federation.documents.audience import visibility_of
from federation.documents.note import Note
from federation.documents.reading import id_of, type_of
from server.fanout import statuses as fanout
from server.inbox.interaction_request import hold_reply, must_wait
from server.inbox.objects import with_object
from server.inbox.vote import take_vote
from server.remote import statuses as remote
from server.runtime import Runtime
from server.store import accounts, remote_accounts, status_audiences, statuses
from server.store.accounts import Account

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 50


async def handle_create(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Keep a post that concerns somebody here; one by another author is fetched at its origin.

    GoToSocial sends all choices that somebody makes in a poll at once.
    """
    for inner in activity.objects[:_MOST_AT_ONCE]:
        await _create(runtime, sender, replace(activity, object=inner, object_id=id_of(inner)))


async def _create(runtime: Runtime, sender: Account, activity: Activity) -> None:
    activity = await with_object(runtime, activity)
    if not isinstance(activity.object, dict) or type_of(activity.object) not in documents.TYPES:
        return
    note = documents.read_told(activity)
    if note.vote is not None:
        await take_vote(runtime, sender, note)
        return
    if not await _concerns_us(runtime, sender, note):
        log.info("%s by %s concerns nobody here", note.id, sender.uri)
        return
    if note.author == sender.uri:
        await _keep(runtime, sender, note, activity.inbox_of)
    else:
        log.info("%s is not by %s: its origin decides", note.id, sender.uri)
        await remote.find_or_fetch_status(runtime, note.id)


async def _keep(runtime: Runtime, sender: Account, note: Note, inbox_of: int | None) -> None:
    parent = await statuses.find_by_uri(runtime.db, note.in_reply_to) if note.in_reply_to else None
    if parent and await must_wait(runtime, parent, "reply", sender):
        await hold_reply(runtime, sender, parent, note)
        return
    await remote.store_note(runtime, sender, note, is_new=True)
    if inbox_of:
        await _show_to_reader(runtime, sender, note, inbox_of)


async def _show_to_reader(runtime: Runtime, sender: Account, note: Note, account_id: int) -> None:
    """Who follows the author sees what was put into the own inbox although it names nobody (bcc,
    subscribers of Mitra, audiences that only their server knows); nobody else does.
    """
    if visibility_of(note.to, note.cc, sender.followers_url) != "direct":
        return
    async with runtime.transaction() as tx:
        shown = await status_audiences.show_limited(tx.db, note.id, sender.id, account_id)
        if shown:
            await fanout.show_to_reader(tx, shown, account_id)


async def _concerns_us(runtime: Runtime, sender: Account, note: Note) -> bool:
    """Followed, addressed to a member, or an answer to what we have."""
    if await remote_accounts.concerns_us(runtime.db, sender.id):
        return True
    named = {mention.href for mention in note.mentions} | {*note.to, *note.cc}
    local = [uri for uri in named if uri.startswith(f"{runtime.settings.origin}/")]
    if local and await accounts.list_by_uris(runtime.db, local):
        return True
    parent = await statuses.find_by_uri(runtime.db, note.in_reply_to) if note.in_reply_to else None
    return parent is not None
