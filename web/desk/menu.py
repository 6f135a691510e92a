"""The pages of the desk: which there are, what they are called, and whom a role lets in."""

from functools import reduce
from operator import or_

from server.identity.permissions import Permission, allows

STAFF = Permission.MANAGE_REPORTS | Permission.MANAGE_USERS
# Who decides about appeals, helps members in again or gives roles reads whom that is about.
READERS = (
    STAFF | Permission.MANAGE_APPEALS | Permission.MANAGE_USER_ACCESS | Permission.MANAGE_ROLES
)

# One line a page: where it is, its name in the locales, and of what a role needs one.
_PAGES = (
    (
        ("/desk", "desk.reports", Permission.MANAGE_REPORTS),
        ("/desk/accounts", "desk.people", READERS),
        ("/desk/presets", "desk.presets", STAFF),
        ("/desk/invites", "invites.title", Permission.MANAGE_INVITES),
        ("/desk/barriers", "barriers.title", Permission.MANAGE_BLOCKS),
        ("/desk/log", "desk.log", Permission.VIEW_AUDIT_LOG),
    ),
    (
        ("/desk/announcements", "announcements.title", Permission.MANAGE_ANNOUNCEMENTS),
        ("/desk/trends", "trends.title", Permission.MANAGE_TAXONOMIES),
        ("/desk/emojis", "emojis.title", Permission.MANAGE_CUSTOM_EMOJIS),
        ("/desk/rules", "rules.title", Permission.MANAGE_RULES),
        ("/desk/texts", "texts.title", Permission.MANAGE_SETTINGS),
        ("/desk/roles", "roles.title", Permission.MANAGE_ROLES),
    ),
    (
        ("/desk/servers", "servers.title", Permission.MANAGE_FEDERATION),
        ("/desk/block-lists", "desk.block_lists", Permission.MANAGE_FEDERATION),
        ("/desk/strangers", "strangers.title", Permission.MANAGE_FEDERATION),
        ("/desk/relays", "relays.title", Permission.MANAGE_FEDERATION),
    ),
)
# Who has something to do here at all.
ANY = reduce(or_, (needed for pages in _PAGES for _, _, needed in pages))


def first_page(permissions: int) -> str | None:
    """Where the desk begins for a role; None for one that has nothing to do there."""
    return next((path for pages in _opened(permissions) for path, _ in pages), None)


def menu(permissions: int, path: str) -> list[list[tuple[str, str, bool]]]:
    """What a role opens, in groups: address, name, and whether `path` stands there."""
    opened = _opened(permissions)
    places = [page for pages in opened for page, _ in pages if f"{path}/".startswith(f"{page}/")]
    here = max(places, key=len, default="")
    return [[(page, name, page == here) for page, name in pages] for pages in opened]


def _opened(permissions: int) -> list[list[tuple[str, str]]]:
    groups = [
        [(path, name) for path, name, needed in pages if allows(permissions, needed)]
        for pages in _PAGES
    ]
    return [group for group in groups if group]
