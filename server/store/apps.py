"""Client applications (RFC 6749, 2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class App:
    """A registered application; its secret is stored as a hash."""

    id: int
    client_id: str
    secret_hash: bytes
    name: str
    website: str | None
    redirect_uris: list[str]
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class AllowedApp:
    """An application that may act for a member; `scopes` are those of all its tokens."""

    id: int
    name: str
    website: str | None
    scopes: list[str]
    first_allowed_at: datetime
    last_used_at: datetime | None


_COLUMNS = "id, client_id, secret_hash, name, website, redirect_uris, scopes"


async def insert_app(
    db: Database,
    client_id: str,
    secret_hash: bytes,
    name: str,
    website: str | None,
    redirect_uris: list[str],
    scopes: list[str],
) -> App:
    """Register an application."""
    return App(
        **await db.fetchrow(
            f"""
            INSERT INTO apps (client_id, secret_hash, name, website, redirect_uris, scopes)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING {_COLUMNS}
            """,
            client_id,
            secret_hash,
            name,
            website,
            redirect_uris,
            scopes,
        )
    )


async def find_app(db: Database, client_id: str) -> App | None:
    """The application with that client id."""
    return _app(await db.fetchrow(f"SELECT {_COLUMNS} FROM apps WHERE client_id = $1", client_id))


async def find_app_by_id(db: Database, app_id: int) -> App | None:
    """The application with that row id."""
    return _app(await db.fetchrow(f"SELECT {_COLUMNS} FROM apps WHERE id = $1", app_id))


async def list_allowed(db: Database, account_id: int) -> list[AllowedApp]:
    """Applications with tokens of a member, the one used last first."""
    rows = await db.fetch(
        """
        SELECT p.id, p.name, p.website, t.scopes, t.first_allowed_at, t.last_used_at
        FROM apps p JOIN (
            SELECT app_id, array_agg(DISTINCT scope ORDER BY scope) AS scopes,
                min(created_at) AS first_allowed_at, max(last_used_at) AS last_used_at
            FROM tokens, unnest(scopes) AS scope WHERE account_id = $1 GROUP BY app_id) t
            ON t.app_id = p.id
        ORDER BY t.last_used_at DESC NULLS LAST, p.id DESC
        """,
        account_id,
    )
    return [AllowedApp(**row) for row in rows]


async def get_own_app(db: Database, scopes: list[str]) -> int:
    """Id of the application in whose name the command line makes tokens."""
    return int(
        await db.fetchval(
            """
            INSERT INTO apps (client_id, secret_hash, name, redirect_uris, scopes)
            VALUES ('command-line', '', 'Command line', '{}', $1)
            ON CONFLICT ON CONSTRAINT apps_client_id_unique DO UPDATE SET name = apps.name
            RETURNING id
            """,
            scopes,
        )
    )


def _app(row: Any) -> App | None:
    return None if row is None else App(**row)
