"""Media that hang on a document."""

from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any
from urllib.parse import urlsplit

from federation.documents import reading
from federation.documents.reading import Document

KINDS = {"image": "image", "video": "video", "audio": "audio"}
_MOST = 16


@dataclass(frozen=True, slots=True)
class Attachment:
    """`type` is image, video, audio or unknown; sizes in pixels."""

    type: str
    url: str
    media_type: str
    name: str | None
    blurhash: str | None
    width: int | None
    height: int | None
    focus: tuple[float, float] | None
    picture: str | None = None  # of a film or a sound


def read_attachments(value: Any) -> list[Attachment]:
    """All attachments with an address; a `url` may be a text, a Link or a list of Links."""
    found = [_read(item) for item in reading.as_list(value)[:_MOST] if isinstance(item, dict)]
    return [attachment for attachment in found if attachment]


def build_attachment(attachment: Attachment) -> Document:
    """A Document as Mastodon sends it."""
    document: Document = {
        "type": "Document",
        "mediaType": attachment.media_type,
        "url": attachment.url,
        "name": attachment.name,
        "blurhash": attachment.blurhash,
        "width": attachment.width,
        "height": attachment.height,
    }
    if attachment.focus:
        document["focalPoint"] = list(attachment.focus)
    return document


def _read(item: Document) -> Attachment | None:
    link = reading.first(item.get("url"))
    inner = link if isinstance(link, dict) else {}
    url = reading.uri(inner.get("href")) or reading.uri(link) or reading.uri(item.get("href"))
    if not url:
        return None
    media_type = reading.media_type(item) or reading.media_type(inner)
    if not media_type:
        media_type = guess_type(urlsplit(url).path)[0] or ""
    kind = KINDS.get(media_type.partition("/")[0]) or KINDS.get(reading.type_of(item).lower())
    if kind is None and reading.type_of(item) == "Link":
        return None
    return Attachment(
        type=kind or "unknown",
        url=url,
        media_type=media_type[:100],
        name=_description(item),
        blurhash=(reading.string(item.get("blurhash")) or "")[:200] or None,
        width=_size(item.get("width")),
        height=_size(item.get("height")),
        focus=_focus(item.get("focalPoint")),
        picture=reading.picture_of(item.get("icon")) if kind != "image" else None,
    )


def _description(item: Document) -> str | None:
    """As Mastodon: what it shows, else its name, which with some is that of the file."""
    texts = (reading.string(item.get(name)) for name in ("summary", "name"))
    return next((text[:10_000] for text in texts if text and text.strip()), None)


def _size(value: Any) -> int | None:
    size = reading.number(value)
    return int(size) if size is not None and 0 < size < 100_000 else None


def _focus(value: Any) -> tuple[float, float] | None:
    pair = [reading.number(v) for v in reading.as_list(value)]
    if len(pair) != 2 or pair[0] is None or pair[1] is None:
        return None
    return max(-1.0, min(1.0, pair[0])), max(-1.0, min(1.0, pair[1]))
