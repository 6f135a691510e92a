"""What a token may do: Mastodon's scopes."""

from functools import lru_cache

from server.errors import Invalid

_READ = (
    "accounts", "blocks", "bookmarks", "collections", "favourites", "filters", "follows", "lists",
    "mutes", "notifications", "search", "statuses",
)  # fmt: skip
_WRITE = (
    "accounts", "blocks", "bookmarks", "collections", "conversations", "favourites", "filters",
    "follows", "lists", "media", "mutes", "notifications", "reports", "statuses",
)  # fmt: skip
_ADMIN = (
    "accounts", "reports", "domain_allows", "domain_blocks", "ip_blocks", "email_domain_blocks",
    "canonical_email_blocks",
)  # fmt: skip

SCOPES = (
    "profile", "read", "write", "follow", "push", "admin:read", "admin:write",
    *(f"read:{name}" for name in _READ),
    *(f"write:{name}" for name in _WRITE),
    *(f"admin:read:{name}" for name in _ADMIN),
    *(f"admin:write:{name}" for name in _ADMIN),
)  # fmt: skip
# `follow` is what clients asked for before there were parts.
_FOLLOW = ("blocks", "follows", "mutes")


def parse_scopes(text: str | None) -> list[str]:
    """Scopes out of a list with spaces, `read` when there is none. Raises Invalid for others."""
    scopes = list(dict.fromkeys((text or "read").replace("+", " ").split()))
    if not all(scope in SCOPES for scope in scopes):
        raise Invalid("Validation failed: Scopes doesn't match configured on the server.")
    return scopes


@lru_cache(maxsize=4096)
def covers(granted: frozenset[str], scope: str) -> bool:
    """Whether the scope itself or a parent of it was granted."""
    kind, _, name = scope.partition(":")
    if kind in {"read", "write"} and name in _FOLLOW and "follow" in granted:
        return True
    while scope:
        if scope in granted:
            return True
        scope = scope.rpartition(":")[0]
    return False
