"""Owners tell members something, and members react."""

import re
from dataclasses import dataclass
from datetime import datetime

from federation.documents.tag import fold_hashtag
from server import events
from server.errors import Invalid, NotFound
from server.remote import resolve
from server.runtime import Runtime
from server.store import announcements, audit_log, custom_emojis
from server.store.announcements import Announcement, NewAnnouncement
from server.text import compose
from server.text.emoji import normal_emoji
from server.text.entities import find_entities
from server.transaction import Transaction

_LONGEST = 10_000
_LONGEST_NAME = 100  # in the log
_ID_AT_END = re.compile(r"/(\d{1,18})$")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody says, and when: from `publish_at` on (None: at once), about a time if given."""

    text: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    publish_at: datetime | None = None


async def add_announcement(runtime: Runtime, moderator_id: int | None, draft: Draft) -> int:
    """Write an announcement; the worker publishes it at its time and ends it. Raises Invalid."""
    new = await _written(runtime, draft)
    async with runtime.transaction() as tx:
        announcement_id = await announcements.insert_announcement(tx.db, new)
        _plan(tx, announcement_id, new)
        await _record(tx, moderator_id, "create", announcement_id, new.text)
    return announcement_id


async def change_announcement(
    runtime: Runtime, moderator_id: int | None, announcement_id: int, draft: Draft
) -> None:
    """Write it anew; one that is shown stays so. Raises NotFound, Invalid."""
    new = await _written(runtime, draft)
    async with runtime.transaction() as tx:
        if await announcements.update_announcement(tx.db, announcement_id, new):
            events.announcement_changed(tx, announcement_id)
        _plan(tx, announcement_id, new)
        await _record(tx, moderator_id, "update", announcement_id, new.text)


async def set_shown(
    runtime: Runtime, moderator_id: int | None, announcement_id: int, *, shown: bool
) -> None:
    """Publish one now, or take it back; no clock publishes it again. Raises NotFound."""
    found = await announcements.get_announcement(runtime.db, announcement_id)
    async with runtime.transaction() as tx:
        if await announcements.set_shown(tx.db, announcement_id, shown=shown):
            _tell(tx, announcement_id, shown=shown)
            await _record(tx, moderator_id, "update", announcement_id, found.text)


async def follow_clock_job(runtime: Runtime, announcement_id: int) -> None:
    """Job: show one that is due, or end one that is over; one that was changed has other times."""
    async with runtime.transaction() as tx:
        shown = await announcements.follow_clock(tx.db, announcement_id)
        if shown is not None:
            _tell(tx, announcement_id, shown=shown)


async def delete_announcement(
    runtime: Runtime, moderator_id: int | None, announcement_id: int
) -> None:
    """Take one away. Raises NotFound."""
    found = await announcements.get_announcement(runtime.db, announcement_id)
    async with runtime.transaction() as tx:
        if await announcements.delete_announcement(tx.db, announcement_id):
            _tell(tx, announcement_id, shown=False)
        await _record(tx, moderator_id, "destroy", announcement_id, found.text)


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


async def _written(runtime: Runtime, draft: Draft) -> NewAnnouncement:
    """The draft with all that stands in its text. Raises Invalid."""
    text = draft.text
    if not text.strip() or len(text) > _LONGEST:
        raise Invalid(f"An announcement has at most {_LONGEST} characters, and some text")
    if (draft.starts_at is None) != (draft.ends_at is None):
        raise Invalid("An announcement has both a start and an end, or none of them")
    if draft.starts_at and draft.ends_at and draft.ends_at < draft.starts_at:
        raise Invalid("An announcement cannot end before it starts")
    handles = compose.handles_in(text)
    found = await resolve.resolve_handles(runtime, handles) if handles else {}
    urls = {
        handle: account.url or runtime.addresses.account_url(account.username)
        for handle, account in found.items()
    }
    return NewAnnouncement(
        text,
        compose.compose_html(text, urls, runtime.addresses.tag_url),
        draft.starts_at,
        draft.ends_at,
        draft.all_day,
        draft.publish_at,
        [account.id for account in found.values()],
        _linked_ids(text, runtime.addresses.origin),
        [fold_hashtag(name) for name in compose.hashtags_in(text)],
    )


def _plan(tx: Transaction, announcement_id: int, new: NewAnnouncement) -> None:
    """Look at the clock when it begins and when it ends."""
    tx.enqueue("publish_announcement", announcement_id, run_at=new.publish_at)
    if new.ends_at:
        tx.enqueue("end_announcement", announcement_id, run_at=new.ends_at)


def _tell(tx: Transaction, announcement_id: int, *, shown: bool) -> None:
    if shown:
        events.announcement_changed(tx, announcement_id)
    else:
        events.announcement_ended(tx, announcement_id)


async def _record(
    tx: Transaction, moderator_id: int | None, action: str, announcement_id: int, text: str
) -> None:
    await audit_log.record(
        tx.db, moderator_id, action, "announcement", announcement_id, text[:_LONGEST_NAME]
    )


def _linked_ids(text: str, origin: str) -> list[int]:
    """Ids of posts of ours that the text links to."""
    links = (e.value for e in find_entities(text) if e.kind == "link")
    ours = (_ID_AT_END.search(link) for link in links if link.startswith(f"{origin}/"))
    return [int(match[1]) for match in ours if match]
