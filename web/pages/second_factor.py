"""The step after the password, where a member has a second factor."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.identity import sign_in
from server.store import passkeys
from web.pages import sessions
from web.pages.rendering import render
from web.params import read_params
from web.request import Request


class CodeForm(msgspec.Struct):
    """A code of an app, or one for recovery."""

    code: str = ""
    next: str = "/"


async def show(request: Request) -> Response:
    """The form; without the password before it there is none."""
    form = await read_params(request, CodeForm)
    account_id = await _account(request)
    if account_id is None:
        return sessions.to_sign_in(sessions.local_path(form.next))
    return await _form(request, form, account_id)


async def check(request: Request) -> Response:
    """Begin the session for a right code."""
    form = await read_params(request, CodeForm)
    sessions.check_origin(request)
    account_id = await _account(request)
    if account_id is None:
        return sessions.to_sign_in(sessions.local_path(form.next))
    if not await sign_in.use_second_factor(request.runtime, account_id, form.code):
        return await _form(request, form, account_id, "second_factor.wrong")
    response = RedirectResponse(sessions.local_path(form.next), 303)
    await sessions.begin(request, response, account_id)
    return response


async def _account(request: Request) -> int | None:
    token = sessions.step_token(request, sessions.SECOND_FACTOR)
    return await sign_in.second_step_of(request.runtime, token) if token else None


async def _form(
    request: Request, form: CodeForm, account_id: int, problem: str | None = None
) -> Response:
    return render(
        request,
        "second_factor.html",
        422 if problem else 200,
        has_script=True,
        next=form.next,
        problem=problem,
        has_passkey=bool(await passkeys.list_passkeys(request.runtime.db, account_id)),
    )
