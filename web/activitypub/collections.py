"""Collections of accounts that members show, and their consent to stand in those of others."""

from starlette.responses import RedirectResponse, Response

from federation.documents.collection import build_collection, build_page
from federation.documents.context import COLLECTION_CONTEXT
from server.errors import NotFound
from server.outbox.collections import collection_documents, item_document, stamp_document
from server.store import accounts, collections, remote_collections
from server.store.collections import Collection
from web.activitypub.answers import activity_response, wants_activity
from web.activitypub.asker import find_asker_id
from web.activitypub.owners import active_account
from web.request import Request


async def show_all(request: Request) -> Response:
    """Those of a member that may be found."""
    owner = await active_account(request)
    db, addresses = request.runtime.db, request.addresses
    uri = addresses.collection(owner.id, "featured_collections")
    asker = await find_asker_id(request)
    found = await collections.list_of_account(db, owner.id, asker, collections.MOST_COLLECTIONS, 0)
    if request.query_params.get("page") != "true":
        document = build_collection(uri, len(found), f"{uri}?page=true")
    else:
        items = await collection_documents(db, found, owner, addresses)
        document = build_page(f"{uri}?page=true", uri, items, None)
    document["@context"] = COLLECTION_CONTEXT
    return activity_response(document, is_public=asker is None)


async def show(request: Request) -> Response:
    """One; browsers are sent to its page."""
    owner = await active_account(request)
    asker = await find_asker_id(request)
    found = await _find(request, request.path_id("number"), asker)
    if found.account_id != owner.id:
        raise NotFound
    if not wants_activity(request) and "html" in request.headers.get("accept", ""):
        return RedirectResponse(request.addresses.collection_url(found.id), 302, {"Vary": "Accept"})
    [document] = await collection_documents(request.runtime.db, [found], owner, request.addresses)
    return activity_response(document, is_public=asker is None)


async def show_item(request: Request) -> Response:
    """Somebody who stands in one."""
    owner = await active_account(request)
    place = await remote_collections.find_place(request.runtime.db, request.path_id("number"))
    if place is None or place.owner_id != owner.id or place.item.state != "accepted":
        raise NotFound
    asker = await find_asker_id(request)
    found = await _find(request, place.collection_id, asker)
    account = await accounts.get_account(request.runtime.db, place.item.account_id)
    document = item_document(found, place.item, account, request.addresses)
    return activity_response(document, is_public=asker is None)


async def show_stamp(request: Request) -> Response:
    """A member agrees to stand in a collection. Raises NotFound, also when taken back."""
    member = await active_account(request)
    place = await remote_collections.find_place(request.runtime.db, request.path_id("number"))
    if place is None or place.item.account_id != member.id or place.item.state != "accepted":
        raise NotFound
    asker = await find_asker_id(request)
    found = await collections.get_collection(request.runtime.db, place.collection_id, asker)
    uri = found.uri or request.addresses.collection_uri(found.account_id, found.id)
    document = stamp_document(member, place.item.id, uri, request.addresses)
    return activity_response(document, is_public=asker is None)


async def _find(request: Request, collection_id: int, asker: int | None) -> Collection:
    """One of ours, for whom its owner does not block. Raises NotFound."""
    found = await collections.get_collection(request.runtime.db, collection_id, asker)
    if found.uri:
        raise NotFound
    return found
