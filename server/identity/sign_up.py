"""How people join: openly, after a look by a moderator, or by invitation.

Who comes by invitation needs no look, unless the role of who invites says otherwise. A mail server
in the settings makes newcomers confirm their address first; their account exists from the
beginning, and does nothing before.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import asyncpg

from federation.signatures.keys import generate_rsa_key
from server import events
from server.errors import Forbidden
from server.identity import attempts, barriers, confirmations, invites, passwords
from server.identity.members import insert_member, taken
from server.identity.usernames import username_problem
from server.identity.validation import BLANK, Problem, email_problem, refuse
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.search import index
from server.secrets import hash_token
from server.settings import Settings
from server.store import invites as invite_store
from server.store import roles, users
from server.store.accounts import Account
from server.store.users import NewUser, User
from server.text.times import is_time_zone
from server.transaction import Transaction

_LONGEST_REASON = 420


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody who wants to join fills in; `ip` is "" where there is none."""

    username: str
    email: str
    password: str
    locale: str
    agreement: bool
    reason: str = ""
    date_of_birth: str = ""
    invite_code: str = ""
    ip: str = ""
    app_id: int | None = None
    time_zone: str = ""


async def sign_up(runtime: Runtime, entry: Entry) -> Account:
    """A new account, which may have to wait for confirmation and approval.

    Raises Forbidden where nobody can join (like this), Invalid with all that is wrong, TooMany.
    """
    settings = runtime.settings
    inviter = await invites.find_inviter(runtime, entry.invite_code, entry.ip)
    if not inviter and not settings.is_open:
        raise Forbidden
    needs_look = settings.registrations == "approval" and not (
        inviter and await invites.needs_no_look(runtime, entry.invite_code)
    )
    _check(settings, entry, needs_look=needs_look)
    if entry.app_id is None:  # through an app, the API's own limit holds (web/rates.py)
        await attempts.count(runtime.db, attempts.SIGN_UP, attempts.network_of(entry.ip))
    if await barriers.check_sign_up(runtime.db, entry.email, entry.ip):
        needs_look = True
    if confirmations.are_needed(settings):
        await confirmations.count(runtime, entry.email, entry.ip)
    password_hash = await passwords.hash_password(runtime, entry.password)
    keys = await runtime.offload(generate_rsa_key)
    try:
        async with runtime.transaction() as tx:
            new = NewUser(
                entry.email,
                password_hash,
                roles.EVERYONE,
                entry.locale,
                is_confirmed=not confirmations.are_needed(settings),
                is_approved=not needs_look,
                reason=entry.reason.strip() or None,
                ip=entry.ip,
                invite_id=await _use_invite(tx, entry) if inviter else None,
                app_id=entry.app_id,
                is_age_verified=settings.registrations_min_age is not None,
                time_zone=entry.time_zone if is_time_zone(entry.time_zone) else "",
            )
            account = await insert_member(runtime, tx, entry.username, new, keys)
            if new.is_confirmed:
                tx.enqueue("receive_newcomer", account.id)
            else:
                await confirmations.send(runtime, tx, account.id, entry.email)
            return account
    except asyncpg.UniqueViolationError as error:
        raise taken(error) from error


async def confirm(runtime: Runtime, token: str) -> User:
    """Confirm the address that a link was sent to; a newcomer begins, or waits for approval.

    Raises Gone, Invalid (as `confirmations.confirm`).
    """
    try:
        async with runtime.transaction() as tx:
            user, is_new = await confirmations.confirm(tx, token)
            if is_new:
                await _begin(tx, user)
            return user
    except asyncpg.UniqueViolationError as error:
        raise taken(error) from error


async def confirm_by_hand(tx: Transaction, user: User) -> bool:
    """Take an address for a newcomer's without a link; gives whether it was not yet."""
    if not await users.confirm(tx.db, user.account_id, user.email):
        return False
    changed = await users.find_user(tx.db, user.account_id)
    assert changed is not None
    await _begin(tx, changed)
    return True


async def let_in(runtime: Runtime, tx: Transaction, account_id: int) -> bool:
    """Approve somebody who waits for a moderator, and tell them; gives whether they did."""
    if not await users.approve(tx.db, account_id):
        return False
    user = await users.find_user(tx.db, account_id)
    assert user is not None
    enqueue_mail(runtime, tx, user.email, "approved", user.locale, {"name": user.username})
    await _begin(tx, user)
    return True


async def _begin(tx: Transaction, user: User) -> None:
    """When nothing keeps a newcomer outside any more, others find them, and tokens work."""
    if not user.is_waiting:
        await index.index_accounts(tx.db, [user.account_id])
        events.account_changed(tx, user.account_id)
    tx.enqueue("receive_newcomer", user.account_id)


async def _use_invite(tx: Transaction, entry: Entry) -> int:
    """Use the invitation up. Raises Forbidden when somebody was faster with its last use."""
    used = await invite_store.use_invite(tx.db, hash_token(entry.invite_code), invites.MAY_INVITE)
    if used is None:
        raise Forbidden
    return used


def _check(settings: Settings, entry: Entry, *, needs_look: bool) -> None:
    needs_reason = needs_look and settings.registrations_reason_required
    too_long: Problem = ("ERR_TOO_LONG", f"is too long (maximum is {_LONGEST_REASON} characters)")
    reason = entry.reason.strip()
    refuse(
        {
            "username": username_problem(entry.username, settings),
            "email": email_problem(entry.email),
            "password": passwords.password_problem(entry.password),
            "agreement": None if entry.agreement else ("ERR_ACCEPTED", "must be accepted"),
            "reason": BLANK
            if needs_reason and not reason
            else too_long
            if len(reason) > _LONGEST_REASON
            else None,
            "date_of_birth": _age_problem(settings, entry.date_of_birth),
        }
    )


def _age_problem(settings: Settings, text: str) -> Problem | None:
    """What is wrong with a date of birth (YYYY-MM-DD), where people must be of an age."""
    years = settings.registrations_min_age
    if years is None:
        return None
    if not text:
        return BLANK
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return "ERR_INVALID", "is invalid"
    today = datetime.now(UTC).date()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return ("ERR_BELOW_LIMIT", "is below the age limit") if age < years else None
