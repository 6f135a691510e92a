"""Collections of accounts between two instances: shown, asked for, left, changed and deleted."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.journeys.story import eventually
from tests.servers import Instance

PATH = "/api/v1/collections"


class Person:
    """Somebody with a token."""

    def __init__(self, instance: Instance, name: str) -> None:
        token = instance.create_user(name, "read write follow")
        self.handle = f"@{name}@{instance.domain}"
        self._url, self._headers = instance.url, {"Authorization": f"Bearer {token}"}
        self("PATCH", "/api/v1/accounts/update_credentials", discoverable=True)

    def __call__(self, method: str, path: str, **body: Any) -> Any:
        answer = httpx.request(
            method, self._url + path, headers=self._headers, json=body or None, timeout=60
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def find(self, text: str, kind: str) -> list[Any]:
        found = self("GET", f"/api/v2/search?resolve=true&type={kind}&q={text}")[kind]
        return list(found)

    def id_of(self, other: "Person") -> str:
        return str(self.find(other.handle, "accounts")[0]["id"])

    def follow(self, other: "Person") -> str:
        account_id = self.id_of(other)
        self("POST", f"/api/v1/accounts/{account_id}/follow")
        path = f"/api/v1/accounts/relationships?id[]={account_id}"
        eventually("it is followed", lambda: self("GET", path)[0]["following"])
        return account_id

    def told(self, kind: str) -> list[Any]:
        return [n for n in self("GET", "/api/v1/notifications") if n["type"] == kind]


@pytest.fixture
def pair() -> Iterator[tuple[Instance, Instance]]:
    with ExitStack() as stack:
        yield stack.enter_context(Instance()), stack.enter_context(Instance())


Shown = tuple[str, list[str]]


def shown_to(person: Person, owner_id: str) -> Callable[[], Shown]:
    """What somebody is shown of the only collection of an account: name, and who stands in it."""

    def look() -> Shown:
        found = person("GET", f"/api/v1/accounts/{owner_id}/collections")["collections"]
        if not found:
            return "", []
        whole = person("GET", f"{PATH}/{found[0]['id']}")
        accounts = {account["id"]: account["acct"] for account in whole["accounts"]}
        items = whole["collection"]["items"]
        return found[0]["name"], sorted(accounts[item["account_id"]] for item in items)

    return look


@pytest.mark.slow
def test_a_collection_on_two_instances(pair: tuple[Instance, Instance]) -> None:
    here, there = pair
    anna, carla = Person(here, "anna"), Person(here, "carla")
    ben, dora = Person(there, "ben"), Person(there, "dora")
    anna_there = ben.follow(anna)
    carla_here, ben_here, dora_here = (anna.id_of(one) for one in (carla, ben, dora))

    made = anna(
        "POST", PATH, name="Gardeners", description="green", account_ids=[carla_here, ben_here]
    )["collection"]
    look = shown_to(ben, anna_there)
    carla_shown, whole = carla.handle[1:], f"{PATH}/{made['id']}"
    eventually("both are shown", lambda: look() == ("Gardeners", ["ben", carla_shown]))
    eventually("ben is told", lambda: ben.told("added_to_collection"))

    def states() -> list[str]:
        return [item["state"] for item in anna("GET", whole)["collection"]["items"]]

    # Ben's side knows that he agreed before anna's has heard of it.
    eventually("both stand in it here", lambda: states() == ["accepted", "accepted"])

    anna("PATCH", whole, name="Growers")
    eventually("the change is seen", lambda: look()[0] == "Growers")
    eventually("ben is told of it", lambda: ben.told("collection_update"))
    eventually("ben finds it", lambda: ben.find(made["uri"], "collections"))

    item = anna("POST", f"{whole}/items", account_id=dora_here)["collection_item"]
    eventually("dora stands in it", lambda: look()[1] == ["ben", carla_shown, "dora"])
    anna("DELETE", f"{whole}/items/{item['id']}")
    eventually("dora stands in it no more", lambda: look()[1] == ["ben", carla_shown])

    mine = ben.told("added_to_collection")[0]["collection"]
    assert (mine["local"], mine["description"], mine["uri"]) == (False, "green", made["uri"])
    me = ben("GET", "/api/v1/accounts/verify_credentials")["id"]
    own = next(item for item in mine["items"] if item["account_id"] == me)
    ben("POST", f"{PATH}/{mine['id']}/items/{own['id']}/revoke")

    def left() -> list[str]:
        return [item["account_id"] for item in anna("GET", whole)["collection"]["items"]]

    eventually("ben left it there too", lambda: left() == [carla_here])
    assert look()[1] == [carla_shown]
    anna("POST", f"{whole}/items", account_id=ben_here)
    eventually("ben is not put in again", lambda: left() == [carla_here])

    anna("POST", "/api/v1/statuses", status=f"Look: {made['url']}")

    def linked() -> list[str]:
        posts = ben("GET", f"/api/v1/accounts/{anna_there}/statuses")
        return [one["uri"] for post in posts for one in post["tagged_collections"]]

    eventually("a post shows it", lambda: linked() == [made["uri"]])
    anna("DELETE", whole)
    eventually("it is gone there", lambda: look() == ("", []))


@pytest.mark.slow
def test_whoever_is_followed_later_brings_collections_along(
    pair: tuple[Instance, Instance],
) -> None:
    here, there = pair
    anna, carla, ben = Person(here, "anna"), Person(here, "carla"), Person(there, "ben")
    anna("POST", PATH, name="Gardeners", account_ids=[anna.id_of(carla)])
    look = shown_to(ben, ben.follow(anna))
    eventually("it is shown", lambda: look()[1] == [carla.handle[1:]])
