"""https://docs.joinmastodon.org/methods/accounts/ – reading."""

import msgspec
from starlette.responses import Response

from federation.discovery import webfinger
from federation.documents.tag import fold_hashtag
from server.errors import Invalid, NotFound
from server.store import (
    account_search,
    accounts,
    follows,
    lists,
    relationships,
    timelines,
    users,
)
from server.store.account_views import get_account_view, load_account_views
from server.store.accounts import Account
from web.entities.account import account_entity, credential_account_entity
from web.entities.list import list_entity
from web.entities.relationship import relationship_entity
from web.mastodon.pages import accounts_page, timeline_page
from web.mastodon.search import find_people
from web.mastodon.viewed import viewed_accounts
from web.pagination import json_response, read_limit, read_page
from web.params import IdsForm, read_params, read_query
from web.request import Request

_MOST_IDS = 80
_MOST_SHOWN = 40


class StatusesQuery(msgspec.Struct):
    """Which posts of an account."""

    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    pinned: bool = False
    tagged: str | None = None


class RelationshipsQuery(IdsForm):
    """Of whom; those who are suspended only if asked for."""

    with_suspended: bool = False


class LookupQuery(msgspec.Struct):
    """A handle."""

    acct: str = ""


class SearchQuery(msgspec.Struct):
    """A text, and where to look."""

    q: str = ""
    resolve: bool = False
    following: bool = False
    offset: int = 0


async def verify_credentials(request: Request) -> Response:
    """Oneself."""
    return await credentials(request)


async def credentials(request: Request) -> Response:
    """The member's own account as the answer, with what was typed."""
    db, member_id = request.runtime.db, request.member_id
    view = await get_account_view(db, member_id)
    preferences = await users.get_preferences(db, member_id)
    requests = await follows.count_requests(db, member_id)
    return json_response(credential_account_entity(view, preferences, requests, request.addresses))


async def show(request: Request) -> Response:
    """One account."""
    shown = await viewed_accounts(request, [request.path_id()])
    if not shown:
        raise NotFound
    return json_response(shown[0])


async def show_many(request: Request) -> Response:
    """Several accounts by id; unknown ones are left out. Raises Invalid for too many."""
    ids = await _ids(request)
    if len(ids) > _MOST_SHOWN:
        raise Invalid(f"Validation failed: Id is too long (maximum is {_MOST_SHOWN})")
    return json_response(await viewed_accounts(request, ids))


async def lookup(request: Request) -> Response:
    """The account of a handle that we know."""
    acct = read_query(request, LookupQuery).acct.strip().removeprefix("@")
    name, domain = webfinger.parse_handle(acct) or (acct, None)
    is_own = not domain or request.addresses.is_own_domain(domain)
    account = await accounts.find_by_handle(request.runtime.db, name, None if is_own else domain)
    if account is None:
        raise NotFound
    return json_response((await viewed_accounts(request, [account.id]))[0])


async def search(request: Request) -> Response:
    """Accounts by handle or name."""
    query, limit = read_query(request, SearchQuery), read_limit(request, 40, 80)
    ids = await find_people(
        request, query.q, limit, max(0, query.offset), query.following, query.resolve
    )
    return json_response(await viewed_accounts(request, ids))


async def statuses(request: Request) -> Response:
    """What an account posted, as far as one may see it."""
    page, query = read_page(request), read_query(request, StatusesQuery)
    account = await _account(request)
    ids = await timelines.account_page(
        request.runtime.db,
        account.id,
        request.viewer_id,
        page,
        only_media=query.only_media,
        exclude_replies=query.exclude_replies,
        exclude_boosts=query.exclude_reblogs,
        pinned=query.pinned,
        tagged=fold_hashtag(query.tagged) if query.tagged else None,
    )
    return await timeline_page(request, ids, page)


async def followers(request: Request) -> Response:
    """Who follows an account, without those whom the viewer hides or who block the viewer."""
    account, page = await _account(request), read_page(request, 40, 80)
    rows = []
    if not await follows.are_hidden(request.runtime.db, account, request.viewer_id):
        rows = await follows.follower_page(request.runtime.db, account.id, page, request.viewer_id)
    return await accounts_page(request, rows, page)


async def following(request: Request) -> Response:
    """Whom an account follows, without the same."""
    account, page = await _account(request), read_page(request, 40, 80)
    rows = []
    if not await follows.are_hidden(request.runtime.db, account, request.viewer_id):
        rows = await follows.following_page(request.runtime.db, account.id, page, request.viewer_id)
    return await accounts_page(request, rows, page)


async def list_relationships(request: Request) -> Response:
    """How one stands to several accounts."""
    query = await read_params(request, RelationshipsQuery)
    found = await relationships.load_relationships(
        request.runtime.db,
        request.member_id,
        query.distinct[:_MOST_IDS],
        with_suspended=query.with_suspended,
    )
    return json_response([relationship_entity(r) for r in found])


async def containing_lists(request: Request) -> Response:
    """One's lists on which the account is."""
    found = await lists.list_lists(request.runtime.db, request.member_id, request.path_id())
    return json_response([list_entity(one) for one in found])


async def familiar_followers(request: Request) -> Response:
    """Of those whom one follows, who follows each of several accounts."""
    ids = await _ids(request)
    pairs = await account_search.familiar_followers(request.runtime.db, request.member_id, ids)
    views = await load_account_views(request.runtime.db, {who for _, who in pairs})
    return json_response(
        [
            {
                "id": str(target),
                "accounts": [
                    account_entity(views[who], request.addresses) for t, who in pairs if t == target
                ],
            }
            for target in ids
        ]
    )


async def _account(request: Request) -> Account:
    """Raises NotFound for one that is unknown or waits to be let in."""
    return await accounts.get_joined(request.runtime.db, request.path_id())


async def _ids(request: Request) -> list[int]:
    """`id[]`, also from the body of a GET, where Mastodon.py writes it."""
    return (await read_params(request, IdsForm)).distinct[:_MOST_IDS]


async def identity_proofs(request: Request) -> Response:
    """None, as on Mastodon since it took them away; of unknown accounts not even that."""
    await accounts.get_account(request.runtime.db, request.path_id())
    return json_response([])
