"""People at the moderators' desk: finding them, and one with all that was and can be done."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.moderation import appeals, newcomers, roles, user_access
from server.moderation import reports as notes
from server.moderation.act import Act, act, kinds_for
from server.moderation.restore import restore
from server.moderation.suspend import erase_now
from server.moderation.user_access import Help
from server.store import (
    admin_accounts,
    moderation_notes,
    reports,
    strikes,
    users,
    warning_presets,
)
from server.store.admin_accounts import Search
from server.store.pages import Page
from server.store.roles import Role
from web.desk.access import Moderator, admit, desk_page
from web.desk.menu import READERS
from web.pages.forms import PageForm, read_form
from web.pagination import read_page
from web.params import read_query
from web.request import Request

_STATES = ("pending", "silenced", "sensitized", "disabled", "suspended")
# Kinds that last until they are taken back.
_LASTING = ("sensitive", "silence", "disable", "suspend")


# Buttons that need nothing else to be said.
_BUTTONS: dict[str, Help] = {
    "approve": newcomers.approve,
    "erase": erase_now,
    "confirm": user_access.confirm_email,
    "reset_password": user_access.reset_password,
    "remove_second_factors": user_access.remove_second_factors,
}


class Query(msgspec.Struct):
    """Whom one looks for: `anna` or `remy@far.example`."""

    name: str = ""
    status: str = ""


class Form(PageForm):
    """What a button of the page does; `kind` of an act, or of what is taken back."""

    do: str = ""
    kind: str = ""
    text: str = ""
    preset_id: int | None = None
    tells: bool = False
    note: str = ""
    strike_id: int | None = None
    role_id: int = 0


async def index(request: Request) -> Response:
    """People by name or state; without either those who wait to be let in."""
    moderator = await admit(request, READERS)
    query = read_query(request, Query)
    name, _, domain = query.name.strip().removeprefix("@").partition("@")
    status = query.status or (None if name or domain else "pending")
    page = read_page(request, 40, 40)
    search = Search(status=status, username=name or None, by_domain=domain or None)
    db = request.runtime.db
    ids = await admin_accounts.search_page(db, search, page)
    views = await admin_accounts.load_admin_views(db, ids)
    waiting = await strikes.appeal_page(db, Page(40), state="pending")
    return desk_page(
        request,
        moderator,
        "accounts",
        people=[views[i] for i in ids],
        query=query,
        state=status,
        states=_STATES,
        appeals=waiting,
        next_id=ids[-1] if len(ids) == page.limit else None,
    )


async def show(request: Request) -> Response:
    """One account."""
    moderator = await admit(request, READERS)
    db, account_id = request.runtime.db, request.path_id()
    admin = await admin_accounts.get_admin_view(db, account_id)
    account = admin.view.account
    states = {
        "sensitive": account.sensitized_at is not None,
        "silence": account.silenced_at is not None,
        "disable": bool(admin.sign_in and admin.sign_in.is_disabled),
        "suspend": account.suspended_at is not None,
    }
    acting = await moderator.upon(request, account_id)
    kinds = kinds_for(account, acting.permissions)
    return desk_page(
        request,
        moderator,
        "account",
        acting=acting,
        role=admin.view.role,
        roles=await _roles_for(request, acting),
        admin=admin,
        account=account,
        user=await users.find_user(db, account_id),
        sends_mail=bool(request.runtime.settings.smtp_url),
        lasting=[kind for kind in _LASTING if states[kind]],
        kinds=[kind for kind in kinds if kind in ("none", *_LASTING) and not states.get(kind)],
        presets=await warning_presets.list_presets(db),
        strikes=await strikes.list_of_target(db, account_id),
        notes=await moderation_notes.list_notes(db, target_id=account_id),
        reports=await reports.count_of_target(db, account_id),
    )


async def _roles_for(request: Request, acting: Moderator) -> list[Role]:
    """Roles that may be given to whom the page is about."""
    if not acting.may("MANAGE_ROLES"):
        return []
    return await roles.may_give(request.runtime, acting.id)


async def change(request: Request) -> Response:
    """Do what the button says."""
    moderator = await admit(request, READERS)
    form = await read_form(request, Form)
    runtime, me, account_id = request.runtime, moderator.id, request.path_id()
    match form.do:
        case "act":
            new = Act(account_id, form.kind, form.text, preset_id=form.preset_id, tells=form.tells)
            await act(runtime, me, new)
        case "restore" if form.kind in _LASTING:
            await restore(runtime, me, account_id, form.kind)
        case "reject":
            await newcomers.reject(runtime, me, account_id)
            return RedirectResponse("/desk/accounts", 303)
        case do if do in _BUTTONS:
            await _BUTTONS[do](runtime, me, account_id)
        case "role":
            await roles.give_role(runtime, me, account_id, form.role_id)
        case "note":
            await notes.write_note(runtime, me, form.note, target_id=account_id)
        case "grant" | "refuse":
            strike = await strikes.get_strike(runtime.db, form.strike_id or 0, account_id)
            is_approved = form.do == "grant"
            await appeals.decide_appeal(runtime, me, strike.id, is_approved=is_approved)
        case _:
            pass
    return RedirectResponse(f"/desk/accounts/{account_id}", 303)
