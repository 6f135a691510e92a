"""https://docs.joinmastodon.org/methods/lists/"""

import msgspec
from starlette.responses import Response

from server.errors import Invalid, NotFound
from server.store import accounts, lists
from server.store.pages import Page
from web.entities.list import list_entity
from web.mastodon.pages import accounts_page
from web.pagination import json_response, read_page
from web.params import read_params
from web.request import Request

_POLICIES = {"list", "followed", "none"}
_LONGEST_TITLE = 256
_MOST_LISTS = 50
_EVERYBODY = 100_000


class ListForm(msgspec.Struct):
    """Title and how replies are shown."""

    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None


class AccountsForm(msgspec.Struct):
    """Who shall be put on or taken off."""

    account_ids: list[int] = []


async def index(request: Request) -> Response:
    """One's lists."""
    found = await lists.list_lists(request.runtime.db, request.member_id)
    return json_response([list_entity(one) for one in found])


async def create(request: Request) -> Response:
    """A new list."""
    form = await read_params(request, ListForm)
    _check(form, is_new=True)
    if len(await lists.list_lists(request.runtime.db, request.member_id)) >= _MOST_LISTS:
        raise Invalid("Validation failed: You have reached the maximum number of lists")
    found = await lists.insert_list(
        request.runtime.db,
        request.member_id,
        form.title or "",
        form.replies_policy or "list",
        exclusive=bool(form.exclusive),
    )
    return json_response(list_entity(found))


async def show(request: Request) -> Response:
    """One of one's own."""
    found = await lists.get_list(request.runtime.db, request.member_id, request.path_id())
    return json_response(list_entity(found))


async def update(request: Request) -> Response:
    """Change title or how replies are shown."""
    form = await read_params(request, ListForm)
    _check(form, is_new=False)
    found = await lists.get_list(request.runtime.db, request.member_id, request.path_id())
    changed = await lists.update_list(
        request.runtime.db, found.id, form.title, form.replies_policy, form.exclusive
    )
    return json_response(list_entity(changed))


async def delete(request: Request) -> Response:
    """Delete a list."""
    found = await lists.get_list(request.runtime.db, request.member_id, request.path_id())
    await lists.delete_list(request.runtime.db, found.id)
    return json_response({})


async def members(request: Request) -> Response:
    """Who is on a list; `limit=0` asks for all of them."""
    found = await lists.get_list(request.runtime.db, request.member_id, request.path_id())
    is_whole = request.query_params.get("limit") == "0"
    page = Page(_EVERYBODY) if is_whole else read_page(request, 40, 80)
    ids = await lists.member_page(request.runtime.db, found.id, page)
    return await accounts_page(request, [(i, i) for i in ids], page)


async def add_members(request: Request) -> Response:
    """Put those whom one follows, or asks to, on the list; all of them or none."""
    form = await read_params(request, AccountsForm)
    db, member_id = request.runtime.db, request.member_id
    found = await lists.get_list(db, member_id, request.path_id())
    wanted = list(dict.fromkeys(form.account_ids))
    if len(await accounts.list_accounts(db, wanted)) < len(wanted):
        raise NotFound
    if await lists.is_any_listed(db, found.id, wanted):
        raise Invalid("Validation failed: Account is already on the list")
    if await lists.add_accounts(db, member_id, found.id, wanted) < len(wanted):
        raise Invalid("Validation failed: Account must be a followed account")
    return json_response({})


async def remove_members(request: Request) -> Response:
    """Take accounts off the list."""
    form = await read_params(request, AccountsForm)
    found = await lists.get_list(request.runtime.db, request.member_id, request.path_id())
    await lists.remove_accounts(request.runtime.db, found.id, form.account_ids)
    return json_response({})


def _check(form: ListForm, *, is_new: bool) -> None:
    if (is_new or form.title is not None) and not (form.title or "").strip():
        raise Invalid("Validation failed: Title can't be blank")
    if form.title and len(form.title) > _LONGEST_TITLE:
        raise Invalid("Validation failed: Title is too long (maximum is 256 characters)")
    if form.replies_policy is not None and form.replies_policy not in _POLICIES:
        raise Invalid("Validation failed: Replies policy is not included in the list")
