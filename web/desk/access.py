"""Who may come to the moderators' desk: members whose role allows what a page is for."""

from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from starlette.responses import Response

from server.errors import Forbidden
from server.identity.permissions import Permission, allows
from server.moderation import ranks
from server.store.sessions import Session
from server.text.times import zone_of
from web.auth import SignInFirst
from web.desk.menu import STAFF, menu
from web.pages import sessions
from web.pages.rendering import render
from web.request import Request


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who is at the desk, and what they may do."""

    session: Session
    permissions: int
    zone: tzinfo  # of the clock by which they read and write times

    @property
    def id(self) -> int:
        """Of the account."""
        return self.session.account_id

    def may(self, *names: str) -> bool:
        """Whether the role has a permission, by its name; one of several."""
        return any(allows(self.permissions, Permission[name]) for name in names)

    async def upon(self, request: Request, account_id: int) -> "Moderator":
        """The same with what they may do to that account: nothing, unless it is below them."""
        is_below = await ranks.is_below(request.runtime.db, self.id, account_id)
        return self if is_below else replace(self, permissions=0)


async def admit(request: Request, needed: Permission = STAFF) -> Moderator:
    """The moderator who asks. Raises SignInFirst, Forbidden."""
    session = await sessions.current(request)
    if session is None:
        raise SignInFirst
    if not allows(session.permissions, needed):
        raise Forbidden
    zone = zone_of(session.time_zone, request.runtime.settings.instance_time_zone)
    return Moderator(session, session.permissions, zone)


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
        menu=menu(moderator.permissions, request.url.path),
        **values,
    )
