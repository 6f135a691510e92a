"""OAuth 2 as Mastodon speaks it: applications, codes with PKCE, tokens (RFC 6749, 7636, 7009).

Tokens are stored as hashes, so the same token cannot be handed out twice: each exchange makes a
new one, and revoking it ends that one alone.
"""

import base64
import hashlib
import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from server import events
from server.errors import Invalid, ServerError
from server.identity.scopes import covers, parse_scopes
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.store import apps, grants, tokens
from server.store.apps import App

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_FORBIDDEN_SCHEMES = {"data", "javascript", "vbscript", "file", "about", "blob"}
_INVALID_SCOPE = "The requested scope is invalid, unknown, or malformed."
_LONGEST_NAME = 60
_LONGEST_URI = 2000
_MOST_URIS = 20


class Refused(ServerError):
    """An error of RFC 6749, 5.2; `code` is its machine-readable name."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


async def register_app(
    runtime: Runtime, name: str, redirect_uris: list[str], scopes: str | None, website: str | None
) -> tuple[App, str]:
    """A new application and its secret, which is told this once. Raises Invalid."""
    if not name.strip():
        raise Invalid("Validation failed: Application name can't be blank")
    if not redirect_uris or len(redirect_uris) > _MOST_URIS:
        raise Invalid("Validation failed: Redirect URI can't be blank")
    for uri in redirect_uris:
        _check_redirect_uri(uri)
    _check_app(name.strip(), website)
    secret = new_token()
    app = await apps.insert_app(
        runtime.db,
        new_token(),
        hash_token(secret),
        name.strip(),
        website or None,
        redirect_uris,
        parse_scopes(scopes),
    )
    return app, secret


def _check_app(name: str, website: str | None) -> None:
    too_long = "is too long (maximum is {} characters)"
    if len(name) > _LONGEST_NAME:
        text = too_long.format(_LONGEST_NAME)
        raise Invalid(f"Validation failed: Application name {text}")
    if website and not website.startswith(("https://", "http://")):
        raise Invalid("Validation failed: Application website is not a valid URL")
    if website and len(website) > _LONGEST_URI:
        text = too_long.format(_LONGEST_URI)
        raise Invalid(f"Validation failed: Application website {text}")


def check_request(app: App | None, redirect_uri: str, scopes: str | None) -> tuple[App, list[str]]:
    """The application and scopes of an authorisation request.

    Raises Refused: the redirect address must be one of the application's, to the letter but for the
    port of a program on the member's own machine (RFC 8252, 7.3), and the scopes no more than it
    registered.
    """
    if app is None:
        raise Refused("invalid_client", "Client authentication failed: unknown client", 401)
    own = _on_own_machine(redirect_uri)
    if redirect_uri not in app.redirect_uris and not (
        own and own in map(_on_own_machine, app.redirect_uris)
    ):
        raise Refused("invalid_grant", "The redirect URI included is not valid.")
    return app, _checked_scopes(app, scopes)


def _on_own_machine(uri: str) -> str | None:
    """An address without its port, when it is one of the loopback."""
    try:
        parts = urlsplit(uri)
        host = ip_address(parts.hostname or "")
        is_plain = parts.scheme == "http" and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # no address, or no number behind it
        return None
    return urlunsplit(parts._replace(netloc=str(host))) if is_plain and host.is_loopback else None


async def grant_code(
    runtime: Runtime,
    app: App,
    account_id: int,
    redirect_uri: str,
    scopes: list[str],
    code_challenge: str | None,
) -> str:
    """The code with which the application gets the token that the member allowed."""
    code = new_token()
    await grants.insert_grant(
        runtime.db, hash_token(code), app.id, account_id, redirect_uri, scopes, code_challenge
    )
    return code


async def exchange_code(
    runtime: Runtime, app: App, code: str, redirect_uri: str, verifier: str | None
) -> tuple[str, list[str]]:
    """Token and scopes for a code. Raises Refused (invalid_grant).

    A code that comes a second time revokes what the first exchange gave: one of the two was not
    the application.
    """
    code_hash = hash_token(code)
    async with runtime.transaction() as tx:
        grant = await grants.use_grant(tx.db, code_hash)
        if grant and grant.is_used:
            revoked = await tokens.delete_tokens_of_grant(tx.db, code_hash)
            events.tokens_revoked(tx, revoked)
        elif (
            grant
            and not grant.is_expired
            and grant.app_id == app.id
            and grant.redirect_uri == redirect_uri
            and _is_verified(grant.code_challenge, verifier)
        ):
            token = new_token()
            await tokens.insert_token(
                tx.db, hash_token(token), app.id, grant.account_id, grant.scopes, code_hash
            )
            return token, grant.scopes
    raise Refused(
        "invalid_grant",
        "The provided authorization grant is invalid, expired, revoked, does not match the "
        "redirection URI used in the authorization request, or was issued to another client.",
    )


async def client_token(runtime: Runtime, app: App, scopes: str | None) -> tuple[str, list[str]]:
    """An application's own token (RFC 6749, 4.4). Raises Refused (invalid_scope)."""
    wanted = _checked_scopes(app, scopes)
    token = new_token()
    await tokens.insert_token(runtime.db, hash_token(token), app.id, None, wanted)
    return token, wanted


