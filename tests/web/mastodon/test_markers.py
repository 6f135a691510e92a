import pytest

from tests.makers import Api


async def test_a_marker_is_kept_with_its_version(anna: Api, ben: Api) -> None:
    assert await anna.get("/api/v1/markers", **{"timeline[]": ["home"]}) == {}
    first = await anna.post("/api/v1/markers", home={"last_read_id": "5"})
    form = await anna("POST", "/api/v1/markers", data={
        "home[last_read_id]": "7", "notifications[last_read_id]": "9",
    })  # fmt: skip
    assert set(form.json()) == {"home", "notifications"}
    both = await anna.get("/api/v1/markers", **{"timeline[]": ["home", "notifications", "x"]})
    assert both == form.json()
    assert (both["home"]["last_read_id"], both["notifications"]["last_read_id"]) == ("7", "9")
    assert both["home"]["version"] == first["home"]["version"] + 1
    assert await ben.get("/api/v1/markers", timeline="home") == {}


@pytest.mark.parametrize(
    "body",
    [{"home": {"last_read_id": "x"}}, {"home": 5}, {"home": {"last_read_id": 2**70}}, {"home": {}}],
)
async def test_odd_markers_are_refused(anna: Api, body: object) -> None:
    answer = await anna("POST", "/api/v1/markers", json=body)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})
    assert await anna.get("/api/v1/markers", timeline="home") == {}
