"""Automatic deletion of one's own old posts: no client knows it yet, so the address is our own."""

from dataclasses import asdict, replace

import msgspec
from starlette.responses import Response

from server.actions import cleanup
from server.store import cleanup_policies
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class PolicyForm(msgspec.Struct):
    """What shall change; a number of 0 takes an exception away."""

    enabled: bool | None = None
    min_status_age: int | None = None
    keep_direct: bool | None = None
    keep_pinned: bool | None = None
    keep_polls: bool | None = None
    keep_media: bool | None = None
    keep_self_fav: bool | None = None
    keep_self_bookmark: bool | None = None
    min_favs: int | None = None
    min_reblogs: int | None = None


async def show(request: Request) -> Response:
    """The policy; without one, what Mastodon begins with."""
    policy = await cleanup_policies.find_policy(request.runtime.db, request.member_id)
    return json_response(asdict(policy))


async def update(request: Request) -> Response:
    """Change the policy."""
    form = await read_params(request, PolicyForm)
    policy = await cleanup_policies.find_policy(request.runtime.db, request.member_id)
    given = {name: v for name, v in msgspec.structs.asdict(form).items() if v is not None}
    for name in ("min_favs", "min_reblogs"):
        if name in given:
            given[name] = given[name] or None
    policy = replace(policy, **given)
    await cleanup.put_policy(request.runtime, request.member_id, policy)
    return json_response(asdict(policy))
