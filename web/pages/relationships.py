"""Who follows a member and asks to; whom they follow, block and mute; and the end of each."""

from collections.abc import Awaitable, Callable

from starlette.responses import RedirectResponse, Response

from server.actions import block, follow, mute
from server.errors import Invalid, NotFound
from server.runtime import Runtime
from server.store import blocks, follows, mutes
from server.store.account_views import load_account_views
from server.store.database import Database
from server.store.pages import Page
from server.store.sessions import Session
from web.pages.forms import PageForm, read_form
from web.pages.posts import older, person_values
from web.pages.rendering import render
from web.pages.settings import for_members
from web.pagination import read_page
from web.request import Request

PATH = "/settings/relationships"
_PEOPLE = 40

Rows = list[tuple[int, int]]  # (row id, account id)
Act = Callable[[Runtime, int, int], Awaitable[None]]


async def _muted(db: Database, account_id: int, page: Page) -> Rows:
    return [(one.id, one.target_id) for one in await mutes.mute_page(db, account_id, page)]


# A list: how it is read, and what can be done with somebody on it.
_LISTS: dict[str, tuple[Callable[[Database, int, Page], Awaitable[Rows]], tuple[str, ...]]] = {
    "requests": (follows.request_page, ("accept", "reject")),
    "followers": (follows.follower_page, ("remove",)),
    "following": (follows.following_page, ("unfollow",)),
    "blocked": (blocks.block_page, ("unblock",)),
    "muted": (_muted, ("unmute",)),
}
_ACTS: dict[str, Act] = {
    "accept": follow.accept_request,
    "reject": follow.reject_request,
    "remove": follow.remove_follower,
    "unfollow": follow.unfollow_account,
    "unblock": block.unblock_account,
    "unmute": mute.unmute_account,
}


class ActForm(PageForm):
    """A button beside somebody on a list."""

    list: str = ""
    do: str = ""
    id: int = 0


@for_members
async def show(request: Request, session: Session) -> Response:
    """One of the lists. Raises NotFound for what is none."""
    db, name = request.runtime.db, request.query_params.get("list", "requests")
    if name not in _LISTS:
        raise NotFound
    page = read_page(request, _PEOPLE, _PEOPLE)
    read, acts = _LISTS[name]
    rows = await read(db, session.account_id, page)
    views = await load_account_views(db, [account_id for _, account_id in rows])
    return render(
        request,
        "relationships.html",
        session=session,
        lists=list(_LISTS),
        name=name,
        acts=acts,
        people=[(id_, person_values(views[id_], request)) for _, id_ in rows if id_ in views],
        asking=await follows.count_requests(db, session.account_id),
        older=older([row_id for row_id, _ in rows], page),
    )


@for_members
async def change(request: Request, session: Session) -> Response:
    """Do it, and back to the list."""
    form = await read_form(request, ActForm)
    if form.list not in _LISTS or form.do not in _ACTS:
        raise Invalid("This cannot be done")
    await _ACTS[form.do](request.runtime, session.account_id, form.id)
    return RedirectResponse(f"{PATH}?list={form.list}", 303)
