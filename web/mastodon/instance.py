"""https://docs.joinmastodon.org/methods/instance/"""

from starlette.responses import Response

from server.identity import vapid
from server.store import account_search, local_accounts
from server.store.account_views import AccountView, load_account_views
from web.entities import instance as entities
from web.pagination import json_response
from web.request import Request


async def v2(request: Request) -> Response:
    """What the instance is and can."""
    runtime = request.runtime
    counts = await local_accounts.count_local(runtime.db)
    return json_response(
        entities.instance_v2(
            runtime.settings,
            runtime.addresses,
            counts,
            await _contact(request),
            await vapid.public_key(runtime),
        )
    )


async def v1(request: Request) -> Response:
    """The same for older clients."""
    runtime = request.runtime
    counts = await local_accounts.count_local(runtime.db)
    domains = await account_search.list_known_domains(runtime.db)
    return json_response(
        entities.instance_v1(
            runtime.settings, runtime.addresses, counts, len(domains), await _contact(request)
        )
    )


async def peers(request: Request) -> Response:
    """Domains that we know."""
    return json_response(await account_search.list_known_domains(request.runtime.db))


async def empty_list(_: Request) -> Response:
    """There are none: no rules, no custom emoji."""
    return json_response([])


async def _contact(request: Request) -> AccountView | None:
    account_id = await account_search.find_contact(request.runtime.db)
    views = await load_account_views(request.runtime.db, [account_id] if account_id else [])
    return views.get(account_id or 0)
