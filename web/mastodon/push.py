"""https://docs.joinmastodon.org/methods/push/"""

from typing import Any

import msgspec
from starlette.responses import Response

from server.actions.subscribe import check_policy, subscribe
from server.errors import NotFound
from server.identity import vapid
from server.store import push_subscriptions
from server.store.push_subscriptions import ALERTS, PushSubscription
from server.store.tokens import Token
from web.auth import token_text
from web.entities.push_subscription import push_subscription_entity
from web.pagination import json_response
from web.params import is_true, missing, read_params
from web.request import Request


class Keys(msgspec.Struct):
    """What a browser's PushSubscription calls so."""

    p256dh: str = ""
    auth: str = ""


class Subscription(msgspec.Struct):
    """Where to, and in which encoding."""

    endpoint: str = ""
    keys: Keys = msgspec.field(default_factory=Keys)
    standard: Any = None


class Data(msgspec.Struct):
    """What for, and from whom."""

    alerts: dict[str, Any] | None = None
    policy: str | None = None


class SubscriptionForm(msgspec.Struct):
    """Mastodon's parameters; some clients write `policy` beside `data` instead of into it."""

    subscription: Subscription | None = None
    data: Data | str | None = None
    policy: str | None = None


async def create(request: Request) -> Response:
    """Subscribe, in place of the token's subscription before."""
    form = await read_params(request, SubscriptionForm)
    wanted = form.subscription
    if wanted is None:
        raise missing("subscription")
    text = await token_text(request)
    assert text is not None
    made = await subscribe(
        request.runtime,
        _token(request),
        text,
        wanted.endpoint,
        (wanted.keys.p256dh, wanted.keys.auth),
        standard=is_true(wanted.standard),
        alerts=_alerts(form),
        policy=_policy(form),
    )
    return await _answer(request, made)


async def show(request: Request) -> Response:
    """The token's subscription."""
    token_id = _token(request).id
    return await _answer(
        request, await push_subscriptions.find_subscription(request.runtime.db, token_id)
    )


async def update(request: Request) -> Response:
    """Change what it is for: alerts that are not named are off."""
    form = await read_params(request, SubscriptionForm)
    check_policy(_policy(form))
    changed = await push_subscriptions.update_subscription(
        request.runtime.db, _token(request).id, _alerts(form), _policy(form)
    )
    return await _answer(request, changed)


async def delete(request: Request) -> Response:
    """End it; without one there is nothing to do."""
    await push_subscriptions.delete_of_token(request.runtime.db, _token(request).id)
    return json_response({})


async def _answer(request: Request, subscription: PushSubscription | None) -> Response:
    if subscription is None:
        raise NotFound
    server_key = await vapid.public_key(request.runtime)
    return json_response(push_subscription_entity(subscription, server_key))


def _token(request: Request) -> Token:
    assert request.token is not None
    return request.token


def _data(form: SubscriptionForm) -> Data:
    """Raises Invalid (400) for a text where the settings should be."""
    if isinstance(form.data, str) and form.data.strip():
        raise missing("data")
    return form.data if isinstance(form.data, Data) else Data()


def _alerts(form: SubscriptionForm) -> list[str]:
    given = _data(form).alerts or {}
    return [kind for kind in ALERTS if is_true(given.get(kind))]


def _policy(form: SubscriptionForm) -> str:
    return _data(form).policy or form.policy or "all"
