"""Addresses that apps and browsers open, mostly Mastodon's, and ours for them."""

from collections.abc import Awaitable, Callable

from starlette.responses import RedirectResponse, Response

from web.pages.sessions import local_path
from web.request import Request

DETOURS = {
    "/.well-known/change-password": "/settings/account",
    "/favicon.ico": "/static/icon.svg",
    "/auth/edit": "/settings/account",
    "/auth/confirmation/new": "/auth/setup",
    "/settings/preferences/appearance": "/settings/preferences",
    "/settings/preferences/posting_defaults": "/settings/preferences",
    "/settings/preferences/other": "/settings/languages",
    "/settings/preferences/notifications": "/settings/mail",
    "/settings/privacy": "/settings/profile",
    "/settings/verification": "/settings/profile",
    "/settings/two_factor_authentication_methods": "/settings/security",
    "/settings/otp_authentication": "/settings/security",
    "/settings/login_activities": "/settings/security",
    "/settings/applications": "/settings/apps",
    "/settings/import": "/settings/imports",
    "/oauth/authorized_applications": "/settings/apps",
    "/relationships": "/settings/relationships",
    "/follow_requests": "/settings/relationships",
    "/blocks": "/settings/relationships?list=blocked",
    "/mutes": "/settings/relationships?list=muted",
    "/followed_tags": "/settings/hashtags",
    "/settings/featured_tags": "/settings/hashtags",
    "/domain_blocks": "/settings/domains",
    "/filters": "/settings/filters",
    "/filters/{id}/edit": "/settings/filters/{id}",
    "/invites": "/settings/invites",
    "/statuses_cleanup": "/settings/automatic-deletion",
    "/authorize_follow": "/authorize_interaction",
    "/about/more": "/about",
    "/terms": "/privacy-policy",
    "/home": "/",
    "/explore": "/",
    "/public": "/",
    "/public/local": "/",
    "/public/remote": "/",
    "/search": "/",
    "/notifications": "/",
    "/conversations": "/",
    "/bookmarks": "/",
    "/favourites": "/",
    "/lists": "/",
    "/getting-started": "/",
    "/publish": "/share",
    "/admin": "/desk",
    "/admin/dashboard": "/desk",
    "/admin/action_logs": "/desk/log",
    "/admin/warning_presets": "/desk/presets",
    "/admin/tags/{id}": "/desk/trends/tags/{id}",
    "/admin/settings/about": "/desk/texts",
    "/admin/reports": "/desk",
    "/admin/reports/{id}": "/desk/reports/{id}",
    "/admin/accounts": "/desk/accounts",
    "/admin/accounts/{id}": "/desk/accounts/{id}",
    "/admin/announcements": "/desk/announcements",
    "/admin/instances": "/desk/servers",
    "/admin/ip_blocks": "/desk/barriers",
    "/admin/email_domain_blocks": "/desk/barriers?list=domains",
    "/admin/trends/tags": "/desk/trends?list=tags",
    "/admin/trends/statuses": "/desk/trends?list=posts",
    "/admin/trends/links": "/desk/trends?list=links",
    "/admin/trends/links/publishers": "/desk/trends?list=sites",
    "/admin/invites": "/desk/invites",
    "/admin/relays": "/desk/relays",
    "/admin/custom_emojis": "/desk/emojis",
    "/admin/roles": "/desk/roles",
    "/admin/rules": "/desk/rules",
    "/admin/terms_of_service": "/desk/texts",
    "/@{username}/collections": "/@{username}/featured",
    "/users/{username}": "/@{username}",
    "/users/{username}/followers": "/@{username}/followers",
    "/users/{username}/following": "/@{username}/following",
    "/users/{username}/statuses/{id}": "/@{username}/{id}",
    "/web": "/",
    "/web/{path:path}": "/{path}",
    "/deck": "/",
    "/deck/{path:path}": "/{path}",
}


def detour(target: str) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that leads there, with what the path and the query say."""

    async def lead(request: Request) -> Response:
        place = target.format_map(request.path_params)
        query = f"?{request.url.query}" if request.url.query and "?" not in place else ""
        return RedirectResponse(local_path(f"{place}{query}"), 302)

    return lead
