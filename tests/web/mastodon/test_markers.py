import asyncio

import pytest

from server.runtime import Runtime
from tests.makers import Api
from tests.waiting import until_blocked


async def test_a_marker_is_kept_with_its_version(anna: Api, ben: Api) -> None:
    assert await anna.get("/api/v1/markers", **{"timeline[]": ["home"]}) == {}
    first = await anna.post("/api/v1/markers", home={"last_read_id": "5"})
    form = await anna(
        "POST",
        "/api/v1/markers",
        data={"home[last_read_id]": "7", "notifications[last_read_id]": "9"},
    )
    assert set(form.json()) == {"home", "notifications"}
    both = await anna.get("/api/v1/markers", **{"timeline[]": ["home", "notifications", "x"]})
    assert both == form.json()
    assert (both["home"]["last_read_id"], both["notifications"]["last_read_id"]) == ("7", "9")
    assert both["home"]["version"] == first["home"]["version"] + 1
    assert await ben.get("/api/v1/markers", timeline="home") == {}


@pytest.mark.parametrize(
    "body",
    [{"home": {"last_read_id": "x"}}, {"home": {"last_read_id": 2**70}}, {"home": {}}],
)
async def test_odd_markers_are_refused(anna: Api, body: object) -> None:
    answer = await anna("POST", "/api/v1/markers", json=body)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})
    assert await anna.get("/api/v1/markers", timeline="home") == {}


async def test_what_has_not_the_shape_of_a_marker_is_none(anna: Api) -> None:
    assert await anna.post("/api/v1/markers", home=5) == {}
    assert await anna.get("/api/v1/markers", timeline="home") == {}


async def test_two_devices_at_once(anna: Api, runtime: Runtime) -> None:
    """The one that comes second is told so, and none of its markers is kept."""
    for name in ("home", "notifications"):
        await anna.post("/api/v1/markers", **{name: {"last_read_id": "5"}})
    async with runtime.transaction() as tx:
        await tx.db.execute(
            "UPDATE markers SET last_read_id = 9, version = version + 1"
            " WHERE timeline = 'notifications'"
        )
        body = {"home": {"last_read_id": "7"}, "notifications": {"last_read_id": "7"}}
        second = asyncio.create_task(anna("POST", "/api/v1/markers", json=body))
        await until_blocked(runtime.db)
    answer = await second
    assert answer.status_code == 409
    assert answer.json() == {"error": "Conflict during update, please try again"}
    kept = await anna.get("/api/v1/markers", **{"timeline[]": ["home", "notifications"]})
    assert {name: marker["last_read_id"] for name, marker in kept.items()} == {
        "home": "5",
        "notifications": "9",
    }
