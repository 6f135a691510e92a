"""Which names a member may have."""

import re

from server.identity.validation import BLANK, Problem
from server.settings import Settings

_NAME = re.compile(r"[a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?", re.IGNORECASE)
_LONGEST = 30

# Names that people would take for the instance speaking, or that are parts of addresses.
RESERVED = frozenset(
    {
        "abuse", "admin", "administrator", "api", "auth", "autoconfig", "autodiscover",
        "federation",
        "help", "helpdesk", "hostmaster", "info", "inbox", "instance", "log", "mailer-daemon",
        "media", "mod", "moderation", "moderator", "moderators", "netiquette", "noreply", "oauth",
        "owner", "pilot", "postmaster", "root", "security", "settings", "share", "static", "status",
        "support", "sysadmin", "system", "wandelgang", "webmaster",
    }
)  # fmt: skip


def username_problem(
    username: str, settings: Settings, *, may_be_reserved: bool = False
) -> Problem | None:
    """What is wrong with a name that somebody chose, in Mastodon's texts and codes."""
    if not username:
        return BLANK
    if len(username) > _LONGEST:
        return "ERR_TOO_LONG", f"is too long (maximum is {_LONGEST} characters)"
    if not (username.isascii() and _NAME.fullmatch(username)):
        return "ERR_INVALID", "must contain only letters, numbers and underscores"
    host = settings.domain.partition(":")[0]
    if username.lower() in {host, host.replace(".", "_"), host.partition(".")[0]}:
        return "ERR_RESERVED", "is reserved"
    if username.lower() in RESERVED and not may_be_reserved:
        return "ERR_RESERVED", "is reserved"
    return None
