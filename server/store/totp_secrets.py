"""Secrets of authenticator apps, encrypted with the instance's key."""

from server.store.database import Database, affected


async def put_secret(db: Database, account_id: int, sealed: bytes) -> bool:
    """A secret that is shown and not proven yet; gives whether none is in use already."""
    tag = await db.execute(
        """
        INSERT INTO totp_secrets AS s (account_id, secret_sealed) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET secret_sealed = excluded.secret_sealed, last_step = 0
        WHERE s.confirmed_at IS NULL
        """,
        account_id,
        sealed,
    )
    return affected(tag) > 0


async def find_secret(db: Database, account_id: int, *, is_confirmed: bool) -> bytes | None:
    """The sealed secret that is in use, or the one that is being set up."""
    found: bytes | None = await db.fetchval(
        """
        SELECT secret_sealed FROM totp_secrets
        WHERE account_id = $1 AND (confirmed_at IS NOT NULL) = $2
        """,
        account_id,
        is_confirmed,
    )
    return found


async def confirm_secret(db: Database, account_id: int) -> None:
    """The member proved that they have the secret: from now on it is asked for."""
    await db.execute(
        "UPDATE totp_secrets SET confirmed_at = now() WHERE account_id = $1", account_id
    )


async def use_step(db: Database, account_id: int, step: int) -> bool:
    """Take the code of a time step; gives whether it and all later ones are untaken."""
    tag = await db.execute(
        "UPDATE totp_secrets SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
        account_id,
        step,
    )
    return affected(tag) > 0


async def delete_secret(db: Database, account_id: int) -> bool:
    """Ask for no code any more; gives whether one was asked for."""
    tag = await db.execute("DELETE FROM totp_secrets WHERE account_id = $1", account_id)
    return affected(tag) > 0
