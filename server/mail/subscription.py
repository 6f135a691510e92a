"""Links in mails with which somebody without an account confirms or ends a subscription."""

from server.mail.sealed import read_link, sealed_link
from server.runtime import Runtime

PATH = "/mail/subscription"
_PURPOSE = "subscription"


def subscription_link(runtime: Runtime, subscription_id: int, act: str) -> str:
    """A link that only this instance can make; `act` is `confirm` or `end`."""
    return sealed_link(runtime, PATH, _PURPOSE, subscription_id, act)


def read_token(runtime: Runtime, token: str) -> tuple[int, str]:
    """Subscription and act of a link. Raises NotFound for one that is not ours."""
    return read_link(runtime, token, _PURPOSE)
