"""An account that a member is the first to follow: its pinned and its latest posts are filled in.

They are told to nobody; followers find them in their home timeline at the time of their writing.
"""

import logging
from typing import Any

from federation.documents import note as documents
from federation.documents.audience import visibility_of
from federation.documents.note import Note
from federation.documents.reading import id_of, type_of
from federation.errors import RemoteError
from server.fanout import follows as fanout
from server.remote.collections import items_of
from server.remote.statuses import find_or_fetch_status, store_note
from server.runtime import Runtime
from server.store import accounts, follows, pins, statuses
from server.store.accounts import Account

log = logging.getLogger(__name__)

_MOST_PINS = 20
_MOST_POSTS = 20
_MOST_PAGES = 3


async def fill_account_job(runtime: Runtime, account_id: int) -> None:
    """Job: read what somebody elsewhere has pinned, and posted lately."""
    account = await accounts.find_account(runtime.db, account_id)
    if account is None or account.is_local:
        return
    for place, take, most in (
        (account.featured_url, _take_pin, _MOST_PINS),
        (account.outbox_url, _take_post, _MOST_POSTS),
    ):
        if not place:
            continue
        try:
            async for item in items_of(runtime, place, account.uri, _MOST_PAGES, most):
                try:
                    await take(runtime, account, item)
                except RemoteError as error:
                    log.info("a post of %s cannot be had: %s", account.uri, error)
        except RemoteError as error:
            log.info("%s cannot be read: %s", place, error)
    async with runtime.transaction() as tx:
        # Which also brings the hashtags of the profile: they are read for whom somebody follows.
        tx.enqueue("refresh_account", account.uri, once_key=f"refresh_account {account.uri}")
        for follower in await follows.list_local_followers(tx.db, account_id):
            await fanout.fill(tx, follower.id, account_id)


async def _take_pin(runtime: Runtime, account: Account, item: Any) -> None:
    uri = id_of(item)
    if uri and type_of(item) in {"", *documents.TYPES}:
        status = await find_or_fetch_status(runtime, uri)
        if status.account_id == account.id:
            await pins.insert_pin(runtime.db, account.id, status.id)


async def _take_post(runtime: Runtime, account: Account, item: Any) -> None:
    """A post that stands whole in the author's outbox is taken from there, else from its origin.

    Some servers have posts there instead of what was done with them. Left out are boosts, and
    answers to what we do not have.
    """
    if type_of(item) not in {"", "Create", *documents.TYPES}:
        return
    inner = item.get("object", item) if isinstance(item, dict) else item
    if not isinstance(inner, dict) or type_of(inner) not in documents.TYPES:
        uri = id_of(inner)
        if uri:
            await find_or_fetch_status(runtime, uri)
        return
    note = documents.read_note(inner)
    if note.author == account.uri and await _is_wanted(runtime, account, note):
        await store_note(runtime, account, note, is_new=False)


async def _is_wanted(runtime: Runtime, account: Account, note: Note) -> bool:
    if visibility_of(note.to, note.cc, account.followers_url) not in {"public", "unlisted"}:
        return False
    parent = note.in_reply_to
    return parent is None or await statuses.find_by_uri(runtime.db, parent) is not None
