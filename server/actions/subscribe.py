"""An app asks to be woken when its member is told something."""

from collections.abc import Collection

import asyncpg

from server.errors import Invalid, Unauthorized
from server.fanout.push import auth_purpose, token_purpose
from server.push.encryption import read_receiver
from server.push.send import is_endpoint
from server.runtime import Runtime
from server.store import push_subscriptions
from server.store.push_subscriptions import POLICIES, PushSubscription
from server.store.tokens import Token


async def subscribe(
    runtime: Runtime,
    token: Token,
    token_text: str,
    endpoint: str,
    keys: tuple[str, str],
    *,
    standard: bool,
    alerts: Collection[str],
    policy: str,
) -> PushSubscription:
    """The one subscription of the token; `keys` are p256dh and auth in base64.

    The token's text goes into each message, since apps find the account by it, so it is kept,
    encrypted. Raises Invalid, and Unauthorized for a token that was revoked meanwhile.
    """
    check_policy(policy)
    if not endpoint:
        raise Invalid("Validation failed: Endpoint can't be blank")
    if not is_endpoint(runtime.open_web, endpoint):
        raise Invalid("Validation failed: Endpoint is invalid")
    try:
        receiver = read_receiver(*keys)
    except ValueError as error:
        raise Invalid(f"Validation failed: Keys are invalid: {error}") from error
    try:
        return await push_subscriptions.upsert_subscription(
            runtime.db,
            token.id,
            runtime.cipher.encrypt(token_text.encode(), token_purpose(token.id)),
            endpoint,
            receiver.p256dh,
            runtime.cipher.encrypt(receiver.auth, auth_purpose(token.id)),
            standard=standard,
            alerts=sorted(alerts),
            policy=policy,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise Unauthorized from error


def check_policy(policy: str) -> None:
    """Raises Invalid for a policy that there is not."""
    if policy not in POLICIES:
        raise Invalid("Validation failed: Policy is not included in the list")
