"""The pages with which members look after their account: which there are, and who may see them."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.responses import RedirectResponse, Response

from server.store.sessions import Session
from web.pages import sessions
from web.request import Request

# One line a page: where it is, and its name in the locales. All of them show this as a menu of
# three lists: what others see and what one meets, who comes in, what is taken along or away.
SETTINGS_PAGES = (
    (
        ("/settings/profile", "settings_profile.title"),
        ("/settings/preferences", "preferences.title"),
        ("/settings/relationships", "relationships.title"),
        ("/settings/hashtags", "names.hashtags"),
        ("/settings/languages", "names.languages"),
        ("/settings/filters", "filters.title"),
        ("/settings/domains", "names.domains"),
        ("/settings/mail", "mail.title"),
    ),
    (
        ("/settings/account", "account.title"),
        ("/settings/security", "security.title"),
        ("/settings/apps", "apps.title"),
        ("/settings/invites", "invites.title"),
        ("/disputes/strikes", "disputes.title"),
    ),
    (
        ("/settings/export", "transfer.export"),
        ("/settings/imports", "transfer.import"),
        ("/settings/migration", "moving.title"),
        ("/settings/aliases", "moving.aliases_title"),
        ("/severed_relationships", "severed.title"),
        ("/settings/automatic-deletion", "deletion.title"),
        ("/settings/delete", "leaving.title"),
    ),
)
_FIRST = SETTINGS_PAGES[0][0][0]

MemberPage = Callable[[Request, Session], Awaitable[Response]]
Page = Callable[[Request], Awaitable[Response]]


def for_members(page: MemberPage) -> Page:
    """A page for who is signed in; others sign in first and come back."""
    return _with_session(page, allowed=(None,))


def for_securing(page: MemberPage) -> Page:
    """The same, open also to who may do nothing before they have a second factor."""
    return _with_session(page, allowed=(None, "missing_2fa"))


def for_movers(page: MemberPage) -> Page:
    """The same, open also to who has moved away."""
    return _with_session(page, allowed=(None, "moved"))


async def show_first(_: Request) -> Response:
    """Settings begin with the profile."""
    return RedirectResponse(_FIRST, 302)


def _with_session(page: MemberPage, allowed: tuple[str | None, ...]) -> Page:
    @wraps(page)
    async def shown(request: Request) -> Response:
        session = await sessions.anybody(request)
        if session is None or session.state not in allowed:
            return sessions.to_sign_in(_way_back(request))
        return await page(request, session)

    return shown


def _way_back(request: Request) -> str:
    """The page that was asked for; what a form wanted to change is lost, its page is not."""
    path, query = request.url.path, request.url.query
    if request.method == "GET":
        return f"{path}?{query}" if query else path
    return next(
        (page for pages in SETTINGS_PAGES for page, _ in pages if path.startswith(page)), _FIRST
    )
