"""What others see of a member, and who may come across it."""

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from server.actions.profile import LONGEST_NAME, LONGEST_NOTE, MOST_FIELDS, ProfileChange
from server.actions.profile import update_profile as update
from server.errors import Invalid
from server.media.images import Kind
from server.store import accounts
from server.store.sessions import Session
from web.entities.profile import profile_entity
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import render
from web.pages.settings import for_members
from web.request import Request

PATH = "/settings/profile"
_REACH = ("locked", "discoverable", "indexable", "hide_collections", "bot")
_SHOWN = ("show_media", "show_media_replies", "show_featured")
_CHOICES = _REACH + _SHOWN
_PICTURES: tuple[Kind, ...] = ("avatar", "header")


class FieldForm(msgspec.Struct):
    """One row of the profile's table."""

    name: str = ""
    value: str = ""


class ProfileForm(PageForm):
    """The whole form: a box that is not ticked does not come, and means no."""

    display_name: str = ""
    note: str = ""
    fields: list[FieldForm] = msgspec.field(default_factory=list)
    avatar: UploadFile | None = None
    header: UploadFile | None = None
    avatar_description: str = ""
    header_description: str = ""
    without: list[str] = msgspec.field(default_factory=list)
    choices: list[str] = msgspec.field(default_factory=list)
    attribution_domains: str = ""


@for_members
async def show(request: Request, session: Session) -> Response:
    """The form."""
    account = await accounts.get_account(request.runtime.db, session.account_id)
    return _page(request, session, profile_entity(account, [], request.addresses))


@for_members
async def save(request: Request, session: Session) -> Response:
    """Change all of it; what cannot be comes back as it was typed, but for the pictures."""
    form = await read_form(request, ProfileForm)
    try:
        change = ProfileChange(
            display_name=form.display_name,
            note=form.note.replace("\r\n", "\n"),
            fields=[(field.name, field.value) for field in form.fields],
            avatar_description=form.avatar_description,
            header_description=form.header_description,
            attribution_domains=form.attribution_domains.split(),
            avatar=await _picture(form.avatar),
            header=await _picture(form.header),
            without=[kind for kind in _PICTURES if kind in form.without],
            **{name: name in form.choices for name in _CHOICES},
        )
        await update(request.runtime, session.account_id, change)
    except Invalid as error:
        return _page(request, session, _typed(form), told(request, error))
    return RedirectResponse(f"{PATH}?saved=yes", 303)


async def _picture(file: UploadFile | None) -> bytes | None:
    """The new file; browsers send an empty one for none."""
    return (await file.read() if file else b"") or None


def _typed(form: ProfileForm) -> dict[str, object]:
    return {
        **msgspec.structs.asdict(form),
        **{name: name in form.choices for name in _CHOICES},
        "attribution_domains": form.attribution_domains.split(),
        "avatar": None,
        "header": None,
    }


def _page(
    request: Request, session: Session, shown: dict[str, object], problem: str | None = None
) -> Response:
    return render(
        request,
        "settings_profile.html",
        422 if problem else 200,
        session=session,
        shown=shown,
        reach_choices=_REACH,
        shown_choices=_SHOWN,
        rows=MOST_FIELDS,
        longest_name=LONGEST_NAME,
        longest_note=LONGEST_NOTE,
        url=request.addresses.account_url(session.username),
        problem=problem,
        is_saved="saved" in request.query_params and not problem,
    )
