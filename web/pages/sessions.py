"""Who is signed in in a browser: one cookie, and a proof against forged forms.

The cookie's name carries the instance, since cookies do not tell ports apart: two instances on one
host must not sign each other out.
"""

import hashlib
import hmac
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden
from server.secrets import hash_token, new_token
from server.store import sessions
from server.store.sessions import SESSION_SECONDS, Session
from web.request import Request


def cookie_name(request: Request) -> str:
    """`__Host-` on https, so that no other host of the domain can set it."""
    mark = hashlib.sha256(request.addresses.origin.encode()).hexdigest()[:8]
    return f"{'__Host-' if request.runtime.settings.is_https else ''}wandelgang_{mark}"


async def current(request: Request) -> Session | None:
    """The session of this browser, if it is signed in."""
    token = request.cookies.get(cookie_name(request))
    return await sessions.find_session(request.runtime.db, hash_token(token)) if token else None


async def begin(request: Request, response: Response, account_id: int) -> None:
    """Sign in: always under a new token, so that nobody can plant one before."""
    token = new_token()
    agent = request.headers.get("user-agent", "")[:200]
    await sessions.insert_session(request.runtime.db, hash_token(token), account_id, agent)
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=SESSION_SECONDS,
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


def to_sign_in(back_to: str) -> Response:
    """Off to the sign-in page, and back to a path of ours afterwards."""
    return RedirectResponse(f"/auth/sign_in?{urlencode({'next': back_to})}", 302)


def local_path(text: str) -> str:
    """The path to go on to: one of ours, never another host's."""
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_ours and "\\" not in text else "/"


def csrf_token(request: Request) -> str:
    """Proof that a form was made for this browser's session."""
    token = request.cookies.get(cookie_name(request), "")
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def check_csrf(request: Request, given: str) -> None:
    """Raises Forbidden for a form that was not made for this session."""
    if not hmac.compare_digest(csrf_token(request).encode(), given.encode()):
        raise Forbidden("This form is too old or not from here. Go back and try again.")
