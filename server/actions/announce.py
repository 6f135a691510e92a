"""Owners tell members something, and members react."""

import re
from datetime import datetime

from federation.documents.tag import fold_hashtag
from server import events
from server.errors import Invalid, NotFound
from server.remote import resolve
from server.runtime import Runtime
from server.store import announcements, custom_emojis
from server.store.announcements import Announcement, NewAnnouncement
from server.text import compose
from server.text.emoji import normal_emoji
from server.text.entities import find_entities

_LONGEST = 10_000
_ID_AT_END = re.compile(r"/(\d{1,18})$")


async def add_announcement(
    runtime: Runtime,
    text: str,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    all_day: bool = False,
    publish_at: datetime | None = None,
) -> int:
    """Write an announcement; the worker publishes it at its time and ends it. Raises Invalid."""
    if not text.strip() or len(text) > _LONGEST:
        raise Invalid(f"An announcement has between 1 and {_LONGEST} characters")
    if (starts_at is None) != (ends_at is None):
        raise Invalid("An announcement has both a start and an end, or none of them")
    if starts_at and ends_at and ends_at < starts_at:
        raise Invalid("An announcement cannot end before it starts")
    handles = compose.handles_in(text)
    found = await resolve.resolve_handles(runtime, handles) if handles else {}
    urls = {
        handle: account.url or runtime.addresses.account_url(account.username)
        for handle, account in found.items()
    }
    new = NewAnnouncement(
        text,
        compose.compose_html(text, urls, runtime.addresses.tag_url),
        starts_at,
        ends_at,
        all_day,
        publish_at,
        [account.id for account in found.values()],
        _linked_ids(text, runtime.addresses.origin),
        [fold_hashtag(name) for name in compose.hashtags_in(text)],
    )
    async with runtime.transaction() as tx:
        announcement_id = await announcements.insert_announcement(tx.db, new)
        tx.enqueue("publish_announcement", announcement_id, run_at=publish_at)
        if ends_at:
            tx.enqueue("end_announcement", announcement_id, run_at=ends_at)
    return announcement_id


async def publish_announcement_job(runtime: Runtime, announcement_id: int) -> None:
    """Job: show one that is due."""
    async with runtime.transaction() as tx:
        if await announcements.set_shown(tx.db, announcement_id, shown=True):
            events.announcement_changed(tx, announcement_id)


async def end_announcement_job(runtime: Runtime, announcement_id: int) -> None:
    """Job: show one no longer."""
    async with runtime.transaction() as tx:
        if await announcements.set_shown(tx.db, announcement_id, shown=False):
            events.announcement_ended(tx, announcement_id)


async def delete_announcement(runtime: Runtime, announcement_id: int) -> None:
    """Take one away. Raises NotFound."""
    async with runtime.transaction() as tx:
        if await announcements.delete_announcement(tx.db, announcement_id):
            events.announcement_ended(tx, announcement_id)


async def dismiss(runtime: Runtime, account_id: int, announcement_id: int) -> None:
    """A member has read one. Raises NotFound."""
    await _get(runtime, announcement_id, account_id)
    async with runtime.transaction() as tx:
        await announcements.dismiss(tx.db, announcement_id, account_id)


async def add_reaction(runtime: Runtime, account_id: int, announcement_id: int, name: str) -> None:
    """React with an emoji or one of ours. Raises NotFound, Invalid."""
    found = await _get(runtime, announcement_id, account_id)
    is_known = name in {reaction.name for reaction in found.reactions}
    is_ours = is_known or normal_emoji(name) or await custom_emojis.find_emojis(runtime.db, [name])
    if not is_ours:
        raise Invalid("Validation failed: Name is not a recognized emoji")
    async with runtime.transaction() as tx:
        if await announcements.add_reaction(tx.db, announcement_id, account_id, name):
            events.announcement_reacted(tx, announcement_id, name)


async def remove_reaction(
    runtime: Runtime, account_id: int, announcement_id: int, name: str
) -> None:
    """Take a reaction back. Raises NotFound when there is no such announcement or reaction."""
    await _get(runtime, announcement_id, account_id)
    async with runtime.transaction() as tx:
        if not await announcements.remove_reaction(tx.db, announcement_id, account_id, name):
            raise NotFound
        events.announcement_reacted(tx, announcement_id, name)


async def _get(runtime: Runtime, announcement_id: int, account_id: int) -> Announcement:
    found = await announcements.find_shown(runtime.db, announcement_id, account_id)
    if found is None:
        raise NotFound
    return found


def _linked_ids(text: str, origin: str) -> list[int]:
    """Ids of posts of ours that the text links to."""
    links = (e.value for e in find_entities(text) if e.kind == "link")
    ours = (_ID_AT_END.search(link) for link in links if link.startswith(f"{origin}/"))
    return [int(match[1]) for match in ours if match]
