"""All that a member posted, as an archive like Mastodon's: ActivityPub documents and files.

actor.json, outbox.json (all posts and boosts, the oldest first), likes.json, bookmarks.json, the
pictures of the profile, and media_attachments/ with what hangs on posts.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import orjson

from federation.documents.context import ACTIVITY_CONTEXT
from server.errors import NotFound, TooMany
from server.mail.queue import enqueue_mail
from server.media.storage import new_name
from server.outbox.objects import actor_document
from server.outbox.statuses import announce_activity, create_activity, load_notes
from server.runtime import Runtime
from server.scratch import scratch_folder
from server.store import accounts, actor_keys, archives, exports, users
from server.store.accounts import Account
from server.store.status_views import load_status_views

_MEDIA = "media_attachments"
_PAGE = 100
_DAY = 24 * 3600

Progress = Callable[[int], None]  # how many posts are written now


async def request_archive(runtime: Runtime, account_id: int) -> None:
    """Have an archive made. Raises TooMany within a week of the last one."""
    async with runtime.transaction() as tx:
        file = new_name("archives", "application/zip")
        made = await archives.insert_archive(tx.db, account_id, file)
        if made is None:
            raise TooMany("You can request an archive every 7 days", _DAY)
        tx.enqueue("make_archive", made)


async def make_archive_job(runtime: Runtime, archive_id: int) -> None:
    """Job: write the archive, keep it, and tell its owner."""
    found = await archives.find_archive(runtime.db, archive_id)
    if found is None or found.ready_at:
        return
    account = await accounts.get_account(runtime.db, found.account_id)
    with scratch_folder() as folder:
        path = folder / "archive.zip"
        await write_archive(runtime, account, path)
        await runtime.media.put_file(found.file, path, "application/zip")
        size = path.stat().st_size
    async with runtime.transaction() as tx:
        await archives.finish_archive(tx.db, archive_id, size)
        user = await users.find_user(tx.db, account.id)
        if user:
            values = {"name": user.username, "url": f"{tx.addresses.origin}/settings/export"}
            enqueue_mail(runtime, tx, user.email, "archive", user.locale, values)


async def write_archive(
    runtime: Runtime, account: Account, path: Path, on_progress: Progress = lambda _: None
) -> None:
    """The archive of an account as a file; `on_progress` hears of each part of the posts."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        files = await _write_outbox(runtime, account, archive, on_progress)
        await _write_actor(runtime, account, archive)
        likes = await exports.list_favourite_uris(runtime.db, account.id)
        domain = runtime.settings.domain
        kept = await exports.list_rows(runtime.db, "bookmarks", account.id, domain)
        for name, uris in (("likes", likes), ("bookmarks", [uri for [uri] in kept])):
            archive.writestr(f"{name}.json", orjson.dumps(_collection(f"{name}.json", uris)))
        for file in files:
            await _put(runtime, archive, file, f"{_MEDIA}/{file}")


async def _write_outbox(
    runtime: Runtime, account: Account, archive: ZipFile, on_progress: Progress
) -> list[str]:
    """Write outbox.json page by page; gives the names of the files that it speaks of."""
    files: list[str] = []
    count, after = 0, 0
    base = runtime.addresses.media("").encode()
    with archive.open("outbox.json", "w", force_zip64=True) as outbox:
        head = {key: value for key, value in _collection("outbox.json", []).items() if value}
        outbox.write(orjson.dumps(head)[:-1] + b',"orderedItems":[')
        while ids := await exports.list_status_ids(runtime.db, account.id, after, _PAGE):
            items = await _activities(runtime, account, ids)
            text = b",".join(orjson.dumps(item) for item in items)
            text = text.replace(base, f"{_MEDIA}/".encode())
            await runtime.offload(outbox.write, (b"," if count and items else b"") + text)
            files += await exports.list_stored_media(runtime.db, ids)
            count, after = count + len(items), ids[-1]
            on_progress(len(items))
        outbox.write(b'],"totalItems":%d}' % count)
    return files


async def _activities(runtime: Runtime, account: Account, ids: list[int]) -> list[dict[str, Any]]:
    """The Create or Announce of each status."""
    views = await load_status_views(runtime.db, ids)
    notes = await load_notes(runtime.db, views, runtime.addresses)
    return [
        announce_activity(view.status, account, view.boost_of, runtime.addresses)
        if view.boost_of
        else create_activity(notes[view.status.id], is_update=False)
        for view in views
    ]


async def _write_actor(runtime: Runtime, account: Account, archive: ZipFile) -> None:
    keys = await actor_keys.list_public_keys(runtime.db, account.id)
    document = actor_document(account, keys, runtime.addresses, runtime.cipher)
    for key, name, file in (
        ("icon", "avatar", account.avatar_file),
        ("image", "header", account.header_file),
    ):
        if file and key in document:
            place = f"{name}.{file.rpartition('.')[2]}"
            document[key] = {**document[key], "url": place}
            await _put(runtime, archive, file, place)
    document |= {name: f"{name}.json" for name in ("outbox", "likes", "bookmarks")}
    archive.writestr("actor.json", orjson.dumps(document))


async def _put(runtime: Runtime, archive: ZipFile, file: str, place: str) -> None:
    """A stored file, as it is: pictures and films do not get smaller."""
    try:
        body = await runtime.media.read(file)
    except NotFound:
        return  # deleted meanwhile
    info = ZipInfo(place)
    info.compress_type = ZIP_STORED
    await runtime.offload(archive.writestr, info, body)


def _collection(name: str, items: list[str]) -> dict[str, Any]:
    return {
        "@context": ACTIVITY_CONTEXT,
        "id": name,
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": items,
    }
