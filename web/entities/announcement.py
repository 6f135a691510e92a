"""Announcement and the reactions to it."""

from typing import Any

from server.addresses import Addresses
from server.store.announcements import Announcement, Mentioned, Reaction
from server.store.custom_emojis import CustomEmoji
from web.entities.custom_emoji import custom_emoji_entity
from web.entities.values import timestamp, timestamp_or_none

Entity = dict[str, Any]


def announcement_entity(
    announcement: Announcement, emojis: list[CustomEmoji], addresses: Addresses
) -> Entity:
    """Mastodon's Announcement; `emojis` are ours that stand in its text."""
    entity: Entity = {
        "id": str(announcement.id),
        "content": announcement.content,
        "starts_at": timestamp_or_none(announcement.starts_at),
        "ends_at": timestamp_or_none(announcement.ends_at),
        "all_day": announcement.all_day,
        "published_at": timestamp_or_none(announcement.publish_at),
        "updated_at": timestamp(announcement.updated_at),
        "mentions": [_mention(one, addresses) for one in announcement.mentions],
        "statuses": [
            {"id": str(one.id), "url": addresses.status_url(one.username, one.id)}
            for one in announcement.statuses
        ],
        "tags": [{"name": name, "url": addresses.tag_url(name)} for name in announcement.tags],
        "emojis": [custom_emoji_entity(one, addresses) for one in emojis],
        "reactions": [reaction_entity(one, addresses) for one in announcement.reactions],
    }
    return entity if announcement.read is None else {**entity, "read": announcement.read}


def reaction_entity(reaction: Reaction, addresses: Addresses) -> Entity:
    """Mastodon's Reaction; `url` is there for our own emoji, `me` for who asks."""
    entity: Entity = {"name": reaction.name, "count": reaction.count}
    if reaction.me is not None:
        entity["me"] = reaction.me
    if reaction.file and reaction.static_file:
        entity["url"] = addresses.media(reaction.file)
        entity["static_url"] = addresses.media(reaction.static_file)
    return entity


def _mention(one: Mentioned, addresses: Addresses) -> Entity:
    is_local = one.domain is None
    return {
        "id": str(one.id),
        "username": one.username,
        "url": addresses.account_url(one.username) if is_local else one.url or one.uri,
        "acct": one.username if is_local else f"{one.username}@{one.domain}",
    }
