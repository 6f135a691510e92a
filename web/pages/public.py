"""Pages for everybody: the instance, profiles, posts. Small, without JavaScript."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from server.addresses import Addresses
from server.errors import NotFound
from server.store import (
    accounts,
    collections,
    instance_texts,
    local_accounts,
    quotes,
    statuses,
    threads,
    timelines,
)
from server.store.account_views import AccountView, get_account_view, load_account_views
from server.store.accounts import Account
from server.store.pages import Page
from server.store.polls import Poll
from server.store.status_views import StatusView, load_status_views
from server.store.statuses import Status
from server.store.timelines import Selection
from web.activitypub.actors import actor_response
from web.activitypub.answers import wants_activity
from web.activitypub.statuses import status_response
from web.entities.account import avatar_url, header_url, page_url
from web.entities.media_attachment import media_attachment_entity
from web.entities.status import poll_part
from web.feeds import access_of
from web.pages import sessions
from web.pages.rendering import render
from web.request import Request

_POSTS = 20
_ANSWERS = 60
_MEDIUMS = {"gifv": "video", "unknown": "document"}  # of Media RSS


async def home(request: Request) -> Response:
    """The instance: what it is, how to connect, what was posted lately in public."""
    db = request.runtime.db
    members, _, _, posts = await local_accounts.count_local(db)
    session = await sessions.current(request)
    access = access_of(request.runtime.settings, "live", "local")
    is_open = access == "public" or (access == "authenticated" and session is not None)
    ids = []
    if is_open:
        ids = await timelines.public_page(db, None, Page(_POSTS), Selection(local=True))
    views = await load_status_views(db, ids)
    return render(
        request,
        "home.html",
        session=session,
        is_open=is_open,
        has_terms=await instance_texts.has_terms(db),
        members=members,
        posts=posts,
        shown=await posts_values(request, views),
    )


async def profile(request: Request) -> Response:
    """An account of ours; the actor for who asks for that."""
    account = await local_account(request)
    if wants_activity(request):
        return await actor_response(request, account)
    db = request.runtime.db
    view = await get_account_view(db, account.id)
    ids = await timelines.account_page(
        db, account.id, None, Page(_POSTS), exclude_replies=True, exclude_boosts=False
    )
    views = await load_status_views(db, ids)
    return render(
        request,
        "profile.html",
        session=await sessions.current(request),
        view=view,
        person=person_values(view, request),
        subscription_url=request.addresses.subscription_url(account.username)
        if view.is_mailed and request.addresses.mails_posts
        else None,
        header=header_url(account, request.addresses, still=True) if account.header_file else None,
        note=Markup(account.note),  # noqa: S704 - composed or sanitised when it was stored
        fields=[(field["name"], Markup(field["value"])) for field in account.fields],  # noqa: S704
        shown=await posts_values(request, views),
    )


async def post(request: Request) -> Response:
    """A post with its thread; the Note for who asks for that."""
    account = await local_account(request)
    db = request.runtime.db
    status = await statuses.get_visible_status(db, request.path_id(), None)
    if status.account_id != account.id:
        raise NotFound
    if wants_activity(request):
        return await status_response(request, status)
    page = request.addresses.status_url(account.username, status.id)
    above = await threads.list_ancestors(db, status.id, None, _POSTS)
    below = await threads.list_descendants(db, status.id, None, _ANSWERS, 20)
    views = await load_status_views(db, [*above, status.id, *below])
    return render(
        request,
        "status.html",
        session=await sessions.current(request),
        name=account.display_name or account.username,
        current=status.id,
        oembed=f"{request.addresses.origin}/api/oembed?{urlencode({'url': page})}",
        shown=await posts_values(request, views),
    )


async def embed(request: Request) -> Response:
    """A post alone, for a frame in somebody else's page."""
    account = await local_account(request)
    db = request.runtime.db
    status = await statuses.get_visible_status(db, request.path_id(), None)
    if status.account_id != account.id or status.boost_of_id:
        raise NotFound
    [view] = await load_status_views(db, [status.id])
    return render(
        request,
        "embed.html",
        frame_ancestors="*",
        name=account.display_name or account.username,
        shown=(await posts_values(request, [view]))[0],
    )


async def tag(request: Request) -> Response:
    """Public posts with a hashtag."""
    name = str(request.path_params["name"]).lower()
    session = await sessions.current(request)
    ids = await tagged_ids(request, name, is_member=session is not None)
    views = await load_status_views(request.runtime.db, ids)
    return render(
        request,
        "tag.html",
        session=session,
        name=name,
        shown=await posts_values(request, views),
    )


