"""https://docs.joinmastodon.org/methods/grouped_notifications/"""

from collections.abc import Sequence
from typing import Any

import msgspec
import orjson
from starlette.responses import Response

from server.errors import Invalid, NotFound
from server.store import notification_groups as groups
from server.store.account_views import load_account_views
from server.store.notification_groups import GROUPED_TYPES, Group, Selection
from server.store.notifications import SPECIAL_TYPES, find_notifications
from web.entities.notification import load_subjects, special_fields
from web.entities.notification_fallback import fallback_entity, needs_fallback
from web.entities.notification_group import group_entity, partial_account_entity
from web.languages import language_for
from web.mastodon.pages import account_fragments, accounts_page, status_fragments
from web.pages.rendering import texts_in
from web.pagination import json_response, page_response, read_limit, read_page
from web.params import known_id, read_query
from web.request import Request


class GroupQuery(msgspec.Struct):
    """Which kinds, of whom, and how much is told of the senders."""

    types: list[str] = []
    exclude_types: list[str] = []
    grouped_types: list[str] | None = None
    supported_types: list[str] | None = None
    account_id: str | None = None
    include_filtered: bool = False
    expand_accounts: str = "full"

    def __post_init__(self) -> None:
        if self.expand_accounts not in {"full", "partial_avatars"}:
            raise Invalid(
                f"Invalid value for 'expand_accounts': '{self.expand_accounts}', allowed values "
                "are 'full' and 'partial_avatars'",
                unreadable=True,
            )


async def index(request: Request) -> Response:
    """Groups, the latest first."""
    page, query = read_page(request, 40, 80), read_query(request, GroupQuery)
    found = await groups.group_page(request.runtime.db, request.member_id, page, _selection(query))
    body = orjson.dumps(await _results(request, found, query, is_page=True))
    return page_response(request, body, [group.page_max_id for group in found], page)


async def show(request: Request) -> Response:
    """One group."""
    query = read_query(request, GroupQuery)
    found = await groups.load_groups(
        request.runtime.db, request.member_id, [request.path_params["group_key"]]
    )
    if not found:
        raise NotFound
    return json_response(await _results(request, found, query, is_page=False))


async def accounts(request: Request) -> Response:
    """All senders of a group."""
    page = read_page(request, 40, 80)
    rows = await groups.sender_page(
        request.runtime.db, request.member_id, request.path_params["group_key"], page
    )
    if not rows and page.max_id is None and page.since_id is None and page.min_id is None:
        raise NotFound
    return await accounts_page(request, rows, page)


async def dismiss(request: Request) -> Response:
    """Delete a group."""
    await groups.dismiss_group(
        request.runtime.db, request.member_id, request.path_params["group_key"]
    )
    return json_response({})


async def unread_count(request: Request) -> Response:
    """How many groups have something newer than the marker."""
    limit, query = read_limit(request, 100, 1000), read_query(request, GroupQuery)
    count = await groups.count_unread_groups(
        request.runtime.db, request.member_id, limit, _selection(query)
    )
    return json_response({"count": count})


def _selection(query: GroupQuery) -> Selection:
    wanted = GROUPED_TYPES if query.grouped_types is None else query.grouped_types
    return Selection(
        query.types,
        query.exclude_types,
        [kind for kind in wanted if kind in GROUPED_TYPES],
        known_id(query.account_id),
        query.include_filtered or bool(query.account_id),
    )


async def _results(
    request: Request, found: Sequence[Group], query: GroupQuery, *, is_page: bool
) -> dict[str, Any]:
    """GroupedNotificationsResults, in a fixed number of queries."""
    sample = {account_id for group in found for account_id in group.sample}
    status_ids = list(dict.fromkeys(group.status_id for group in found if group.status_id))
    results: dict[str, Any] = {
        "statuses": list((await status_fragments(request, status_ids)).values()),
        "notification_groups": await _group_entities(request, found, query, is_page=is_page),
    }
    whole = sample
    if query.expand_accounts == "partial_avatars":
        whole = {group.sample[0] for group in found}
        views = await load_account_views(request.runtime.db, sample - whole)
        results["partial_accounts"] = [
            partial_account_entity(view, request.addresses) for view in views.values()
        ]
    results["accounts"] = list((await account_fragments(request, whole)).values())
    return results


async def _group_entities(
    request: Request, found: Sequence[Group], query: GroupQuery, *, is_page: bool
) -> list[dict[str, Any]]:
    entities = [group_entity(group, is_page=is_page) for group in found]
    special = [group.newest_id for group in found if group.type in SPECIAL_TYPES]
    told = await find_notifications(request.runtime.db, request.member_id, special)
    subjects = await load_subjects(request.runtime.db, list(told.values()))
    unknown = []
    for group, entity in zip(found, entities, strict=True):
        if group.newest_id in told:
            entity.update(special_fields(told[group.newest_id], subjects, request.addresses))
        if needs_fallback(group.type, query.supported_types):
            unknown.append((group, entity))
    if not unknown:
        return entities
    views = await load_account_views(request.runtime.db, {group.sample[0] for group, _ in unknown})
    texts = texts_in(await language_for(request))
    for group, entity in unknown:
        entity["fallback"] = fallback_entity(
            group.type, views[group.sample[0]], request.addresses, texts
        )
    return entities
