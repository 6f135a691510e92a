"""Pages of accounts and of statuses as answers, for every list that pages by rows of its own."""

from collections.abc import Iterable, Mapping, Sequence

import orjson
from starlette.responses import Response

from server.store.pages import Page
from server.store.revisions import Found
from web.pagination import page_response
from web.renderer import Renderer
from web.request import Request

Rows = Sequence[tuple[int, int]]  # (id of the row that pages, id of what is shown)


async def accounts_page(request: Request, rows: Rows, page: Page) -> Response:
    """Accounts, paged by the rows that lead to them."""
    accounts = await account_fragments(request, [shown for _, shown in rows])
    body = orjson.dumps([accounts[shown] for _, shown in rows if shown in accounts])
    return page_response(request, body, [row for row, _ in rows], page, newer="since_id")


async def account_fragments(request: Request, ids: Iterable[int]) -> dict[int, orjson.Fragment]:
    """Accounts by id, to stand inside of other entities."""
    renderer: Renderer = request.app.state.renderer
    rendered = await renderer.render_accounts(ids)
    return {id_: orjson.Fragment(body) for id_, body in rendered.items()}


async def statuses_page(request: Request, rows: Rows, page: Page) -> Response:
    """Statuses, paged by the rows that lead to them."""
    body = await statuses_json(request, [shown for _, shown in rows])
    return page_response(request, body, [row for row, _ in rows], page)


async def statuses_json(request: Request, ids: Sequence[int]) -> bytes:
    """A list of statuses for the viewer, in this order."""
    return _list_of(ids, await render_statuses(request, ids))


async def render_statuses(request: Request, ids: Sequence[int]) -> dict[int, bytes]:
    """Statuses for the viewer by id."""
    renderer: Renderer = request.app.state.renderer
    return await renderer.render(ids, request.viewer_id)


async def status_fragments(request: Request, ids: Sequence[int]) -> dict[int, orjson.Fragment]:
    """The same, to stand inside of other entities."""
    rendered = await render_statuses(request, ids)
    return {status_id: orjson.Fragment(body) for status_id, body in rendered.items()}


async def timeline_page(request: Request, ids: Sequence[int], page: Page) -> Response:
    """Statuses, paged by themselves."""
    return await statuses_page(request, [(status_id, status_id) for status_id in ids], page)


async def found_page(request: Request, found: Found, page: Page) -> Response:
    """The same for what a query has found, with no further one."""
    renderer: Renderer = request.app.state.renderer
    shown = await renderer.render_found(found, request.viewer_id)
    return page_response(request, _list_of(found.ids, shown), found.ids, page)


def _list_of(ids: Sequence[int], rendered: Mapping[int, bytes]) -> bytes:
    return b"[" + b",".join(rendered[i] for i in ids if i in rendered) + b"]"
