"""NotificationFallback: what a client shows for a kind of notification that it does not know."""

from collections.abc import Collection, Mapping
from typing import Any

from markupsafe import Markup, escape

from server.addresses import Addresses
from server.store.account_views import AccountView
from web.entities.account import page_url

# What every client knows, whatever it says; Mastodon has the same list.
_BASELINE = frozenset(
    {
        "mention",
        "status",
        "reblog",
        "follow",
        "follow_request",
        "favourite",
        "poll",
        "update",
        "annual_report",
        "quote",
        "quoted_update",
    }
)


def needs_fallback(kind: str, supported: Collection[str] | None) -> bool:
    """Whether a client that says what it knows (None: it says nothing) needs words for a kind."""
    return supported is not None and kind not in _BASELINE and kind not in supported


def fallback_entity(
    kind: str, sender: AccountView, addresses: Addresses, texts: Mapping[str, str]
) -> dict[str, Any]:
    """Title and summary are HTML; `texts` are those of the reader's language.

    Mastodon documents `details` and sends `description`; neither has anything to say.
    """
    account = sender.account
    name = Markup('<a href="{}" class="u-url mention">{}</a>').format(
        page_url(account, addresses), account.display_name or account.username
    )
    here = Markup('<a href="{}">{}</a>').format(addresses.origin, addresses.domain)
    title, summary = escape(texts[f"fallback.{kind}"]), escape(texts["fallback.summary"])
    return {
        "title": str(title.format(name=name)),
        "summary": str(summary.format(here=here)),
        "description": None,
        "details": None,
    }
