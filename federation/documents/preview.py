"""Previews of links that an author's server ships with a post (FEP-8967)."""

from dataclasses import dataclass
from typing import Any

from federation.documents import reading

_MOST = 16
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What is said to stand behind a link; its words are not cleaned yet."""

    url: str
    title: str
    description: str
    image_url: str
    image_description: str


def read_preview(attachments: Any) -> Preview | None:
    """That of the first attached Link, if it has a title."""
    items = reading.as_list(attachments)[:_MOST]
    link = next((item for item in items if reading.type_of(item) == "Link"), None)
    inner = reading.first(link.get("preview")) if isinstance(link, dict) else None
    url = reading.uri(link.get("href")) if isinstance(link, dict) else None
    if not isinstance(inner, dict) or not url:
        return None
    title = reading.string(inner.get("name")) or ""
    if not title.strip():
        return None
    image = reading.first(inner.get("image") or inner.get("icon"))
    image = image if isinstance(image, dict) else {"url": image}
    return Preview(
        url=url,
        title=title[:_LONGEST],
        description=(reading.string(inner.get("summary")) or "")[:_LONGEST],
        image_url=reading.uri(reading.first(image.get("url"))) or "",
        image_description=(reading.string(image.get("name")) or "")[:_LONGEST],
    )
