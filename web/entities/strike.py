"""AccountWarning and Appeal."""

from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.strikes import Strike
from web.entities.account import account_entity
from web.entities.values import timestamp


def account_warning_entity(
    strike: Strike, target: AccountView, addresses: Addresses
) -> dict[str, Any]:
    """Mastodon's AccountWarning; who decided is not told."""
    return {
        "id": str(strike.id),
        "action": strike.action,
        "text": strike.text,
        "status_ids": [str(status_id) for status_id in strike.status_ids],
        "target_account": account_entity(target, addresses),
        "appeal": {"text": strike.appeal, "state": strike.appeal_state} if strike.appeal else None,
        "created_at": timestamp(strike.created_at),
    }
