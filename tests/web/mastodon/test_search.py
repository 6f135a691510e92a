import pytest

from server.runtime import Runtime
from tests.makers import Api
from tests.neighbour import neighbour

PATH = "/api/v2/search"


async def test_people_and_tags_by_what_is_typed(anna: Api, ben: Api) -> None:
    await anna.post("/api/v1/statuses", status="#Benches are #fine")
    found = await anna.get(PATH, q="ben")
    assert [a["acct"] for a in found["accounts"]] == ["ben"]
    assert [t["name"] for t in found["hashtags"]] == ["benches"]
    assert found["statuses"] == []
    assert [t["name"] for t in (await anna.get(PATH, q="#FI"))["hashtags"]] == ["fine"]
    only = await anna.get(PATH, q="ben", type="hashtags")
    assert (only["accounts"], len(only["hashtags"])) == ([], 1)


@pytest.mark.parametrize("text", ["", " ", "@", "#", "@@@", "https://", "http://[", "%", "\\", "_"])
async def test_odd_texts_do_no_harm(anna: Api, stranger: Api, text: str) -> None:
    for api in (anna, stranger):
        found = await api.get(PATH, q=text, resolve="true")
        assert (found["accounts"], found["statuses"]) == ([], [])


@pytest.mark.parametrize(
    "query", [{"q": "a\x00"}, {"q": "a", "limit": "x"}, {"q": "a", "offset": str(2**70)}]
)
async def test_what_cannot_be_asked(anna: Api, query: dict[str, str]) -> None:
    answer = await anna("GET", PATH, params=query)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


async def test_elsewhere_is_asked_for_members_who_want_it_alone(
    anna: Api, stranger: Api, runtime: Runtime
) -> None:
    with neighbour() as home:
        note = home.note(home.actor("bob"), "1")
        for text in (note["id"], f"@bob@{home.domain}"):
            nothing: dict[str, list[object]] = {"accounts": [], "statuses": [], "hashtags": []}
            assert await stranger.get(PATH, q=text, resolve="true") == nothing
            assert await anna.get(PATH, q=text) == nothing
        [bob] = (await anna.get(PATH, q=f"@bob@{home.domain}", resolve="true"))["accounts"]
        assert bob["acct"] == f"bob@{home.domain}"
        [status] = (await anna.get(PATH, q=note["id"], resolve="true"))["statuses"]
        assert status["uri"] == note["id"]
    # Known by now, also while its home is away, and whoever asks.
    [again] = (await stranger.get(PATH, q=note["id"]))["statuses"]
    assert again["id"] == status["id"]
    by_actor = await stranger.get(PATH, q=bob["uri"], type="statuses")
    assert by_actor["accounts"] == []
    assert [a["id"] for a in (await stranger.get(PATH, q=bob["uri"]))["accounts"]] == [bob["id"]]
