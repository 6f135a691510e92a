"""Pages of accounts and of statuses as answers, for every list that pages by rows of its own."""

from collections.abc import Sequence

import orjson
from starlette.responses import Response

from server.store.account_views import load_account_views
from server.store.pages import Page
from server.store.status_views import load_status_views
from web.entities.account import account_entity
from web.entities.status import statuses_json
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
    ids = [shown for _, shown in rows]
    views = await load_status_views(request.runtime.db, ids, request.viewer_id)
    body = statuses_json(views, request.addresses, request.viewer_id)
    return page_response(request, body, [row for row, _ in rows], page)


async def timeline_page(request: Request, ids: Sequence[int], page: Page) -> Response:
    """Statuses, paged by themselves."""
    return await statuses_page(request, [(status_id, status_id) for status_id in ids], page)
