"""https://docs.joinmastodon.org/methods/statuses/"""

from datetime import UTC, datetime

import msgspec
import orjson
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.actions import boost, delete_post, edit_post, favourite, pin, post, quote, schedule
from server.actions.drafts import Draft, PollDraft
from server.actions.refresh_thread import refresh_thread
from server.errors import Invalid, NotFound
from server.store import bookmarks, favourites, quotes, status_edits, statuses, threads
from server.store.status_views import get_status_view
from server.store.statuses import Policy
from web.entities import status as entities
from web.mastodon import async_refreshes
from web.mastodon.pages import (
    accounts_page,
    render_statuses,
    status_fragments,
    statuses_json,
    timeline_page,
)
from web.mastodon.scheduled import entities as scheduled_entities
from web.mastodon.scheduled import read_time
from web.pagination import json_response, read_page
from web.params import read_params
from web.renderer import Renderer
from web.request import Request

# Mastodon's limits of a thread: for strangers, and for members.
_STRANGER = (40, 60, 20)
_MEMBER = (4096, 4096, 4096)


class MediaAttributes(msgspec.Struct):
    """What changes of an attachment."""

    id: int = 0
    description: str | None = None
    focus: str | None = None
    thumbnail: UploadFile | None = None


class PollForm(msgspec.Struct):
    """A question's choices; `expires_in` in seconds."""

    options: list[str] = []
    expires_in: int = 0
    multiple: bool = False
    hide_totals: bool = False


class CirclesForm(msgspec.Struct):
    """Who may do something, at once and on request; each by its present and its former name."""

    automatic_approval: list[str] = []
    always: list[str] = []
    manual_approval: list[str] = []
    with_approval: list[str] = []


class InteractionForm(msgspec.Struct):
    """Who may do what, in the shape of GoToSocial."""

    can_favourite: CirclesForm | None = None
    can_reply: CirclesForm | None = None
    can_reblog: CirclesForm | None = None


class StatusForm(msgspec.Struct):
    """Parameters of a new or edited status."""

    status: str = ""
    media_ids: list[int] = []
    media_attributes: list[MediaAttributes] = []
    in_reply_to_id: int | None = None
    sensitive: bool | None = None
    spoiler_text: str = ""
    visibility: str | None = None
    language: str | None = None
    content_type: str | None = None
    scheduled_at: str | None = None
    draft: bool = False
    poll: PollForm | None = None
    quoted_status_id: int | None = None
    quote_id: int | None = None
    quote_approval_policy: str | None = None
    interaction_policy: InteractionForm | None = None
    local_only: bool | None = None


async def create(request: Request) -> Response:
    """Post, now or later; `draft` keeps it until somebody gives it a time."""
    form = await read_params(request, StatusForm)
    assert request.token is not None
    at = read_time(form.scheduled_at)
    if form.draft or (at and at > datetime.now(UTC) + schedule.SOONEST):
        kept = await schedule.schedule_status(
            request.runtime,
            request.member_id,
            _draft(form),
            request.token.app_id,
            None if form.draft else at,
        )
        return json_response((await scheduled_entities(request, [kept]))[0])
    status_id = await post.publish_status(
        request.runtime,
        request.member_id,
        _draft(form),
        request.token.app_id,
        request.headers.get("idempotency-key"),
    )
    return await _one(request, status_id)


async def show(request: Request) -> Response:
    """One status."""
    renderer: Renderer = request.app.state.renderer
    return json_response(await renderer.render_one(request.path_id(), request.viewer_id))


async def show_many(request: Request) -> Response:
    """Several statuses by `id[]`; those that are not to be seen are left out."""
    ids = (await read_params(request, IdsForm)).id[:40]
    visible = await statuses.list_visible(request.runtime.db, ids, request.viewer_id)
    return json_response(await statuses_json(request, visible))


class IdsForm(msgspec.Struct):
    """`id[]`."""

    id: list[int] = []


class BoostForm(msgspec.Struct):
    """For whom a boost is."""

    visibility: str | None = None


class DeleteForm(msgspec.Struct):
    """Whether the attachments go as well, instead of waiting a day for a new draft."""

    delete_media: bool = False


async def update(request: Request) -> Response:
    """Edit."""
    form = await read_params(request, StatusForm)
    changes = [
        edit_post.MediaChange(
            m.id,
            m.description,
            read_focus(m.focus),
            await m.thumbnail.read() if m.thumbnail else None,
        )
        for m in form.media_attributes
    ]
    await edit_post.edit_status(
        request.runtime, request.member_id, request.path_id(), _draft(form), changes
    )
    return await _one(request, request.path_id())


