"""A forgotten password: a link to the member's address, which works once."""

from server import events
from server.errors import Gone
from server.identity import attempts, passwords
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.store import grants, one_time_links, sessions, tokens, users
from server.store.users import User
from server.transaction import Transaction

_PURPOSE = "password"
_LINK_SECONDS = 6 * 3600


async def ask(runtime: Runtime, email: str, ip: str) -> None:
    """Send a link to that address if it is a member's.

    Whether it is one is found out by a job: neither the answer nor its time tells. Raises TooMany.
    """
    await attempts.count(runtime.db, attempts.RESET_BY_NETWORK, attempts.network_of(ip))
    await attempts.count(runtime.db, attempts.RESET_BY_EMAIL, email)
    async with runtime.transaction() as tx:
        tx.enqueue("send_reset", email.strip()[:254])


async def send_reset_job(runtime: Runtime, email: str) -> None:
    """Job: mail the link, to the address as the member gave it."""
    user = await users.find_by_login(runtime.db, email) if "@" in email else None
    if user is None:
        return
    async with runtime.transaction() as tx:
        await _send_link(runtime, tx, user)


async def end_password(runtime: Runtime, tx: Transaction, user: User) -> None:
    """The password opens nothing any more, whoever was signed in anywhere is out, and the member is
    mailed a link to a new one: somebody else may have known it.
    """
    await users.set_password(tx.db, user.account_id, None)
    await _end_access(tx, user)
    await _send_link(runtime, tx, user)


async def _send_link(runtime: Runtime, tx: Transaction, user: User) -> None:
    token = new_token()
    await one_time_links.insert_link(
        tx.db, hash_token(token), _PURPOSE, user.account_id, _LINK_SECONDS
    )
    url = f"{runtime.settings.origin}/auth/password/edit?reset_password_token={token}"
    values = {"name": user.username, "url": url}
    enqueue_mail(runtime, tx, user.email, "password_reset", user.locale, values)


async def is_good(runtime: Runtime, token: str) -> bool:
    """Whether a link could be used now."""
    return await one_time_links.is_good(runtime.db, hash_token(token), _PURPOSE)


async def reset(runtime: Runtime, token: str, password: str) -> User:
    """Use the link up: a new password, and whoever was signed in anywhere is out.

    Raises Invalid for the password, Gone for a link that was used or is too old.
    """
    passwords.check_password(password)
    hashed = await passwords.hash_password(runtime, password)
    async with runtime.transaction() as tx:
        link = await one_time_links.use_link(tx.db, hash_token(token), _PURPOSE)
        user = await users.find_user(tx.db, link["account_id"]) if link else None
        if user is None:
            raise Gone("This link has been used or is too old.")
        await one_time_links.delete_links_of(tx.db, _PURPOSE, user.account_id)
        await users.set_password(tx.db, user.account_id, hashed)
        await _end_access(tx, user)
        passwords.tell_of_change(runtime, tx, user)
        return user


async def _end_access(tx: Transaction, user: User) -> None:
    await sessions.delete_sessions_of(tx.db, user.account_id)
    await grants.delete_grants_of(tx.db, user.account_id)
    revoked = await tokens.delete_tokens_of_account(tx.db, user.account_id)
    events.tokens_revoked(tx, revoked)
