"""What beside the password opens one's account, and the browsers in which it is open."""

import segno
from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden, Invalid, NotFound
from server.identity import passkeys as identity_passkeys
from server.identity import passwords, recovery_codes, totp
from server.store import passkeys, totp_secrets, users
from server.store import recovery_codes as recovery_store
from server.store import sessions as session_store
from server.store.sessions import Session
from server.store.users import User
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import render
from web.pages.settings import for_securing
from web.request import Request

PATH = "/settings/security"


class SecurityForm(PageForm):
    """What the forms of the page send."""

    current_password: str = ""
    code: str = ""


@for_securing
async def show(request: Request, session: Session) -> Response:
    """Second factors and sessions."""
    return await _page(request, session)


@for_securing
async def show_totp(request: Request, session: Session) -> Response:
    """A secret for an authenticator app, as a picture and to type."""
    return await _totp_page(request, await _user(request, session), session)


@for_securing
async def enable_totp(request: Request, session: Session) -> Response:
    """The app is proven by a code: it is asked for from now on."""
    form, user = await _checked(request, session)
    try:
        await passwords.check_own_password(request.runtime, user, form.current_password)
        codes = await totp.enable(request.runtime, user, form.code)
    except (Invalid, Forbidden) as error:
        return await _totp_page(request, user, session, told(request, error))
    return show_codes(request, session, codes) if codes else RedirectResponse(PATH, 303)


@for_securing
async def disable_totp(request: Request, session: Session) -> Response:
    """Codes are asked for no more."""
    user = await _proven(request, session)
    if isinstance(user, Response):
        return user
    await totp.disable(request.runtime, user)
    return RedirectResponse(PATH, 303)


@for_securing
async def renew_codes(request: Request, session: Session) -> Response:
    """New recovery codes, shown this once."""
    user = await _proven(request, session)
    if isinstance(user, Response):
        return user
    if not user.has_second_factor:
        return RedirectResponse(PATH, 303)
    return show_codes(request, session, await recovery_codes.renew(request.runtime, user))


@for_securing
async def remove_passkey(request: Request, session: Session) -> Response:
    """Take a passkey away."""
    user = await _proven(request, session)
    if isinstance(user, Response):
        return user
    await identity_passkeys.remove(request.runtime, user, request.path_id())
    return RedirectResponse(PATH, 303)


@for_securing
async def end_session(request: Request, session: Session) -> Response:
    """Sign out another browser."""
    await _checked(request, session)
    found = await session_store.delete_session_of(
        request.runtime.db, session.account_id, request.path_id()
    )
    if not found:
        raise NotFound
    return RedirectResponse(PATH, 303)


def show_codes(request: Request, session: Session, codes: list[str]) -> Response:
    """Recovery codes, to be kept by the member: nobody can show them again."""
    return render(request, "recovery_codes.html", session=session, codes=codes)


async def _checked(request: Request, session: Session) -> tuple[SecurityForm, User]:
    form = await read_form(request, SecurityForm)
    return form, await _user(request, session)


async def _proven(request: Request, session: Session) -> User | Response:
    """The member, who typed the password; else the page that says so."""
    form, user = await _checked(request, session)
    try:
        await passwords.check_own_password(request.runtime, user, form.current_password)
    except Forbidden as error:
        return await _page(request, session, told(request, error))
    return user


async def _user(request: Request, session: Session) -> User:
    user = await users.find_user(request.runtime.db, session.account_id)
    assert user is not None
    return user


async def _page(request: Request, session: Session, problem: str | None = None) -> Response:
    db, account_id = request.runtime.db, session.account_id
    has_totp = await totp_secrets.find_secret(db, account_id, is_confirmed=True) is not None
    return render(
        request,
        "security.html",
        422 if problem else 200,
        has_script=True,
        session=session,
        user=await _user(request, session),
        problem=problem,
        has_totp=has_totp,
        passkeys=await passkeys.list_passkeys(db, account_id),
        codes_left=await recovery_store.count_codes(db, account_id),
        lines=await session_store.list_sessions(db, account_id),
    )


async def _totp_page(
    request: Request, user: User, session: Session, problem: str | None = None
) -> Response:
    if await totp_secrets.find_secret(request.runtime.db, user.account_id, is_confirmed=True):
        return RedirectResponse(PATH, 303)  # like whoever loads the page of the new codes again
    secret, uri = await totp.begin(request.runtime, user)
    # 70 ms of pure Python.
    picture = await request.runtime.offload(_picture, uri)
    return render(
        request,
        "totp.html",
        422 if problem else 200,
        session=session,
        secret=secret,
        picture=picture,
        problem=problem,
    )


def _picture(uri: str) -> str:
    """A QR code as SVG, dark on light in every mode: cameras read no other."""
    return segno.make(uri, error="m").svg_inline(scale=4, light="#fff", omitsize=False)
