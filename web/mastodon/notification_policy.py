"""Policy and requests: https://docs.joinmastodon.org/methods/notifications/#get-policy"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec
import orjson
from starlette.responses import Response

from server import events
from server.errors import Invalid, NotFound
from server.store import notification_policies as policies
from server.store.account_views import load_account_views
from server.store.notification_policies import CHOICES, Policy
from web.entities.account import account_entity
from web.entities.values import timestamp
from web.mastodon.pages import status_fragments
from web.pagination import json_response, page_response, read_page
from web.params import IdsForm, read_params
from web.request import Request

# The older shape knows four of them, and only whether they are filtered.
_OLD = ("not_following", "not_followers", "new_accounts", "private_mentions", "bots")


class PolicyForm(msgspec.Struct):
    """What shall change."""

    for_not_following: str | None = None
    for_not_followers: str | None = None
    for_new_accounts: str | None = None
    for_private_mentions: str | None = None
    for_limited_accounts: str | None = None
    for_bots: str | None = None


class OldPolicyForm(msgspec.Struct):
    """The same in the older shape."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None
    filter_bots: bool | None = None


async def show(request: Request) -> Response:
    """The own policy."""
    policy = await policies.get_policy(request.runtime.db, request.member_id)
    return json_response({**asdict(policy), "summary": await _summary(request)})


async def update(request: Request) -> Response:
    """Change it."""
    form = await read_params(request, PolicyForm)
    changes = {name: value for name, value in msgspec.to_builtins(form).items() if value}
    for name, value in changes.items():
        if value not in CHOICES:
            raise Invalid(f"'{value}' is not a valid {name}")
    policy = await policies.get_policy(request.runtime.db, request.member_id)
    await policies.put_policy(request.runtime.db, request.member_id, replace(policy, **changes))
    return await show(request)


async def show_old(request: Request) -> Response:
    """The own policy in the older shape."""
    policy = await policies.get_policy(request.runtime.db, request.member_id)
    flags = {f"filter_{name}": getattr(policy, f"for_{name}") != "accept" for name in _OLD}
    return json_response({**flags, "summary": await _summary(request)})


async def update_old(request: Request) -> Response:
    """Change it in the older shape."""
    form = await read_params(request, OldPolicyForm)
    policy: Policy = await policies.get_policy(request.runtime.db, request.member_id)
    for name in _OLD:
        flag = getattr(form, f"filter_{name}")
        if flag is not None:
            policy = replace(policy, **{f"for_{name}": "filter" if flag else "accept"})
    await policies.put_policy(request.runtime.db, request.member_id, policy)
    return await show_old(request)


async def requests(request: Request) -> Response:
    """Senders whose notifications wait."""
    page = read_page(request, 40, 80)
    rows = await policies.request_page(request.runtime.db, request.member_id, page)
    body = orjson.dumps(await _entities(request, rows))
    return page_response(request, body, [row.id for row in rows], page)


async def show_request(request: Request) -> Response:
    """One of them."""
    row = await policies.find_request(request.runtime.db, request.member_id, request.path_id())
    if row is None:
        raise NotFound
    return json_response((await _entities(request, [row]))[0])


async def accept(request: Request) -> Response:
    """Take the sender's notifications from now on."""
    await _accept(request, [request.path_id()], must_be_there=True)
    return json_response({})


async def accept_many(request: Request) -> Response:
    """The same for several."""
    form = await read_params(request, IdsForm)
    await _accept(request, form.distinct, must_be_there=False)
    return json_response({})


async def dismiss(request: Request) -> Response:
    """Delete what waits."""
    if not await policies.dismiss_requests(
        request.runtime.db, request.member_id, [request.path_id()]
    ):
        raise NotFound
    return json_response({})


async def dismiss_many(request: Request) -> Response:
    """The same for several."""
    form = await read_params(request, IdsForm)
    await policies.dismiss_requests(request.runtime.db, request.member_id, form.distinct)
    return json_response({})


async def merged(_: Request) -> Response:
    """Accepted notifications are in the list at once: nothing is ever under way."""
    return json_response({"merged": True})


async def _accept(request: Request, ids: Sequence[int], *, must_be_there: bool) -> None:
    async with request.runtime.transaction() as tx:
        accepted = await policies.accept_requests(tx.db, request.member_id, ids)
        if accepted:
            events.notifications_merged(tx, request.member_id)
    if must_be_there and not accepted:
        raise NotFound


async def _summary(request: Request) -> dict[str, int]:
    pending, waiting = await policies.count_pending(request.runtime.db, request.member_id)
    return {"pending_requests_count": pending, "pending_notifications_count": waiting}


async def _entities(request: Request, rows: Sequence[policies.Request]) -> list[dict[str, Any]]:
    """NotificationRequest of each, in a fixed number of queries."""
    views = await load_account_views(request.runtime.db, {row.from_account_id for row in rows})
    statuses = await status_fragments(
        request, [row.last_status_id for row in rows if row.last_status_id]
    )
    found = []
    for row in rows:
        entity: dict[str, Any] = {
            "id": str(row.id),
            "created_at": timestamp(row.created_at),
            "updated_at": timestamp(row.updated_at),
            "account": account_entity(views[row.from_account_id], request.addresses),
            "notifications_count": str(row.count),
        }
        if row.last_status_id in statuses:
            entity["last_status"] = statuses[row.last_status_id or 0]
        found.append(entity)
    return found
