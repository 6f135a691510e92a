"""Admin::Tag, and what moderators see of trending links, posts and their publishers."""

from typing import Any

from server.addresses import Addresses
from server.store.link_trends import Trend
from server.store.publishers import Publisher
from server.store.reviewed_tags import ReviewedTag
from server.store.tags import TagUse
from web.entities.card import trends_link_entity
from web.entities.tag import tag_entity
from web.entities.values import timestamp_or_none

Entity = dict[str, Any]


def admin_tag_entity(
    tag: ReviewedTag, use: TagUse, addresses: Addresses, *, by_default: bool
) -> Entity:
    """Mastodon's Admin::Tag; `by_default` is what holds while nobody has said anything."""
    return {
        **tag_entity(tag.id, tag.name, addresses, use),
        "trendable": by_default if tag.trendable is None else tag.trendable,
        "usable": tag.usable,
        "listable": tag.listable,
        "requires_review": tag.reviewed_at is None,
    }


def admin_link_entity(trend: Trend, addresses: Addresses) -> Entity:
    """A trending link with the id by which it is approved."""
    return {
        "id": str(trend.card.id),
        **trends_link_entity(trend, addresses, None),
        "requires_review": trend.trendable is None,
    }


def publisher_entity(publisher: Publisher, *, by_default: bool) -> Entity:
    """Mastodon's Admin::PreviewCardProvider."""
    return {
        "id": str(publisher.id),
        "domain": publisher.domain,
        "trendable": by_default if publisher.trendable is None else publisher.trendable,
        "reviewed_at": timestamp_or_none(publisher.reviewed_at),
        "requested_review_at": timestamp_or_none(publisher.created_at),
        "requires_review": publisher.reviewed_at is None,
    }
