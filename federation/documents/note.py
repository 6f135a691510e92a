"""What can be read: Note and its relatives from others, Note for others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape, unescape
from typing import Any

from federation import origins
from federation.documents import reading, tag
from federation.documents.activity import Activity
from federation.documents.attachment import Attachment, build_attachment, read_attachments
from federation.documents.audience import recipients
from federation.documents.context import NOTE_CONTEXT
from federation.documents.converted import converted_attachments, converted_content
from federation.documents.policy import Policy, build_policy, read_policy
from federation.documents.preview import Preview, read_preview
from federation.documents.question import Question, build_question, read_question
from federation.documents.reading import Document
from federation.documents.times import written
from federation.errors import Malformed, Untrusted

TYPES = ("Note", "Article", "Page", "Question", "Image", "Video", "Audio", "Event", "ChatMessage")
_MARKUP = re.compile(r"<[^<>]*>")
_LONGEST_CONTENT = 200_000
_LONGEST_SUMMARY = 5_000
# Names from before FEP-044f, whose quotes nobody agreed to.
_OLD_QUOTES = ("quoteUrl", "quoteUri", "quoteURL", "_misskey_quote")
_QUOTE_LINK = "https://misskey-hub.net/ns#_misskey_quote"


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
    collections: Sequence[str] = ()  # of accounts, to which it links
    quote: str | None = None
    quote_authorization: str | None = None  # where the stamp of the quoted one stands
    reply_authorization: str | None = None
    policy: Policy = field(default_factory=dict)
    context: str | None = None  # a collection of the thread
    replies: Any = None  # a collection of answers, or its id
    preview: Preview | None = None
    vote: str | None = None  # `name` of a Note without text: a vote in a poll
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
    content, language = reading.content_of(document)
    summary = reading.text_of(document, "summary")
    name = reading.string(document.get("name"))
    in_reply_to = reading.id_of(document.get("inReplyTo"))
    is_note = kind in {"Note", "Question", "ChatMessage"}
    attachments = read_attachments(document.get("attachment"))
    # A choice in a poll is a Note with a name, nothing to read (some send an empty line along) and
    # nothing attached.
    is_empty = not _MARKUP.sub("", content).strip()
    is_vote = kind == "Note" and in_reply_to and name and is_empty and not attachments
    if is_note and name and not is_vote:
        content = _titled(content, name, is_answer=in_reply_to is not None)
    page = reading.page_of(document.get("url")) or own_id
    return Note(
        id=own_id,
        type=kind,
        author=author,
        content=(content if is_note else converted_content(document, page))[:_LONGEST_CONTENT],
        summary=(summary or "")[:_LONGEST_SUMMARY] if is_note else "",
        sensitive=reading.boolean(document.get("sensitive")) or _has_sensitive(document),
        language=language,
        in_reply_to=in_reply_to,
        url=reading.page_of(document.get("url")),
        to=recipients(document.get("to")),
        cc=recipients(document.get("cc")),
        published=reading.time(document.get("published")),
        updated=reading.time(document.get("updated")),
        attachments=attachments if is_note else converted_attachments(document),
        mentions=tag.read_mentions(document.get("tag")),
        hashtags=tag.read_hashtags(document.get("tag")),
        emoji=tag.read_emoji(document.get("tag")),
        collections=tag.read_collections(document.get("tag")),
        quote=reading.id_of(document.get("quote")) or _old_quote(document),
        quote_authorization=reading.id_of(document.get("quoteAuthorization"))
        if "quote" in document
        else None,
        reply_authorization=reading.id_of(
            document.get("replyAuthorization") or document.get("approvedBy")
        ),
        policy=read_policy(document.get("interactionPolicy")),
        context=reading.id_of(document.get("context")),
        replies=reading.first(document.get("replies")),
        preview=read_preview(document.get("attachment")),
        vote=name if is_vote else None,
        question=read_question(document) if kind == "Question" else None,
    )


def read_told(activity: Activity) -> Note:
    """The Note in somebody's Create or Update, raising as read_note does.

    Of author and audience some tell nothing in the Note itself: then it is the activity's.
    """
    document = {key: value for key, value in activity.object.items() if value is not None}
    if not {"attributedTo", "actor"} & document.keys():
        document["attributedTo"] = activity.actor
    if not {"to", "cc"} & document.keys():
        document |= {"to": activity.to, "cc": activity.cc}
    return read_note(document)


def build_note(
    note: Note,
    source: tuple[str, str] | None,
    collections: Document,
    tags: Sequence[Document],
) -> Document:
    """Our Note as Mastodon sends it.

    `source` is what was typed and its media type; `collections` are replies, likes and shares.
    """
    document: Document = {
        "@context": NOTE_CONTEXT,
        "id": note.id,
        "type": note.type,
        "summary": note.summary or None,
        "inReplyTo": note.in_reply_to,
        "published": written(note.published) if note.published else None,
        "url": note.url,
        "attributedTo": note.author,
        "to": list(note.to),
        "cc": list(note.cc),
        "sensitive": note.sensitive,
        "content": note.content,
        "attachment": [build_attachment(attachment) for attachment in note.attachments],
        "tag": list(tags),
        **collections,
        "interactionPolicy": build_policy(note.policy),
    }
    if note.context:
        document |= {"context": note.context, "conversation": note.context}
    if note.quote:
        document |= {"quote": note.quote, "_misskey_quote": note.quote, "quoteUri": note.quote}
    if note.quote_authorization:
        document["quoteAuthorization"] = note.quote_authorization
    if note.reply_authorization:
        # The second name is that of GoToSocial before 0.21.
        authorization = note.reply_authorization
        document |= {"replyAuthorization": authorization, "approvedBy": authorization}
    if note.question:
        document |= build_question(note.question, note.closed)
    if note.language:
        document["contentMap"] = {note.language: note.content}
    if note.updated:
        document["updated"] = written(note.updated)
    if source is not None:
        document["source"] = {"content": source[0], "mediaType": source[1]}
    return document


def _author(document: Document, own_id: str) -> str:
    """The first author of the id's own origin; persons before groups (PeerTube names both)."""
    authors = reading.as_list(document.get("attributedTo") or document.get("actor"))
    persons = [v for v in authors if not isinstance(v, dict) or reading.type_of(v) != "Group"]
    ids = reading.ids_of(persons + authors)
    own = [author for author in ids if origins.is_same_origin(author, own_id)]
    if not ids:
        raise Malformed(f"{own_id} has no author")
    if not own:
        raise Untrusted(f"{own_id} is attributed to {ids[0]}")
    return own[0]


def _titled(content: str, name: str, *, is_answer: bool) -> str:
    """The text below its title, as PieFed asks what a poll is about and Mitra and Hubzilla head
    posts, unless the text says it too (Smithereen). Answers repeat the title of their thread.
    """
    if not content:
        return escape(name)
    if is_answer or name.strip() in unescape(_MARKUP.sub("", content)):
        return content
    return f"<p><strong>{escape(name)}</strong></p>{content}"


def _old_quote(document: Document) -> str | None:
    """A quote by one of the former names, or by a link as FEP-e232 writes it."""
    for name in _OLD_QUOTES:
        if quoted := reading.id_of(document.get(name)):
            return quoted
    for link in reading.as_list(document.get("tag")):
        if reading.type_of(link) == "Link" and _QUOTE_LINK in reading.as_list(link.get("rel")):
            return reading.id_of(link.get("href"))
    return None


def _has_sensitive(document: Document) -> bool:
    """Some mark the pictures instead of the note."""
    attached = reading.as_list(document.get("attachment"))
    return any(isinstance(a, dict) and reading.boolean(a.get("sensitive")) for a in attached)
