"""Every address of the Admin API, its function and what it takes to call it."""

from collections.abc import Iterable

from server.identity.permissions import Permission
from web.auth import admin
from web.mastodon import admin_domains
from web.routing import Endpoint, Row

_BLOCKS = (
    ("GET", "domain_blocks", admin_domains.blocks),
    ("POST", "domain_blocks", admin_domains.create_block),
    ("GET", "domain_blocks/{id}", admin_domains.show_block),
    ("PUT", "domain_blocks/{id}", admin_domains.update_block),
    ("DELETE", "domain_blocks/{id}", admin_domains.delete_block),
)
_ALLOWS = (
    ("GET", "domain_allows", admin_domains.allows),
    ("POST", "domain_allows", admin_domains.create_allow),
    ("GET", "domain_allows/{id}", admin_domains.show_allow),
    ("DELETE", "domain_allows/{id}", admin_domains.delete_allow),
)


def _rows(
    table: Iterable[tuple[str, str, Endpoint]], permission: Permission, kind: str
) -> list[Row]:
    """Rows whose scopes are `admin:read:KIND` and `admin:write:KIND`."""
    return [
        Row(
            method,
            f"/api/v1/admin/{path}",
            endpoint,
            admin(permission, f"admin:{'read' if method == 'GET' else 'write'}:{kind}"),
        )
        for method, path, endpoint in table
    ]


ADMIN_ROUTES = [
    *_rows(_BLOCKS, Permission.MANAGE_FEDERATION, "domain_blocks"),
    *_rows(_ALLOWS, Permission.MANAGE_FEDERATION, "domain_allows"),
]
