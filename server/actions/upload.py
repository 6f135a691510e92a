"""A member uploads a picture, a video or a sound."""

from collections.abc import Mapping
from typing import Any

from server.errors import Invalid, TooLarge
from server.media import images, recordings
from server.media.storage import new_name
from server.runtime import Runtime
from server.store import media
from server.store.status_views import Media

LONGEST_DESCRIPTION = 1500
Thumbnail = tuple[str, str, dict[str, Any]]  # file, blurhash, size


async def upload_media(
    runtime: Runtime,
    account_id: int,
    body: bytes,
    description: str | None,
    focus: tuple[float, float] | None,
    thumbnail: bytes | None = None,
) -> Media:
    """Store an upload: a picture at once, a recording to be processed by the worker.

    Raises TooLarge, Invalid.
    """
    check_description(description)
    kind = recordings.sniff(body)
    is_film = images.sniff(body) == "image/gif" and images.is_animated(body)
    if kind or is_film:
        meta = {"focus": {"x": focus[0], "y": focus[1]}} if focus else {}
        return await _upload_recording(
            runtime, account_id, body, kind, description, meta, thumbnail
        )
    _check_size(body, runtime.settings.media_max_bytes)
    processed = await images.process_image(body, "attachment")
    names = {}
    for version in processed.versions:
        names[version.name] = new_name("media", version.content_type)
        await runtime.media.put(names[version.name], version.body, version.content_type)
    meta = {**processed.meta, "focus": {"x": focus[0], "y": focus[1]}} if focus else processed.meta
    return await media.insert_media(
        runtime.db,
        account_id,
        processed.versions[0].content_type,
        names["original"],
        names["small"],
        description,
        processed.blurhash,
        meta,
    )


async def replace_thumbnail(runtime: Runtime, found: Media, body: bytes) -> Media:
    """Another preview for a video or a sound. Raises TooLarge, Invalid."""
    if found.type == "image":
        raise Invalid("Validation failed: Thumbnail is for videos and sounds")
    thumbnail = await store_thumbnail(runtime, body)
    changed, unused = await media.set_thumbnail(runtime.db, found.id, *thumbnail)
    await runtime.media.delete(unused)
    return changed


async def store_thumbnail(runtime: Runtime, body: bytes) -> Thumbnail:
    """Name of the file, blurhash, and size as in Mastodon's meta. Raises TooLarge, Invalid."""
    _check_size(body, runtime.settings.media_max_bytes)
    processed = await images.process_image(body, "attachment")
    small = next(version for version in processed.versions if version.name == "small")
    name = new_name("media", small.content_type)
    await runtime.media.put(name, small.body, small.content_type)
    return name, processed.blurhash, processed.meta["small"]


async def upload_portraits(
    runtime: Runtime, bodies: Mapping[images.Kind, bytes]
) -> dict[images.Kind, str]:
    """Process and store avatar and header; gives the files' names. Raises TooLarge, Invalid: then
    nothing is stored of either.
    """
    if any(len(body) > runtime.settings.media_max_bytes for body in bodies.values()):
        raise TooLarge("Validation failed: File is too large")
    processed = {
        kind: (await images.process_image(body, kind)).versions[0] for kind, body in bodies.items()
    }
    names = {}
    for kind, version in processed.items():
        names[kind] = new_name("accounts", version.content_type)
        await runtime.media.put(names[kind], version.body, version.content_type)
    return names


def check_description(description: str | None) -> None:
    """Raises Invalid for one that is too long."""
    if description and len(description) > LONGEST_DESCRIPTION:
        raise Invalid(
            f"Validation failed: Description is too long (maximum is {LONGEST_DESCRIPTION}"
            " characters)"
        )


async def _upload_recording(
    runtime: Runtime,
    account_id: int,
    body: bytes,
    kind: str | None,
    description: str | None,
    meta: dict[str, Any],
    thumbnail: bytes | None,
) -> Media:
    """`kind` is its media type, None for a moving picture."""
    _check_size(body, runtime.settings.media_video_max_bytes)
    preview, blurhash = None, None
    if thumbnail:
        preview, blurhash, size = await store_thumbnail(runtime, thumbnail)
        meta = {**meta, "small": size}
    raw_file = new_name("uploads", kind or "image/gif")
    await runtime.media.put(raw_file, body, kind or "image/gif")
    shown_as = "gifv" if kind is None else kind.partition("/")[0]
    async with runtime.transaction() as tx:
        made = await media.insert_recording(
            tx.db,
            account_id,
            shown_as,
            kind or "video/mp4",
            raw_file,
            description,
            preview,
            blurhash,
            meta,
        )
        tx.enqueue("process_media", made.id)
    return made


def _check_size(body: bytes, most: int) -> None:
    if len(body) > most:
        raise TooLarge(f"Validation failed: File file size must be less than {most // 1024**2} MB")
