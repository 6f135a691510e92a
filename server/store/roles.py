"""Roles: what members may do beyond their own account."""

from dataclasses import dataclass

from server.store.database import Database

EVERYONE = -99
MODERATOR = 1
ADMIN = 2
OWNER = 3
BY_NAME = {"member": EVERYONE, "moderator": MODERATOR, "admin": ADMIN, "owner": OWNER}


@dataclass(frozen=True, slots=True)
class Role:
    """A row of roles; `permissions` are the bits of identity/permissions.py."""

    id: int
    name: str
    color: str
    permissions: int
    position: int
    highlighted: bool


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
    rows = await db.fetch(
        """
        SELECT id, name, color, permissions, position, highlighted FROM roles ORDER BY position
        """
    )
    return [Role(**row) for row in rows]


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
