"""Marker."""

from typing import Any

from server.store.markers import Marker
from web.entities.values import timestamp


def marker_entity(marker: Marker) -> dict[str, Any]:
    """Mastodon's Marker."""
    return {
        "last_read_id": str(marker.last_read_id),
        "version": marker.version,
        "updated_at": timestamp(marker.updated_at),
    }
