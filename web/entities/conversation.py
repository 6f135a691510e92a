"""Conversation."""

from collections.abc import Mapping
from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.conversations import Conversation
from web.entities.account import account_entity


def conversation_entity(
    conversation: Conversation,
    accounts: Mapping[int, AccountView],
    statuses: Mapping[int, object],
    addresses: Addresses,
    viewer_id: int,
) -> dict[str, Any]:
    """Mastodon's Conversation; `statuses` are entities, or bytes of them in a Fragment.

    Who talks to nobody else finds the own account in it.
    """
    return {
        "id": str(conversation.id),
        "unread": conversation.unread,
        "accounts": [
            account_entity(accounts[account_id], addresses)
            for account_id in conversation.participant_ids or [viewer_id]
            if account_id in accounts
        ],
        "last_status": statuses.get(conversation.last_status_id),
    }
