"""How the first person becomes owner: by a link that works once, for an hour."""

import asyncpg

from federation.signatures.keys import generate_rsa_key
from server.errors import Gone
from server.identity import members, passwords
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.store import one_time_links, users
from server.store.accounts import Account
from server.store.roles import OWNER
from server.store.users import NewUser

_PURPOSE = "first_owner"
_LINK_SECONDS = 3600


async def first_owner_link(runtime: Runtime) -> str | None:
    """A new link, voiding those before it; None when the instance has an owner."""
    if await users.has_owner(runtime.db):
        return None
    token = new_token()
    async with runtime.transaction() as tx:
        await one_time_links.delete_links(tx.db, _PURPOSE)
        await one_time_links.insert_link(tx.db, hash_token(token), _PURPOSE, None, _LINK_SECONDS)
    return f"{runtime.settings.origin}/auth/first_owner?token={token}"


async def is_good(runtime: Runtime, token: str) -> bool:
    """Whether the link could be used now."""
    return await one_time_links.is_good(runtime.db, hash_token(token), _PURPOSE)


async def become_owner(
    runtime: Runtime, token: str, username: str, email: str, password: str, locale: str
) -> Account:
    """Use the link up and make its holder the owner, both or neither.

    Raises Gone for a link that was used or is too old, Invalid for name, address or password.
    """
    members.check_new_member(runtime, username, email, password)
    password_hash = await passwords.hash_password(runtime, password)
    keys = await runtime.offload(generate_rsa_key)
    try:
        async with runtime.transaction() as tx:
            if not await one_time_links.use_link(tx.db, hash_token(token), _PURPOSE):
                raise Gone("This link has been used or is too old")
            new = NewUser(email, password_hash, OWNER, locale)
            return await members.insert_member(runtime, tx, username, new, keys)
    except asyncpg.UniqueViolationError as error:
        raise members.taken(error) from error
