"""https://docs.joinmastodon.org/methods/accounts/ – following, blocking, muting."""

import msgspec
import orjson
from starlette.responses import Response

from server.actions import block as blocking
from server.actions import follow as following
from server.actions import mute as muting
from server.errors import Invalid
from server.store import accounts, blocks, follows, mutes, relationships
from server.store.account_views import load_account_views
from server.text.language import normal_language
from web.entities.account import account_entity
from web.entities.relationship import relationship_entity
from web.entities.values import timestamp_or_none
from web.mastodon.pages import accounts_page
from web.pagination import json_response, page_response, read_page
from web.params import read_params
from web.request import Request

_LONGEST_NOTE = 2000


class FollowForm(msgspec.Struct):
    """What of somebody one wants to read."""

    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class MuteForm(msgspec.Struct):
    """For how long (seconds, 0 = for ever), and whether notifications are muted."""

    notifications: bool = True
    duration: int = 0


class NoteForm(msgspec.Struct):
    """A private note."""

    comment: str = ""


async def follow(request: Request) -> Response:
    """Follow, ask to, or change how."""
    form = await read_params(request, FollowForm)
    db, target_id = request.runtime.db, request.path_id()
    await accounts.get_account(db, target_id)
    before = await follows.find(db, "follows", request.member_id, target_id)
    languages = before.languages if before else None
    if form.languages is not None:
        languages = [tag for text in form.languages if (tag := normal_language(text))] or None
    await following.follow_account(
        request.runtime,
        request.member_id,
        target_id,
        show_boosts=_or(form.reblogs, before.show_boosts if before else True),
        notify_posts=_or(form.notify, before.notify if before else False),
        languages=languages,
    )
    return await relationship(request)


async def unfollow(request: Request) -> Response:
    """Follow no longer."""
    await following.unfollow_account(request.runtime, request.member_id, request.path_id())
    return await relationship(request)


async def remove_from_followers(request: Request) -> Response:
    """Make somebody follow no longer."""
    await following.remove_follower(request.runtime, request.member_id, request.path_id())
    return await relationship(request)


async def block(request: Request) -> Response:
    """Block."""
    await blocking.block_account(request.runtime, request.member_id, request.path_id())
    return await relationship(request)


async def unblock(request: Request) -> Response:
    """Block no longer."""
    await blocking.unblock_account(request.runtime, request.member_id, request.path_id())
    return await relationship(request)


async def mute(request: Request) -> Response:
    """Mute."""
    form = await read_params(request, MuteForm)
    await muting.mute_account(
        request.runtime,
        request.member_id,
        request.path_id(),
        hide_notifications=form.notifications,
        duration_seconds=min(max(0, form.duration), 100 * 365 * 24 * 3600),
    )
    return await relationship(request)


async def unmute(request: Request) -> Response:
    """Mute no longer."""
    await muting.unmute_account(request.runtime, request.member_id, request.path_id())
    return await relationship(request)


async def note(request: Request) -> Response:
    """Keep a private note about somebody."""
    form = await read_params(request, NoteForm)
    await accounts.get_account(request.runtime.db, request.path_id())
    if len(form.comment) > _LONGEST_NOTE:
        raise Invalid(
            f"Validation failed: Comment is too long (maximum is {_LONGEST_NOTE} characters)"
        )
    await relationships.set_note(
        request.runtime.db, request.member_id, request.path_id(), form.comment
    )
    return await relationship(request)


async def follow_requests(request: Request) -> Response:
    """Who asks to follow."""
    page = read_page(request, 40, 80)
    rows = await follows.request_page(request.runtime.db, request.member_id, page)
    return await accounts_page(request, rows, page)


async def authorize_request(request: Request) -> Response:
    """Let somebody follow."""
    await following.accept_request(request.runtime, request.member_id, request.path_id())
    return await relationship(request)


async def reject_request(request: Request) -> Response:
    """Do not."""
    await following.reject_request(request.runtime, request.member_id, request.path_id())
    return await relationship(request)


async def blocked(request: Request) -> Response:
    """Whom one blocks."""
    page = read_page(request, 40, 80)
    rows = await blocks.block_page(request.runtime.db, request.member_id, page)
    return await accounts_page(request, rows, page)


async def muted(request: Request) -> Response:
    """Whom one mutes, and until when (MutedAccount)."""
    page = read_page(request, 40, 80)
    rows = await mutes.mute_page(request.runtime.db, request.member_id, page)
    views = await load_account_views(request.runtime.db, [row.target_id for row in rows])
    found = [
        {
            **account_entity(views[row.target_id], request.addresses),
            "mute_expires_at": timestamp_or_none(row.expires_at),
        }
        for row in rows
    ]
    ids = [row.id for row in rows]
    return page_response(request, orjson.dumps(found), ids, page, newer="since_id")


async def relationship(request: Request) -> Response:
    """How the member stands to the account in the path: the answer to whatever changes that."""
    [found] = await relationships.load_relationships(
        request.runtime.db, request.member_id, [request.path_id()]
    )
    return json_response(relationship_entity(found))


def _or(value: bool | None, otherwise: bool) -> bool:
    return otherwise if value is None else value