async def member_token(runtime: Runtime, account_id: int, scopes: list[str]) -> str:
    """A token made by the command line, without an application's detour."""
    app_id = await apps.get_own_app(runtime.db, scopes)
    token = new_token()
    await tokens.insert_token(runtime.db, hash_token(token), app_id, account_id, scopes)
    return token


async def make_own_app(
    runtime: Runtime, account_id: int, name: str, scopes: list[str]
) -> tuple[App, str, str]:
    """An application for a member's own scripts, its secret and a token, told this once.

    Raises Invalid, also without a scope: an app that names none gets one, which nobody ticked.
    """
    if not scopes:
        raise Invalid("Validation failed: Scopes can't be blank")
    app, secret = await register_app(runtime, name, [OUT_OF_BAND], " ".join(scopes), None)
    return app, secret, await new_member_token(runtime, app, account_id)


async def new_member_token(runtime: Runtime, app: App, account_id: int) -> str:
    """A token for who just joined through the application, with all of its scopes."""
    token = new_token()
    await tokens.insert_token(runtime.db, hash_token(token), app.id, account_id, app.scopes)
    return token


async def revoke(runtime: Runtime, app: App, token: str) -> None:
    """Revoke a token of this application; one that is unknown is revoked already."""
    async with runtime.transaction() as tx:
        revoked = await tokens.delete_token(tx.db, hash_token(token), app.id)
        if not revoked and await tokens.find_token(tx.db, hash_token(token)):
            raise Refused("unauthorized_client", "You are not authorized to revoke this token", 403)
        events.tokens_revoked(tx, revoked)


async def revoke_app(runtime: Runtime, account_id: int, app_id: int) -> bool:
    """End all that an application may do for a member; gives whether it might do anything."""
    async with runtime.transaction() as tx:
        await grants.delete_grants_of(tx.db, account_id, app_id)
        revoked = await tokens.delete_tokens_of_app(tx.db, account_id, app_id)
        events.tokens_revoked(tx, revoked)
    return bool(revoked)


async def authenticate_app(
    runtime: Runtime, client_id: str | None, client_secret: str | None
) -> App:
    """The application with that id and secret. Raises Refused (invalid_client)."""
    app = await apps.find_app(runtime.db, client_id or "")
    secret_hash = hash_token(client_secret or "")
    if app is None or not hmac.compare_digest(app.secret_hash, secret_hash):
        raise Refused(
            "invalid_client",
            "Client authentication failed due to unknown client, no client authentication "
            "included, or unsupported authentication method.",
            401,
        )
    return app


def _checked_scopes(app: App, text: str | None) -> list[str]:
    try:
        wanted = parse_scopes(text)
    except Invalid as error:
        raise Refused("invalid_scope", _INVALID_SCOPE) from error
    if not all(covers(frozenset(app.scopes), scope) for scope in wanted):
        raise Refused("invalid_scope", _INVALID_SCOPE)
    return wanted


def _check_redirect_uri(uri: str) -> None:
    if uri == OUT_OF_BAND:
        return
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise Invalid("Validation failed: Redirect URI must be an absolute URI.") from error
    is_usable = parts.scheme and (parts.netloc or parts.path) and not parts.fragment
    if not is_usable or not uri.isprintable() or " " in uri or len(uri) > _LONGEST_URI:
        raise Invalid("Validation failed: Redirect URI must be an absolute URI.")
    if parts.scheme.lower() in _FORBIDDEN_SCHEMES:
        raise Invalid("Validation failed: Redirect URI is forbidden by the server.")


def _is_verified(challenge: str | None, verifier: str | None) -> bool:
    """PKCE, S256 alone: without a challenge there must be no verifier either."""
    if challenge is None or verifier is None:
        return challenge is None and verifier is None
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made.encode(), challenge.encode())
