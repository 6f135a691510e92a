"""InteractionRequest: https://docs.gotosocial.org/en/latest/api/swagger/"""

from typing import Any

import orjson

from server.addresses import Addresses
from server.store.interaction_requests import Request
from web.entities.values import timestamp, timestamp_or_none

Entity = dict[str, Any]

# What is asked for, as that API names it.
TYPES = {"like": "favourite", "reply": "reply", "announce": "reblog"}


def interaction_request_entity(
    request: Request,
    accounts: dict[int, orjson.Fragment],
    statuses: dict[int, orjson.Fragment],
    addresses: Addresses,
) -> Entity:
    """Who asks what about which status; `reply` is the answer that waits."""
    answered_at = timestamp_or_none(request.answered_at)
    is_accepted = request.state == "accepted"
    is_reply = request.kind == "reply" and request.done_id
    return {
        "id": str(request.id),
        "type": TYPES[request.kind],
        "created_at": timestamp(request.created_at),
        "account": accounts.get(request.account_id),
        "status": statuses.get(request.status_id),
        "reply": statuses.get(request.done_id or 0) if is_reply else None,
        "accepted_at": answered_at if is_accepted else None,
        "rejected_at": answered_at if request.state == "rejected" else None,
        "uri": addresses.stamp(request.id) if is_accepted else None,
    }
