"""Status, in two parts: what everybody sees of it, and what is the viewer's.

The first part depends on no viewer, so it can be kept as bytes.
"""

from typing import Any

from server.addresses import Addresses
from server.store.status_edits import Version
from server.store.status_views import Marks, Mention, StatusView
from web.entities.account import account_entity, emoji_entities
from web.entities.media_attachment import media_attachment_entity
from web.entities.values import id_or_none, timestamp, timestamp_or_none

Entity = dict[str, Any]


def status_entity(view: StatusView, addresses: Addresses, viewer_id: int | None) -> Entity:
    """Mastodon's Status for a viewer (None = a stranger)."""
    entity = public_part(view, addresses) | viewer_part(view, viewer_id)
    if view.boost_of:
        entity["reblog"] = status_entity(view.boost_of, addresses, viewer_id)
    return entity


def public_part(view: StatusView, addresses: Addresses) -> Entity:
    """What is the same for everybody who may see the status."""
    status, account = view.status, view.account.account
    original = view.boost_of or view
    return {
        "id": str(status.id),
        "created_at": timestamp(status.created_at),
        "in_reply_to_id": id_or_none(status.in_reply_to_id),
        "in_reply_to_account_id": id_or_none(status.in_reply_to_account_id),
        "sensitive": status.sensitive,
        "spoiler_text": status.spoiler_text,
        "visibility": status.visibility,
        "language": status.language,
        "uri": status.uri,
        "url": _url(view, addresses),
        "replies_count": original.replies_count,
        "reblogs_count": original.boosts_count,
        "favourites_count": original.favourites_count,
        "quotes_count": 0,
        "edited_at": timestamp_or_none(status.edited_at),
        "content": status.content,
        "reblog": None,
        "application": _application(view),
        "account": account_entity(view.account, addresses),
        "media_attachments": [media_attachment_entity(m, addresses) for m in view.media],
        "mentions": [mention_entity(m, addresses) for m in view.mentions],
        "tags": [{"name": name, "url": addresses.tag_url(name)} for name in view.tags],
        "emojis": emoji_entities(status.emojis),
        "card": None,
        "poll": None,
        "quote": None,
        "quote_approval": {
            "automatic": [],
            "manual": [],
            "current_user": "denied" if account.is_local else "unknown",
        },
    }


def viewer_part(view: StatusView, viewer_id: int | None) -> Entity:
    """What the viewer did with the status; nothing for a stranger."""
    if view.marks is None:
        return {}
    shown = (view.boost_of.marks if view.boost_of else None) or view.marks
    status = view.status
    is_pinnable = status.boost_of_id is None and status.visibility != "direct"
    return viewer_marks(view.marks, shown, is_pinner=status.account_id == viewer_id and is_pinnable)


def viewer_marks(own: Marks, shown: Marks, *, is_pinner: bool) -> Entity:
    """Marks of the status itself, and of what it shows (the original of a boost)."""
    entity: Entity = {
        "favourited": shown.favourited,
        "reblogged": shown.boosted,
        "muted": own.muted,
        "bookmarked": shown.bookmarked,
        "filtered": [],
    }
    return entity | {"pinned": own.pinned} if is_pinner else entity


def deleted_entity(view: StatusView, addresses: Addresses, viewer_id: int) -> Entity:
    """What is told of a deleted status, so that its author can write it anew."""
    entity = status_entity(view, addresses, viewer_id)
    entity.pop("content")
    return {**entity, "text": view.status.text or ""}


def source_entity(view: StatusView) -> Entity:
    """StatusSource: what was typed."""
    status = view.status
    return {
        "id": str(status.id),
        "text": status.text or "",
        "spoiler_text": status.spoiler_text,
        "content_type": status.content_type,
    }


def version_entity(version: Version, view: StatusView, addresses: Addresses) -> Entity:
    """StatusEdit: one version, with those of its media that still exist."""
    media = {m.id: media_attachment_entity(m, addresses) for m in view.media}
    return {
        "content": version.content,
        "spoiler_text": version.spoiler_text,
        "sensitive": version.sensitive,
        "created_at": timestamp(version.created_at),
        "account": account_entity(view.account, addresses),
        "poll": None,
        "quote": None,
        "media_attachments": [
            {**media[item["id"]], "description": item["description"]}
            for item in version.media
            if item["id"] in media
        ],
        "emojis": emoji_entities(view.status.emojis),
    }


def current_version(view: StatusView) -> Version:
    """The only version of a status that was never edited."""
    status = view.status
    media = [{"id": m.id, "description": m.description} for m in view.media]
    return Version(status.content, status.spoiler_text, status.sensitive, media, status.created_at)


def mention_entity(mention: Mention, addresses: Addresses) -> Entity:
    """Status::Mention."""
    is_local = mention.domain is None
    return {
        "id": str(mention.id),
        "username": mention.username,
        "url": addresses.account_url(mention.username) if is_local else mention.url or mention.uri,
        "acct": mention.username if is_local else f"{mention.username}@{mention.domain}",
    }


def _url(view: StatusView, addresses: Addresses) -> str:
    status = view.status
    if view.boost_of:
        return _url(view.boost_of, addresses)
    if status.local:
        return addresses.status_url(view.account.account.username, status.id)
    return status.url or status.uri


def _application(view: StatusView) -> Entity | None:
    if view.app_name is None:
        return None
    return {"name": view.app_name, "website": view.app_website}
