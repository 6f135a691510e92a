"""Members: how an account of ours begins."""

import asyncpg

from federation.signatures.keys import generate_rsa_key
from server.errors import Invalid
from server.identity import passwords
from server.identity.usernames import username_problem
from server.identity.validation import TAKEN, email_problem, refusal, refuse
from server.runtime import Runtime
from server.search import index
from server.store import local_accounts, roles, users
from server.store.accounts import Account
from server.store.users import NewUser
from server.transaction import Transaction


async def create_member(
    runtime: Runtime,
    username: str,
    email: str,
    password: str | None = None,
    role: str = "member",
    locale: str = "en",
) -> Account:
    """A confirmed and approved member with an account, unlocked and public by default.

    Raises Invalid with Mastodon's texts and codes for name, address or password.
    """
    check_new_member(runtime, username, email, password)
    password_hash = await passwords.hash_password(runtime, password) if password else None
    keys = await runtime.offload(generate_rsa_key)
    new = NewUser(email, password_hash, roles.BY_NAME[role], locale)
    try:
        async with runtime.transaction() as tx:
            return await insert_member(runtime, tx, username, new, keys)
    except asyncpg.UniqueViolationError as error:
        raise taken(error) from error


def check_new_member(runtime: Runtime, username: str, email: str, password: str | None) -> None:
    """Raises Invalid for what cannot become a member.

    Who runs the instance may speak for it: reserved names are free here, as with Mastodon's tool.
    """
    refuse(
        {
            "username": username_problem(username, runtime.settings, may_be_reserved=True),
            "email": email_problem(email),
            "password": None if password is None else passwords.password_problem(password),
        }
    )


async def insert_member(
    runtime: Runtime, tx: Transaction, username: str, new: NewUser, keys: tuple[bytes, str]
) -> Account:
    """The rows of a member; `keys` are a new pair (private PEM, public PEM)."""
    account = await local_accounts.insert_local_account(tx.db, tx.addresses, username)
    await insert_sealed_key(runtime, tx, account.id, keys)
    await users.insert_user(tx.db, account.id, new)
    if new.is_confirmed and new.is_approved:
        await index.index_accounts(tx.db, [account.id])
    return account


async def insert_sealed_key(
    runtime: Runtime, tx: Transaction, account_id: int, keys: tuple[bytes, str]
) -> None:
    """Store an actor's pair; the private half sealed for this very account."""
    private_pem, public_pem = keys
    sealed = runtime.cipher.encrypt(private_pem, key_purpose(account_id))
    uri = tx.addresses.key_uri(account_id)
    await local_accounts.insert_key(tx.db, uri, account_id, public_pem, sealed)


def key_purpose(account_id: int) -> str:
    """What an actor's private key is sealed for."""
    return f"actor-key:{account_id}"


def taken(error: asyncpg.UniqueViolationError) -> Invalid:
    """The refusal for a name or address that somebody has."""
    field = "email" if error.constraint_name == "users_email_unique" else "username"
    return refusal({field: TAKEN})