async def delete(request: Request) -> Response:
    """Delete; the answer holds what was typed."""
    db, member_id = request.runtime.db, request.member_id
    form = await read_params(request, DeleteForm)
    status = await statuses.get_own_status(db, request.path_id(), member_id)
    shown = orjson.loads((await render_statuses(request, [status.id]))[status.id])
    await delete_post.delete_status(
        request.runtime, member_id, status.id, delete_media=form.delete_media
    )
    # The text comes instead of the HTML, so that the author can write it anew.
    del shown["content"]
    return json_response({**shown, "text": status.text or ""})


async def context(request: Request) -> Response:
    """What the status answers, and what answers it."""
    db, viewer_id = request.runtime.db, request.viewer_id
    status = await statuses.get_visible_status(db, request.path_id(), viewer_id)
    up, down, depth = _MEMBER if viewer_id else _STRANGER
    above = await threads.list_ancestors(db, status.id, viewer_id, up)
    below = await threads.list_descendants(db, status.id, viewer_id, down, depth)
    shown = await status_fragments(request, [*above, *below])
    refresh = await refresh_thread(request.runtime, status, viewer_id)
    return json_response(
        {
            "ancestors": [shown[i] for i in above if i in shown],
            "descendants": [shown[i] for i in below if i in shown],
        },
        async_refreshes.header(refresh) if refresh else None,
    )


async def history(request: Request) -> Response:
    """All versions, the first one first."""
    db, viewer_id = request.runtime.db, request.viewer_id
    status = await statuses.get_visible_status(db, request.path_id(), viewer_id)
    view = await get_status_view(db, status.id)
    versions = await status_edits.list_versions(db, status.id) or [entities.current_version(view)]
    return json_response(
        [entities.version_entity(version, view, request.addresses) for version in versions]
    )


async def source(request: Request) -> Response:
    """What was typed: Mastodon shows it to every member who may see the status."""
    status = await statuses.get_visible_status(
        request.runtime.db, request.path_id(), request.member_id
    )
    view = await get_status_view(request.runtime.db, status.id)
    return json_response(entities.source_entity(view))


async def favourite_one(request: Request) -> Response:
    """Favourite."""
    await favourite.favourite_status(request.runtime, request.member_id, request.path_id())
    return await _one(request, request.path_id())


async def unfavourite(request: Request) -> Response:
    """Take a favourite back."""
    await favourite.undo_favourite(request.runtime, request.member_id, request.path_id())
    return await _one(request, request.path_id())


async def reblog(request: Request) -> Response:
    """Boost; the answer is the boost, with the original in it."""
    form = await read_params(request, BoostForm)
    boost_id = await boost.boost_status(
        request.runtime, request.member_id, request.path_id(), form.visibility
    )
    return await _one(request, boost_id)


async def unreblog(request: Request) -> Response:
    """Take a boost back; the answer is the original."""
    status = await statuses.get_visible_status(
        request.runtime.db, request.path_id(), request.member_id
    )
    original_id = status.boost_of_id or status.id
    await delete_post.undo_boost(request.runtime, request.member_id, original_id)
    return await _one(request, original_id)


async def bookmark(request: Request) -> Response:
    """Keep for later."""
    status_id = await _original_id(request)
    await bookmarks.insert_bookmark(request.runtime.db, request.member_id, status_id)
    return await _one(request, request.path_id())


async def unbookmark(request: Request) -> Response:
    """Keep no longer."""
    status_id = await _original_id(request)
    await bookmarks.delete_bookmark(request.runtime.db, request.member_id, status_id)
    return await _one(request, request.path_id())


async def pin_one(request: Request) -> Response:
    """Show first on the own profile."""
    await pin.pin_status(request.runtime, request.member_id, request.path_id())
    return await _one(request, request.path_id())


async def unpin(request: Request) -> Response:
    """Show first no longer."""
    await pin.unpin_status(request.runtime, request.member_id, request.path_id())
    return await _one(request, request.path_id())


async def mute(request: Request) -> Response:
    """No more notifications of the thread."""
    status = await statuses.get_visible_status(
        request.runtime.db, request.path_id(), request.member_id
    )
    await threads.mute_thread(request.runtime.db, request.member_id, status.thread_id)
    return await _one(request, status.id)


