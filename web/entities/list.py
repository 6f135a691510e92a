"""List."""

from typing import Any

from server.store.lists import List


def list_entity(found: List) -> dict[str, Any]:
    """Mastodon's List."""
    return {
        "id": str(found.id),
        "title": found.title,
        "replies_policy": found.replies_policy,
        "exclusive": found.exclusive,
    }
