"""The owners' own emoji: added, imported, taken away, and found in texts."""

import io
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from server.errors import Invalid, NotFound, Unavailable
from server.media import images
from server.media.storage import new_name
from server.remote.media import picture_of
from server.runtime import Runtime
from server.store import audit_log, custom_emojis
from server.store.custom_emojis import CustomEmoji
from server.store.database import Database
from server.text.shortcodes import is_shortcode, shortcodes_in
from server.transaction import Transaction

LARGEST_BYTES = 256 * 1024  # as Mastodon
LONGEST_CATEGORY = 100
MOST_IN_ARCHIVE = 2000
_SUFFIXES = {".png", ".gif", ".webp"}


async def find_in_texts(db: Database, texts: Sequence[str]) -> list[dict[str, str]]:
    """Our emoji that stand in the texts, as rows keep them; no query for texts without any."""
    found = await custom_emojis.find_emojis(db, shortcodes_in(texts))
    return [
        {"shortcode": one.shortcode, "file": one.file, "static_file": one.static_file}
        for one in found
    ]


async def add_emoji(
    runtime: Runtime,
    shortcode: str,
    body: bytes,
    category: str | None = None,
    *,
    visible: bool = True,
    moderator_id: int | None = None,
) -> None:
    """Add an emoji; on the command line also give one another picture. Raises Invalid."""
    if not is_shortcode(shortcode):
        raise Invalid("A shortcode has two or more letters, digits and underscores")
    if moderator_id and await custom_emojis.find_all(runtime.db, [shortcode]):
        raise Invalid("Validation failed: Shortcode has already been taken")
    if len(body) > LARGEST_BYTES:
        raise Invalid(f"The picture is larger than {LARGEST_BYTES // 1024} KB")
    if images.sniff(body) not in {"image/png", "image/gif", "image/webp"}:
        raise Invalid("The picture is no PNG, GIF or WebP")
    processed = await images.process_image(body, "emoji")
    names = {}
    for version in processed.versions:
        names[version.name] = new_name("emojis", version.content_type)
        await runtime.media.put(names[version.name], version.body, version.content_type)
    emoji = CustomEmoji(shortcode, names["original"], names["static"], category, visible)
    async with runtime.transaction() as tx:
        unused = await custom_emojis.put_emoji(tx.db, emoji)
        await _record(tx, moderator_id, "create", shortcode)
    await runtime.media.delete(unused)


async def copy_emoji(runtime: Runtime, moderator_id: int, shortcode: str, picture: str) -> None:
    """Make one of another server ours; `picture` is the end of its address here (KEY/NAME), which
    we signed. Raises Invalid.
    """
    key, _, name = picture.partition("/")
    try:
        body = await runtime.media.read(await picture_of(runtime, key, name, still=False))
    except (NotFound, Unavailable) as error:
        raise Invalid("The picture could not be fetched") from error
    await add_emoji(runtime, shortcode, body, moderator_id=moderator_id)


async def change_emojis(
    runtime: Runtime,
    moderator_id: int,
    shortcodes: Sequence[str],
    *,
    category: str | None = None,
    visible: bool | None = None,
    disabled: bool | None = None,
) -> None:
    """Change what is given, of all of them; an empty category is none. Raises Invalid."""
    if category and len(category) > LONGEST_CATEGORY:
        raise Invalid(f"A category has at most {LONGEST_CATEGORY} characters")
    act = "update" if disabled is None else "disable" if disabled else "enable"
    async with runtime.transaction() as tx:
        changed = await custom_emojis.change_emojis(
            tx.db, shortcodes, category=category, visible=visible, disabled=disabled
        )
        for shortcode in changed:
            await _record(tx, moderator_id, act, shortcode)


async def remove_emoji(runtime: Runtime, moderator_id: int | None, shortcode: str) -> None:
    """Take an emoji away; texts show its name from now on. Raises NotFound."""
    async with runtime.transaction() as tx:
        unused = await custom_emojis.delete_emoji(tx.db, shortcode)
        if not unused:
            raise NotFound(f"There is no emoji {shortcode}")
        await _record(tx, moderator_id, "destroy", shortcode)
    await runtime.media.delete(unused)


async def _record(tx: Transaction, moderator_id: int | None, action: str, shortcode: str) -> None:
    await audit_log.record(tx.db, moderator_id, action, "custom_emoji", None, shortcode)


async def import_archive(
    runtime: Runtime, archive: bytes, category: str | None = None
) -> tuple[int, list[str]]:
    """Add the pictures of a .tar.gz, each under its file's name.

    Gives how many were added, and a sentence for each that was not. Raises Invalid.
    """
    added, problems = 0, []
    for name, body in _pictures(archive):
        try:
            await add_emoji(runtime, name, body, category)
            added += 1
        except Invalid as error:
            problems.append(f"{name}: {error.message}")
    return added, problems


def _pictures(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """(file name without suffix, bytes): nothing is unpacked to disk, and none read beyond its
    limit.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
            count = 0
            for member in tar:
                path = PurePosixPath(member.name)
                is_hidden = path.name.startswith(".")
                if not member.isfile() or is_hidden or path.suffix.lower() not in _SUFFIXES:
                    continue
                count += 1
                if count > MOST_IN_ARCHIVE:
                    raise Invalid(f"The archive holds more than {MOST_IN_ARCHIVE} pictures")
                file = tar.extractfile(member)
                yield path.stem, file.read(LARGEST_BYTES + 1) if file else b""
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Invalid("The archive is no readable .tar.gz", detail=str(error)) from error
