"""Keys of our own accounts, opened once and kept, and fetches signed with the instance's."""

from collections.abc import Mapping
from datetime import UTC, datetime

from federation.signatures.keys import SigningKey, load_private_key
from federation.signatures.sign import Dialect, sign_request
from federation.transport.fetch import SignGet
from server.identity.instance_actor import ensure_instance_actor
from server.identity.members import key_purpose
from server.runtime import Runtime
from server.store import actor_keys

_INSTANCE = 0  # no account has this id


async def signing_key(runtime: Runtime, account_id: int) -> SigningKey:
    """The key with which an account of ours signs."""
    key = runtime.signing_keys.get(account_id)
    if key is None:
        row = await actor_keys.get_sealed_key(runtime.db, account_id)
        pem = runtime.cipher.decrypt(row["private_sealed"], key_purpose(account_id))
        key = SigningKey(row["uri"], await runtime.offload(load_private_key, pem))
        runtime.signing_keys[account_id] = key
    return key


async def instance_signer(runtime: Runtime) -> SignGet:
    """Signs fetches as the instance itself."""
    key = runtime.signing_keys.get(_INSTANCE)
    if key is None:
        actor = await ensure_instance_actor(runtime)
        key = runtime.signing_keys[_INSTANCE] = await signing_key(runtime, actor.id)

    async def sign(url: str, dialect: Dialect) -> Mapping[str, str]:
        now = datetime.now(UTC)
        return await runtime.offload(sign_request, "GET", url, None, key, now, dialect)

    return sign
