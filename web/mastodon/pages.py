"""Pages of accounts and of statuses as answers, for every list that pages by rows of its own."""

from collections.abc import Sequence

import orjson
from starlette.responses import Response

from server.store.account_views import load_account_views
from server.store.pages import Page
from server.store.status_views import load_marks, load_revisions, load_status_views
from web.entities.account import account_entity
from web.entities.rendered import RenderedStatuses
from web.pagination import page_response
from web.request import Request

Rows = Sequence[tuple[int, int]]  # (id of the row that pages, id of what is shown)


async def accounts_page(request: Request, rows: Rows, page: Page) -> Response:
    """Accounts, paged by the rows that lead to them."""
    views = await load_account_views(request.runtime.db, [shown for _, shown in rows])
    body = orjson.dumps(
        [account_entity(views[shown], request.addresses) for _, shown in rows if shown in views]
    )
    return page_response(request, body, [row for row, _ in rows], page, newer="since_id")


async def statuses_page(request: Request, rows: Rows, page: Page) -> Response:
    """Statuses, paged by the rows that lead to them."""
    body = await statuses_json(request, [shown for _, shown in rows])
    return page_response(request, body, [row for row, _ in rows], page)


async def statuses_json(request: Request, ids: Sequence[int]) -> bytes:
    """A list of statuses for the viewer, in this order."""
    shown = await render_statuses(request, ids)
    return b"[" + b",".join(shown[i] for i in ids if i in shown) + b"]"


async def render_statuses(request: Request, ids: Sequence[int]) -> dict[int, bytes]:
    """Statuses for the viewer by id: copies of what is known, the rest rendered.

    Two queries when all is known, five otherwise; one less for a stranger.
    """
    if not ids:
        return {}
    db, viewer_id = request.runtime.db, request.viewer_id
    rendered: RenderedStatuses = request.app.state.rendered
    revisions = await load_revisions(db, ids)
    if missing := rendered.missing(revisions):
        views = await load_status_views(db, missing, None)
        rendered.put(views, revisions, request.addresses)
    marks = await load_marks(db, list(revisions), viewer_id)
    return rendered.for_viewer(ids, revisions, marks, viewer_id)


async def timeline_page(request: Request, ids: Sequence[int], page: Page) -> Response:
    """Statuses, paged by themselves."""
    return await statuses_page(request, [(status_id, status_id) for status_id in ids], page)
