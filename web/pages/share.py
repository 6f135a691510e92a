"""A small page on which a member writes a post: from a button elsewhere, or as an answer."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from server.actions.drafts import VISIBILITIES, Draft
from server.actions.post import publish_status
from server.errors import Invalid
from server.secrets import new_token
from server.store import users
from server.store.sessions import Session
from server.store.statuses import get_own_status
from web.pages import sessions
from web.pages.forms import PageForm
from web.pages.refusals import told
from web.pages.rendering import render
from web.params import read_params
from web.request import Request


class ShareForm(PageForm):
    """What others' buttons send (`title`, `text`, `url`), and what the page's form does."""

    title: str = ""
    text: str = ""
    url: str = ""
    spoiler_text: str = ""
    visibility: str | None = None
    in_reply_to_id: int | None = None
    key: str = ""


async def show(request: Request) -> Response:
    """The form, with the text that was brought along."""
    form = await read_params(request, ShareForm)
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(f"/share?{urlencode(_brought(form))}")
    text = "\n".join(part for part in _brought(form).values() if part)
    values = await share_form(request, session, text=text, visibility=form.visibility)
    is_posted = "posted" in request.query_params
    return render(request, "share.html", session=session, is_posted=is_posted, **values)


async def publish(request: Request) -> Response:
    """Post it; what cannot be posted comes back with the reason."""
    form = await read_params(request, ShareForm)
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(f"/share?{urlencode(_brought(form))}")
    sessions.check_csrf(request, form.csrf)
    draft = Draft(
        form.text,
        form.spoiler_text,
        form.visibility,
        in_reply_to_id=form.in_reply_to_id,
    )
    try:
        status_id = await publish_status(
            request.runtime, session.account_id, draft, None, form.key[:100] or None
        )
    except Invalid as error:
        values = await share_form(
            request,
            session,
            text=form.text,
            visibility=form.visibility,
            in_reply_to_id=form.in_reply_to_id,
            spoiler_text=form.spoiler_text,
            problem=told(request, error),
        )
        return render(request, "share.html", 422, session=session, is_posted=False, **values)
    status = await get_own_status(request.runtime.db, status_id, session.account_id)
    if status.visibility in {"public", "unlisted"}:
        page = request.addresses.status_url(session.username, status_id)
        return RedirectResponse(page.removeprefix(request.addresses.origin), 303)
    return RedirectResponse("/share?posted=yes", 303)


async def share_form(
    request: Request,
    session: Session,
    *,
    text: str,
    visibility: str | None = None,
    in_reply_to_id: int | None = None,
    spoiler_text: str = "",
    problem: str | None = None,
) -> dict[str, Any]:
    """Values of the form for the templates; `key` keeps a form from posting twice."""
    preferences = await users.get_preferences(request.runtime.db, session.account_id)
    is_known = visibility in VISIBILITIES
    return {
        "text": text,
        "spoiler_text": spoiler_text,
        "visibilities": VISIBILITIES,
        "visibility": visibility if is_known else preferences.default_visibility,
        "in_reply_to_id": in_reply_to_id,
        "key": new_token(),
        "longest": request.runtime.settings.status_max_characters,
        "problem": problem,
    }


def _brought(form: ShareForm) -> dict[str, str]:
    return {"title": form.title, "text": form.text, "url": form.url}
