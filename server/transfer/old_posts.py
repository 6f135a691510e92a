"""One's own old posts out of an archive: they keep their dates, and nobody is told of them.

Read are archives of this program and of Mastodon (.zip, .tar.gz). Posts for everybody, quiet ones
and those for followers come along; boosts and direct messages do not. Each remembers its first id,
so that the same archive read twice changes nothing.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from federation.documents import note as documents
from federation.documents import reading
from federation.documents.audience import recipients, visibility_of
from federation.documents.note import Note
from federation.documents.question import Question
from federation.documents.tag import fold_hashtag
from federation.errors import RemoteError
from server.actions.upload import LONGEST_DESCRIPTION, upload_media
from server.errors import Invalid, NotFound
from server.media.storage import new_name
from server.runtime import Runtime
from server.search import index
from server.store import imports, polls, status_writes, statuses
from server.store.imports import Import
from server.store.polls import NewPoll
from server.store.status_writes import NewStatus
from server.text.language import normal_language
from server.text.sanitize import clean_line, plain_line, plain_text, sanitize_html
from server.transfer import packed
from server.transfer.packed import Archive

_MOST_POSTS = 100_000
_MOST_FILES = 20_000
_MOST_PARTS = 10_000_000  # of a document: each costs up to two hundred bytes of memory
_LONGEST_SOURCE = 200_000
_MOST_MEDIA = 16
_LONGEST_TAG = 100
_EARLIEST = datetime(2006, 1, 1, tzinfo=UTC)


async def begin_posts_import(runtime: Runtime, account_id: int, file_name: str, path: Path) -> int:
    """Read an archive and keep its posts until they are confirmed; gives the import's id.

    Raises Invalid.
    """
    archive = await runtime.offload(packed.open_archive, path)
    try:
        rows = await runtime.offload(_read_posts, archive)
        await _keep_files(runtime, archive, rows, packed.most_unpacked(path))
    finally:
        archive.close()
    return await imports.insert_import(runtime.db, account_id, "statuses", file_name[:200], rows)


async def _keep_files(
    runtime: Runtime, archive: Archive, rows: list[dict[str, Any]], most: int
) -> None:
    """What hangs on the posts, each file once, as far as it can be the files of that archive."""
    largest = runtime.settings.media_video_max_bytes
    taken: set[str] = set()
    for row in rows:
        for one in row["media"]:
            place = one.pop("place")
            size = archive.size_of(place)
            if place in taken or not 0 < size <= min(largest, most) or len(taken) >= _MOST_FILES:
                continue
            taken.add(place)
            most -= size
            body = await runtime.offload(archive.read, place)
            if body is not None:
                one["file"] = new_name("archives", "application/octet-stream")
                await runtime.media.put(one["file"], body, "application/octet-stream")
        row["media"] = [one for one in row["media"] if "file" in one]


async def import_post(runtime: Runtime, found: Import, row: dict[str, Any]) -> bool:
    """Write one old post; False when it cannot be read. Done already is done."""
    uri: str = row["note"]["id"]
    if await statuses.find_imported(runtime.db, found.account_id, uri) is None:
        try:
            note = documents.read_note(row["note"])
        except RemoteError:
            return False
        media_ids = [
            media_id
            for one in row["media"]
            if (media_id := await _upload(runtime, found.account_id, one)) is not None
        ]
        new = await _new_status(runtime, found.account_id, note, row, media_ids)
        async with runtime.transaction() as tx:
            status = await status_writes.insert_status(tx.db, new)
            assert status is not None  # its uri is new
            await statuses.mark_imported(tx.db, status.id, uri)
            if note.question:
                await polls.put_poll(tx.db, status.id, found.account_id, _ended(note.question))
            await index.index_statuses(tx.db, [status.id])
            await status_writes.count_status(tx.db, status)
    await runtime.media.delete([one["file"] for one in row["media"]])
    return True


def _ended(question: Question) -> NewPoll:
    """A poll as it stood: nobody can vote in a copy any more."""
    return NewPoll(
        question.options,
        question.multiple,
        hide_totals=False,
        expires_at=_time(question.end),
        votes=question.votes,
        voters_count=question.voters_count,
    )


async def _upload(runtime: Runtime, account_id: int, one: dict[str, Any]) -> int | None:
    """A picture or film of a post; None when it is none that is taken."""
    try:
        body = await runtime.media.read(one["file"])
        focus = tuple(one["focus"]) if one["focus"] else None
        made = await upload_media(runtime, account_id, body, one["description"], focus)
    except (Invalid, NotFound):
        return None
    return made.id


async def _new_status(
    runtime: Runtime, account_id: int, note: Note, row: dict[str, Any], media_ids: list[int]
) -> NewStatus:
    text, content_type = _typed(row["note"].get("source"), note)
    return NewStatus(
        account_id=account_id,
        uri=runtime.addresses.status_uri(0).removesuffix("0"),
        local=True,
        visibility=row["visibility"],
        content=sanitize_html(note.content),
        text=text,
        content_type=content_type,
        spoiler_text=plain_line(note.summary, 5000),
        sensitive=note.sensitive or bool(note.summary),
        language=normal_language(note.language),
        created_at=_time(note.published),
        edited_at=note.updated and _time(note.updated),
        in_reply_to_id=await _parent(runtime, account_id, note),
        in_reply_to_uri=note.in_reply_to,
        tags=[(fold_hashtag(name), name) for name in note.hashtags if len(name) <= _LONGEST_TAG],
        media_ids=media_ids,
    )


async def _parent(runtime: Runtime, account_id: int, note: Note) -> int | None:
    """What the post answers: an old post of one's own, or one that is known and may be seen."""
    if note.in_reply_to is None:
        return None
    own = await statuses.find_imported(runtime.db, account_id, note.in_reply_to)
    parent = own or await statuses.find_by_uri(runtime.db, note.in_reply_to)
    if parent is None:
        return None
    with suppress(NotFound):
        return (await statuses.get_visible_status(runtime.db, parent.id, account_id)).id
    return None


