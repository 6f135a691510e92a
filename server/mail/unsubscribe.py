"""Links in mails that end mails of one kind, without signing in and for ever good (RFC 8058)."""

import base64

from cryptography.exceptions import InvalidTag

from server.errors import NotFound
from server.runtime import Runtime

PATH = "/mail/unsubscribe"
_PURPOSE = "unsubscribe"


def unsubscribe_url(runtime: Runtime, account_id: int, kind: str) -> str:
    """A link that only this instance can make, for one member and one kind."""
    sealed = runtime.cipher.encrypt(f"{account_id} {kind}".encode(), _PURPOSE)
    return f"{runtime.settings.origin}{PATH}?token={base64.urlsafe_b64encode(sealed).decode()}"


def read_token(runtime: Runtime, token: str) -> tuple[int, str]:
    """Member and kind of a link. Raises NotFound for one that is not ours."""
    try:
        sealed = base64.b64decode(token.encode("ascii"), b"-_", validate=True)
        plain = runtime.cipher.decrypt(sealed, _PURPOSE).decode()
    except (ValueError, InvalidTag) as error:
        raise NotFound("This link is not complete or not from here.") from error
    account_id, _, kind = plain.partition(" ")
    return int(account_id), kind
