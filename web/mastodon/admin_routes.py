"""Every address of the Admin API, its function and what it takes to call it."""

from collections.abc import Iterable

from server.identity.permissions import Permission
from web.auth import admin
from web.mastodon import (
    admin_accounts,
    admin_barriers,
    admin_dashboard,
    admin_domains,
    admin_reports,
    admin_trends,
)
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
_IPS = (
    ("GET", "ip_blocks", admin_barriers.ips),
    ("POST", "ip_blocks", admin_barriers.create_ip),
    ("GET", "ip_blocks/{id}", admin_barriers.show_ip),
    ("PUT", "ip_blocks/{id}", admin_barriers.update_ip),
    ("DELETE", "ip_blocks/{id}", admin_barriers.delete_ip),
)
_EMAIL_DOMAINS = (
    ("GET", "email_domain_blocks", admin_barriers.email_domains),
    ("POST", "email_domain_blocks", admin_barriers.create_email_domain),
    ("GET", "email_domain_blocks/{id}", admin_barriers.show_email_domain),
    ("DELETE", "email_domain_blocks/{id}", admin_barriers.delete_email_domain),
)
_EMAILS = (
    ("GET", "canonical_email_blocks", admin_barriers.emails),
    ("POST", "canonical_email_blocks", admin_barriers.create_email),
    ("POST", "canonical_email_blocks/test", admin_barriers.test_email),
    ("GET", "canonical_email_blocks/{id}", admin_barriers.show_email),
    ("DELETE", "canonical_email_blocks/{id}", admin_barriers.delete_email),
)
_ACCOUNTS = (
    ("GET", "accounts", admin_accounts.index_v1),
    ("GET", "accounts/{id}", admin_accounts.show),
    ("POST", "accounts/{id}/action", admin_accounts.take_action),
    ("POST", "accounts/{id}/approve", admin_accounts.approve),
    ("POST", "accounts/{id}/reject", admin_accounts.reject),
    ("POST", "accounts/{id}/enable", admin_accounts.enable),
    ("POST", "accounts/{id}/unsilence", admin_accounts.unsilence),
    ("POST", "accounts/{id}/unsensitive", admin_accounts.unsensitive),
    ("POST", "accounts/{id}/unsuspend", admin_accounts.unsuspend),
)
_ERASURES = (("DELETE", "accounts/{id}", admin_accounts.delete),)
_REPORTS = (
    ("GET", "reports", admin_reports.index),
    ("GET", "reports/{id}", admin_reports.show),
    ("PUT", "reports/{id}", admin_reports.update),
    ("POST", "reports/{id}/assign_to_self", admin_reports.assign_to_self),
    ("POST", "reports/{id}/unassign", admin_reports.unassign),
    ("POST", "reports/{id}/resolve", admin_reports.resolve),
    ("POST", "reports/{id}/reopen", admin_reports.reopen),
)
_REVIEWS = (
    ("GET", "trends/tags", admin_trends.trending_tags),
    ("POST", "trends/tags/{id}/approve", admin_trends.approve_tag),
    ("POST", "trends/tags/{id}/reject", admin_trends.reject_tag),
    ("GET", "trends/statuses", admin_trends.trending_statuses),
    ("POST", "trends/statuses/{id}/approve", admin_trends.approve_status),
    ("POST", "trends/statuses/{id}/reject", admin_trends.reject_status),
    ("GET", "trends/links", admin_trends.trending_links),
    ("GET", "trends/links/publishers", admin_trends.all_publishers),
    ("POST", "trends/links/publishers/{id}/approve", admin_trends.approve_publisher),
    ("POST", "trends/links/publishers/{id}/reject", admin_trends.reject_publisher),
    ("POST", "trends/links/{id}/approve", admin_trends.approve_link),
    ("POST", "trends/links/{id}/reject", admin_trends.reject_link),
    ("GET", "tags", admin_trends.all_tags),
    ("GET", "tags/{id}", admin_trends.show_tag),
    ("PUT", "tags/{id}", admin_trends.update_tag),
)
_DASHBOARD = (
    ("POST", "measures", admin_dashboard.show_measures),
    ("POST", "dimensions", admin_dashboard.show_dimensions),
    ("POST", "retention", admin_dashboard.show_retention),
)
# These change nothing.
_READING_POSTS = ("canonical_email_blocks/test", "measures", "dimensions", "retention")


def _rows(
    table: Iterable[tuple[str, str, Endpoint]], permission: Permission, kind: str = ""
) -> list[Row]:
    """Rows whose scopes are `admin:read:KIND` and `admin:write:KIND`, or the whole of these."""
    found = []
    for method, path, endpoint in table:
        is_reading = method == "GET" or path in _READING_POSTS
        scope = f"admin:{'read' if is_reading else 'write'}{kind and f':{kind}'}"
        found.append(Row(method, f"/api/v1/admin/{path}", endpoint, admin(permission, scope)))
    return found


ADMIN_ROUTES = [
    *_rows(_BLOCKS, Permission.MANAGE_FEDERATION, "domain_blocks"),
    *_rows(_ALLOWS, Permission.MANAGE_FEDERATION, "domain_allows"),
    *_rows(_IPS, Permission.MANAGE_BLOCKS, "ip_blocks"),
    *_rows(_EMAIL_DOMAINS, Permission.MANAGE_BLOCKS, "email_domain_blocks"),
    *_rows(_EMAILS, Permission.MANAGE_BLOCKS, "canonical_email_blocks"),
    *_rows(_ACCOUNTS, Permission.MANAGE_USERS, "accounts"),
    *_rows(_ERASURES, Permission.DELETE_USER_DATA, "accounts"),
    *_rows(_REPORTS, Permission.MANAGE_REPORTS, "reports"),
    *_rows(_REVIEWS, Permission.MANAGE_TAXONOMIES),
    *_rows(_DASHBOARD, Permission.VIEW_DASHBOARD),
    Row(
        "GET",
        "/api/v2/admin/accounts",
        admin_accounts.index_v2,
        admin(Permission.MANAGE_USERS, "admin:read:accounts"),
    ),
]
