"""Status: what everybody sees of it, and the parts that differ between viewers.

web/entities/rendered.py puts them together, out of kept bytes.
"""

from datetime import datetime
from typing import Any

from server.addresses import Addresses
from server.store.polls import Poll
from server.store.revisions import Marks
from server.store.status_edits import Version
from server.store.status_views import Mention, StatusView
from server.store.statuses import Status
from server.text.sanitize import plain_text
from web.entities.account import account_entity, emoji_entities
from web.entities.collection import collection_entity
from web.entities.media_attachment import media_attachment_entity
from web.entities.values import id_or_none, timestamp, timestamp_or_none

Entity = dict[str, Any]

# Of others' longest posts filters look at the beginning: every reader's are tried at every reading.
_LONGEST_TEXT = 20_000

# What can be done with a status, as GoToSocial's API and as ActivityPub name it.
POLICY_NAMES = {"can_favourite": "like", "can_reply": "reply", "can_reblog": "announce"}


def public_part(view: StatusView, addresses: Addresses) -> Entity:
    """What is the same for everybody who may see the status.

    Left out are reblog, card, poll, quote and quote_approval, in which the viewer has a part.
    """
    status = view.status
    original = view.boost_of or view
    return {
        "id": str(status.id),
        "created_at": timestamp(status.created_at),
        "in_reply_to_id": id_or_none(status.in_reply_to_id),
        "in_reply_to_account_id": id_or_none(status.in_reply_to_account_id),
        "sensitive": status.sensitive or view.account.account.sensitized_at is not None,
        "spoiler_text": status.spoiler_text,
        "visibility": "private" if status.limited else status.visibility,
        "language": status.language,
        "uri": status.uri,
        "url": _url(view, addresses),
        "replies_count": original.replies_count,
        "reblogs_count": original.boosts_count,
        "favourites_count": original.favourites_count,
        "quotes_count": original.quotes_count,
        "edited_at": timestamp_or_none(status.edited_at),
        "content": status.content,
        "application": _application(view),
        "account": account_entity(view.account, addresses),
        "media_attachments": [
            media_attachment_entity(m, addresses, status.uri) for m in view.media
        ],
        "mentions": [mention_entity(m, addresses) for m in view.mentions],
        "tags": [{"name": name, "url": addresses.tag_url(name)} for name in view.tags],
        "tagged_collections": [collection_entity(one, addresses) for one in view.collections],
        "local_only": status.local_only,
        "imported_from": status.imported_from,
        "interaction_policy": _interaction_policy(status),
        "emojis": emoji_entities(status.emojis, status.uri, addresses),
    }


def poll_part(poll: Poll, status: Status, now: datetime, addresses: Addresses) -> Entity:
    """Poll of a status without what the viewer chose."""
    is_over = poll.expires_at is not None and poll.expires_at <= now
    shows_totals = is_over or not poll.hide_totals
    return {
        "id": str(poll.status_id),
        "expires_at": timestamp_or_none(poll.expires_at),
        "expired": is_over,
        "multiple": poll.multiple,
        "votes_count": sum(poll.votes),
        "voters_count": poll.voters_count,
        "options": [
            {"title": title, "votes_count": votes if shows_totals else None}
            for title, votes in zip(poll.options, poll.votes, strict=True)
        ],
        "emojis": emoji_entities(status.emojis, status.uri, addresses),
    }


def text_of(view: StatusView) -> str:
    """What there is to read in a status, for filters."""
    parts = [view.status.spoiler_text, plain_text(view.status.content[:_LONGEST_TEXT])]
    parts += [media.description for media in view.media if media.description]
    parts += view.poll.options if view.poll else []
    return "\n".join(parts)[:_LONGEST_TEXT]


def viewer_marks(own: Marks, shown: Marks, *, is_pinner: bool) -> Entity:
    """Marks of the status itself, and of what it shows (the original of a boost)."""
    entity: Entity = {
        "favourited": shown.favourited,
        "reblogged": shown.boosted,
        "muted": own.muted,
        "bookmarked": shown.bookmarked,
    }
    return entity | {"pinned": own.pinned} if is_pinner else entity


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
    uri = view.status.uri
    media = {m.id: media_attachment_entity(m, addresses, uri) for m in view.media}
    return {
        "content": version.content,
        "spoiler_text": version.spoiler_text,
        "sensitive": version.sensitive,
        "created_at": timestamp(version.created_at),
        "account": account_entity(view.account, addresses),
        "poll": {"options": [{"title": title} for title in version.poll_options]}
        if version.poll_options
        else None,
        "quote": None,
        "media_attachments": [
            {**media[item["id"]], "description": item["description"]}
            for item in version.media
            if item["id"] in media
        ],
        "emojis": emoji_entities(view.status.emojis, view.status.uri, addresses),
    }


def current_version(view: StatusView) -> Version:
    """The only version of a status that was never edited."""
    status = view.status
    media = [{"id": m.id, "description": m.description} for m in view.media]
    options = view.poll.options if view.poll else None
    return Version(
        status.content, status.spoiler_text, status.sensitive, media, options, status.created_at
    )


def mention_entity(mention: Mention, addresses: Addresses) -> Entity:
    """Status::Mention."""
    is_local = mention.domain is None
    return {
        "id": str(mention.id),
        "username": mention.username,
        "url": addresses.account_url(mention.username) if is_local else mention.url or mention.uri,
        "acct": mention.username if is_local else f"{mention.username}@{mention.domain}",
    }


def _interaction_policy(status: Status) -> Entity:
    """Who may do what, in GoToSocial's shape, under its present and its former names."""
    return {name: _rule(status, kind) for name, kind in POLICY_NAMES.items()}


def _rule(status: Status, kind: str) -> Entity:
    circles = status.interaction_policy.get(kind, {"automatic": ["public"], "manual": []})
    automatic = circles["automatic"]
    if kind in status.interaction_policy:
        named = ["author", "mentioned"] if kind == "reply" else ["author"]
        automatic = [*named, *automatic]
    return {
        "automatic_approval": automatic,
        "manual_approval": circles["manual"],
        "always": automatic,
        "with_approval": circles["manual"],
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
