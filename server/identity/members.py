"""Members: how an account of ours begins."""

import re

import asyncpg

from federation.signatures.keys import generate_rsa_key
from server.errors import Invalid
from server.identity import passwords, usernames
from server.runtime import Runtime
from server.search import index
from server.store import local_accounts, roles, users
from server.store.accounts import Account
from server.transaction import Transaction

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


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
    try:
        async with runtime.transaction() as tx:
            return await insert_member(
                runtime, tx, username, email, password_hash, role, locale, keys
            )
    except asyncpg.UniqueViolationError as error:
        raise taken(error) from error


def check_new_member(runtime: Runtime, username: str, email: str, password: str | None) -> None:
    """Raises Invalid for what cannot become a member."""
    usernames.check_username(username, runtime.settings)
    if not _EMAIL.fullmatch(email):
        problem = ("ERR_INVALID", "is invalid")
        raise Invalid("Validation failed: E-mail address is invalid", {"email": [problem]})
    if password is not None:
        passwords.check_password(password)


async def insert_member(
    runtime: Runtime,
    tx: Transaction,
    username: str,
    email: str,
    password_hash: str | None,
    role: str,
    locale: str,
    keys: tuple[bytes, str],
) -> Account:
    """The rows of a member; `keys` are a new pair (private PEM, public PEM)."""
    account = await local_accounts.insert_local_account(tx.db, tx.addresses, username)
    await insert_sealed_key(runtime, tx, account.id, keys)
    role_id = roles.BY_NAME[role]
    await users.insert_user(tx.db, account.id, email, password_hash, role_id, locale)
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
    name = "E-mail address" if field == "email" else "Username"
    problem = ("ERR_TAKEN", "has already been taken")
    return Invalid(f"Validation failed: {name} has already been taken", {field: [problem]})
