"""Delivering an activity to an inbox."""

import asyncio
from collections.abc import Mapping
from enum import Enum

import httpx

from federation.documents.context import CONTENT_TYPE
from federation.errors import NotAllowed


class Outcome(Enum):
    """What an inbox made of a delivery."""

    ACCEPTED = "accepted"
    LATER = "later"  # a retry may help
    DOWN = "down"  # the same, and it is the host that fails, not this inbox
    REFUSED = "refused"  # it will say the same each time


_RETRY_MAY_CURE = {401, 403, 404, 408, 425, 429}


async def post_activity(
    client: httpx.AsyncClient,
    inbox: str,
    body: bytes,
    headers: Mapping[str, str],
    timeout_seconds: float,
) -> tuple[Outcome, str]:
    """POST a signed body; gives the outcome and a short reason. Redirects are not followed.

    401 and 403 count as curable: the other side may not have had our key; 404 may be a deployment.
    """
    try:
        async with asyncio.timeout(timeout_seconds):
            response = await client.post(
                inbox, content=body, headers={**headers, "Content-Type": CONTENT_TYPE}
            )
    except NotAllowed as error:
        return Outcome.REFUSED, str(error)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Outcome.DOWN, f"{type(error).__name__} {error}".strip()
    status = response.status_code
    if 200 <= status < 300:
        return Outcome.ACCEPTED, str(status)
    if status >= 500:
        return Outcome.DOWN, str(status)
    if status in _RETRY_MAY_CURE:
        return Outcome.LATER, str(status)
    return Outcome.REFUSED, str(status)
