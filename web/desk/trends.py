"""What trends: moderators say what may, and what a hashtag may be used for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.responses import RedirectResponse, Response

from federation.documents.tag import fold_hashtag
from server.errors import Invalid, NotFound
from server.identity.permissions import Permission
from server.moderation import review
from server.store import link_trends, publishers, reviewed_tags, status_views, tags, trends
from server.store.pages import Page
from server.store.reviewed_tags import ReviewedTag
from web.desk.access import Moderator, admit, desk_page
from web.desk.excerpts import excerpt
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pagination import read_offset
from web.request import Request

PATH = "/desk/trends"
_NEEDED = Permission.MANAGE_TAXONOMIES
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may trend or not; None when nobody has said so yet."""

    id: int
    url: str
    title: str
    detail: str
    trendable: bool | None


class Form(PageForm):
    """Which one may trend (or no longer), or all that is said of a hashtag."""

    approve_id: int = 0
    reject_id: int = 0
    display_name: str = ""
    usable: bool = False
    listable: bool = False
    trendable: bool = False


async def show(request: Request) -> Response:
    """One of the four lists."""
    moderator = await admit(request, _NEEDED)
    name, offset = _list(request), read_offset(request)
    if name == "tags" and (wanted := request.query_params.get("name", "").strip()):
        folded = fold_hashtag(wanted.removeprefix("#"))
        if tag_id := await tags.find_id(request.runtime.db, folded):
            return RedirectResponse(f"{PATH}/tags/{tag_id}", 302)
    found = await _LISTS[name][0](request, moderator, offset)
    return desk_page(
        request,
        moderator,
        "trends",
        name=name,
        names=list(_LISTS),
        candidates=found,
        by_default=request.runtime.settings.trendable_by_default,
        sought=request.query_params.get("name", ""),
        next_offset=offset + _SHOWN if len(found) == _SHOWN else None,
    )


async def change(request: Request) -> Response:
    """Let one trend, or not."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    name, number = _list(request), form.approve_id or form.reject_id
    await _LISTS[name][1](request.runtime, moderator.id, number, trendable=form.approve_id > 0)
    return RedirectResponse(f"{PATH}?list={name}", 303)


async def show_tag(request: Request) -> Response:
    """What a hashtag may be used for."""
    moderator = await admit(request, _NEEDED)
    tag = await reviewed_tags.get_tag(request.runtime.db, request.path_id())
    return _tag_page(request, moderator, tag)


async def change_tag(request: Request) -> Response:
    """Say what a hashtag may be used for."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    tag = await reviewed_tags.get_tag(request.runtime.db, request.path_id())
    new = replace(
        tag,
        display_name=form.display_name.strip().removeprefix("#"),
        usable=form.usable,
        listable=form.listable,
        trendable=form.trendable,
    )
    try:
        await review.review_tag(request.runtime, moderator.id, new)
    except Invalid as error:
        return _tag_page(request, moderator, new, told(request, error))
    return RedirectResponse(f"{PATH}?list=tags", 303)


def _list(request: Request) -> str:
    """Which list the address names. Raises NotFound."""
    name = request.query_params.get("list", "tags")
    if name not in _LISTS:
        raise NotFound
    return name


def _tag_page(
    request: Request, moderator: Moderator, tag: ReviewedTag, problem: str | None = None
) -> Response:
    may_trend = request.runtime.settings.trendable_by_default
    if tag.trendable is not None:
        may_trend = tag.trendable
    return desk_page(
        request,
        moderator,
        "tag",
        422 if problem else 200,
        tag=tag,
        may_trend=may_trend,
        problem=problem,
    )


async def _tags(request: Request, _: Moderator, offset: int) -> list[Candidate]:
    db = request.runtime.db
    found = await trends.list_tags(db, offset, _SHOWN, by_default=None)
    known = await reviewed_tags.list_tags(db, [tag_id for tag_id, _ in found])
    shown = [known[tag_id] for tag_id, _ in found if tag_id in known]
    return [
        Candidate(one.id, f"{PATH}/tags/{one.id}", f"#{one.display_name}", "", one.trendable)
        for one in shown
    ]


async def _posts(request: Request, moderator: Moderator, offset: int) -> list[Candidate]:
    db = request.runtime.db
    ids = await trends.list_statuses(db, moderator.id, offset, _SHOWN, by_default=None)
    said = await trends.list_reviewed(db, ids)
    views = {view.status.id: view for view in await status_views.load_status_views(db, ids)}
    shown = [(views[one], excerpt(views[one], request.addresses)) for one in ids if one in views]
    return [
        Candidate(
            view.status.id,
            post.url,
            f"@{view.account.account.acct}",
            post.warning or post.text,
            said.get(view.status.id),
        )
        for view, post in shown
    ]


async def _links(request: Request, _: Moderator, offset: int) -> list[Candidate]:
    found = await link_trends.list_trends(request.runtime.db, offset, _SHOWN, by_default=None)
    return [
        Candidate(
            one.card.id,
            one.card.page_url,
            one.card.title or one.card.page_url,
            one.card.provider_name,
            one.trendable,
        )
        for one in found
    ]


async def _sites(request: Request, _: Moderator, __: int) -> list[Candidate]:
    found = await publishers.publisher_page(request.runtime.db, Page(200))
    return [
        Candidate(one.id, f"https://{one.domain}", one.domain, "", one.trendable) for one in found
    ]


_LISTS: dict[
    str,
    tuple[
        Callable[[Request, Moderator, int], Awaitable[list[Candidate]]],
        Callable[..., Awaitable[object]],
    ],
] = {
    "tags": (_tags, review.set_tag_trendable),
    "posts": (_posts, review.review_status),
    "links": (_links, review.review_link),
    "sites": (_sites, review.review_publisher),
}
