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
    REFUSED = "refused"  # it will say the same each time


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a delivery, a short reason for the log, and the status if there was one."""

    outcome: Outcome
    reason: str
    status: int = 0


_RETRY_MAY_CURE = {401, 403, 404, 408, 425, 429}


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

    401 and 403 count as curable: the other side may not have had our key; 404 may be a deployment.
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
    if 200 <= status < 300:
        return Answer(Outcome.ACCEPTED, str(status), status)
    if status >= 500:
        return Answer(Outcome.DOWN, str(status), status)
    if status in _RETRY_MAY_CURE:
        return Answer(Outcome.LATER, str(status), status)
    return Answer(Outcome.REFUSED, str(status), status)
