"""Who may come to the moderators' desk: members whose role allows what a page is for."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from server.errors import Forbidden
from server.identity.permissions import Permission, allows
from server.store.sessions import Session
from web.auth import SignInFirst
from web.pages import sessions
from web.pages.rendering import render
from web.request import Request

STAFF = Permission.MANAGE_REPORTS | Permission.MANAGE_USERS


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who is at the desk."""

    session: Session

    def may(self, *names: str) -> bool:
        """Whether the role has a permission, by its name; one of several."""
        return any(allows(self.session.permissions, Permission[name]) for name in names)


async def admit(request: Request, needed: Permission = STAFF) -> Moderator:
    """The moderator who asks. Raises SignInFirst, Forbidden."""
    session = await sessions.current(request)
    if session is None:
        raise SignInFirst
    if not allows(session.permissions, needed):
        raise Forbidden
    return Moderator(session)


def desk_page(
    request: Request, moderator: Moderator, template: str, status: int = 200, **values: Any
) -> Response:
    """A page of the desk, with its navigation."""
    return render(
        request,
        f"desk/{template}.html",
        status,
        session=moderator.session,
        moderator=moderator,
        **values,
    )
