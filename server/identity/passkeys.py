"""Passkeys (WebAuthn, level 3): beside the password, and alone.

https://www.w3.org/TR/webauthn-3/

A challenge is random, kept in the database and good once, for a few minutes. Alone, a passkey must
have verified its user (a PIN, a finger): it is two factors then.
"""

from typing import Any

import asyncpg
import orjson
import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.errors import Invalid, NotFound
from server.identity import recovery_codes, second_factors
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.settings import Settings
from server.store import challenges, passkeys
from server.store.passkeys import Passkey
from server.store.users import User

_CHALLENGE_SECONDS = 300
_MOST = 20
_LONGEST_NAME = 60
_NEW, _SIGN_IN = "new_passkey", "passkey"


async def begin_new(runtime: Runtime, user: User) -> tuple[str, bytes]:
    """A token for the browser, and options (JSON) with which it makes a passkey. Raises Invalid."""
    known = await passkeys.list_passkeys(runtime.db, user.account_id)
    if len(known) >= _MOST:
        raise Invalid(f"Validation failed: more than {_MOST} passkeys")
    options = webauthn.generate_registration_options(
        rp_id=_host(runtime.settings),
        rp_name=runtime.settings.instance_title,
        user_id=_handle(runtime, user.account_id),
        user_name=f"{user.username}@{runtime.settings.domain}",
        user_display_name=user.username,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    token = await _keep(runtime, _NEW, user.account_id, options.challenge)
    return token, webauthn.options_to_json(options).encode()


async def add(
    runtime: Runtime, user: User, token: str, credential: dict[str, Any], name: str
) -> list[str]:
    """Keep a passkey that the browser made; gives recovery codes when it is the first factor.

    Raises Invalid for an answer that does not fit or comes twice.
    """
    begun = await challenges.use_challenge(runtime.db, hash_token(token), _NEW)
    if begun is None or begun.account_id != user.account_id:
        raise Invalid(_TOO_OLD)
    try:
        verified = webauthn.verify_registration_response(
            credential=orjson.dumps(credential).decode(),
            expected_challenge=begun.challenge,
            expected_rp_id=_host(runtime.settings),
            expected_origin=runtime.settings.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Invalid(_WRONG, detail=str(error)) from error
    try:
        async with runtime.transaction() as tx:
            await passkeys.insert_passkey(
                tx.db,
                user.account_id,
                verified.credential_id,
                verified.credential_public_key,
                verified.sign_count,
                _transports(credential),
                name.strip()[:_LONGEST_NAME] or "Passkey",
            )
            codes = await recovery_codes.make_first(tx, user.account_id)
            await second_factors.changed(runtime, tx, user, "passkey_added")
    except asyncpg.UniqueViolationError as error:
        raise Invalid("This passkey is known already.") from error
    return codes


async def begin_sign_in(runtime: Runtime, account_id: int | None) -> tuple[str, bytes]:
    """A token for the browser, and options (JSON) to sign in with: somebody's, or anybody's."""
    known = await passkeys.list_passkeys(runtime.db, account_id) if account_id else []
    alone = account_id is None
    options = webauthn.generate_authentication_options(
        rp_id=_host(runtime.settings),
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED
        if alone
        else UserVerificationRequirement.DISCOURAGED,
    )
    token = await _keep(runtime, _SIGN_IN, account_id, options.challenge)
    return token, webauthn.options_to_json(options).encode()


async def use(runtime: Runtime, token: str, credential: dict[str, Any]) -> int:
    """Account of the passkey that answered; where somebody was asked, theirs alone will do.

    Raises Invalid for an answer that does not fit, comes twice, or comes of a copied key (its
    counter went back).
    """
    begun = await challenges.use_challenge(runtime.db, hash_token(token), _SIGN_IN)
    if begun is None:
        raise Invalid(_TOO_OLD)
    alone = begun.account_id is None
    async with runtime.transaction() as tx:
        known = await passkeys.find_passkey(tx.db, _credential_id(credential))
        if known is None or begun.account_id not in {None, known.account_id}:
            raise Invalid(_WRONG)
        try:
            verified = webauthn.verify_authentication_response(
                credential=orjson.dumps(credential).decode(),
                expected_challenge=begun.challenge,
                expected_rp_id=_host(runtime.settings),
                expected_origin=runtime.settings.origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
                require_user_verification=alone,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise Invalid(_WRONG, detail=str(error)) from error
        await passkeys.note_use(tx.db, known.id, verified.new_sign_count)
        return known.account_id


async def remove(runtime: Runtime, user: User, passkey_id: int) -> None:
    """Take one's own passkey away. Raises NotFound."""
    async with runtime.transaction() as tx:
        if not await passkeys.delete_passkey(tx.db, user.account_id, passkey_id):
            raise NotFound
        await second_factors.changed(runtime, tx, user, "passkey_removed")


_TOO_OLD = "That took too long. Try again."
_WRONG = "This passkey does not fit."


async def _keep(runtime: Runtime, purpose: str, account_id: int | None, challenge: bytes) -> str:
    token = new_token()
    await challenges.insert_challenge(
        runtime.db, hash_token(token), purpose, account_id, _CHALLENGE_SECONDS, challenge
    )
    return token


def _host(settings: Settings) -> str:
    """The relying party: passkeys belong to a host, on any port."""
    return settings.authority.partition(":")[0]


def _handle(runtime: Runtime, account_id: int) -> bytes:
    """The user handle: always the same for a member, and nothing that tells who it is."""
    return runtime.cipher.derive(f"passkey-user:{account_id}")


def _descriptors(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            one.credential_id,
            transports=[AuthenticatorTransport(name) for name in one.transports],
        )
        for one in known
    ]


def _transports(credential: dict[str, Any]) -> list[str]:
    """How the browser says that the passkey is reached, as far as known."""
    response = credential.get("response")
    named = response.get("transports") if isinstance(response, dict) else None
    known = {one.value for one in AuthenticatorTransport}
    return (
        [one for one in named if isinstance(one, str) and one in known]
        if isinstance(named, list)
        else []
    )


def _credential_id(credential: dict[str, Any]) -> bytes:
    try:
        return webauthn.base64url_to_bytes(str(credential.get("rawId", "")))
    except ValueError as error:
        raise Invalid(_WRONG) from error
