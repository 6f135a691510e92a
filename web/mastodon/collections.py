"""https://docs.joinmastodon.org/methods/collections/"""

import msgspec
from starlette.responses import Response

from server.actions import collections as actions
from server.actions.collections import CollectionChange
from server.errors import Forbidden, Invalid
from server.store import accounts, collections
from server.store.account_views import load_account_views
from server.store.collections import Collection
from web.entities.account import account_entity
from web.entities.collection import collection_entity, item_entity
from web.pagination import json_response, offset_response, read_limit, read_offset
from web.params import read_params
from web.request import Request


class CollectionForm(msgspec.Struct):
    """A collection; `account_ids` count for a new one only."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag_name: str | None = None
    account_ids: list[int] = []


class ItemForm(msgspec.Struct):
    """Who shall be put in."""

    account_id: int | None = None


async def create(request: Request) -> Response:
    """A new one."""
    form = await read_params(request, CollectionForm)
    made = await actions.create_collection(
        request.runtime, request.member_id, _change(form), form.account_ids
    )
    return json_response({"collection": collection_entity(made, request.addresses)})


async def show(request: Request) -> Response:
    """One, with its accounts."""
    found = await collections.get_collection(
        request.runtime.db, request.path_id(), request.viewer_id
    )
    wanted = [found.account_id, *(item.account_id for item in found.items)]
    views = await load_account_views(request.runtime.db, wanted)
    shown = [
        account_entity(views[i], request.addresses) for i in dict.fromkeys(wanted) if i in views
    ]
    return json_response(
        {"accounts": shown, "collection": collection_entity(found, request.addresses)}
    )


async def update(request: Request) -> Response:
    """Change one."""
    form = await read_params(request, CollectionForm)
    changed = await actions.change_collection(
        request.runtime, request.member_id, request.path_id(), _change(form)
    )
    return json_response({"collection": collection_entity(changed, request.addresses)})


async def delete(request: Request) -> Response:
    """Delete one."""
    await actions.delete_collection(request.runtime, request.member_id, request.path_id())
    return json_response({})


async def add_item(request: Request) -> Response:
    """Put an account in."""
    form = await read_params(request, ItemForm)
    if form.account_id is None:
        raise Invalid("Validation failed: Account can't be blank")
    changed = await actions.add_items(
        request.runtime, request.member_id, request.path_id(), [form.account_id]
    )
    item = next(item for item in changed.items if item.account_id == form.account_id)
    return json_response({"collection_item": item_entity(item)})


async def remove_item(request: Request) -> Response:
    """Take an account out."""
    item_id = request.path_id("item_id")
    await actions.remove_item(request.runtime, request.member_id, request.path_id(), item_id)
    return json_response({})


async def revoke_item(request: Request) -> Response:
    """Leave a collection of somebody else's."""
    item_id = request.path_id("item_id")
    await actions.revoke_item(request.runtime, request.member_id, request.path_id(), item_id)
    return json_response({})


async def of_account(request: Request) -> Response:
    """Those that an account made."""
    limit, offset = read_limit(request, 40, 80), read_offset(request)
    await accounts.get_account(request.runtime.db, request.path_id())
    found = await collections.list_of_account(
        request.runtime.db, request.path_id(), request.viewer_id, limit, offset
    )
    return _list(request, found, limit, offset)


async def with_account(request: Request) -> Response:
    """Those in which one stands oneself."""
    account = await accounts.get_account(request.runtime.db, request.path_id())
    if account.id != request.member_id:
        raise Forbidden
    limit, offset = read_limit(request, 40, 80), read_offset(request)
    found = await collections.list_with_account(
        request.runtime.db, request.member_id, limit, offset
    )
    return _list(request, found, limit, offset)


def _list(request: Request, found: list[Collection], limit: int, offset: int) -> Response:
    body = {"collections": [collection_entity(one, request.addresses) for one in found]}
    return offset_response(request, body, len(found), limit, offset)


def _change(form: CollectionForm) -> CollectionChange:
    return CollectionChange(
        name=form.name,
        description=form.description,
        language=form.language,
        sensitive=form.sensitive,
        discoverable=form.discoverable,
        tag=form.tag_name,
    )
