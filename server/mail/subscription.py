"""Links in mails with which somebody without an account confirms or ends a subscription."""

from server.mail.sealed import seal, unseal
from server.runtime import Runtime

PATH = "/mail/subscription"
_PURPOSE = "subscription"


def subscription_link(runtime: Runtime, subscription_id: int, act: str) -> str:
    """A link that only this instance can make; `act` is `confirm` or `end`."""
    token = seal(runtime, f"{subscription_id} {act}", _PURPOSE)
    return f"{runtime.settings.origin}{PATH}?token={token}"


def read_token(runtime: Runtime, token: str) -> tuple[int, str]:
    """Subscription and act of a link. Raises NotFound for one that is not ours."""
    number, _, act = unseal(runtime, token, _PURPOSE).partition(" ")
    return int(number), act
