"""NotificationGroup, and the few facts of an account that a list of them needs."""

from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.notification_groups import Group
from web.entities.account import account_entity
from web.entities.values import timestamp

Entity = dict[str, Any]


def group_entity(group: Group, *, is_page: bool) -> Entity:
    """Mastodon's NotificationGroup; where it stands in the page only for a page.

    The newest id is the one id that is a number: the apps for iOS fail on anything else.
    """
    entity: Entity = {
        "group_key": group.key,
        "notifications_count": group.count,
        "type": group.type,
        "most_recent_notification_id": group.newest_id,
        "sample_account_ids": [str(account_id) for account_id in group.sample],
    }
    if is_page:
        entity |= {
            "page_min_id": str(group.page_min_id),
            "page_max_id": str(group.page_max_id),
            "latest_page_notification_at": timestamp(group.latest_at),
        }
    if group.status_id:
        entity["status_id"] = str(group.status_id)
    return entity


def partial_account_entity(view: AccountView, addresses: Addresses) -> Entity:
    """PartialAccountWithAvatar: for the small pictures beside the first one."""
    whole = account_entity(view, addresses)
    names = ("id", "acct", "url", "avatar", "avatar_static", "avatar_description", "locked", "bot")
    return {name: whole[name] for name in names}
