"""Who is signed in in a browser: one cookie, and a proof against forged forms.

The cookie's name carries the instance, since cookies do not tell ports apart: two instances on one
host must not sign each other out.
"""

import hashlib
import hmac
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden
from server.identity import sign_in
from server.secrets import hash_token
from server.store import sessions
from server.store.sessions import SESSION_SECONDS, Session
from web.request import Request

SECOND_FACTOR = "step"
PASSKEY = "passkey"
RETURN = "return"  # a path of ours to which a newcomer goes on
_STEP_SECONDS = {SECOND_FACTOR: 600, PASSKEY: 600, RETURN: 2 * 24 * 3600}
_NOT_FROM_HERE = "This form is too old or not from here. Go back and try again."


def cookie_name(request: Request) -> str:
    """`__Host-` on https, so that no other host of the domain can set it."""
    mark = hashlib.sha256(request.addresses.origin.encode()).hexdigest()[:8]
    return f"{'__Host-' if request.runtime.settings.is_https else ''}wandelgang_{mark}"


async def current(request: Request) -> Session | None:
    """The session of this browser, if its member may do what members do."""
    session = await anybody(request)
    return session if session and session.state is None else None


async def anybody(request: Request) -> Session | None:
    """The session of this browser, also of who has yet to confirm, wait or secure something."""
    token = request.cookies.get(cookie_name(request))
    if not token:
        return None
    return await sessions.find_session(request.runtime.db, hash_token(token), request.ip)


async def begin(request: Request, response: Response, account_id: int) -> None:
    """Sign in, in place of whoever was signed in here."""
    old = request.cookies.get(cookie_name(request))
    if old:
        await sessions.delete_session(request.runtime.db, hash_token(old))
    agent = request.headers.get("user-agent", "")
    token = await sign_in.begin_session(request.runtime, account_id, agent, request.ip)
    set_cookie(request, response, cookie_name(request), token, SESSION_SECONDS)
    is_https = request.runtime.settings.is_https
    for step in _STEP_SECONDS:
        if step_token(request, step):
            name = f"{cookie_name(request)}_{step}"
            response.delete_cookie(name, path="/", httponly=True, secure=is_https)


def begin_step(request: Request, response: Response, step: str, token: str) -> None:
    """Let this browser go on with what it has begun."""
    set_cookie(request, response, f"{cookie_name(request)}_{step}", token, _STEP_SECONDS[step])


def step_token(request: Request, step: str) -> str:
    """What this browser has begun."""
    return request.cookies.get(f"{cookie_name(request)}_{step}", "")


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie for this host alone, which no script reads."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=request.runtime.settings.is_https,
        path="/",
    )


async def end(request: Request, response: Response) -> None:
    """Sign out, here and in the database."""
    token = request.cookies.get(cookie_name(request))
    if token:
        await sessions.delete_session(request.runtime.db, hash_token(token))
    is_https = request.runtime.settings.is_https
    response.delete_cookie(cookie_name(request), path="/", httponly=True, secure=is_https)


def to_sign_in(back_to: str, language: str = "") -> Response:
    """Off to the sign-in page, and back to a path of ours afterwards."""
    asked = {"lang": language} if language else {}
    return RedirectResponse(f"/auth/sign_in?{urlencode({'next': back_to, **asked})}", 302)


def local_path(text: str) -> str:
    """The path to go on to: one of ours, never another host's."""
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_ours and "\\" not in text else "/"


def csrf_token(request: Request) -> str:
    """Proof that a form was made for this browser's session."""
    token = request.cookies.get(cookie_name(request), "")
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def check_origin(request: Request) -> None:
    """Raises Forbidden for the form of a stranger that another site sends in our name.

    Before a session there is nothing to prove a form with; browsers name the sending site.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin != request.addresses.origin:
        raise Forbidden(_NOT_FROM_HERE)


def check_csrf(request: Request, given: str) -> None:
    """Raises Forbidden for a form that was not made for this session."""
    if not hmac.compare_digest(csrf_token(request).encode(), given.encode()):
        raise Forbidden(_NOT_FROM_HERE)
