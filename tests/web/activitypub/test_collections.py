import httpx

from server.runtime import Runtime
from server.store import collections
from tests.makers import make_member
from tests.queries import count_queries


async def test_who_stands_in_the_collections_of_a_member_is_read_at_once(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna, ben, kim = [await make_member(runtime, name) for name in ("anna", "ben", "kim")]
    path = f"/ap/users/{anna.id}/featured_collections?page=true"
    counts = []
    for name, people in (("Tea", [ben]), ("Cake", [ben, kim]), ("Both", [kim])):
        number = await collections.insert_collection(runtime.db, anna.id, name)
        await collections.insert_items(runtime.db, number, [one.id for one in people])
        await runtime.db.execute("UPDATE collections SET discoverable = true")
        with count_queries() as queries:
            answer = await client.get(path, headers={"Accept": "application/activity+json"})
        counts.append(len(queries))
    shown = {
        one["name"]: [item["featuredObject"] for item in one["orderedItems"]]
        for one in answer.json()["orderedItems"]
    }
    assert shown == {"Tea": [ben.uri], "Cake": [ben.uri, kim.uri], "Both": [kim.uri]}
    assert len(set(counts)) == 1
