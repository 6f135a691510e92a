"""https://docs.joinmastodon.org/methods/statuses/"""

from datetime import UTC, datetime

import orjson
from starlette.responses import Response

from server.actions import boost, delete_post, edit_post, favourite, pin, post, quote, schedule
from server.actions.drafts import UnexpectedMentions
from server.actions.refresh_thread import refresh_thread
from server.errors import Invalid, NotFound
from server.store import accounts, bookmarks, favourites, quotes, status_edits, statuses, threads
from server.store.status_views import get_status_view
from web.entities import status as entities
from web.mastodon import async_refreshes
from web.mastodon.pages import (
    account_fragments,
    accounts_page,
    render_statuses,
    status_fragments,
    statuses_json,
    timeline_page,
)
from web.mastodon.scheduled import entities as scheduled_entities
from web.mastodon.scheduled import read_time
from web.mastodon.status_forms import (
    BoostForm,
    DeleteForm,
    StatusForm,
    read_changes,
    read_draft,
)
from web.pagination import json_response, read_page
from web.params import IdsForm, read_params
from web.renderer import Renderer
from web.request import Request

# Mastodon's limits of a thread: for strangers, and for members.
_STRANGER = (40, 60, 20)
_MEMBER = (4096, 4096, 4096)
_MOST_SHOWN = 20


async def create(request: Request) -> Response:
    """Post, now or later; `draft` keeps it until somebody gives it a time."""
    form = await read_params(request, StatusForm)
    assert request.token is not None
    at, key = read_time(form.scheduled_at), request.headers.get("idempotency-key")
    if form.draft or (at and at > datetime.now(UTC)):
        kept = await schedule.schedule_status(
            request.runtime,
            request.member_id,
            read_draft(form),
            request.token.app_id,
            None if form.draft else at,
            key,
        )
        return json_response((await scheduled_entities(request, [kept]))[0])
    try:
        status_id = await post.publish_status(
            request.runtime,
            request.member_id,
            read_draft(form),
            request.token.app_id,
            key,
        )
    except UnexpectedMentions as error:
        named = await account_fragments(request, error.account_ids)
        body = {"error": error.message, "unexpected_accounts": list(named.values())}
        return json_response(body, status=422)
    return await _one(request, status_id)


async def show(request: Request) -> Response:
    """One status."""
    renderer: Renderer = request.app.state.renderer
    return json_response(await renderer.render_one(request.path_id(), request.viewer_id))


async def show_many(request: Request) -> Response:
    """Several statuses by `id[]`; those that are not to be seen are left out.

    Raises Invalid for too many.
    """
    ids = (await read_params(request, IdsForm)).distinct
    if len(ids) > _MOST_SHOWN:
        raise Invalid(f"Validation failed: Id is too long (maximum is {_MOST_SHOWN})")
    visible = await statuses.list_visible(request.runtime.db, ids, request.viewer_id)
    return json_response(await statuses_json(request, visible))


async def update(request: Request) -> Response:
    """Edit."""
    form = await read_params(request, StatusForm)
    changes = await read_changes(form)
    await edit_post.edit_status(
        request.runtime, request.member_id, request.path_id(), read_draft(form), changes
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
    was_there = await favourite.undo_favourite(
        request.runtime, request.member_id, request.path_id()
    )
    return await _undone(request, request.path_id(), was_there=was_there)


async def reblog(request: Request) -> Response:
    """Boost; the answer is the boost, with the original in it."""
    form = await read_params(request, BoostForm)
    boost_id = await boost.boost_status(
        request.runtime, request.member_id, request.path_id(), form.visibility
    )
    return await _one(request, boost_id)


async def unreblog(request: Request) -> Response:
    """Take a boost back; the answer is the original."""
    status = await statuses.get_status(request.runtime.db, request.path_id())
    original_id = status.boost_of_id or status.id
    was_there = await delete_post.undo_boost(request.runtime, request.member_id, original_id)
    return await _undone(request, original_id, was_there=was_there)


async def bookmark(request: Request) -> Response:
    """Keep for later."""
    status_id = await _original_id(request)
    await bookmarks.insert_bookmark(request.runtime.db, request.member_id, status_id)
    return await _one(request, request.path_id())


async def unbookmark(request: Request) -> Response:
    """Keep no longer."""
    status = await statuses.get_status(request.runtime.db, request.path_id())
    was_there = await bookmarks.delete_bookmark(
        request.runtime.db, request.member_id, status.boost_of_id or status.id
    )
    return await _undone(request, status.id, was_there=was_there)


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
    favouriters = await favourites.favouriter_page(db, status.id, request.viewer_id, page)
    return await accounts_page(request, favouriters, page)


async def reblogged_by(request: Request) -> Response:
    """Who boosted it."""
    db, page = request.runtime.db, read_page(request, 40, 80)
    status = await statuses.get_visible_status(db, request.path_id(), request.viewer_id)
    boosters = await statuses.booster_page(db, status.id, request.viewer_id, page)
    return await accounts_page(request, boosters, page)


async def _one(request: Request, status_id: int) -> Response:
    body = await statuses_json(request, [status_id])
    if body == b"[]":
        raise NotFound
    return json_response(body[1:-1])


async def _undone(request: Request, status_id: int, *, was_there: bool) -> Response:
    """A status from which something was taken back.

    Its author may block the member by now, which then hides nothing that is for everybody; where
    there was nothing to take back, it is hidden as ever.
    """
    status = await statuses.get_status(request.runtime.db, status_id)
    author = await accounts.get_account(request.runtime.db, status.account_id)
    is_open = status.visibility in {"public", "unlisted"} and not author.suspended_at
    if not (was_there and is_open):
        await statuses.get_visible_status(request.runtime.db, status_id, request.member_id)
    return await _one(request, status_id)


async def _original_id(request: Request) -> int:
    status = await statuses.get_visible_status(
        request.runtime.db, request.path_id(), request.member_id
    )
    return status.boost_of_id or status.id