def _typed(source: Any, note: Note) -> tuple[str, str]:
    """What was typed, if the archive knows; else the text without its markup."""
    if isinstance(source, dict) and isinstance(source.get("content"), str):
        kind = source.get("mediaType")
        if kind in {"text/plain", "text/markdown", "text/html"}:
            return source["content"][:_LONGEST_SOURCE], kind
    return plain_text(note.content), "text/plain"


def _time(value: datetime | None) -> datetime:
    """A post's date, which cannot be in the future, nor before there was such a thing."""
    now = datetime.now(UTC)
    return max(_EARLIEST, min(value or now, now - timedelta(seconds=1)))


def _read_posts(archive: Archive) -> list[dict[str, Any]]:
    """Rows {note, visibility, media: [{place, description, focus}]}, the oldest first."""
    actor, outbox = (_document(archive, name) for name in ("actor.json", "outbox.json"))
    actor_id, followers = reading.id_of(actor), reading.id_of(actor.get("followers"))
    items = outbox.get("orderedItems")
    if not actor_id or not isinstance(items, list):
        raise Invalid("Validation failed: Data is not an archive of an account")
    rows = []
    for item in items[:_MOST_POSTS]:
        note = item.get("object") if isinstance(item, dict) else None
        if not isinstance(note, dict) or item.get("type") != "Create":
            continue
        if reading.id_of(note.get("attributedTo")) != actor_id or not reading.uri(note.get("id")):
            continue
        to, cc = (recipients(note.get(name)) for name in ("to", "cc"))
        visibility = visibility_of(to, cc, followers)
        if visibility != "direct":
            media = [_medium(one) for one in reading.as_list(note.get("attachment"))[:_MOST_MEDIA]]
            kept = {key: value for key, value in note.items() if key not in {"replies", "likes"}}
            rows.append(
                {"note": kept, "visibility": visibility, "media": [one for one in media if one]}
            )
    if not rows:
        raise Invalid("Validation failed: Data has no posts")
    return sorted(rows, key=lambda row: str(row["note"].get("published")))


def _medium(value: Any) -> dict[str, Any] | None:
    """Where an attachment lies in the archive, and what is said of it."""
    place = value.get("url") if isinstance(value, dict) else None
    if not isinstance(place, str) or "://" in place:
        return None
    name = reading.string(value.get("name"))
    focus = value.get("focalPoint")
    is_focus = isinstance(focus, list) and len(focus) == 2
    is_focus = is_focus and all(isinstance(x, int | float) and -1 <= x <= 1 for x in focus)
    return {
        "place": place.lstrip("/").removeprefix("system/"),
        "description": clean_line(name, LONGEST_DESCRIPTION) if name else None,
        "focus": focus if is_focus else None,
    }


def _document(archive: Archive, name: str) -> dict[str, Any]:
    is_sane = archive.size_of(name) <= packed.LARGEST_DOCUMENT
    body = (archive.read(name) if is_sane else None) or b""
    if sum(map(body.count, (b",", b"{", b"["))) > _MOST_PARTS:
        raise Invalid(f"Validation failed: {name} has too many parts")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise Invalid(f"Validation failed: Data has no {name}")
    return document
