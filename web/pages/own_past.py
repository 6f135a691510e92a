"""Pages on which members look after their own past: old posts, and follows that they lost."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict

import msgspec
from starlette.responses import RedirectResponse, Response

from server.actions import cleanup
from server.errors import Invalid
from server.store import cleanup_policies, severances
from server.store.cleanup_policies import CleanupPolicy
from server.store.sessions import Session
from server.store.severances import Severed
from server.transfer.tables import harmless
from web.pages import sessions
from web.pages.forms import PageForm, read_form
from web.pages.rendering import render
from web.request import Request

_DELETION = "/settings/automatic-deletion"
_DAY = 24 * 3600
# Name of the text, seconds.
_AGES = (
    ("week", 7 * _DAY),
    ("weeks", 14 * _DAY),
    ("month", 30 * _DAY),
    ("months", 91 * _DAY),
    ("half_year", 182 * _DAY),
    ("year", 365 * _DAY),
    ("years", 730 * _DAY),
)
_KEPT = ("pinned", "direct", "polls", "media", "self_fav", "self_bookmark")


class DeletionForm(PageForm):
    """What a browser sends: a box that is not ticked is not there."""

    enabled: bool = False
    min_status_age: int = 0
    keep_direct: bool = False
    keep_pinned: bool = False
    keep_polls: bool = False
    keep_media: bool = False
    keep_self_fav: bool = False
    keep_self_bookmark: bool = False
    min_favs: int | None = None
    min_reblogs: int | None = None


async def show_deletion(request: Request) -> Response:
    """The form."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(_DELETION)
    policy = await cleanup_policies.find_policy(request.runtime.db, session.account_id)
    return await _form(request, session, policy)


async def save_deletion(request: Request) -> Response:
    """Keep what was chosen."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(_DELETION)
    form = await read_form(request, DeletionForm)
    values = msgspec.structs.asdict(form)
    del values["csrf"]
    policy = CleanupPolicy(**values)
    try:
        await cleanup.put_policy(request.runtime, session.account_id, policy)
    except Invalid:
        return await _form(request, session, policy, problem="deletion.wrong")
    return RedirectResponse(f"{_DELETION}?saved=1", 303)


async def show_severed(request: Request) -> Response:
    """What was lost when, with the lists to keep."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in("/severed_relationships")
    found = await severances.list_severances(request.runtime.db, session.account_id)
    return render(request, "severed.html", session=session, events=found)


async def severed_following(request: Request) -> Response:
    """CSV of whom one followed, as Mastodon imports it."""
    return await _csv(
        request,
        "following",
        ("Account address", "Show boosts", "Notify on new posts", "Languages"),
        followers=False,
    )


async def severed_followers(request: Request) -> Response:
    """CSV of who followed one."""
    return await _csv(request, "followers", ("Account address",), followers=True)


async def _form(
    request: Request, session: Session, policy: CleanupPolicy, problem: str | None = None
) -> Response:
    due = await cleanup_policies.count_due(request.runtime.db, session.account_id)
    return render(
        request,
        "deletion.html",
        422 if problem else 200,
        session=session,
        policy=asdict(policy),
        ages=_AGES,
        kept=_KEPT,
        due=due if policy.enabled else 0,
        saved="saved" in request.query_params,
        problem=problem,
    )


async def _csv(request: Request, name: str, columns: Sequence[str], *, followers: bool) -> Response:
    severance_id = request.path_id()
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(f"/severed_relationships/{severance_id}/{name}.csv")
    found = await severances.list_severed(
        request.runtime.db, session.account_id, severance_id, followers=followers
    )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    domain = request.addresses.domain
    writer.writerows([harmless(v) for v in _row(s, domain)[: len(columns)]] for s in found)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(text.getvalue(), 200, headers, media_type="text/csv; charset=utf-8")


def _row(severed: Severed, domain: str) -> list[str]:
    return [
        f"{severed.username}@{severed.domain or domain}",
        str(severed.show_boosts).lower(),
        str(severed.notify).lower(),
        ", ".join(severed.languages or ()),
    ]
