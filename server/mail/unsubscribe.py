"""Links in mails that end mails of one kind, without signing in and for ever good (RFC 8058)."""

from server.mail.sealed import seal, unseal
from server.runtime import Runtime

PATH = "/mail/unsubscribe"
_PURPOSE = "unsubscribe"


def unsubscribe_url(runtime: Runtime, account_id: int, kind: str) -> str:
    """A link that only this instance can make, for one member and one kind."""
    token = seal(runtime, f"{account_id} {kind}", _PURPOSE)
    return f"{runtime.settings.origin}{PATH}?token={token}"


def read_token(runtime: Runtime, token: str) -> tuple[int, str]:
    """Member and kind of a link. Raises NotFound for one that is not ours."""
    account_id, _, kind = unseal(runtime, token, _PURPOSE).partition(" ")
    return int(account_id), kind
