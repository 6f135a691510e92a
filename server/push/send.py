"""Handing a message to a push service (RFC 8030, 5)."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

import httpx

from federation.errors import NotAllowed
from federation.transport.client import Client, check_url

LASTING = timedelta(hours=48)  # how long a service may keep what a phone does not fetch
_LONGEST_ENDPOINT = 2048
_DEADLINE_SECONDS = 10.0
_RETRY_MAY_CURE = {408, 425, 429}


class Outcome(Enum):
    """What the service made of a message."""

    ACCEPTED = "accepted"
    LATER = "later"  # a retry may help
    REFUSED = "refused"  # this message is not taken
    GONE = "gone"  # nobody listens there any more


def is_endpoint(client: Client, url: str) -> bool:
    """Whether messages may go there: https, and no address inside (checked again when sent)."""
    try:
        parsed = httpx.URL(url)
        check_url(parsed, client.policy)
    except (httpx.InvalidURL, NotAllowed, UnicodeError, ValueError):
        return False
    is_sure = parsed.scheme == "https" or client.policy.allows_loopback
    return is_sure and bool(parsed.host) and len(url) <= _LONGEST_ENDPOINT


async def post_message(
    client: Client, endpoint: str, body: bytes, headers: Mapping[str, str]
) -> tuple[Outcome, str]:
    """POST an encrypted message; gives the outcome and a short reason. The answer is not read."""
    if not is_endpoint(client, endpoint):
        return Outcome.REFUSED, "not an endpoint that we send to"
    all_headers = {
        **headers,
        "Content-Type": "application/octet-stream",
        "TTL": str(int(LASTING.total_seconds())),
        "Urgency": "normal",
    }
    try:
        async with (
            asyncio.timeout(_DEADLINE_SECONDS),
            client.stream("POST", endpoint, content=body, headers=all_headers) as response,
        ):
            return _outcome(response.status_code), str(response.status_code)
    except NotAllowed as error:
        return Outcome.REFUSED, str(error)
    except (TimeoutError, httpx.HTTPError, OSError) as error:
        return Outcome.LATER, f"{type(error).__name__} {error}".strip()


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if status in {404, 410}:
        return Outcome.GONE
    if status >= 500 or status in _RETRY_MAY_CURE:
        return Outcome.LATER
    return Outcome.REFUSED
