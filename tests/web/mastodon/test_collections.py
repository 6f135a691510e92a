from typing import Any

import pytest

from federation.documents.audience import PUBLIC
from server.runtime import Runtime
from tests.makers import Api, id_of, make_member, make_remote

COLLECTIONS = "/api/v1/collections"


@pytest.fixture
async def willing(anna: Api, ben: Api) -> str:
    """Id of ben, who wants to be found."""
    await ben("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": True})
    return str(await id_of(anna, "ben"))


async def make(api: Api, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await api.post(COLLECTIONS, **{"name": "Gardeners", **more})
    return dict(made["collection"])


async def test_search_finds_a_collection_by_its_address(
    anna: Api, ben: Api, stranger: Api, willing: str
) -> None:
    made, search = await make(anna, account_ids=[willing]), "/api/v2/search"
    for address in (made["url"], made["uri"]):
        found = await stranger.get(search, q=address)
        assert found == {"accounts": [], "statuses": [], "hashtags": [], "collections": [made]}
    assert (await anna.get(search, q=made["url"], type="accounts"))["collections"] == []
    assert (await anna.get(search, q=made["url"] + "0"))["collections"] == []
    assert (await anna.get(search, q="Gardeners"))["collections"] == []
    await anna.post(f"/api/v1/accounts/{willing}/block")
    assert (await ben.get(search, q=made["url"]))["collections"] == []


async def test_a_collection_from_its_making_to_its_end(
    anna: Api, ben: Api, stranger: Api, willing: str
) -> None:
    made = await make(anna, description="who knows", tag_name="#Garden", account_ids=[willing])
    assert (made["name"], made["item_count"], made["tag"]["name"]) == ("Gardeners", 1, "Garden")
    assert made["items"][0]["account_id"] == willing
    path = f"{COLLECTIONS}/{made['id']}"
    found = await stranger.get(path)
    assert [account["acct"] for account in found["accounts"]] == ["anna", "ben"]
    assert found["collection"] == made
    [told] = await ben.get("/api/v1/notifications")
    assert (told["type"], told["collection"]["id"]) == ("added_to_collection", made["id"])
    changed = (await anna("PUT", path, json={"name": "Growers", "tag_name": ""})).json()[
        "collection"
    ]
    assert (changed["name"], changed["tag"], changed["description"]) == (
        "Growers",
        None,
        "who knows",
    )
    kinds = [row["type"] for row in await ben.get("/api/v1/notifications")]
    assert kinds == ["collection_update", "added_to_collection"]
    anna_id = await id_of(anna, "anna")
    assert (await ben.get(f"/api/v1/accounts/{anna_id}/collections"))["collections"] == [changed]
    mine = await ben.get(f"/api/v1/accounts/{willing}/in_collections")
    assert mine["collections"] == [changed]
    assert (await anna("GET", f"/api/v1/accounts/{willing}/in_collections")).status_code == 403
    assert (await anna("DELETE", path)).json() == {}
    assert (await anna("GET", path)).status_code == 404


async def test_who_stands_in_it_may_leave(anna: Api, ben: Api, willing: str) -> None:
    made = await make(anna)
    path = f"{COLLECTIONS}/{made['id']}/items"
    item = (await anna.post(path, account_id=willing))["collection_item"]
    assert (item["account_id"], item["state"]) == (willing, "accepted")
    assert (await anna("POST", f"{path}/{item['id']}/revoke")).status_code == 403
    assert await ben.post(f"{path}/{item['id']}/revoke") == {}
    again = (await anna.post(path, account_id=willing))["collection_item"]
    assert (await ben("DELETE", f"{path}/{again['id']}")).status_code == 403
    assert (await ben("DELETE", f"{COLLECTIONS}/{made['id']}")).status_code == 403
    assert (await anna("DELETE", f"{path}/{again['id']}")).json() == {}
    assert (await anna("DELETE", f"{path}/{again['id']}")).status_code == 404


async def test_a_block_takes_each_out_of_what_the_other_collects(
    anna: Api, ben: Api, willing: str
) -> None:
    made = await make(anna)
    await anna.post(f"{COLLECTIONS}/{made['id']}/items", account_id=willing)
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/block")
    assert (await anna.get(f"{COLLECTIONS}/{made['id']}"))["collection"]["items"] == []


async def test_nobody_is_put_in_against_their_will(
    anna: Api, ben: Api, willing: str, runtime: Runtime
) -> None:
    shy, remy = await make_member(runtime, "shy"), await make_remote(runtime)
    await runtime.db.execute("UPDATE accounts SET discoverable = false WHERE id = $1", shy.id)
    made = await make(anna)
    path = f"{COLLECTIONS}/{made['id']}/items"
    for unwilling in (shy.id, remy.id, 1):
        answer = await anna("POST", path, json={"account_id": str(unwilling)})
        assert answer.status_code == 403
        new = await anna("POST", COLLECTIONS, json={"name": "n", "account_ids": [str(unwilling)]})
        assert new.status_code == 403
    owner = await id_of(anna, "anna")
    assert len((await anna.get(f"/api/v1/accounts/{owner}/collections"))["collections"]) == 1
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/block")
    assert (await anna("POST", path, json={"account_id": willing})).status_code == 403
    assert (await ben("GET", f"{COLLECTIONS}/{made['id']}")).status_code == 200
    await anna.post(f"/api/v1/accounts/{willing}/block")
    assert (await ben("GET", f"{COLLECTIONS}/{made['id']}")).status_code == 404


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 41}, {"description": "x" * 101}])
async def test_collections_that_cannot_be(anna: Api, wrong: dict[str, str]) -> None:
    answer = await anna("POST", COLLECTIONS, json={"name": "n", **wrong})
    assert answer.status_code == 422
    assert list(answer.json()["details"]) == list(wrong)


