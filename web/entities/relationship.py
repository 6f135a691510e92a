"""Relationship."""

from typing import Any

from server.store.relationships import Relationship
from web.entities.values import timestamp_or_none


def relationship_entity(relationship: Relationship) -> dict[str, Any]:
    """Mastodon's Relationship."""
    r = relationship
    return {
        "id": str(r.id),
        "following": r.following,
        "showing_reblogs": r.showing_reblogs,
        "notifying": r.notifying,
        "languages": r.languages,
        "followed_by": r.followed_by,
        "blocking": r.blocking,
        "blocked_by": r.blocked_by,
        "muting": r.muting,
        "muting_notifications": r.muting_notifications,
        "muting_expires_at": timestamp_or_none(r.muting_expires_at),
        "requested": r.requested,
        "requested_by": r.requested_by,
        "domain_blocking": r.domain_blocking,
        "endorsed": r.endorsed,
        "note": r.note,
    }
