"""Roles: what members may do beyond their own account, and how others see that."""

from dataclasses import replace

import msgspec
from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden, Invalid
from server.identity.permissions import Permission, allows
from server.moderation import roles as actions
from server.moderation.roles import FOR_EVERYONE, Draft
from server.store import roles
from server.store.roles import BUILT_IN, EVERYONE, Role
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.request import Request

PATH = "/desk/roles"
_NEEDED = Permission.MANAGE_ROLES
_P = Permission
# In Mastodon's groups; without those that open nothing here (devops, webhooks).
_GROUPS: dict[str, tuple[Permission, ...]] = {
    "members": (_P.INVITE_USERS, _P.INVITE_BYPASS_APPROVAL, _P.MANAGE_EMAIL_SUBSCRIPTIONS),
    "moderation": (
        _P.MANAGE_REPORTS, _P.MANAGE_USERS, _P.MANAGE_APPEALS, _P.MANAGE_USER_ACCESS,
        _P.DELETE_USER_DATA, _P.MANAGE_TAXONOMIES, _P.MANAGE_FEDERATION, _P.MANAGE_BLOCKS,
        _P.MANAGE_INVITES, _P.VIEW_FEEDS, _P.VIEW_AUDIT_LOG, _P.VIEW_DASHBOARD,
    ),
    "administration": (
        _P.MANAGE_ANNOUNCEMENTS, _P.MANAGE_CUSTOM_EMOJIS, _P.MANAGE_RULES, _P.MANAGE_SETTINGS,
        _P.MANAGE_ROLES, _P.ADMINISTRATOR,
    ),
}  # fmt: skip


class Form(PageForm):
    """A role as it is typed, and the button."""

    do: str = ""
    name: str = ""
    color: str = ""
    position: int = 0
    highlighted: bool = False
    require_2fa: bool = False
    permissions: list[str] = msgspec.field(default_factory=list)


async def index(request: Request) -> Response:
    """All of them, the highest first, and the form for another."""
    return await _page(request, await admit(request, _NEEDED), Form(highlighted=True))


async def create(request: Request) -> Response:
    """Another one."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    draft = _draft(form, await _own(request, moderator))
    try:
        await actions.add_role(request.runtime, moderator.id, draft)
    except Invalid as error:
        return await _page(request, moderator, form, problem=told(request, error))
    return RedirectResponse(PATH, 303)


async def show(request: Request) -> Response:
    """The form of one, for who may change it."""
    moderator = await admit(request, _NEEDED)
    role = await _role(request, moderator)
    form = Form(
        name=role.name,
        color=role.color,
        position=role.position,
        highlighted=role.highlighted,
        require_2fa=role.require_2fa,
        permissions=[one.name or "" for one in Permission if one & role.permissions],
    )
    return await _page(request, moderator, form, role)


async def change(request: Request) -> Response:
    """Make it another one, or take it away."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    role = await _role(request, moderator)
    if form.do == "delete":
        await actions.delete_role(request.runtime, moderator.id, role.id)
        return RedirectResponse(PATH, 303)
    draft = _draft(form, await _own(request, moderator), role)
    try:
        await actions.change_role(request.runtime, moderator.id, role.id, draft)
    except Invalid as error:
        return await _page(request, moderator, form, role, told(request, error))
    return RedirectResponse(PATH, 303)


async def _role(request: Request, moderator: Moderator) -> Role:
    """The one that is asked for. Raises NotFound, Forbidden."""
    is_everyone = request.path_params["id"] == "everyone"
    number = EVERYONE if is_everyone else request.path_id()
    role = await roles.get_role(request.runtime.db, number)
    if role.id not in {one.id for one in await actions.may_change(request.runtime, moderator.id)}:
        raise Forbidden
    return role


def _draft(form: Form, own: Role, before: Role | None = None) -> Draft:
    """What the form says; what it did not offer stays as it was."""
    offered = sum(_offered(own, before))
    ticked = sum(Permission[name] for name in set(form.permissions) & set(Permission.__members__))
    kept = before.permissions & ~offered if before else 0
    draft = Draft(
        form.name,
        form.color.strip(),
        kept | ticked & offered,
        form.position,
        form.highlighted,
        form.require_2fa,
    )
    if before and before.id == own.id:
        return replace(draft, position=before.position, require_2fa=before.require_2fa)
    return draft


def _offered(own: Role, role: Role | None) -> set[Permission]:
    """What may be ticked or not: what one has oneself, for everyone what is safe, for the own role
    nothing.
    """
    if role and role.id == own.id:
        return set()
    known = {one for group in _GROUPS.values() for one in group}
    if role and role.id == EVERYONE:
        known = {one for one in known if one & FOR_EVERYONE}
    return {one for one in known if allows(own.permissions, one)}


async def _page(
    request: Request,
    moderator: Moderator,
    form: Form,
    role: Role | None = None,
    problem: str | None = None,
) -> Response:
    """The form; without one that is changed the list above it."""
    runtime, own = request.runtime, await _own(request, moderator)
    is_everyone = bool(role and role.id == EVERYONE)
    is_own = bool(role and role.id == own.id)
    return desk_page(
        request,
        moderator,
        "roles",
        422 if problem else 200,
        form=form,
        role=role,
        roles=[] if role else [*reversed(await roles.list_roles(runtime.db))],
        opened=[one.id for one in await actions.may_change(runtime, moderator.id)],
        counts=await roles.count_members(runtime.db),
        groups={"members": _GROUPS["members"]} if is_everyone else _GROUPS,
        offered=_offered(own, role),
        is_own=is_own,
        is_everyone=is_everyone,
        may_go=bool(role and role.id not in BUILT_IN and not is_own),
        highest=own.position,
        problem=problem,
    )


async def _own(request: Request, moderator: Moderator) -> Role:
    """The moderator's role, with all that it allows. Raises Forbidden once it is gone."""
    own = await roles.role_of(request.runtime.db, moderator.id)
    if own is None:
        raise Forbidden
    return own
