"""Roles: what members may do beyond their own account."""

from dataclasses import dataclass

from server.errors import NotFound
from server.store.database import Database

EVERYONE = -99
MODERATOR = 1
ADMIN = 2
OWNER = 3
BY_NAME = {"member": EVERYONE, "moderator": MODERATOR, "admin": ADMIN, "owner": OWNER}
BUILT_IN = frozenset(BY_NAME.values())


@dataclass(frozen=True, slots=True)
class Role:
    """A row of roles; `permissions` are the bits of identity/permissions.py."""

    id: int
    name: str
    color: str
    permissions: int
    position: int
    highlighted: bool
    require_2fa: bool = False


_COLUMNS = "id, name, color, permissions, position, highlighted, require_2fa"
# As JSON of a joined table, for views that carry a role along.
AS_JSON = """
    CASE WHEN roles.id IS NOT NULL THEN jsonb_build_object(
        'id', roles.id, 'name', roles.name, 'color', roles.color,
        'permissions', granted(roles), 'position', roles.position,
        'highlighted', roles.highlighted) END
"""


async def role_of(db: Database, account_id: int) -> Role | None:
    """The role of a member; None for who is none."""
    row = await db.fetchrow(
        """
        SELECT r.id, r.name, r.color, granted(r) AS permissions, r.position, r.highlighted
        FROM users u JOIN roles r ON r.id = u.role_id WHERE u.account_id = $1
        """,
        account_id,
    )
    return None if row is None else Role(**row)


async def permissions_of(db: Database, role_id: int) -> int:
    """What a role allows; 0 for none."""
    found = await db.fetchval("SELECT permissions FROM roles WHERE id = $1", role_id)
    return int(found or 0)


async def members_with(db: Database, permissions: int) -> list[int]:
    """Ids of the members whose role has one of these bits and who may log in."""
    rows = await db.fetch(
        """
        SELECT u.account_id FROM users u
        JOIN roles r ON r.id = u.role_id JOIN accounts a ON a.id = u.account_id
        WHERE granted(r) & $1 <> 0 AND u.disabled_at IS NULL AND a.suspended_at IS NULL
        ORDER BY u.account_id
        """,
        permissions,
    )
    return [row["account_id"] for row in rows]


async def members_of(db: Database, role_id: int) -> list[int]:
    """Ids of the members whom a role is about: with EVERYONE all of them."""
    rows = await db.fetch(
        "SELECT account_id FROM users WHERE role_id = $1 OR $1 = $2", role_id, EVERYONE
    )
    return [row["account_id"] for row in rows]


async def list_roles(db: Database) -> list[Role]:
    """All roles, the lowest first, with what each says itself: everyone's bits come on top."""
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM roles ORDER BY position, id")
    return [Role(**row) for row in rows]


async def get_role(db: Database, role_id: int) -> Role:
    """One, with what it says itself. Raises NotFound."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM roles WHERE id = $1", role_id)
    if row is None:
        raise NotFound
    return Role(**row)


async def find_role(db: Database, name: str) -> Role | None:
    """One by its name, or by the name that the command line has for it."""
    row = await db.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM roles WHERE id = $2 OR $2 IS NULL AND lower(name) = lower($1)
        """,
        name,
        BY_NAME.get(name),
    )
    return None if row is None else Role(**row)


async def count_members(db: Database) -> dict[int, int]:
    """How many have each role; one query."""
    rows = await db.fetch("SELECT role_id, count(*) AS count FROM users GROUP BY role_id")
    return {row["role_id"]: row["count"] for row in rows}


async def insert_role(db: Database, role: Role) -> int:
    """A new role; gives its id. Raises asyncpg.UniqueViolationError for a name that there is."""
    return int(
        await db.fetchval(
            """
            INSERT INTO roles (name, color, permissions, position, highlighted, require_2fa)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
            """,
            role.name,
            role.color,
            role.permissions,
            role.position,
            role.highlighted,
            role.require_2fa,
        )
    )


async def update_role(db: Database, role: Role) -> None:
    """Make it another one. Raises as insert_role."""
    await db.execute(
        """
        UPDATE roles SET name = $2, color = $3, permissions = $4, position = $5, highlighted = $6,
            require_2fa = $7, updated_at = now()
        WHERE id = $1
        """,
        role.id,
        role.name,
        role.color,
        role.permissions,
        role.position,
        role.highlighted,
        role.require_2fa,
    )


async def delete_role(db: Database, role_id: int) -> None:
    """Take a role away; who had it has that of everyone."""
    await db.execute("DELETE FROM roles WHERE id = $1", role_id)


async def set_permission(db: Database, role_id: int, bit: int, *, is_on: bool) -> None:
    """Add one bit of identity/permissions.py to what a role says itself, or take it away."""
    await db.execute(
        """
        UPDATE roles SET updated_at = now(), permissions =
            CASE WHEN $3 THEN permissions | $2 ELSE permissions & ~$2::bigint END
        WHERE id = $1
        """,
        role_id,
        bit,
        is_on,
    )


async def set_role(db: Database, account_id: int, role_id: int) -> None:
    """Give a member a role in place of the one before."""
    await db.execute("UPDATE users SET role_id = $2 WHERE account_id = $1", account_id, role_id)


async def set_require_2fa(db: Database, role_id: int, *, is_demanded: bool) -> None:
    """Whether a role demands a second factor."""
    await db.execute(
        "UPDATE roles SET require_2fa = $2, updated_at = now() WHERE id = $1", role_id, is_demanded
    )
