"""NotificationGroup, and the few facts of an account that a list of them needs."""

from collections.abc import Mapping
from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.notification_groups import Group
from web.entities.account import account_entity
from web.entities.values import timestamp

Entity = dict[str, Any]


def group_entity(group: Group, *, is_page: bool) -> Entity:
    """Mastodon's NotificationGroup; where it stands in the page only for a page."""
    entity: Entity = {
        "group_key": group.key,
        "notifications_count": group.count,
        "type": group.type,
        "most_recent_notification_id": str(group.newest_id),
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


def fallback_entity(kind: str, accounts: Mapping[int, AccountView], from_id: int) -> Entity:
    """NotificationFallback: what a client shows that does not know the kind."""
    account = accounts[from_id].account
    name = account.display_name or account.username
    text = _TEXTS.get(kind, "{name}: something that your app does not know")
    return {"title": text.format(name=name), "summary": None, "details": None}


_TEXTS = {
    "mention": "{name} mentioned you",
    "status": "{name} posted",
    "reblog": "{name} boosted your post",
    "follow": "{name} follows you",
    "follow_request": "{name} asks to follow you",
    "favourite": "{name} favourited your post",
    "poll": "A poll has ended",
    "update": "{name} edited a post",
    "quote": "{name} quoted your post",
    "pleroma:emoji_reaction": "{name} reacted to your post",
    "severed_relationships": "You lost some of your follows",
    "pending.reply": "{name} would like to answer your post",
    "pending.favourite": "{name} would like to favourite your post",
    "pending.reblog": "{name} would like to boost your post",
    "quoted_update": "{name} edited a post that you quoted",
}
