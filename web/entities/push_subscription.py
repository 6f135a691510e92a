"""WebPushSubscription."""

from typing import Any

from server.store.push_subscriptions import ALERTS, PushSubscription


def push_subscription_entity(subscription: PushSubscription, server_key: str) -> dict[str, Any]:
    """Mastodon's WebPushSubscription, with every alert; its id is a number, as there."""
    return {
        "id": subscription.id,
        "endpoint": subscription.endpoint,
        "standard": subscription.standard,
        "alerts": {kind: kind in subscription.alerts for kind in ALERTS},
        "server_key": server_key,
        "policy": subscription.policy,
    }
