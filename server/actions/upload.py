"""A member uploads a picture."""

from server.errors import Invalid, TooLarge
from server.media import images
from server.media.storage import new_name
from server.runtime import Runtime
from server.store import media
from server.store.status_views import Media

LONGEST_DESCRIPTION = 1500


async def upload_media(
    runtime: Runtime,
    account_id: int,
    body: bytes,
    description: str | None,
    focus: tuple[float, float] | None,
) -> Media:
    """Process and store a picture. Raises TooLarge, Invalid."""
    check_description(description)
    if len(body) > runtime.settings.media_max_bytes:
        megabytes = runtime.settings.media_max_bytes // 1024**2
        raise TooLarge(f"Validation failed: File file size must be less than {megabytes} MB")
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


async def upload_portrait(runtime: Runtime, body: bytes, kind: images.Kind) -> str:
    """Process and store an avatar or header; gives the file's name. Raises TooLarge, Invalid."""
    if len(body) > runtime.settings.media_max_bytes:
        raise TooLarge("Validation failed: File is too large")
    processed = await images.process_image(body, kind)
    version = processed.versions[0]
    name = new_name("accounts", version.content_type)
    await runtime.media.put(name, version.body, version.content_type)
    return name


def check_description(description: str | None) -> None:
    """Raises Invalid for one that is too long."""
    if description and len(description) > LONGEST_DESCRIPTION:
        raise Invalid(
            f"Validation failed: Description is too long (maximum is {LONGEST_DESCRIPTION}"
            " characters)"
        )
