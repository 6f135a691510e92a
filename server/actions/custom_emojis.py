"""The owners' own emoji: added, imported, taken away, and found in texts."""

import io
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from server.errors import Invalid, NotFound
from server.media import images
from server.media.storage import new_name
from server.runtime import Runtime
from server.store import custom_emojis
from server.store.custom_emojis import CustomEmoji
from server.store.database import Database
from server.text.shortcodes import is_shortcode, shortcodes_in

LARGEST_BYTES = 256 * 1024  # as Mastodon
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
) -> None:
    """Add an emoji, or give one another picture. Raises Invalid."""
    if not is_shortcode(shortcode):
        raise Invalid(f"{shortcode} is no shortcode: two or more letters, digits and underscores")
    if len(body) > LARGEST_BYTES:
        raise Invalid(f"{shortcode} is larger than {LARGEST_BYTES // 1024} KB")
    if images.sniff(body) not in {"image/png", "image/gif", "image/webp"}:
        raise Invalid(f"{shortcode} is no PNG, GIF or WebP")
    processed = await images.process_image(body, "emoji")
    names = {}
    for version in processed.versions:
        names[version.name] = new_name("emojis", version.content_type)
        await runtime.media.put(names[version.name], version.body, version.content_type)
    emoji = CustomEmoji(shortcode, names["original"], names["static"], category, visible)
    async with runtime.transaction() as tx:
        unused = await custom_emojis.put_emoji(tx.db, emoji)
    await runtime.media.delete(unused)


async def remove_emoji(runtime: Runtime, shortcode: str) -> None:
    """Take an emoji away; texts show its name from now on. Raises NotFound."""
    async with runtime.transaction() as tx:
        unused = await custom_emojis.delete_emoji(tx.db, shortcode)
    if not unused:
        raise NotFound(f"There is no emoji {shortcode}")
    await runtime.media.delete(unused)


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
            problems.append(error.message)
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
