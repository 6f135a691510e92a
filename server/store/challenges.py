"""What a browser has begun and must finish soon: kept here, so that it is good once."""

from dataclasses import dataclass

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Challenge:
    """`challenge` is what a passkey signs; `account_id` is None while nobody is known."""

    account_id: int | None
    challenge: bytes


async def insert_challenge(
    db: Database,
    token_hash: bytes,
    purpose: str,
    account_id: int | None,
    seconds: int,
    challenge: bytes = b"",
) -> None:
    """Begin; whoever comes back with the token within so many seconds may go on."""
    await db.execute(
        """
        INSERT INTO challenges (token_hash, purpose, account_id, challenge, expires_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
        """,
        token_hash,
        purpose,
        account_id,
        challenge,
        float(seconds),
    )


async def find_challenge(db: Database, token_hash: bytes, purpose: str) -> Challenge | None:
    """What was begun, while it may be finished."""
    row = await db.fetchrow(
        """
        SELECT account_id, challenge FROM challenges
        WHERE token_hash = $1 AND purpose = $2 AND expires_at > now()
        """,
        token_hash,
        purpose,
    )
    return None if row is None else Challenge(**row)


async def use_challenge(db: Database, token_hash: bytes, purpose: str) -> Challenge | None:
    """What was begun, finished by this."""
    row = await db.fetchrow(
        """
        DELETE FROM challenges WHERE token_hash = $1 AND purpose = $2 AND expires_at > now()
        RETURNING account_id, challenge
        """,
        token_hash,
        purpose,
    )
    return None if row is None else Challenge(**row)


async def delete_challenges_of(db: Database, account_id: int) -> None:
    """Nothing that was begun for a member can be finished any more."""
    await db.execute("DELETE FROM challenges WHERE account_id = $1", account_id)
