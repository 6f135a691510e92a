"""https://docs.joinmastodon.org/methods/domain_blocks/"""

import msgspec
import orjson
from starlette.responses import Response

from server.actions import block_domain
from server.store import domain_blocks
from web.pagination import json_response, page_response, read_page
from web.params import read_params, read_query
from web.request import Request


class DomainForm(msgspec.Struct):
    """Which domain."""

    domain: str = ""


async def index(request: Request) -> Response:
    """Domains that one blocks."""
    page = read_page(request, 100, 200)
    rows = await domain_blocks.block_page(request.runtime.db, request.member_id, page)
    body = orjson.dumps([domain for _, domain in rows])
    return page_response(request, body, [row for row, _ in rows], page, newer="since_id")


async def create(request: Request) -> Response:
    """See nothing of a domain any more."""
    form = await read_params(request, DomainForm)
    await block_domain.block_domain(request.runtime, request.member_id, form.domain)
    return json_response({})


async def delete(request: Request) -> Response:
    """See a domain again."""
    form = await read_params(request, DomainForm)
    await block_domain.unblock_domain(request.runtime, request.member_id, form.domain)
    return json_response({})


async def preview(request: Request) -> Response:
    """What a block would end."""
    domain = block_domain.normal_domain(read_query(request, DomainForm).domain)
    following, followers = await domain_blocks.count_ties(
        request.runtime.db, request.member_id, domain
    )
    return json_response({"following_count": following, "followers_count": followers})
