"""RelationshipSeveranceEvent."""

from typing import Any

from server.store.severances import Severance
from web.entities.values import timestamp


def severance_entity(severance: Severance) -> dict[str, Any]:
    """Mastodon's RelationshipSeveranceEvent."""
    return {
        "id": str(severance.id),
        "type": severance.type,
        "purged": severance.purged,
        "target_name": severance.target_name,
        "followers_count": severance.followers_count,
        "following_count": severance.following_count,
        "created_at": timestamp(severance.created_at),
    }