async def tagged_ids(request: Request, name: str, *, is_member: bool) -> list[int]:
    """The last public posts with a hashtag that the settings open to the reader."""
    selection = _open_part(request, is_member=is_member)
    if selection is None:
        return []
    db = request.runtime.db
    return await timelines.tag_page(db, None, [name], [], [], Page(_POSTS), selection)


async def collection(request: Request) -> Response:
    """Accounts that a member shows to others under a name."""
    db = request.runtime.db
    found = await collections.get_collection(db, request.path_id(), None)
    views = await load_account_views(
        db, [found.account_id, *(item.account_id for item in found.items)]
    )
    return render(
        request,
        "collection.html",
        session=await sessions.current(request),
        collection=found,
        owner=person_values(views[found.account_id], request),
        people=[person_values(views[item.account_id], request) for item in found.items],
    )


def _open_part(request: Request, *, is_member: bool) -> Selection | None:
    """The part of a hashtag's posts that the settings open to the reader; None for nothing."""
    readers = {"public", "authenticated"} if is_member else {"public"}
    settings = request.runtime.settings
    local = access_of(settings, "hashtag", "local") in readers
    remote = access_of(settings, "hashtag", "remote") in readers
    if not local and not remote:
        return None
    return Selection() if local and remote else Selection(local=local, remote=remote)


async def local_account(request: Request) -> Account:
    """The account of ours that the path names. Raises NotFound."""
    account = await accounts.find_by_handle(
        request.runtime.db, request.path_params["username"], None
    )
    if account is None or account.suspended_at or account.actor_type == "Application":
        raise NotFound
    return account


def person_values(view: AccountView, request: Request) -> dict[str, str]:
    """A person as the templates show them."""
    account = view.account
    return {
        "name": account.display_name or account.username,
        "handle": f"@{account.username}@{account.domain or request.addresses.domain}",
        "url": page_url(account, request.addresses),
        "avatar": avatar_url(account, request.addresses, still=True),
    }


async def posts_values(request: Request, views: Sequence[StatusView]) -> list[dict[str, object]]:
    """Posts as the templates show them, with the quoted posts that everybody may see."""
    db = request.runtime.db
    originals = [view.boost_of or view for view in views]
    quoted_ids = [
        view.quote.quoted_id
        for view in originals
        if view.quote and view.quote.quoted_id and view.quote.state == "accepted"
    ]
    relations = await quotes.load_relations(db, quoted_ids, [None])
    visible = [id_ for id_ in quoted_ids if relations[None, id_].visible]
    quoted = {view.status.id: view for view in await load_status_views(db, visible)}
    shown = []
    for view, original in zip(views, originals, strict=True):
        found = quoted.get(original.quote.quoted_id or 0) if original.quote else None
        shown.append(
            post_values(view, request) | {"quoted": post_values(found, request) if found else None}
        )
    return shown


def post_values(view: StatusView, request: Request) -> dict[str, object]:
    """A post as the templates show it: of a boost the original."""
    original = view.boost_of or view
    status, addresses = original.status, request.addresses
    account = original.account.account
    url = addresses.status_url(account.username, status.id) if status.local else status.url
    return {
        "id": status.id,
        "uri": status.uri,
        "url": url or status.uri,
        "person": person_values(original.account, request),
        "booster": person_values(view.account, request)["name"] if view.boost_of else None,
        "content": Markup(status.content),  # noqa: S704 - composed or sanitised when stored
        "warning": status.spoiler_text,
        "sensitive": status.sensitive,
        "tags": original.tags,
        "language": status.language,
        "at": status.created_at,
        "edited_at": status.edited_at,
        "media": [
            {
                **media_attachment_entity(m, addresses),
                "content_type": m.content_type,
                "medium": _MEDIUMS.get(m.type, m.type),
            }
            for m in original.media
        ],
        "poll": _poll(original.poll, status, addresses) if original.poll else None,
        "replies": original.replies_count,
        "boosts": original.boosts_count,
        "favourites": original.favourites_count,
    }


def _poll(poll: Poll, status: Status, addresses: Addresses) -> dict[str, Any]:
    """A poll with the share of each choice in per cent; None where the counts are hidden still."""
    shown = poll_part(poll, status, datetime.now(UTC), addresses)
    total = max(1, shown["votes_count"])
    for option in shown["options"]:
        votes = option["votes_count"]
        option["share"] = None if votes is None else round(100 * votes / total)
    return shown