async def test_pages_lead_on(anna: Api) -> None:
    made = [(await make(anna, name=f"n{n}"))["id"] for n in range(3)]
    path = f"/api/v1/accounts/{await id_of(anna, 'anna')}/collections"
    answer = await anna("GET", path, params={"limit": 2})
    assert [one["id"] for one in answer.json()["collections"]] == made[:0:-1]
    older = await anna("GET", answer.links["next"]["url"])
    assert [one["id"] for one in older.json()["collections"]] == made[:1]
    assert (await anna("GET", path, params={"offset": "-1"})).status_code == 400


async def test_a_post_shows_the_collections_to_which_it_links(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    made = await anna.post("/api/v1/collections", name="Gardeners", description="Green ones")
    shown = made["collection"]
    for text in (f"Look: {shown['url']}!", f"Look: {shown['uri']}"):
        post = await ben.post(
            "/api/v1/statuses", status=f"{text} http://localhost:3000/collections/1"
        )
        assert [one["name"] for one in post["tagged_collections"]] == ["Gardeners"]
    path = f"/api/v1/statuses/{post['id']}"
    changed = {"name": "Growers", "tag_name": "Soil"}
    await anna("PATCH", f"/api/v1/collections/{shown['id']}", json=changed)
    assert [one["name"] for one in (await stranger.get(path))["tagged_collections"]] == ["Growers"]
    page = (await stranger("GET", f"/collections/{shown['id']}")).text
    for word in ("Growers", "Green ones", "@anna@localhost:3000", "/tags/soil"):
        assert word in page
    await ben("PUT", path, json={"status": "no link"})
    assert (await stranger.get(path))["tagged_collections"] == []
    await ben("PUT", path, json={"status": shown["url"], "content_type": "text/markdown"})
    assert len((await stranger.get(path))["tagged_collections"]) == 1
    await anna("DELETE", f"/api/v1/collections/{shown['id']}")
    assert (await stranger.get(path))["tagged_collections"] == []
    assert (await stranger("GET", f"/collections/{shown['id']}")).status_code == 404


async def test_a_collection_has_a_document_for_other_servers(
    anna: Api, stranger: Api, willing: str
) -> None:
    made = await make(anna, description="Green ones", account_ids=[willing])
    asked = {"accept": "application/activity+json"}
    document = (await stranger("GET", made["uri"], headers=asked)).json()
    assert (document["id"], document["type"]) == (made["uri"], "FeaturedCollection")
    assert document["attributedTo"] == made["uri"].partition("/collections/")[0]
    assert (document["summary"], document["totalItems"]) == ("Green ones", 1)
    [item] = document["orderedItems"]
    member = (await stranger("GET", item["featuredObject"], headers=asked)).json()
    assert member["preferredUsername"] == "ben"
    assert (await stranger("GET", item["id"], headers=asked)).json()["id"] == item["id"]
    stamp = (await stranger("GET", item["featureAuthorization"], headers=asked)).json()
    assert (stamp["type"], stamp["interactingObject"], stamp["interactionTarget"]) == (
        "FeatureAuthorization",
        made["uri"],
        member["id"],
    )
    assert member["interactionPolicy"]["canFeature"]["automaticApproval"] == [PUBLIC]
    owner = (await stranger("GET", document["attributedTo"], headers=asked)).json()
    listed = (await stranger("GET", owner["featuredCollections"], headers=asked)).json()
    page = (await stranger("GET", listed["first"], headers=asked)).json()
    assert [one["id"] for one in page["orderedItems"]] == [made["uri"]]
    page = await stranger("GET", made["uri"], headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (302, made["url"])
    of_another = made["uri"].replace("/collections/", "1/collections/")
    assert (await stranger("GET", of_another, headers=asked)).status_code == 404


async def test_others_see_what_may_be_found(anna: Api, stranger: Api) -> None:
    made = await make(anna, discoverable=False)
    path = f"/api/v1/accounts/{await id_of(anna, 'anna')}/collections"
    assert (await stranger.get(path))["collections"] == []
    assert [c["id"] for c in (await anna.get(path))["collections"]] == [made["id"]]


async def test_who_approves_followers_is_put_in_by_these(
    anna: Api, ben: Api, stranger: Api, willing: str
) -> None:
    await ben("PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})
    paths = [
        f"/api/v1/accounts/{willing}",
        f"/api/v1/accounts?id[]={willing}",
        "/api/v1/accounts/lookup?acct=ben",
        "/api/v1/accounts/search?q=ben",
        "/api/v2/search?q=ben&type=accounts",
    ]

    async def said(api: Api) -> set[str]:
        found = [(await api("GET", path)).json() for path in paths]
        shown = [one if isinstance(one, list) else one.get("accounts", one) for one in found]
        flat = [one[0] if isinstance(one, list) else one for one in shown]
        assert [one["feature_approval"]["automatic"] for one in flat] == [["followers"]] * 5
        return {one["feature_approval"]["current_user"] for one in flat}

    made = await make(anna)
    items = f"{COLLECTIONS}/{made['id']}/items"
    assert await said(anna) == {"denied"}
    assert (await anna("POST", items, json={"account_id": willing})).status_code == 403
    await anna.post(f"/api/v1/accounts/{willing}/follow")
    await ben.post(f"/api/v1/follow_requests/{await id_of(ben, 'anna')}/authorize")
    assert await said(anna) == {"automatic"}
    assert (await anna("POST", items, json={"account_id": willing})).status_code == 200
    shown = (await stranger("GET", paths[0])).json()
    assert shown["feature_approval"]["current_user"] == "unknown"
