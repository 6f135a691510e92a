"""Links in mails that end mails of one kind, without signing in and for ever good (RFC 8058)."""

from server.mail.sealed import read_link, sealed_link
from server.runtime import Runtime

PATH = "/mail/unsubscribe"
_PURPOSE = "unsubscribe"


def unsubscribe_url(runtime: Runtime, account_id: int, kind: str) -> str:
    """A link that only this instance can make, for one member and one kind."""
    return sealed_link(runtime, PATH, _PURPOSE, account_id, kind)


def read_token(runtime: Runtime, token: str) -> tuple[int, str]:
    """Member and kind of a link. Raises NotFound for one that is not ours."""
    return read_link(runtime, token, _PURPOSE)
