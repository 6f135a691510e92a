"""Notification."""

from collections.abc import Mapping
from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.notifications import Notification
from server.store.status_views import StatusView
from web.entities.account import account_entity
from web.entities.status import status_entity
from web.entities.values import timestamp


def notification_entity(
    notification: Notification,
    accounts: Mapping[int, AccountView],
    statuses: Mapping[int, StatusView],
    addresses: Addresses,
    viewer_id: int,
) -> dict[str, Any]:
    """Mastodon's Notification; `status` is there for kinds that have one."""
    entity: dict[str, Any] = {
        "id": str(notification.id),
        "type": notification.type,
        "group_key": notification.group_key,
        "created_at": timestamp(notification.created_at),
        "account": account_entity(accounts[notification.from_account_id], addresses),
    }
    view = statuses.get(notification.status_id or 0)
    if view:
        entity["status"] = status_entity(view, addresses, viewer_id)
    return entity
