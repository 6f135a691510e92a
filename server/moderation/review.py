"""Moderators say what may trend, and what a hashtag may be used for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from federation.documents.tag import fold_hashtag
from server.errors import Invalid
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.runtime import Runtime
from server.store import audit_log, link_trends, publishers, reviewed_tags, trends
from server.store.publishers import Publisher
from server.store.reviewed_tags import ReviewedTag
from server.transaction import Transaction


async def review_status(
    runtime: Runtime, moderator_id: int, status_id: int, *, trendable: bool
) -> None:
    """Let a post trend, or not. Raises NotFound, Forbidden."""
    async with _reviewing(runtime, moderator_id) as tx:
        await trends.review_status(tx.db, status_id, trendable=trendable)
        await audit_log.record(tx.db, moderator_id, _act(trendable), "status_trend", status_id)


async def review_link(
    runtime: Runtime, moderator_id: int, card_id: int, *, trendable: bool
) -> None:
    """Let a page trend, or not. Raises NotFound, Forbidden."""
    async with _reviewing(runtime, moderator_id) as tx:
        await link_trends.review(tx.db, card_id, trendable=trendable)
        await audit_log.record(tx.db, moderator_id, _act(trendable), "link_trend", card_id)


async def review_publisher(
    runtime: Runtime, moderator_id: int, publisher_id: int, *, trendable: bool
) -> Publisher:
    """Let a site's pages trend, or not. Raises NotFound, Forbidden."""
    async with _reviewing(runtime, moderator_id) as tx:
        publisher = await publishers.review(tx.db, publisher_id, trendable=trendable)
        await audit_log.record(
            tx.db, moderator_id, _act(trendable), "publisher", publisher.id, publisher.domain
        )
    return publisher


async def review_tag(runtime: Runtime, moderator_id: int, tag: ReviewedTag) -> None:
    """Keep what was said of a tag; its name may be written otherwise, not become another.

    Raises Forbidden, Invalid.
    """
    async with _reviewing(runtime, moderator_id) as tx:
        if fold_hashtag(tag.display_name) != tag.name:
            raise Invalid("Validation failed: Display name does not match the previous name")
        await reviewed_tags.review(tx.db, tag)
        await audit_log.record(
            tx.db,
            moderator_id,
            "update",
            "tag",
            tag.id,
            tag.name,
            usable=tag.usable,
            listable=tag.listable,
            trendable=tag.trendable,
        )


async def set_tag_trendable(
    runtime: Runtime, moderator_id: int, tag_id: int, *, trendable: bool
) -> None:
    """Let a hashtag trend, or not. Raises NotFound, Forbidden."""
    tag = await reviewed_tags.get_tag(runtime.db, tag_id)
    await review_tag(runtime, moderator_id, replace(tag, trendable=trendable))


@asynccontextmanager
async def _reviewing(runtime: Runtime, moderator_id: int) -> AsyncIterator[Transaction]:
    """A transaction for who may review. Raises Forbidden."""
    await check_may(runtime.db, moderator_id, Permission.MANAGE_TAXONOMIES)
    async with runtime.transaction() as tx:
        yield tx


def _act(trendable: bool) -> str:
    return "approve" if trendable else "reject"
