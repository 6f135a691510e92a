"""https://docs.joinmastodon.org/methods/admin/accounts/"""

from ipaddress import ip_network

import msgspec
import orjson
from starlette.responses import Response

from server.errors import Invalid
from server.moderation import newcomers
from server.moderation.act import Act, act
from server.moderation.restore import restore
from server.moderation.suspend import erase_now
from server.store import admin_accounts
from server.store.admin_accounts import Search
from web.entities.admin_account import admin_account_entity
from web.pagination import json_response, page_response, read_page
from web.params import read_params, read_query
from web.request import Request

_STATES = ("active", "pending", "disabled", "silenced", "suspended", "sensitized")
_OF_API = ("none", "disable", "sensitive", "silence", "suspend")


class OldQuery(msgspec.Struct):
    """The first version: a switch for each state."""

    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    sensitized: bool = False
    staff: bool = False
    username: str | None = None
    display_name: str | None = None
    by_domain: str | None = None
    email: str | None = None
    ip: str | None = None


class Query(msgspec.Struct):
    """The second version."""

    origin: str | None = None
    status: str | None = None
    permissions: str | None = None
    role_ids: list[int] = []
    invited_by: int | None = None
    username: str | None = None
    display_name: str | None = None
    by_domain: str | None = None
    email: str | None = None
    ip: str | None = None


class ActForm(msgspec.Struct):
    """What is done."""

    type: str | None = None
    report_id: int | None = None
    warning_preset_id: int | None = None
    text: str = ""
    send_email_notification: bool = True


async def index_v1(request: Request) -> Response:
    """Accounts by switches."""
    query = read_query(request, OldQuery)
    origin = "local" if query.local else "remote" if query.remote else None
    status = next((name for name in _STATES if getattr(query, name)), None)
    search = Search(
        origin=origin, status=status, is_staff=query.staff, username=query.username or None,
        display_name=query.display_name or None, by_domain=query.by_domain or None,
        email=query.email or None, ip=_network(query.ip),
    )  # fmt: skip
    return await _page(request, search)


async def index_v2(request: Request) -> Response:
    """Accounts by what they are."""
    query = read_query(request, Query)
    search = Search(
        origin=query.origin, status=query.status, is_staff=query.permissions == "staff",
        role_ids=query.role_ids, invited_by=query.invited_by, username=query.username or None,
        display_name=query.display_name or None, by_domain=query.by_domain or None,
        email=query.email or None, ip=_network(query.ip),
    )  # fmt: skip
    return await _page(request, search)


async def show(request: Request) -> Response:
    """One account."""
    return await _one(request)


async def take_action(request: Request) -> Response:
    """Decide about an account."""
    form = await read_params(request, ActForm)
    if form.type not in _OF_API:
        raise Invalid("Validation failed: Type is not included in the list")
    new = Act(
        request.path_id(), form.type, form.text, form.report_id, form.warning_preset_id,
        form.send_email_notification,
    )  # fmt: skip
    await act(request.runtime, request.member_id, new)
    return json_response({})


async def approve(request: Request) -> Response:
    """Let somebody in."""
    await newcomers.approve(request.runtime, request.member_id, request.path_id())
    return await _one(request)


async def reject(request: Request) -> Response:
    """Turn somebody away."""
    admin = await admin_accounts.get_admin_view(request.runtime.db, request.path_id())
    await newcomers.reject(request.runtime, request.member_id, request.path_id())
    return json_response(admin_account_entity(admin, request.addresses))


async def enable(request: Request) -> Response:
    """Let a member sign in again."""
    return await _restore(request, "disable")


async def unsensitive(request: Request) -> Response:
    """Show media as they are again."""
    return await _restore(request, "sensitive")


async def unsilence(request: Request) -> Response:
    """Show an account around again."""
    return await _restore(request, "silence")


async def unsuspend(request: Request) -> Response:
    """Bring a suspended account back."""
    return await _restore(request, "suspend")


async def delete(request: Request) -> Response:
    """Erase a suspended account now."""
    admin = await admin_accounts.get_admin_view(request.runtime.db, request.path_id())
    await erase_now(request.runtime, request.member_id, request.path_id())
    return json_response(admin_account_entity(admin, request.addresses))


async def _restore(request: Request, kind: str) -> Response:
    await restore(request.runtime, request.member_id, request.path_id(), kind)
    return await _one(request)


async def _one(request: Request) -> Response:
    admin = await admin_accounts.get_admin_view(request.runtime.db, request.path_id())
    return json_response(admin_account_entity(admin, request.addresses))


async def _page(request: Request, search: Search) -> Response:
    page = read_page(request, 100, 200)
    ids = await admin_accounts.search_page(request.runtime.db, search, page)
    views = await admin_accounts.load_admin_views(request.runtime.db, ids)
    body = orjson.dumps([admin_account_entity(views[i], request.addresses) for i in ids])
    return page_response(request, body, ids, page)


def _network(text: str | None) -> str | None:
    """An address or a network of the query. Raises Invalid (400)."""
    if not text:
        return None
    try:
        return str(ip_network(text, strict=False))
    except ValueError as error:
        raise Invalid("ip must be an address or a network", unreadable=True) from error
