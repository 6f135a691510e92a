"""PreviewCard and Trends::Link."""

from html import escape
from typing import Any

from server.addresses import Addresses
from server.store.cards import Card
from server.store.link_trends import Trend
from web.entities.account import account_entity, page_url
from web.entities.values import timestamp_or_none

Entity = dict[str, Any]

_FRAME_WIDTH, _FRAME_HEIGHT = 480, 270


def card_entity(card: Card, addresses: Addresses) -> Entity:
    """Mastodon's PreviewCard, without `missing_attribution`."""
    return {
        "url": card.url,
        "title": card.title,
        "description": card.description,
        "language": card.language,
        "type": card.type,
        "author_name": card.author_name,
        "author_url": card.author_url,
        "provider_name": card.provider_name,
        "provider_url": card.provider_url,
        "html": _frame(card),
        "width": card.width,
        "height": card.height,
        "image": addresses.media(card.image_file) if card.image_file else None,
        "image_description": card.image_description if card.image_file else "",
        "embed_url": card.embed_url,
        "blurhash": card.blurhash,
        "published_at": timestamp_or_none(card.published_at),
        "authors": _authors(card, addresses),
    }


def claimed_by(card: Card) -> int | None:
    """Whom the page names as its author although that account does not name the page's host."""
    return None if card.creator_id else card.named_id


def missing_attribution(claimed: int | None, viewer_id: int | None) -> bool | None:
    """Whether a page claims the viewer as its author in vain; None for a stranger."""
    return None if viewer_id is None else claimed == viewer_id


def trends_link_entity(trend: Trend, addresses: Addresses, viewer_id: int | None) -> Entity:
    """Mastodon's Trends::Link: a card with its history, all of it as text."""
    return {
        **card_entity(trend.card, addresses),
        "missing_attribution": missing_attribution(claimed_by(trend.card), viewer_id),
        "history": [{name: str(value) for name, value in day.items()} for day in trend.history],
    }


def _frame(card: Card) -> str:
    """An iframe of our own making; no HTML of others is ever passed on (CVE-2023-36459)."""
    if not card.frame_url:
        return ""
    width, height = card.width or _FRAME_WIDTH, card.height or _FRAME_HEIGHT
    return (
        f'<iframe src="{escape(card.frame_url)}" width="{width}" height="{height}"'
        ' sandbox="allow-scripts allow-same-origin allow-popups allow-forms"'
        ' frameborder="0" allowfullscreen="allowfullscreen"></iframe>'
    )


def _authors(card: Card, addresses: Addresses) -> list[Entity]:
    if card.creator:
        account = card.creator.account
        return [
            {
                "name": account.display_name or account.username,
                "url": page_url(account, addresses),
                "account": account_entity(card.creator, addresses),
            }
        ]
    if card.author_name or card.author_url:
        return [{"name": card.author_name, "url": card.author_url, "account": None}]
    return []
