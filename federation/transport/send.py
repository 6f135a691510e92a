"""Delivering an activity to an inbox."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from federation.documents.context import CONTENT_TYPE
from federation.errors import NotAllowed, Unreachable
from federation.transport.client import Client


class Outcome(Enum):
    """What an inbox made of a delivery."""

    ACCEPTED = "accepted"
    LATER = "later"  # a retry may help
    DOWN = "down"  # the same, and it is the host that fails, not this inbox
    TURNED_AWAY = "turned away"  # it means it, or a firewall or a deployment does for a moment
    REFUSED = "refused"  # it will say the same each time


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a delivery, a short reason for the log, and the status if there was one."""

    outcome: Outcome
    reason: str
    status: int = 0


_RETRY_MAY_CURE = {401, 408, 425, 429}
_MAY_BE_OF_A_MOMENT = {403, 404}
_NEVER_SPOKE = 501


async def post_activity(
    client: Client,
    inbox: str,
    body: bytes,
    headers: Mapping[str, str],
    timeout_seconds: float,
    *,
    takes_back: bool = False,
) -> Answer:
    """POST a signed body. Redirects are not followed.

    What takes something back goes to a host, too, that was blocked after it got it.

    401 counts as curable: the other side may not have had our key.
    """
    try:
        async with asyncio.timeout(timeout_seconds):
            status = await client.deliver(
                inbox, body, {**headers, "Content-Type": CONTENT_TYPE}, even_if_blocked=takes_back
            )
    except NotAllowed as error:
        return Answer(Outcome.REFUSED, str(error))
    except (TimeoutError, Unreachable) as error:
        return Answer(Outcome.DOWN, str(error) or "it took too long")
    return Answer(_outcome(status), str(status), status)


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if status >= 500 and status != _NEVER_SPOKE:
        return Outcome.DOWN
    if status in _RETRY_MAY_CURE:
        return Outcome.LATER
    return Outcome.TURNED_AWAY if status in _MAY_BE_OF_A_MOMENT else Outcome.REFUSED
