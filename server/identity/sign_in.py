"""Coming in: the password, then a second factor where a member has one."""

from datetime import UTC, datetime

from server.identity import attempts, passwords, recovery_codes, second_factors, totp
from server.identity.attempts import SECOND_FACTOR, SIGN_IN_BY_LOGIN, SIGN_IN_BY_NETWORK
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.store import challenges, sessions, users
from server.store.users import User
from server.text.times import on_clock, zone_of
from server.transaction import Transaction

_STEP = "second_factor"
_STEP_SECONDS = 600


async def find_by_password(runtime: Runtime, login: str, password: str, ip: str) -> User | None:
    """The member with that name or address and that password.

    A wrong name takes as long as a wrong password. Raises TooMany for guessing: by who asks, and
    by who is asked for, whichever of their names is used. Where a member has been before, tries
    are counted apart, so that strangers who guess elsewhere do not lock them out.
    """
    user, network = await users.find_by_login(runtime.db, login), attempts.network_of(ip)
    account_id = user.account_id if user else 0
    is_theirs = ip != "" and await sessions.was_at(runtime.db, account_id, network)
    place = f" at {network}" if is_theirs else ""
    # Nobody is counted as a member by typing what members are counted as.
    asked_for = f"account {account_id}{place}" if user else f"login {login}"
    keys = ((SIGN_IN_BY_NETWORK, network), (SIGN_IN_BY_LOGIN, asked_for))
    for limit, subject in keys:
        await attempts.count(runtime.db, limit, subject)
    stored = user.password_hash if user else None
    is_right = await passwords.is_password(runtime, stored, password)
    if user is None or not is_right:
        return None
    await attempts.take_back(runtime.db, *keys[0])
    await attempts.forget(runtime.db, *keys[1])
    return user


async def begin_second_step(runtime: Runtime, account_id: int) -> str:
    """A token for a browser whose password was right, good until the second factor comes."""
    token = new_token()
    await challenges.insert_challenge(
        runtime.db, hash_token(token), _STEP, account_id, _STEP_SECONDS
    )
    return token


async def second_step_of(runtime: Runtime, token: str) -> int | None:
    """Account whose password came from this browser."""
    found = await challenges.find_challenge(runtime.db, hash_token(token), _STEP)
    return found.account_id if found else None


async def use_second_factor(runtime: Runtime, account_id: int, code: str) -> bool:
    """Whether this is the code of the member's app, or one of their recovery codes (used up now).

    Raises TooMany for guessing.
    """
    who = str(account_id)
    await attempts.count(runtime.db, SECOND_FACTOR, who)
    async with runtime.transaction() as tx:
        is_right = await totp.use_code(runtime, tx.db, account_id, code)
        if not is_right and await recovery_codes.use_code(tx.cipher, tx.db, account_id, code):
            user = await users.find_user(tx.db, account_id)
            assert user is not None
            second_factors.tell(runtime, tx, user, "code_used")
            is_right = True
        if is_right:
            await attempts.forget(tx.db, SECOND_FACTOR, who)
    return is_right


async def begin_session(runtime: Runtime, account_id: int, user_agent: str, ip: str) -> str:
    """A session under a new token, so that nobody can plant one before; ends the second step."""
    token = new_token()
    async with runtime.transaction() as tx:
        await challenges.delete_challenges_of(tx.db, account_id)
        await _tell_of_new_place(runtime, tx, account_id, user_agent, ip)
        await sessions.insert_session(tx.db, hash_token(token), account_id, user_agent[:200], ip)
        await users.note_sign_in(tx.db, account_id, ip)
    return token


async def _tell_of_new_place(
    runtime: Runtime, tx: Transaction, account_id: int, user_agent: str, ip: str
) -> None:
    """Mail a member whose account has its password alone, when it is used from a new address."""
    if not ip or await sessions.is_known_place(tx.db, account_id, attempts.network_of(ip)):
        return
    user = await users.find_user(tx.db, account_id)
    assert user is not None
    if not user.has_second_factor:
        zone = zone_of(user.time_zone, runtime.settings.instance_time_zone)
        values = {
            "name": user.username,
            "address": ip,
            "browser": user_agent[:200] or "?",
            "time": on_clock(datetime.now(UTC), zone),
        }
        enqueue_mail(runtime, tx, user.email, "new_place", user.locale, values)
