"""Notification."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.collections import Collection
from server.store.notifications import Notification
from web.entities.account import account_entity
from web.entities.collection import collection_entity
from web.entities.reaction import picture_urls
from web.entities.severance import severance_entity
from web.entities.values import timestamp


def notification_entity(
    notification: Notification,
    accounts: Mapping[int, AccountView],
    statuses: Mapping[int, object],
    addresses: Addresses,
    collections: Mapping[int, Collection] = MappingProxyType({}),
) -> dict[str, Any]:
    """Mastodon's Notification; `statuses` are entities, or bytes of them in a Fragment."""
    entity: dict[str, Any] = {
        "id": str(notification.id),
        "type": notification.type,
        "group_key": notification.group_key,
        "created_at": timestamp(notification.created_at),
        "account": account_entity(accounts[notification.from_account_id], addresses),
    }
    if notification.status_id and notification.status_id in statuses:
        entity["status"] = statuses[notification.status_id]
    if notification.collection_id and notification.collection_id in collections:
        entity["collection"] = collection_entity(collections[notification.collection_id], addresses)
    entity |= special_fields(notification, addresses)
    return entity


def special_fields(notification: Notification, addresses: Addresses) -> dict[str, Any]:
    """What only some kinds have: the emoji of a reaction, the event of lost follows."""
    fields: dict[str, Any] = {}
    if emoji := notification.emoji:
        fields["emoji"] = f":{emoji.full_name}:" if emoji.picture else emoji.name
        fields["emoji_url"] = picture_urls(emoji, addresses).get("url")
    if notification.severance:
        fields["event"] = severance_entity(notification.severance)
    return fields
