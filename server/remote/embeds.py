"""oEmbed of other sites (https://oembed.com), for photos and videos alone.

The HTML that it answers with is never passed on: of a video only the address of its player is
taken, for an iframe of our own making.
"""

from dataclasses import dataclass

from federation.errors import RemoteError
from federation.transport.client import Client
from federation.transport.fetch import fetch_json
from server.text.page import clean_text, find_frame, secure_address, size


@dataclass(frozen=True, slots=True)
class Embed:
    """A photo (`image_url` is it) or a video (`frame_url` is its player); sizes in pixels."""

    type: str
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    image_url: str
    frame_url: str
    width: int
    height: int


async def fetch_embed(client: Client, url: str) -> Embed | None:
    """What a page's oEmbed address answers; None for any other kind or trouble."""
    try:
        document = await fetch_json(client, url, "application/json")
    except RemoteError:
        return None
    kind = document.get("type")
    frame = find_frame(str(document.get("html", ""))) if kind == "video" else None
    frame_url = secure_address(url, frame.get("src")) if frame else ""
    photo_url = secure_address(url, str(document.get("url", ""))) if kind == "photo" else ""
    if not frame_url and not photo_url:
        return None
    return Embed(
        type=str(kind),
        title=clean_text(document.get("title"), 500),
        author_name=clean_text(document.get("author_name")),
        author_url=_page(url, document.get("author_url")),
        provider_name=clean_text(document.get("provider_name")),
        provider_url=_page(url, document.get("provider_url")),
        image_url=photo_url or secure_address(url, str(document.get("thumbnail_url", ""))),
        frame_url=frame_url,
        width=size(document.get("width")),
        height=size(document.get("height")),
    )


def _page(base: str, value: object) -> str:
    return secure_address(base, value) if isinstance(value, str) else ""
