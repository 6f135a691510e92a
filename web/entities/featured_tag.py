"""FeaturedTag."""

from typing import Any

from server.addresses import Addresses
from server.store.featured_tags import FeaturedTag
from web.entities.values import day


def featured_tag_entity(tag: FeaturedTag, acct: str, addresses: Addresses) -> dict[str, Any]:
    """Mastodon's FeaturedTag; its count is a text."""
    return {
        "id": str(tag.id),
        "name": tag.name,
        "url": f"{addresses.origin}/@{acct}/tagged/{tag.name}",
        "statuses_count": str(tag.statuses_count),
        "last_status_at": day(tag.last_status_at),
    }
