"""What can be read: Note and its relatives from others, Note for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from federation.documents import reading, tag
from federation.documents.attachment import Attachment, build_attachment, read_attachments
from federation.documents.audience import recipients
from federation.documents.context import NOTE_CONTEXT
from federation.documents.question import Question, build_question, read_question
from federation.documents.reading import Document
from federation.errors import Malformed, Untrusted

TYPES = ("Note", "Article", "Page", "Question", "Image", "Video", "Audio", "Event")
_LONGEST_CONTENT = 200_000
_LONGEST_SUMMARY = 5_000
_QUOTES = ("quote", "quoteUrl", "quoteUri", "quoteURL", "_misskey_quote")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to read; `content` is HTML that nobody has cleaned yet."""

    id: str
    type: str
    author: str
    content: str
    summary: str  # a content warning
    sensitive: bool
    language: str | None
    in_reply_to: str | None
    url: str | None
    to: Sequence[str]
    cc: Sequence[str]
    published: datetime | None
    updated: datetime | None
    attachments: Sequence[Attachment] = ()
    mentions: Sequence[tag.Mention] = ()
    hashtags: Sequence[str] = ()
    emoji: Sequence[tag.Emoji] = ()
    quote: str | None = None
    vote: str | None = None  # `name` of a Note without content: a vote in a poll
    question: Question | None = None
    closed: datetime | None = None


def read_note(document: Document) -> Note:
    """Raises Malformed for another type or without id and author; Untrusted when the author
    stands on another origin than the id.
    """
    own_id = reading.uri(document.get("id"))
    kind = reading.type_of(document)
    if not own_id or kind not in TYPES:
        raise Malformed(f"nothing to read: {kind or 'no type'}")
    author = _author(document, own_id)
    content, language = _content(document)
    summary = reading.string(document.get("summary")) or ""
    name = reading.string(document.get("name"))
    is_note = kind in {"Note", "Question"}
    return Note(
        id=own_id,
        type=kind,
        author=author,
        content=content if is_note else _titled(document, name, summary, content, own_id),
        summary=summary[:_LONGEST_SUMMARY] if is_note else "",
        sensitive=reading.boolean(document.get("sensitive")),
        language=language,
        in_reply_to=reading.id_of(document.get("inReplyTo")),
        url=_page(document.get("url")),
        to=recipients(document.get("to")),
        cc=recipients(document.get("cc")),
        published=reading.time(document.get("published")),
        updated=reading.time(document.get("updated")),
        attachments=read_attachments(document.get("attachment")),
        mentions=tag.read_mentions(document.get("tag")),
        hashtags=tag.read_hashtags(document.get("tag")),
        emoji=tag.read_emoji(document.get("tag")),
        quote=next((u for key in _QUOTES if (u := reading.id_of(document.get(key)))), None),
        vote=name if kind == "Note" and not content and name else None,
        question=read_question(document) if kind == "Question" else None,
    )


def build_note(
    note: Note,
    source: tuple[str, str] | None,
    collections: Sequence[str],
    tags: Sequence[Document],
) -> Document:
    """Our Note as Mastodon sends it.

    `source` is what was typed and its media type; `collections` stand below its id.
    """
    document: Document = {
        "@context": NOTE_CONTEXT,
        "id": note.id,
        "type": note.type,
        "summary": note.summary or None,
        "inReplyTo": note.in_reply_to,
        "published": _text(note.published),
        "url": note.url,
        "attributedTo": note.author,
        "to": list(note.to),
        "cc": list(note.cc),
        "sensitive": note.sensitive,
        "content": note.content,
        "attachment": [build_attachment(attachment) for attachment in note.attachments],
        "tag": list(tags),
        **{name: f"{note.id}/{name}" for name in collections},
    }
    if note.question:
        document |= build_question(note.question, note.closed)
    if note.language:
        document["contentMap"] = {note.language: note.content}
    if note.updated:
        document["updated"] = _text(note.updated)
    if source is not None:
        document["source"] = {"content": source[0], "mediaType": source[1]}
    return document


def _author(document: Document, own_id: str) -> str:
    """The first author of the id's own origin; persons before groups (PeerTube names both)."""
    authors = reading.as_list(document.get("attributedTo") or document.get("actor"))
    persons = [v for v in authors if not isinstance(v, dict) or reading.type_of(v) != "Group"]
    ids = reading.ids_of(persons + authors)
    own = [author for author in ids if reading.is_same_origin(author, own_id)]
    if not ids:
        raise Malformed(f"{own_id} has no author")
    if not own:
        raise Untrusted(f"{own_id} is attributed to {ids[0]}")
    return own[0]


def _content(document: Document) -> tuple[str, str | None]:
    """Content and language: of several languages the one that `content` repeats."""
    content = reading.string(document.get("content"))
    languages = reading.first(document.get("contentMap"))
    texts = {
        key: text
        for key, value in (languages.items() if isinstance(languages, dict) else ())
        if (text := reading.string(value)) is not None
    }
    matching = [key for key, text in texts.items() if content is None or text == content]
    language = (matching or list(texts) or [None])[0]
    if content is None:
        content = texts.get(language or "", "")
    return content[:_LONGEST_CONTENT], language


def _titled(document: Document, name: str | None, summary: str, content: str, own_id: str) -> str:
    """What is longer than a note is shown as title, abstract and link."""
    url = _page(document.get("url")) or own_id
    title = f"<p><strong>{escape(name)}</strong></p>" if name else ""
    body = f"<p>{summary}</p>" if summary else content
    return f'{title}{body}<p><a href="{escape(url)}">{escape(url)}</a></p>'[:_LONGEST_CONTENT]


def _page(value: Any) -> str | None:
    links = [v for v in reading.as_list(value) if isinstance(v, dict)]
    pages = [v for v in links if reading.string(v.get("mediaType")) == "text/html"]
    return reading.id_of(pages or value)


def _text(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