async def unmute(request: Request) -> Response:
    """Notifications of the thread again."""
    status = await statuses.get_visible_status(
        request.runtime.db, request.path_id(), request.member_id
    )
    await threads.unmute_thread(request.runtime.db, request.member_id, status.thread_id)
    return await _one(request, status.id)


async def set_quote_policy(request: Request) -> Response:
    """Who may quote it."""
    form = await read_params(request, StatusForm)
    await quote.set_quote_policy(
        request.runtime, request.member_id, request.path_id(), form.quote_approval_policy
    )
    return await _one(request, request.path_id())


async def quotes_of(request: Request) -> Response:
    """Posts that quote it."""
    db, page = request.runtime.db, read_page(request)
    status = await statuses.get_visible_status(db, request.path_id(), request.member_id)
    is_author = status.account_id == request.member_id
    ids = await quotes.quote_page(db, status.id, request.member_id, page, is_author=is_author)
    return await timeline_page(request, ids, page)


async def revoke_quote(request: Request) -> Response:
    """Take a quote of one's own post out; the answer is the post that quoted it."""
    quoting_id = request.path_id("quoting_id")
    await quote.revoke_quote(request.runtime, request.member_id, request.path_id(), quoting_id)
    return await _one(request, quoting_id)


async def favourited_by(request: Request) -> Response:
    """Who likes it."""
    db, page = request.runtime.db, read_page(request, 40, 80)
    status = await statuses.get_visible_status(db, request.path_id(), request.viewer_id)
    return await accounts_page(
        request, await favourites.list_favouriters(db, status.id, page), page
    )


async def reblogged_by(request: Request) -> Response:
    """Who boosted it."""
    db, page = request.runtime.db, read_page(request, 40, 80)
    status = await statuses.get_visible_status(db, request.path_id(), request.viewer_id)
    boosters = await statuses.list_boosters(db, status.id, request.viewer_id, page)
    return await accounts_page(request, boosters, page)


def read_focus(text: str | None) -> tuple[float, float] | None:
    """`x,y` between -1 and 1. Raises Invalid for anything else."""
    if not text:
        return None
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid("Validation failed: Focus is invalid") from error
    if not (-1 <= x <= 1 and -1 <= y <= 1):
        raise Invalid("Validation failed: Focus is invalid")
    return x, y


async def _one(request: Request, status_id: int) -> Response:
    body = await statuses_json(request, [status_id])
    if body == b"[]":
        raise NotFound
    return json_response(body[1:-1])


async def _original_id(request: Request) -> int:
    status = await statuses.get_visible_status(
        request.runtime.db, request.path_id(), request.member_id
    )
    return status.boost_of_id or status.id


def _draft(form: StatusForm) -> Draft:
    return Draft(
        text=form.status,
        spoiler_text=form.spoiler_text,
        visibility=form.visibility or None,
        sensitive=form.sensitive,
        language=form.language,
        in_reply_to_id=form.in_reply_to_id,
        media_ids=form.media_ids,
        content_type=form.content_type or None,
        poll=_poll(form.poll),
        quoted_id=form.quoted_status_id or form.quote_id,
        quote_policy=form.quote_approval_policy or None,
        interaction_policy=_policy(form.interaction_policy),
        local_only=form.local_only,
    )


def _poll(form: PollForm | None) -> PollDraft | None:
    if form is None or not any(form.options):
        return None
    return PollDraft(form.options, form.expires_in, form.multiple, form.hide_totals)


def _policy(form: InteractionForm | None) -> Policy:
    """What is free to everybody is left out. Raises Invalid."""
    policy: Policy = {}
    for name, kind in entities.POLICY_NAMES.items():
        circles: CirclesForm | None = getattr(form, name, None)
        if circles is None:
            continue
        automatic = _circles(circles.automatic_approval or circles.always)
        manual = _circles(circles.manual_approval or circles.with_approval)
        if "public" not in automatic:
            policy[kind] = {"automatic": automatic, "manual": manual}
    return policy


def _circles(names: list[str]) -> list[str]:
    """The author, and whom the post names, need not be said. Raises Invalid."""
    circles = set(names) - {"author", "me", "mentioned"}
    if circles - {"public", "followers", "following"}:
        raise Invalid("Validation failed: Interaction policy names unknown circles")
    return sorted(circles)
