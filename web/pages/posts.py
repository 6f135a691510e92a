"""Posts and people as the templates show them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from server.addresses import Addresses
from server.store import quotes, threads
from server.store.account_views import AccountView
from server.store.accounts import Account
from server.store.cards import Card
from server.store.pages import Page
from server.store.polls import Poll
from server.store.quotes import Relation
from server.store.status_views import StatusView, load_status_views
from server.store.statuses import Status
from server.text.sanitize import plain_text
from web.entities.account import avatar_url, page_url
from web.entities.media_attachment import media_attachment_entity
from web.entities.status import poll_part
from web.pages.emoji import with_emoji
from web.request import Request

_LONGEST_HTML = 10_000  # of which a preview tells the first words
_ABOVE, _BELOW, _DEEP = 20, 60, 20  # how much of a thread a page takes
_MEDIUMS = {"gifv": "video", "unknown": "document"}  # of Media RSS


def older(ids: Sequence[int], page: Page) -> int | None:
    """Where a list goes on: the id below which the next page begins; None at its end."""
    return ids[-1] if len(ids) == page.limit else None


def person_values(view: AccountView, request: Request) -> dict[str, str]:
    """A person as the templates show them; `shown` is the name with its emoji."""
    account = view.account
    name = account.display_name or account.username
    return {
        "name": name,
        "shown": with_emoji(escape(name), account.emojis, account.uri, request.addresses),
        "handle": f"@{account.username}@{account.domain or request.addresses.domain}",
        "url": page_url(account, request.addresses),
        "avatar": avatar_url(account, request.addresses, still=True),
    }


def about_values(account: Account, request: Request) -> dict[str, Any]:
    """What somebody says of themselves, composed or sanitised when it was stored."""

    def written(html: str) -> Markup:
        return with_emoji(Markup(html), account.emojis, account.uri, request.addresses)  # noqa: S704

    return {
        "note": written(account.note),
        "fields": [
            (written(escape(one["name"])), written(one["value"]), one.get("verified_at"))
            for one in account.fields
        ],
    }


async def thread_values(request: Request, status_id: int, viewer_id: int | None) -> dict[str, Any]:
    """A post (`current`) between what it answers and its answers, as far as the reader may see
    them; `is_cut` if there are more answers than a page takes.
    """
    db = request.runtime.db
    above = await threads.list_ancestors(db, status_id, viewer_id, _ABOVE)
    below = await threads.list_descendants(db, status_id, viewer_id, _BELOW, _DEEP)
    views = await load_status_views(db, [*above, status_id, *below])
    shown = await posts_values(request, views, viewer_id)
    return {"shown": shown, "current": status_id, "is_cut": len(below) == _BELOW}


async def posts_values(
    request: Request, views: Sequence[StatusView], viewer_id: int | None = None
) -> list[dict[str, object]]:
    """Posts as the templates show them, with the quoted posts that the reader may see."""
    db = request.runtime.db
    originals = [view.boost_of or view for view in views]
    quoted_of = {
        view.status.id: view.quote.quoted_id
        for view in originals
        if view.quote and view.quote.quoted_id and view.quote.state == "accepted"
    }
    quoted_ids = quoted_of.values()
    relations = await quotes.load_relations(db, quoted_ids, [viewer_id])
    visible = [id_ for id_ in quoted_ids if _is_shown(relations[viewer_id, id_])]
    quoted = {view.status.id: view for view in await load_status_views(db, visible)}
    shown = []
    for view, original in zip(views, originals, strict=True):
        values = post_values(view, request)
        found = quoted.get(quoted_of.get(original.status.id, 0))
        if found:
            values["quoted"] = post_values(found, request)
        shown.append(values)
    return shown


def _is_shown(relation: Relation) -> bool:
    """Whether a quoted post is; one of somebody whom apps would hide until a click is not."""
    return relation.visible and not (relation.blocked or relation.muted)


def post_values(view: StatusView, request: Request) -> dict[str, object]:
    """A post as the templates show it: of a boost the original."""
    original = view.boost_of or view
    status, addresses = original.status, request.addresses
    account = original.account.account
    url = addresses.status_url(account.username, status.id) if status.local else status.url
    return {
        "id": status.id,
        "local": status.local,
        "uri": status.uri,
        "url": url or status.uri,
        "person": person_values(original.account, request),
        "booster": person_values(view.account, request)["name"] if view.boost_of else None,
        "content": with_emoji(
            Markup(status.content),  # noqa: S704 - composed or sanitised when stored
            status.emojis,
            status.uri,
            addresses,
        ),
        "text": plain_text(status.content[:_LONGEST_HTML]),
        "warning": status.spoiler_text,
        "sensitive": status.sensitive,
        "tags": original.tags,
        "language": status.language,
        "at": status.created_at,
        "edited_at": status.edited_at,
        "media": [
            {
                **media_attachment_entity(m, addresses, status.uri),
                "content_type": m.content_type,
                "medium": _MEDIUMS.get(m.type, m.type),
            }
            for m in original.media
        ],
        "quoted": None,
        "answers": status.in_reply_to_uri is not None or status.in_reply_to_id is not None,
        "answered": _answered(original),
        "visibility": status.visibility,
        "card": _card(original.card, addresses) if original.card else None,
        "poll": _poll(original.poll, status, addresses) if original.poll else None,
        "replies": original.replies_count,
        "boosts": original.boosts_count,
        "favourites": original.favourites_count,
    }


def _answered(view: StatusView) -> str | None:
    """Handle of whom a post answers; None for nobody, and for somebody whom it does not name."""
    author, answered_id = view.account.account, view.status.in_reply_to_account_id
    if answered_id == author.id:
        return f"@{author.acct}"
    for one in view.mentions:
        if one.id == answered_id:
            return f"@{one.username}@{one.domain}" if one.domain else f"@{one.username}"
    return None


def _card(card: Card, addresses: Addresses) -> dict[str, Any]:
    """What is shown of a linked page; of its player nothing, which would be of another host."""
    return {
        "url": card.url,
        "title": card.title,
        "text": card.description,
        "site": card.provider_name or urlsplit(card.url).hostname,
        "language": card.language,
        "image": addresses.media(card.image_file) if card.image_file else None,
        "image_text": card.image_description,
    }


def _poll(poll: Poll, status: Status, addresses: Addresses) -> dict[str, Any]:
    """A poll with the share of each choice in per cent; None where the counts are hidden still."""
    shown = poll_part(poll, status, datetime.now(UTC), addresses)
    shown["until"] = poll.expires_at
    # Of who voted, as in apps: with several choices they are less than the votes.
    total = max(1, shown["voters_count"] or shown["votes_count"])
    for option in shown["options"]:
        votes = option["votes_count"]
        option["share"] = None if votes is None else round(100 * votes / total)
    return shown
