"""Client applications (RFC 6749, 2)."""

from dataclasses import dataclass
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
