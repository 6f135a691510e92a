"""Who calls: the token of a request, and whether it is enough for the route."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server import errors
from server.identity.permissions import Permission, allows
from server.identity.scopes import covers
from server.secrets import hash_token
from server.store import tokens
from server.store.tokens import Token
from web.activitypub.answers import wants_activity
from web.activitypub.asker import find_asker
from web.kept import Kept
from web.pages import sessions
from web.params import read_body
from web.request import TOKEN_PARAMETERS, Request

KeptTokens = Kept[bytes, Token]  # by hash
MOST_TOKENS = 10_000  # kept in a process

_SHORT_BODY = 64 * 1024

_SIGN_IN = "This API requires an authenticated user"
_LOGIN_MESSAGES = {
    "disabled": "Your login is currently disabled",
    "suspended": "Your login is currently disabled",
    "missing_2fa": "Your login is currently disabled",
    "moved": "Your login is currently disabled",
    "unconfirmed": "Your login is missing a confirmed e-mail address",
    "unapproved": "Your login is currently pending approval",
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks for: nobody, anyone (token optional), an app's token or a user's.

    Pages and objects are open like what is for anyone. With the setting `require_sign_in`, what is
    for anyone wants a user's token, a page a session, and an object a signature.

    Any one of `scopes` is enough; a parent (`read`) covers its parts (`read:statuses`).
    """

    kind: str
    scopes: tuple[str, ...] = ()
    permission: Permission | None = None


PUBLIC = Access("public")
PAGE = Access("page")  # for people
OBJECT = Access("object")  # for other servers


class SignInFirst(errors.Unauthorized):
    """A page that is for members alone."""


def anyone(*scopes: str) -> Access:
    """Works without a token, and with one that is unknown; one that is known must carry a scope."""
    return Access("anyone", scopes)


def app(*scopes: str) -> Access:
    """Needs a token, an app's own is enough."""
    return Access("app", scopes)


def user(*scopes: str) -> Access:
    """Needs a member's token."""
    return Access("user", scopes)


def admin(permission: Permission, *scopes: str) -> Access:
    """Needs a member's token with a scope, and a role that allows it."""
    return Access("user", scopes, permission)


async def authorize(request: Request, access: Access) -> Token | None:
    """The request's token, if it is enough.

    Raises Unauthorized without a valid one, Forbidden when it lacks the scope or its user may not
    log in now, Invalid (422, as Mastodon) for an app's token where a user's is needed.
    """
    if access.kind in {"page", "object"}:
        await _check_reader(request, access)
        return None
    if access.kind == "public":  # nor is a body read before its endpoint wants to
        return None
    text = await token_text(request)
    token = await find_token(request, text) if text else None
    if token is None:
        _check_stranger(request, access)
        return None
    if token.state is not None and access.kind != "app":
        raise errors.Forbidden(_LOGIN_MESSAGES[token.state])
    if access.scopes and not any(covers(token.scopes, scope) for scope in access.scopes):
        raise errors.Forbidden("This action is outside the authorized scopes")
    if access.kind == "user" and token.account_id is None:
        raise errors.Invalid("This method requires an authenticated user")
    if access.permission and not allows(token.permissions, access.permission):
        raise errors.Forbidden("This action is not allowed")
    is_app = token.account_id is None
    if access.kind == "anyone" and is_app and request.runtime.settings.require_sign_in:
        raise errors.Unauthorized(_SIGN_IN)
    return token


def _check_stranger(request: Request, access: Access) -> None:
    """Raises Unauthorized; Forbidden where a role is needed (as Mastodon)."""
    if access.permission:
        raise errors.Forbidden("This action is not allowed")
    if access.kind in {"app", "user"}:
        raise errors.Unauthorized
    if access.kind == "anyone" and request.runtime.settings.require_sign_in:
        raise errors.Unauthorized(_SIGN_IN)


async def _check_reader(request: Request, access: Access) -> None:
    """With `require_sign_in`, who reads a page is signed in, and who reads an object signs.

    The instance's own actor stays open: others need its key to check what it signs. Raises
    Unauthorized, SignInFirst.
    """
    if not request.runtime.settings.require_sign_in:
        return
    if access.kind == "page" and not wants_activity(request):
        if await sessions.current(request) is None:
            raise SignInFirst
        return
    actor_id = request.app.state.instance_actor_id
    if request.url.path == f"/ap/users/{actor_id}" or await find_asker(request):
        return
    raise errors.Unauthorized("This needs a signed request")


async def token_text(request: Request) -> str | None:
    """The bearer token: of the header (RFC 6750, 2.1) or, as Mastodon allows, of query or body."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and value.strip():
        return value.strip()
    return _named(request.query_params) or _named(await _short_body(request))


def _named(params: Mapping[str, Any]) -> str | None:
    found = (params.get(name) for name in TOKEN_PARAMETERS)
    return next((text for text in found if text and isinstance(text, str)), None)


async def _short_body(request: Request) -> Mapping[str, Any]:
    """What a body says, unless it is long: for a stranger no upload is taken apart."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()) or not 0 < int(length[:9]) <= _SHORT_BODY:
        return {}
    await request.body()  # so that it can be read again
    try:
        return await read_body(request)
    except errors.Invalid:
        return {}


async def find_token(request: Request, text: str) -> Token | None:
    """The stored token; None for an unknown one, as a revoked one is."""
    kept: KeptTokens = request.app.state.tokens
    token_hash = hash_token(text)
    token = kept.get(token_hash)
    if token is None:
        changes = kept.changes()
        token = await tokens.find_token(request.runtime.db, token_hash)
        if token:
            kept.put(token_hash, token, changes)
    return token
