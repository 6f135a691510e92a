"""Custom emoji: ours, and those of others that can be copied."""

from dataclasses import dataclass

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from server.actions import custom_emojis as actions
from server.actions.custom_emojis import LARGEST_BYTES
from server.errors import Invalid
from server.identity.permissions import Permission
from server.store import custom_emojis
from server.store.custom_emojis import ForeignEmoji
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pagination import read_offset
from web.params import read_query
from web.request import Request

PATH = "/desk/emojis"
FOREIGN = f"{PATH}/others"
_NEEDED = Permission.MANAGE_CUSTOM_EMOJIS
_SHOWN, _FOREIGN_SHOWN = 50, 30


class Query(msgspec.Struct):
    """What one looks for."""

    name: str = ""
    category: str = ""
    domain: str = ""


class Form(PageForm):
    """A new one, or what is done with those that are ticked."""

    do: str = ""
    shortcode: str = ""
    category: str = ""
    file: UploadFile | None = None
    chosen: list[str] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Foreign:
    """An emoji of another server, with the end of the address of our copy of its picture."""

    emoji: ForeignEmoji
    url: str
    picture: str


async def index(request: Request) -> Response:
    """Ours, and the form for another."""
    return await _page(request, await admit(request, _NEEDED))


async def change(request: Request) -> Response:
    """Add one, or change those that are ticked."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    try:
        await _do(request, moderator, form)
    except Invalid as error:
        return await _page(request, moderator, form, told(request, error))
    return RedirectResponse(PATH, 303)


async def index_foreign(request: Request) -> Response:
    """Those in the latest posts of others."""
    return await _foreign_page(request, await admit(request, _NEEDED))


async def copy(request: Request) -> Response:
    """Make those that are ticked ours, each by itself."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    problems = []
    for one in form.chosen[:_FOREIGN_SHOWN]:
        shortcode, _, picture = one.partition(" ")
        try:
            await actions.copy_emoji(request.runtime, moderator.id, shortcode, picture)
        except Invalid as error:
            problems.append(f":{shortcode}: {told(request, error)}")
    if problems:
        return await _foreign_page(request, moderator, problems)
    return RedirectResponse(PATH, 303)


async def _do(request: Request, moderator: Moderator, form: Form) -> None:
    """Raises Invalid."""
    runtime, me, chosen = request.runtime, moderator.id, form.chosen[:_SHOWN]
    category = form.category.strip()
    match form.do:
        case "list" | "unlist":
            await actions.change_emojis(runtime, me, chosen, visible=form.do == "list")
        case "enable" | "disable":
            await actions.change_emojis(runtime, me, chosen, disabled=form.do == "disable")
        case "categorize":
            await actions.change_emojis(runtime, me, chosen, category=category)
        case "delete":
            for one in await custom_emojis.find_all(runtime.db, chosen):
                await actions.remove_emoji(runtime, me, one.shortcode)
        case _:
            body = await form.file.read(LARGEST_BYTES + 1) if form.file else b""
            shortcode = form.shortcode.strip().strip(":")
            await actions.add_emoji(runtime, shortcode, body, category or None, moderator_id=me)


async def _page(
    request: Request, moderator: Moderator, form: Form | None = None, problem: str | None = None
) -> Response:
    db, query, offset = request.runtime.db, read_query(request, Query), read_offset(request)
    found = await custom_emojis.search_emojis(
        db, query.name.strip(), query.category, _SHOWN, offset
    )
    return desk_page(
        request,
        moderator,
        "emojis",
        422 if problem else 200,
        query=query,
        form=form or Form(),
        emojis=[(one, request.addresses.media(one.static_file)) for one in found],
        categories=await custom_emojis.list_categories(db),
        next_offset=offset + _SHOWN if len(found) == _SHOWN else None,
        problem=problem,
    )


async def _foreign_page(
    request: Request, moderator: Moderator, problems: list[str] | None = None
) -> Response:
    query, offset = read_query(request, Query), read_offset(request)
    found = await custom_emojis.search_foreign(
        request.runtime.db, query.name.strip(), query.domain.strip().lower(), _FOREIGN_SHOWN, offset
    )
    return desk_page(
        request,
        moderator,
        "foreign_emojis",
        422 if problems else 200,
        query=query,
        emojis=[_foreign(request, one) for one in found],
        next_offset=offset + _FOREIGN_SHOWN if len(found) == _FOREIGN_SHOWN else None,
        problems=problems or [],
    )


def _foreign(request: Request, emoji: ForeignEmoji) -> Foreign:
    url = request.addresses.remote_picture(emoji.url, emoji.host)
    still = request.addresses.remote_picture(emoji.url, emoji.host, still=True)
    return Foreign(emoji, still, url.partition("/media_proxy/")[2])
