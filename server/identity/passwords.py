"""Passwords as Argon2id hashes, with OWASP's least parameters (19 MiB, two passes)."""

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import Invalid
from server.runtime import Runtime

SHORTEST = 8
LONGEST = 128
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when there is no such user, so that the time tells nothing.
_NOBODY = _HASHER.hash("nobody has this password")


def check_password(password: str) -> None:
    """Raises Invalid for one that is too short or too long."""
    if len(password) < SHORTEST:
        problem = ("ERR_TOO_SHORT", f"is too short (minimum is {SHORTEST} characters)")
    elif len(password) > LONGEST:
        problem = ("ERR_TOO_LONG", f"is too long (maximum is {LONGEST} characters)")
    else:
        return
    raise Invalid(f"Validation failed: Password {problem[1]}", {"password": [problem]})


async def hash_password(runtime: Runtime, password: str) -> str:
    """The hash to store; some 25 ms in a thread."""
    return await runtime.offload(_HASHER.hash, password)


async def is_password(runtime: Runtime, stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long when none is stored."""
    is_right = await runtime.offload(_verify, stored or _NOBODY, password)
    return is_right and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
