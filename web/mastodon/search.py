"""https://docs.joinmastodon.org/methods/search/"""

import msgspec
from starlette.responses import Response

from federation.discovery.webfinger import parse_handle
from server import errors
from server.remote import resolve
from server.remote.resolve import Thing
from server.search import find
from server.store import collections, follows, statuses, tag_search, users
from server.store.accounts import Account
from server.store.collections import Collection
from server.store.statuses import Status
from server.text.times import zone_of
from web.entities.collection import collection_entity
from web.entities.tag import tag_entity
from web.mastodon.pages import status_fragments
from web.mastodon.viewed import viewed_accounts
from web.pagination import json_response, read_limit, read_page
from web.params import missing, read_query
from web.request import Request

Found = dict[str, list[object]]


class SearchQuery(msgspec.Struct):
    """A text, a handle or an address."""

    q: str = ""
    type: str | None = None
    resolve: bool = False
    following: bool = False
    account_id: int | None = None
    offset: int | None = None


async def search(request: Request) -> Response:
    """Accounts, statuses and hashtags; a pasted handle or address finds the thing itself, which
    may be a collection, too.

    Statuses by their words are for members alone. Raises Unauthorized for a stranger who wants
    more than the first page or another server asked, Invalid (400) without a text.
    """
    query, limit = read_query(request, SearchQuery), read_limit(request, 20, 40)
    _check(request, query)
    text = query.q.strip()
    found: Found = {"accounts": [], "statuses": [], "hashtags": [], "collections": []}
    if text.startswith(("https://", "http://")):
        if collection_ids := request.addresses.collections_in(f'href="{text}"'):
            return json_response(found | await _collection(request, collection_ids[0], query.type))
        thing = await _find_address(request, text, query.resolve)
        return json_response(found | await _shown(request, thing, query.type))
    # Of three kinds at once only the beginnings are shown.
    offset = max(0, query.offset or 0) if query.type else 0
    if query.type in {None, "", "accounts"} and not text.startswith("#"):
        ids = await find_people(request, text, limit, offset, query.following, query.resolve)
        found["accounts"] = list(await viewed_accounts(request, ids))
    if query.type in {None, "", "statuses"}:
        found["statuses"] = await _statuses(request, query, limit, offset)
    if query.type in {None, "", "hashtags"}:
        found["hashtags"] = await _hashtags(request, text, limit, offset)
    return json_response(found)


async def search_v1(request: Request) -> Response:
    """The first version of the same, for members: hashtags are bare names."""
    answer = await search(request)
    found = msgspec.json.decode(bytes(answer.body))
    del found["collections"]  # there were none then
    return json_response(found | {"hashtags": [tag["name"] for tag in found["hashtags"]]})


async def find_people(
    request: Request, text: str, limit: int, offset: int, following: bool, may_ask: bool
) -> list[int]:
    """Ids of accounts; with a whole handle, and if `may_ask` and a member asks, that very one."""
    text, viewer_id = text.strip(), request.viewer_id
    handle = parse_handle(text) if "@" in text.strip("@") else None
    if handle and may_ask and viewer_id and not offset:
        account = await resolve.resolve_handle(request.runtime, *handle)
        if (
            account
            and not account.suspended_at
            and (
                not following
                or await follows.find(request.runtime.db, "follows", viewer_id, account.id)
            )
        ):
            return [account.id]
    return await find.find_accounts(
        request.runtime.db, request.addresses, viewer_id, text, limit, offset, following=following
    )


def _check(request: Request, query: SearchQuery) -> None:
    if (query.offset or 0) < 0 or (request.query_params.get("limit") or "").startswith("-"):
        raise errors.Invalid(
            "Pagination values for `offset` and `limit` must be positive", unreadable=True
        )
    if not query.q.strip():
        raise missing("q")
    if request.viewer_id is None and query.offset is not None:
        raise errors.Unauthorized(
            "Search queries pagination is not supported without authentication"
        )
    if request.viewer_id is None and query.resolve:
        raise errors.Unauthorized(
            "Search queries that resolve remote resources are not supported without authentication"
        )


async def _statuses(request: Request, query: SearchQuery, limit: int, offset: int) -> list[object]:
    if request.viewer_id is None:
        return []
    page, db = read_page(request), request.runtime.db
    chosen = await users.get_time_zone(db, request.viewer_id)
    ids = await find.find_statuses(
        db,
        request.addresses,
        request.viewer_id,
        query.q,
        limit,
        offset,
        account_id=query.account_id,
        min_id=page.min_id,
        max_id=page.max_id,
        zone=zone_of(chosen, request.runtime.settings.instance_time_zone),
    )
    return list((await status_fragments(request, ids)).values())


async def _hashtags(request: Request, text: str, limit: int, offset: int) -> list[object]:
    beginning = find.tag_beginning(text)
    if beginning is None:
        return []
    found = await tag_search.search_tags(
        request.runtime.db, beginning, request.viewer_id, limit, offset
    )
    return [
        tag_entity(tag.id, tag.name, request.addresses, tag.use, tag.following) for tag in found
    ]


async def _find_address(request: Request, text: str, may_ask: bool) -> Thing | None:
    if may_ask and request.viewer_id:
        return await resolve.resolve_uri(request.runtime, text)
    return await resolve.find_known(request.runtime, text)


async def _shown(request: Request, thing: Thing | None, kind: str | None) -> Found:
    """The thing, if it is of the kind that was asked for and visible."""
    db, viewer_id = request.runtime.db, request.viewer_id
    if isinstance(thing, Account) and not thing.suspended_at and kind in {None, "", "accounts"}:
        return {"accounts": list(await viewed_accounts(request, [thing.id]))}
    if isinstance(thing, Collection):
        return await _collection(request, thing.id, kind)
    if isinstance(thing, Status) and kind in {None, "", "statuses"}:
        visible = await statuses.list_visible(db, [thing.id], viewer_id)
        return {"statuses": list((await status_fragments(request, visible)).values())}
    return {}


async def _collection(request: Request, collection_id: int, kind: str | None) -> Found:
    """A collection, if it is asked for and visible."""
    if kind not in {None, "", "collections"}:
        return {}
    try:
        found = await collections.get_collection(
            request.runtime.db, collection_id, request.viewer_id
        )
    except errors.NotFound:
        return {}
    return {"collections": [collection_entity(found, request.addresses)]}
