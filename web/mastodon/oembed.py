"""https://docs.joinmastodon.org/methods/oembed/ and the format itself, https://oembed.com"""

from html import escape

import msgspec
from starlette.responses import Response

from server.errors import NotFound
from server.remote import resolve
from server.store import statuses
from server.store.account_views import get_account_view
from server.store.statuses import Status
from web.pagination import json_response
from web.params import read_query
from web.request import Request

_WIDTH = 400
_NARROWEST, _WIDEST = 220, 1200
_CACHE_SECONDS = 86_400


class OembedQuery(msgspec.Struct):
    """Which page, and how large it may be, in pixels."""

    url: str = ""
    format: str = "json"
    maxwidth: int | None = None
    maxheight: int | None = None


async def show(request: Request) -> Response:
    """How other sites show a public post of ours: an iframe of its own small page."""
    query = read_query(request, OembedQuery)
    return await answer_for(request, await _find(request, query.url), query)


async def answer_for(
    request: Request, status: Status, query: OembedQuery | None = None
) -> Response:
    """The answer about a public post of ours."""
    query = query or OembedQuery()
    view = await get_account_view(request.runtime.db, status.account_id)
    account, addresses = view.account, request.addresses
    name = account.display_name or account.username
    width = min(max(query.maxwidth or _WIDTH, _NARROWEST), _WIDEST)
    height = query.maxheight if query.maxheight and query.maxheight > 0 else None
    source = f"{addresses.status_url(account.username, status.id)}/embed"
    tall = f' height="{height}"' if height else ""
    return json_response(
        {
            "type": "rich",
            "version": "1.0",
            "title": f"Post by {name}",
            "author_name": name,
            "author_url": addresses.account_url(account.username),
            "provider_name": addresses.domain,
            "provider_url": f"{addresses.origin}/",
            "cache_age": _CACHE_SECONDS,
            "html": f'<iframe src="{escape(source)}" width="{width}"{tall}'
            ' style="max-width: 100%; border: 0"'
            ' sandbox="allow-popups allow-popups-to-escape-sandbox"'
            f' title="{escape(f"Post by {name}")}"></iframe>',
            "width": width,
            "height": height,
        }
    )


async def _find(request: Request, url: str) -> Status:
    """The post of ours at an address, if a stranger may see it. Raises NotFound."""
    is_own = url.startswith(f"{request.addresses.origin}/")
    found = await resolve.find_known(request.runtime, url) if is_own else None
    if not isinstance(found, Status) or not found.local or found.boost_of_id:
        raise NotFound
    return await statuses.get_visible_status(request.runtime.db, found.id, None)
