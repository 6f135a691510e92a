"""https://docs.joinmastodon.org/methods/admin/accounts/"""

from dataclasses import replace
from ipaddress import ip_network

import msgspec
import orjson
from starlette.responses import Response

from server.errors import Invalid
from server.identity.permissions import Permission
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

# Of several switches of the first version the last one here counts, as in Mastodon.
_STATES = ("active", "pending", "disabled", "sensitized", "silenced", "suspended")
_ORIGINS = ("local", "remote")
_STAFF = Permission.ADMINISTRATOR | Permission.MANAGE_REPORTS
_OF_API = ("none", "disable", "sensitive", "silence", "suspend")


class Words(msgspec.Struct):
    """What both versions look for."""

    username: str | None = None
    display_name: str | None = None
    by_domain: str | None = None
    email: str | None = None
    ip: str | None = None


class OldQuery(Words):
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


class Query(Words):
    """The second version."""

    origin: str | None = None
    status: str | None = None
    permissions: str | None = None
    role_ids: list[int] = []
    invited_by: int | None = None


class ActForm(msgspec.Struct):
    """What is done."""

    type: str | None = None
    report_id: int | None = None
    warning_preset_id: int | None = None
    text: str = ""
    send_email_notification: bool = True


async def index_v1(request: Request) -> Response:
    """Accounts by switches; without any the members who are not suspended."""
    query = read_query(request, OldQuery)
    origin = None if query.by_domain else "remote" if query.remote else "local"
    status = next((name for name in reversed(_STATES) if getattr(query, name)), "active")
    search = Search(origin=origin, status=status, allowed=_STAFF if query.staff else 0)
    return await _page(request, query, search)


async def index_v2(request: Request) -> Response:
    """Accounts by what they are."""
    query = read_query(request, Query)
    for name, value, known in (
        ("origin", query.origin, _ORIGINS),
        ("status", query.status, _STATES),
    ):
        if value and value not in known:
            raise Invalid(f"Unknown {name}: {value}", unreadable=True)
    search = Search(
        origin=query.origin or None,
        status=query.status or None,
        allowed=_STAFF if query.permissions == "staff" else 0,
        role_ids=query.role_ids,
        invited_by=query.invited_by,
    )
    return await _page(request, query, search)


async def show(request: Request) -> Response:
    """One account."""
    return await _one(request)


async def take_action(request: Request) -> Response:
    """Decide about an account."""
    form = await read_params(request, ActForm)
    if form.type not in _OF_API:
        raise Invalid("Validation failed: Type is not included in the list")
    new = Act(
        request.path_id(),
        form.type,
        form.text,
        form.report_id,
        form.warning_preset_id,
        form.send_email_notification,
    )
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


async def _page(request: Request, query: Words, search: Search) -> Response:
    """Accounts of a search and of the words that both versions know."""
    page = read_page(request, 100, 200)
    search = replace(
        search,
        username=_word(query.username).removeprefix("@") or None,
        display_name=_word(query.display_name) or None,
        by_domain=_word(query.by_domain) or None,
        email=_word(query.email) or None,
        ip=_word(query.ip) or None,
    )
    is_network = search.ip is None or _is_network(search.ip)
    ids = await admin_accounts.search_page(request.runtime.db, search, page) if is_network else []
    views = await admin_accounts.load_admin_views(request.runtime.db, ids)
    body = orjson.dumps([admin_account_entity(views[i], request.addresses) for i in ids])
    return page_response(request, body, ids, page)


def _word(text: str | None) -> str:
    return (text or "").strip()


def _is_network(text: str) -> bool:
    try:
        return bool(ip_network(text, strict=False))
    except ValueError:
        return False
