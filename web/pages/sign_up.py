"""Joining: the page with the rules and the form, and what comes after it."""

from urllib.parse import quote, unquote

import msgspec
from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden, Gone, Invalid, NotFound
from server.identity import confirmations, invites, sign_up
from server.identity.sign_up import Entry
from server.store import instance_texts, users
from server.text.documents import render_document
from web.pages import sessions
from web.pages.about import rules_values
from web.pages.forms import PageForm
from web.pages.refusals import problems
from web.pages.rendering import language_of, render
from web.params import read_params
from web.request import Request


class SignUpForm(msgspec.Struct):
    """What somebody fills in; the code comes with an invitation's link."""

    username: str = ""
    email: str = ""
    password: str = ""
    reason: str = ""
    date_of_birth: str = ""
    agreement: bool = False
    invite_code: str = ""
    next: str = "/"


class SetupForm(PageForm):
    """Another address, or the same again."""

    email: str = ""


class LinkForm(msgspec.Struct):
    """What a mail's link carries."""

    confirmation_token: str = ""


async def show(request: Request) -> Response:
    """The form, where people may join."""
    return await _form(request, SignUpForm(next=request.query_params.get("next", "/")))


async def show_invitation(request: Request) -> Response:
    """The form for who was invited. Raises NotFound for a link that is not good (any more)."""
    code = request.path_params["code"]
    inviter = await invites.find_inviter(request.runtime, code, request.ip)
    if inviter is None:
        raise NotFound("This invitation is not good any more. Ask for another one.")
    return await _form(request, SignUpForm(invite_code=code), inviter=inviter)


async def join(request: Request) -> Response:
    """Make the account and sign in, as far as the newcomer may go."""
    form = await read_params(request, SignUpForm)
    sessions.check_origin(request)
    given = msgspec.structs.asdict(form)
    target = sessions.local_path(given.pop("next"))
    entry = Entry(
        **{**given, "email": form.email.strip()},
        locale=language_of(request),
        ip=request.ip,
    )
    try:
        account = await sign_up.sign_up(request.runtime, entry)
    except Invalid as error:
        inviter = await invites.find_inviter(request.runtime, form.invite_code, request.ip)
        return await _form(request, form, error, inviter)
    response = RedirectResponse("/auth/setup", 303)
    await sessions.begin(request, response, account.id)
    if target != "/":
        sessions.begin_step(request, response, sessions.RETURN, quote(target))
    return response


def _next(request: Request) -> str:
    """Where a newcomer came from, like an app that asks for their leave."""
    return sessions.local_path(unquote(sessions.step_token(request, sessions.RETURN)))


async def show_setup(request: Request) -> Response:
    """What a newcomer waits for; members go on to their settings."""
    session = await sessions.anybody(request)
    if session is None:
        return sessions.to_sign_in("/auth/setup")
    if session.state == "missing_2fa":
        return RedirectResponse("/settings/security", 302)
    if session.state == "moved":
        return RedirectResponse("/settings/migration", 302)
    user = await users.find_user(request.runtime.db, session.account_id)
    return render(
        request,
        "setup.html",
        session=session,
        user=user,
        is_sent="sent" in request.query_params,
        may_invite=await invites.may_invite(request.runtime, session.account_id),
        next=_next(request),
    )


async def send_again(request: Request) -> Response:
    """Another mail, to the same address or a better one."""
    form = await read_params(request, SetupForm)
    session = await sessions.anybody(request)
    if session is None:
        return sessions.to_sign_in("/auth/setup")
    sessions.check_csrf(request, form.csrf)
    user = await users.find_user(request.runtime.db, session.account_id)
    if user is None or not (user.state == "unconfirmed" or user.unconfirmed_email):
        raise Forbidden
    email = form.email.strip()
    is_other = email and email.lower() != (user.unconfirmed_email or user.email).lower()
    await confirmations.send_again(request.runtime, user, request.ip, email if is_other else None)
    return RedirectResponse("/auth/setup?sent=1", 303)


async def show_confirmation(request: Request) -> Response:
    """A button, so that nothing is confirmed because a mail scanner looks at a link."""
    form = await read_params(request, LinkForm)
    if not await confirmations.is_good(request.runtime, form.confirmation_token):
        raise Gone("This link has been used or is too old.")
    return render(request, "confirmation.html", token=form.confirmation_token, user=None)


async def confirm(request: Request) -> Response:
    """The address is confirmed."""
    form = await read_params(request, LinkForm)
    sessions.check_origin(request)
    user = await sign_up.confirm(request.runtime, form.confirmation_token)
    session = await sessions.anybody(request)
    return render(
        request, "confirmation.html", session=session, token="", user=user, next=_next(request)
    )


async def _form(
    request: Request, form: SignUpForm, error: Invalid | None = None, inviter: str | None = None
) -> Response:
    settings = request.runtime.settings
    return render(
        request,
        "sign_up.html",
        422 if error else 200,
        form=form,
        inviter=inviter,
        problems=problems(error) if error else [],
        is_open=inviter is not None or settings.is_open,
        needs_look=settings.registrations == "approval" and inviter is None,
        message=render_document(settings.registrations_message),
        rules=await rules_values(request),
        has_terms=await instance_texts.has_terms(request.runtime.db),
    )
