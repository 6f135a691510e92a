"""What is no note but can be read as one: articles, pages, films, sounds, events.

A title, an abstract (or the text itself where there is none) and the link to the whole; films and
sounds bring their files along.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from federation.documents import reading
from federation.documents.attachment import Attachment, read_attachments
from federation.documents.reading import Document

_TALLEST = 720  # of several sizes of a film, the largest up to this many pixels
_MOST_PLACES = 4
_FILES = {"Video": ("video/mp4", "video/webm"), "Audio": ("audio/",), "Image": ("image/",)}


def converted_content(document: Document, page: str) -> str:
    """HTML (not cleaned): title, abstract or text, when and where, links to others and to it."""
    name, summary = reading.text_of(document, "name"), reading.text_of(document, "summary")
    content, _ = reading.content_of(document)
    parts = [f"<p><strong>{escape(name)}</strong></p>" if name else ""]
    parts.append(f"<p>{summary}</p>" if summary else content)
    if occasion := _occasion(document):
        parts.append(f"<p>{escape(occasion)}</p>")
    links = [*_links(document), *_meeting_rooms(document), page]
    parts += [
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>' for link in dict.fromkeys(links)
    ]
    return "".join(parts)


def converted_attachments(document: Document) -> Sequence[Attachment]:
    """The attachments; without any, the file itself (film, sound, picture) or its picture."""
    attached = read_attachments(document.get("attachment"))
    if attached:
        return attached
    return _file(document) or read_attachments(_picture(document.get("image") or _still(document)))


def _file(document: Document) -> list[Attachment]:
    """PeerTube and Funkwhale name the files among the links of `url`, or below that of a playlist
    whose parts they are; the address alone is that of the file if the document has its type.
    """
    kinds = _FILES.get(reading.type_of(document))
    alone = {"mediaType": reading.media_type(document)}
    urls = reading.as_list(document.get("url"))
    named = [link if isinstance(link, dict) else {"href": link, **alone} for link in urls]
    below = [part for link in named for part in reading.as_list(link.get("tag"))]
    links = [
        link
        for link in [*named, *(part for part in below if reading.type_of(part) == "Link")]
        if kinds and reading.media_type(link).startswith(kinds) and _is_whole(link)
    ]
    if not links:
        return []
    fitting = [link for link in links if _height(link) <= _TALLEST] or links
    best = max(fitting, key=_height) if fitting is not links else min(links, key=_height)
    name = reading.string(document.get("name"))
    shown = {"type": reading.type_of(document), "name": name, "icon": _still(document)}
    return read_attachments([{**best, **shown}])


def _is_whole(link: Document) -> bool:
    """Not pictures and sound apart, as PeerTube keeps some films: then it tells which it is."""
    properties = [v for v in reading.as_list(link.get("attachment")) if isinstance(v, dict)]
    streams = [v.get("value") for v in properties if v.get("name") == "ffprobe_codec_type"]
    return len(streams) != 1


def _still(document: Document) -> Any:
    """The widest picture of a film or a sound."""
    if reading.type_of(document) not in {"Video", "Audio"}:
        return None
    icons = [icon for icon in reading.as_list(document.get("icon")) if isinstance(icon, dict)]
    return max(icons, key=lambda icon: reading.number(icon.get("width")) or 0, default=None)


def _height(link: Document) -> float:
    return reading.number(link.get("height")) or 0


def _picture(value: Any) -> Any:
    return [
        item if isinstance(item, dict) else {"type": "Image", "url": item}
        for item in reading.as_list(value)[:1]
    ]


def _links(document: Document) -> list[str]:
    """What the page is about (Lemmy links it as an attachment of type Link), unless it is shown."""
    return [
        href
        for item in reading.as_list(document.get("attachment"))
        if reading.type_of(item) == "Link"
        and not read_attachments(item)
        and (href := reading.uri(item.get("href")))
    ]


def _occasion(document: Document) -> str:
    """When and where an event is."""
    if reading.type_of(document) != "Event":
        return ""
    start = reading.time(document.get("startTime"))
    where = [_name_of_place(place) for place in _places(document)]
    return " · ".join(v for v in (start and start.strftime("%Y-%m-%d %H:%M UTC"), *where) if v)


def _name_of_place(place: Document) -> str | None:
    """Its name, else its address as far as street and town."""
    name, address = reading.string(place.get("name")), reading.first(place.get("address"))
    if name or not isinstance(address, dict):
        return name or reading.string(address)
    parts = (reading.string(address.get(part)) for part in ("streetAddress", "addressLocality"))
    return ", ".join(filter(None, parts))


def _meeting_rooms(document: Document) -> list[str]:
    """Where an event is on the web."""
    if reading.type_of(document) != "Event":
        return []
    rooms = [p for p in _places(document) if reading.type_of(p) == "VirtualLocation"]
    return [url for room in rooms if (url := reading.uri(room.get("url")))]


def _places(document: Document) -> list[Document]:
    """Some events are in a hall and on the web at once."""
    places = reading.as_list(document.get("location"))[:_MOST_PLACES]
    return [place for place in places if isinstance(place, dict)]
