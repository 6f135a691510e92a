"""What a member's posts are unless they say otherwise, what of others they see at once; in which
language and on whose clock we speak to them.
"""

from starlette.responses import RedirectResponse, Response

from server.actions.drafts import CONTENT_TYPES, QUOTE_POLICIES, VISIBILITIES
from server.actions.preferences import MEDIA_CHOICES, checked_defaults
from server.store import users
from server.store.sessions import Session
from server.text.times import is_time_zone, time_zones
from web.pages.forms import PageForm, read_form
from web.pages.rendering import LANGUAGES, language_names, render, texts_in
from web.pages.settings import for_members
from web.request import Request

PATH = "/settings/preferences"


class PreferencesForm(PageForm):
    """The whole form: a box that is not ticked does not come, and means no."""

    locale: str = ""
    time_zone: str = ""
    visibility: str | None = None
    quote_policy: str | None = None
    content_type: str | None = None
    language: str = ""
    sensitive: bool = False
    expand_media: str = "default"
    expand_spoilers: bool = False
    autoplay_gifs: bool = False


@for_members
async def show(request: Request, session: Session) -> Response:
    """The form."""
    return render(
        request,
        "preferences.html",
        session=session,
        chosen=await users.get_preferences(request.runtime.db, session.account_id),
        locales={code: texts_in(code)["base.language"] for code in LANGUAGES},
        visibilities=[name for name in VISIBILITIES if name != "direct"],
        quote_policies=QUOTE_POLICIES,
        content_types=CONTENT_TYPES,
        languages=language_names(request),
        media_choices=MEDIA_CHOICES,
        time_zones=time_zones(),
        is_saved="saved" in request.query_params,
    )


@for_members
async def save(request: Request, session: Session) -> Response:
    """Keep them; the next page is in the language that was chosen."""
    form = await read_form(request, PreferencesForm)
    changes = checked_defaults(
        visibility=form.visibility,
        sensitive=form.sensitive,
        language=form.language,
        quote_policy=form.quote_policy,
        content_type=form.content_type,
        expand_media=form.expand_media,
        expand_spoilers=form.expand_spoilers,
        autoplay_gifs=form.autoplay_gifs,
    )
    if form.locale in LANGUAGES:
        changes["locale"] = form.locale
    if not form.time_zone or is_time_zone(form.time_zone):
        changes["time_zone"] = form.time_zone
    await users.update_preferences(request.runtime.db, session.account_id, **changes)
    return RedirectResponse(f"{PATH}?saved=yes&lang={changes.get('locale', '')}", 303)
