"""Names that a member keeps lists of: hashtags on their profile and in their home, blocked domains,
languages of public timelines.

Few apps show these lists, and Mastodon has pages for them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from federation.documents.tag import fold_hashtag
from server.actions import block_domain, feature_tag
from server.errors import Invalid
from server.runtime import Runtime
from server.store import chosen_languages, domain_blocks, featured_tags, tags
from server.store.database import Database
from server.store.pages import Page
from server.store.sessions import Session
from server.text.compose import hashtags_in
from server.text.language import normal_language
from web.pages import sessions
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import language_names, render
from web.pages.settings import for_members
from web.request import Request

HASHTAGS = "/settings/hashtags"
DOMAINS = "/settings/domains"
LANGUAGES = "/settings/languages"
_MOST = 1000

Names = list[str]
Change = Callable[[Runtime, int, str], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _List:
    """How one is read and changed."""

    read: Callable[[Database, int], Awaitable[Names]]
    add: Change
    remove: Change


async def _featured(db: Database, account_id: int) -> Names:
    return [tag.name for tag in await featured_tags.list_featured(db, account_id)]


async def _followed(db: Database, account_id: int) -> Names:
    rows = await tags.followed_page(db, account_id, Page(_MOST))
    written = await tags.use_of_tags(db, [name for _, _, name in rows])
    return [written[name].written for _, _, name in rows]


async def _blocked(db: Database, account_id: int) -> Names:
    return [domain for _, domain in await domain_blocks.block_page(db, account_id, Page(_MOST))]


async def _feature(runtime: Runtime, account_id: int, name: str) -> None:
    await feature_tag.feature_tag(runtime, account_id, _hashtag(name))


async def _follow(runtime: Runtime, account_id: int, name: str) -> None:
    await tags.follow_tag(runtime.db, account_id, _hashtag(name))


async def _unfollow(runtime: Runtime, account_id: int, name: str) -> None:
    await tags.unfollow_tag(runtime.db, account_id, fold_hashtag(name))


async def _choose(runtime: Runtime, account_id: int, name: str) -> None:
    code = normal_language(name)
    if code is None:
        raise Invalid("There is no such language; a code is like nl or en")
    await chosen_languages.put_chosen(runtime.db, account_id, code)


async def _leave_out(runtime: Runtime, account_id: int, name: str) -> None:
    await chosen_languages.delete_chosen(runtime.db, account_id, name)


def _hashtag(name: str) -> str:
    """A hashtag without its sign. Raises Invalid."""
    name = name.strip().removeprefix("#")
    if hashtags_in(f"#{name}") != [name]:
        raise Invalid("Validation failed: Tag is invalid")
    return name


_LISTS = {
    "featured": _List(_featured, _feature, feature_tag.unfeature_tag),
    "followed": _List(_followed, _follow, _unfollow),
    "blocked": _List(_blocked, block_domain.block_domain, block_domain.unblock_domain),
    "chosen": _List(chosen_languages.list_chosen, _choose, _leave_out),
}
# In the order of the page.
_PAGES = {HASHTAGS: ("featured", "followed"), DOMAINS: ("blocked",), LANGUAGES: ("chosen",)}
PATHS = tuple(_PAGES)


class NameForm(PageForm):
    """A name to put on a list, or one that is on it and goes (`do` is `remove`); `next` is the page
    of ours from which that was asked.
    """

    list: str = ""
    do: str = "add"
    name: str = ""
    next: str = ""


@for_members
async def show(request: Request, session: Session) -> Response:
    """The lists of that page."""
    return await _page(request, session)


@for_members
async def change(request: Request, session: Session) -> Response:
    """Put a name on a list or take it off, and back; what cannot be comes back as it was typed."""
    form = await read_form(request, NameForm)
    if form.list not in _PAGES[request.url.path]:
        raise Invalid("This cannot be done")
    kept = _LISTS[form.list]
    act = kept.remove if form.do == "remove" else kept.add
    try:
        await act(request.runtime, session.account_id, form.name)
    except Invalid as error:
        return await _page(request, session, form, told(request, error))
    return RedirectResponse(sessions.local_path(form.next or request.url.path), 303)


async def _page(
    request: Request, session: Session, form: NameForm | None = None, problem: str | None = None
) -> Response:
    db, path = request.runtime.db, request.url.path
    return render(
        request,
        "names.html",
        422 if problem else 200,
        session=session,
        page=path.rpartition("/")[2],
        lists={name: await _LISTS[name].read(db, session.account_id) for name in _PAGES[path]},
        form=form or NameForm(),
        languages=language_names(request),
        problem=problem,
    )
