"""Conversation."""

from collections.abc import Mapping
from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.conversations import Conversation
from server.store.status_views import StatusView
from web.entities.account import account_entity
from web.entities.status import status_entity


def conversation_entity(
    conversation: Conversation,
    accounts: Mapping[int, AccountView],
    statuses: Mapping[int, StatusView],
    addresses: Addresses,
    viewer_id: int,
) -> dict[str, Any]:
    """Mastodon's Conversation."""
    last = statuses.get(conversation.last_status_id)
    return {
        "id": str(conversation.id),
        "unread": conversation.unread,
        "accounts": [
            account_entity(accounts[account_id], addresses)
            for account_id in conversation.participant_ids
            if account_id in accounts
        ],
        "last_status": status_entity(last, addresses, viewer_id) if last else None,
    }
