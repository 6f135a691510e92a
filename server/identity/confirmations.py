"""Whether an e-mail address is somebody's: by a link that is sent to it."""

import asyncpg

from server.errors import Gone
from server.identity import attempts, passwords
from server.identity.members import taken
from server.identity.validation import TAKEN, email_problem, refuse
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.settings import Settings
from server.store import one_time_links, users
from server.store.users import User
from server.transaction import Transaction

_PURPOSE = "confirmation"
_LINK_SECONDS = 2 * 24 * 3600


def are_needed(settings: Settings) -> bool:
    """Whether newcomers confirm their address; without a mail server nobody could."""
    return bool(settings.smtp_url) and settings.registrations_confirm_email


async def count(runtime: Runtime, email: str, ip: str) -> None:
    """Count a confirmation that somebody wants. Raises TooMany (by address, by network)."""
    await attempts.count(runtime.db, attempts.CONFIRMATION_BY_NETWORK, attempts.network_of(ip))
    await attempts.count(runtime.db, attempts.CONFIRMATION_BY_EMAIL, email)


async def send(runtime: Runtime, tx: Transaction, account_id: int, email: str) -> None:
    """Mail a link that confirms this address as the member's."""
    user = await users.find_user(tx.db, account_id)
    assert user is not None
    token = new_token()
    await one_time_links.insert_link(
        tx.db, hash_token(token), _PURPOSE, account_id, _LINK_SECONDS, email
    )
    values = {
        "name": user.username,
        "url": f"{runtime.settings.origin}/auth/confirmation?confirmation_token={token}",
        "address": email,
        "is_change": email.lower() != user.email.lower(),
    }
    enqueue_mail(runtime, tx, email, "confirmation", user.locale, values)


async def send_again(runtime: Runtime, user: User, ip: str, email: str | None = None) -> None:
    """Another link to the address that waits for one, or to another address instead.

    A newcomer's own address is replaced, a member's stays until the new one is confirmed.
    Raises Invalid, TooMany.
    """
    is_newcomer = user.state == "unconfirmed"
    wanted = email or user.unconfirmed_email or user.email
    refuse({"email": email_problem(wanted)})
    await count(runtime, wanted, ip)
    try:
        async with runtime.transaction() as tx:
            if email and is_newcomer:
                await users.set_email(tx.db, user.account_id, wanted)
            elif email:
                await users.set_unconfirmed_email(tx.db, user.account_id, wanted)
            await send(runtime, tx, user.account_id, wanted)
    except asyncpg.UniqueViolationError as error:
        raise taken(error) from error


async def change_email(runtime: Runtime, user: User, email: str, password: str, ip: str) -> None:
    """Begin to change a member's address: both are told, the new one has to be confirmed.

    Without a mail server it is changed at once. Raises Invalid, Forbidden, TooMany.
    """
    await passwords.check_own_password(runtime, user, password)
    refuse({"email": email_problem(email)})
    other = await users.find_by_login(runtime.db, email)
    if other and other.account_id != user.account_id:
        refuse({"email": TAKEN})
    if not are_needed(runtime.settings):
        try:
            await users.set_email(runtime.db, user.account_id, email)
        except asyncpg.UniqueViolationError as error:
            raise taken(error) from error
        return
    await count(runtime, email, ip)
    async with runtime.transaction() as tx:
        await users.set_unconfirmed_email(tx.db, user.account_id, email)
        await send(runtime, tx, user.account_id, email)
        values = {"name": user.username, "address": email}
        enqueue_mail(runtime, tx, user.email, "email_change", user.locale, values)


async def is_good(runtime: Runtime, token: str) -> bool:
    """Whether a link could be used now."""
    return await one_time_links.is_good(runtime.db, hash_token(token), _PURPOSE)


async def confirm(tx: Transaction, token: str) -> tuple[User, bool]:
    """Use a link up: its address is confirmed. Gives the member and whether they are new.

    Raises Gone for a link that was used, is too old or was sent to an address that the member no
    longer wants, asyncpg.UniqueViolationError when somebody else has the address by now.
    """
    link = await one_time_links.use_link(tx.db, hash_token(token), _PURPOSE)
    user = await users.find_user(tx.db, link["account_id"]) if link else None
    if user is None or link["email"] not in {user.email, user.unconfirmed_email}:
        raise Gone("This link has been used or is too old.")
    is_new = await users.confirm(tx.db, user.account_id, link["email"])
    changed = await users.find_user(tx.db, user.account_id)
    assert changed is not None
    return changed, is_new
