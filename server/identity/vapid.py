"""The key with which the instance signs to push services: made once, kept in the database."""

from server.push.encryption import base64url
from server.push.vapid import VapidKey, generate_key, load_key
from server.runtime import Runtime
from server.store import instance_keys
from server.store.instance_keys import InstanceKey

_NAME = "vapid"
_PURPOSE = "vapid-key"


async def public_key(runtime: Runtime) -> str:
    """What apps subscribe with. Needs no secret: it is told even where ours does not fit."""
    return base64url((await _find_or_make(runtime)).public)


async def vapid_key(runtime: Runtime) -> VapidKey:
    """The key, opened."""
    row = await _find_or_make(runtime)
    return load_key(runtime.cipher.decrypt(row.private_sealed, _PURPOSE))


async def _find_or_make(runtime: Runtime) -> InstanceKey:
    """The key's row; the first call on a database makes it."""
    found = runtime.instance_keys.get(_NAME)
    if found is None:
        found = await instance_keys.find_key(runtime.db, _NAME)
    if found is None:
        private, public = generate_key()
        sealed = runtime.cipher.encrypt(private, _PURPOSE)
        await instance_keys.insert_key(runtime.db, _NAME, public, sealed)
        found = await instance_keys.find_key(runtime.db, _NAME)
        assert found is not None
    runtime.instance_keys[_NAME] = found
    return found
