"""Passwords as Argon2id hashes, with OWASP's least parameters (19 MiB, two passes)."""

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import Forbidden
from server.identity import attempts
from server.identity.validation import BLANK, Problem, refuse
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.store import sessions, users
from server.store.users import User
from server.transaction import Transaction

_SHORTEST = 8
LONGEST = 128
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when there is no such user, so that the time tells nothing.
_NOBODY = _HASHER.hash("nobody has this password")


def check_password(password: str) -> None:
    """Raises Invalid for one that is too short or too long."""
    refuse({"password": password_problem(password)})


def password_problem(password: str) -> Problem | None:
    """What is wrong with a password that somebody chose."""
    if not password:
        return BLANK
    if len(password) < _SHORTEST:
        return "ERR_TOO_SHORT", f"is too short (minimum is {_SHORTEST} characters)"
    if len(password) > LONGEST:
        return "ERR_TOO_LONG", f"is too long (maximum is {LONGEST} characters)"
    return None


async def hash_password(runtime: Runtime, password: str) -> str:
    """The hash to store; some 25 ms in a thread."""
    return await runtime.offload(_HASHER.hash, password)


async def is_password(runtime: Runtime, stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long when none is stored."""
    is_right = await runtime.offload(_verify, stored or _NOBODY, password[: LONGEST + 1])
    return is_right and stored is not None


async def check_own_password(runtime: Runtime, user: User, password: str) -> None:
    """Whoever changes what opens an account proves that they are its member.

    Raises Forbidden for a wrong password, TooMany for guessing.
    """
    who = str(user.account_id)
    await attempts.count(runtime.db, attempts.PASSWORD_OF_MEMBER, who)
    if not await is_password(runtime, user.password_hash, password):
        raise Forbidden("The password is wrong.")
    await attempts.forget(runtime.db, attempts.PASSWORD_OF_MEMBER, who)


async def change_password(
    runtime: Runtime, user: User, old: str, new: str, session_hash: bytes
) -> None:
    """Another password: all sessions end but the one in which it is changed; the member is told.

    Raises Forbidden, Invalid, TooMany.
    """
    await check_own_password(runtime, user, old)
    check_password(new)
    hashed = await hash_password(runtime, new)
    async with runtime.transaction() as tx:
        await users.set_password(tx.db, user.account_id, hashed)
        await sessions.delete_sessions_of(tx.db, user.account_id, but=session_hash)
        tell_of_change(runtime, tx, user)


def tell_of_change(runtime: Runtime, tx: Transaction, user: User) -> None:
    """Tell a member that their password was changed, in case it was somebody else."""
    values = {"name": user.username}
    enqueue_mail(runtime, tx, user.email, "password_changed", user.locale, values)


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
