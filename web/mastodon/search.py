"""https://docs.joinmastodon.org/methods/search/"""

import msgspec
from starlette.responses import Response

from federation.discovery.webfinger import parse_handle
from server.remote import resolve
from server.store import account_search, statuses
from server.store.account_views import load_account_views
from server.store.accounts import Account
from server.store.statuses import Status
from web.entities.account import account_entity
from web.entities.tag import tag_entity
from web.mastodon.pages import status_fragments
from web.pagination import json_response, read_limit
from web.params import read_query
from web.request import Request


class SearchQuery(msgspec.Struct):
    """A text, a handle or an address."""

    q: str = ""
    type: str | None = None
    resolve: bool = False
    following: bool = False
    offset: int = 0


async def search(request: Request) -> Response:
    """Accounts, statuses and hashtags; a pasted handle or address finds the thing itself."""
    query, limit = read_query(request, SearchQuery), read_limit(request, 20, 40)
    text, offset = query.q.strip(), max(0, query.offset)
    found: dict[str, list[object]] = {"accounts": [], "statuses": [], "hashtags": []}
    if not text:
        return json_response(found)
    if text.startswith(("https://", "http://")):
        thing = await _find_address(request, text, query.resolve)
        return json_response(found | await _shown(request, thing, query.type))
    if query.type in {None, "", "accounts"}:
        ids = await find_by_text(request, text, limit, offset, query.following, query.resolve)
        views = await load_account_views(request.runtime.db, ids)
        found["accounts"] = [account_entity(views[i], request.addresses) for i in ids if i in views]
    if query.type in {None, "", "hashtags"} and "@" not in text:
        tags = await account_search.search_tags(request.runtime.db, text, limit, offset)
        found["hashtags"] = [tag_entity(i, name, request.addresses) for i, name in tags]
    return json_response(found)


async def find_by_text(
    request: Request, text: str, limit: int, offset: int, following: bool, may_ask: bool
) -> list[int]:
    """Ids of accounts; with a whole handle, and if `may_ask` and a member asks, that very one."""
    handle = parse_handle(text) if "@" in text.strip("@") else None
    if handle and may_ask and request.viewer_id and not offset:
        account = await resolve.resolve_handle(request.runtime, *handle)
        if account and not account.suspended_at:
            return [account.id]
    if not text.strip("@# "):
        return []
    return await account_search.search_accounts(
        request.runtime.db, text, request.viewer_id, limit, offset, following=following
    )


async def _find_address(request: Request, text: str, may_ask: bool) -> Account | Status | None:
    if may_ask and request.viewer_id:
        return await resolve.resolve_uri(request.runtime, text)
    return await resolve.find_known(request.runtime, text)


async def _shown(
    request: Request, thing: Account | Status | None, kind: str | None
) -> dict[str, list[object]]:
    """The thing, if it is of the kind that was asked for and visible."""
    db, viewer_id = request.runtime.db, request.viewer_id
    if isinstance(thing, Account) and kind in {None, "", "accounts"}:
        views = await load_account_views(db, [thing.id])
        return {"accounts": [account_entity(views[thing.id], request.addresses)]}
    if isinstance(thing, Status) and kind in {None, "", "statuses"}:
        visible = await statuses.list_visible(db, [thing.id], viewer_id)
        return {"statuses": list((await status_fragments(request, visible)).values())}
    return {}
