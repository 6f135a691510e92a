"""How the rows of collections are called."""

from tests.contract import own_things
from tests.contract.own_things import (
    collection_item,
    collection_with_me,
    empty_collection,
)
from tests.contract.recipe import Recipe, at, rows
from tests.contract.things import friend, me

COLLECTIONS = {
    "GET /api/v1/accounts/:account_id/collections": rows(
        own_things.one_more_collection, path={"account_id": me}
    ),
    "GET /api/v1/accounts/:account_id/in_collections": rows(
        own_things.collects_me, path={"account_id": me}, unknown=False
    ),
    "POST /api/v1/collections": Recipe(
        body={
            "name": "gardeners",
            "description": "soil",
            "language": "en",
            "discoverable": True,
            "sensitive": False,
        }
    ),
    "GET /api/v1/collections/:id": rows(own_things.collected, path={"id": empty_collection}),
    "PATCH /api/v1/collections/:id": Recipe({"id": empty_collection}, body={"name": "anew"}),
    "DELETE /api/v1/collections/:id": at(id=empty_collection),
    "POST /api/v1/collections/:collection_id/items": Recipe(
        {"collection_id": empty_collection}, body={"account_id": friend}
    ),
    "DELETE /api/v1/collections/:collection_id/items/:id": at(
        collection_id=empty_collection, id=collection_item
    ),
    "POST /api/v1/collections/:collection_id/items/:id/revoke": at(
        collection_id=collection_with_me, id=own_things.item_with_me
    ),
}
