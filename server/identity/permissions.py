"""What a role allows: Mastodon's permission bits."""

from enum import IntFlag


class Permission(IntFlag):
    """One bit each, as `Role.permissions` of the API adds them up (decimal, as a string)."""

    ADMINISTRATOR = 1 << 0  # everything
    VIEW_DEVOPS = 1 << 1
    VIEW_AUDIT_LOG = 1 << 2
    VIEW_DASHBOARD = 1 << 3
    MANAGE_REPORTS = 1 << 4
    MANAGE_FEDERATION = 1 << 5
    MANAGE_SETTINGS = 1 << 6
    MANAGE_BLOCKS = 1 << 7
    MANAGE_TAXONOMIES = 1 << 8
    MANAGE_APPEALS = 1 << 9
    MANAGE_USERS = 1 << 10
    MANAGE_INVITES = 1 << 11
    MANAGE_RULES = 1 << 12
    MANAGE_ANNOUNCEMENTS = 1 << 13
    MANAGE_CUSTOM_EMOJIS = 1 << 14
    MANAGE_WEBHOOKS = 1 << 15
    INVITE_USERS = 1 << 16
    MANAGE_ROLES = 1 << 17
    MANAGE_USER_ACCESS = 1 << 18
    DELETE_USER_DATA = 1 << 19
    VIEW_FEEDS = 1 << 20  # that the settings close to members
    INVITE_BYPASS_APPROVAL = 1 << 21  # who comes by their invitation needs no look
    MANAGE_EMAIL_SUBSCRIPTIONS = 1 << 22  # may let others follow by mail


def allows(permissions: int, needed: Permission) -> bool:
    """Whether a role with these bits may do that."""
    return bool(permissions & (needed | Permission.ADMINISTRATOR))
