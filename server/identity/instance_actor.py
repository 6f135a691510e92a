"""The actor that signs for the instance itself: fetches, and reports later on."""

import asyncpg

from federation.signatures.keys import generate_rsa_key
from server.identity.members import insert_sealed_key
from server.runtime import Runtime
from server.store import local_accounts
from server.store.accounts import Account


async def ensure_instance_actor(runtime: Runtime) -> Account:
    """The instance's actor; the first call on a database makes it."""
    found = await local_accounts.find_instance_actor(runtime.db)
    if found:
        return found
    keys = await runtime.offload(generate_rsa_key)
    try:
        async with runtime.transaction() as tx:
            account = await local_accounts.insert_local_account(
                tx.db, tx.addresses, _name(runtime), "Application"
            )
            await insert_sealed_key(runtime, tx, account.id, keys)
            return account
    except asyncpg.UniqueViolationError:
        # Another process was quicker.
        made = await local_accounts.find_instance_actor(runtime.db)
        assert made is not None
        return made


def _name(runtime: Runtime) -> str:
    """The host's, which no member can have; without the port, which no handle can hold."""
    return runtime.settings.domain.partition(":")[0]
