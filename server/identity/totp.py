"""Codes of authenticator apps (RFC 6238): six digits, a new one each half minute."""

import hmac
import time

import pyotp

from server.errors import Conflict, Invalid
from server.identity import attempts, recovery_codes, second_factors
from server.runtime import Runtime
from server.store import totp_secrets
from server.store.database import Database
from server.store.users import User

_STEP_SECONDS = 30
_GRACE_STEPS = 1


async def begin(runtime: Runtime, user: User) -> tuple[str, str]:
    """A new secret (base32) and the address that an app reads out of a QR code.

    It is asked for once the member proves with a code that their app has it. Raises Conflict when
    an app is set up already.
    """
    sealed = await totp_secrets.find_secret(runtime.db, user.account_id, is_confirmed=False)
    if sealed is None:
        secret = pyotp.random_base32()
        sealed = runtime.cipher.encrypt(secret.encode(), _purpose(user.account_id))
        if not await totp_secrets.put_secret(runtime.db, user.account_id, sealed):
            raise Conflict("An authenticator app is set up already.")
    secret = _open(runtime, user.account_id, sealed)
    name = f"{user.username}@{runtime.settings.domain}"
    issuer = runtime.settings.instance_title
    return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


async def enable(runtime: Runtime, user: User, code: str) -> list[str]:
    """Ask for codes from now on; gives recovery codes when these are the member's first.

    Raises Invalid for a wrong code, TooMany for guessing.
    """
    who = str(user.account_id)
    await attempts.count(runtime.db, attempts.SECOND_FACTOR, who)
    sealed = await totp_secrets.find_secret(runtime.db, user.account_id, is_confirmed=False)
    step = _step_of(_open(runtime, user.account_id, sealed), code) if sealed else None
    if step is None:
        raise Invalid("The code is wrong.")
    await attempts.forget(runtime.db, attempts.SECOND_FACTOR, who)
    async with runtime.transaction() as tx:
        await totp_secrets.confirm_secret(tx.db, user.account_id)
        await totp_secrets.use_step(tx.db, user.account_id, step)
        codes = await recovery_codes.make_first(tx, user.account_id)
        await second_factors.changed(runtime, tx, user, "totp_on")
    return codes


async def disable(runtime: Runtime, user: User) -> None:
    """Ask for no codes any more."""
    async with runtime.transaction() as tx:
        if await totp_secrets.delete_secret(tx.db, user.account_id):
            await second_factors.changed(runtime, tx, user, "totp_off")


async def use_code(runtime: Runtime, db: Database, account_id: int, code: str) -> bool:
    """Whether the code is right and comes for the first time."""
    sealed = await totp_secrets.find_secret(db, account_id, is_confirmed=True)
    step = _step_of(_open(runtime, account_id, sealed), code) if sealed else None
    return step is not None and await totp_secrets.use_step(db, account_id, step)


def _step_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, near now."""
    totp, now = pyotp.TOTP(secret), int(time.time()) // _STEP_SECONDS
    typed = "".join(code.split())
    found = None
    for step in range(now - _GRACE_STEPS, now + _GRACE_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            found = step
    return found


def _open(runtime: Runtime, account_id: int, sealed: bytes) -> str:
    return runtime.cipher.decrypt(sealed, _purpose(account_id)).decode()


def _purpose(account_id: int) -> str:
    return f"totp:{account_id}"
