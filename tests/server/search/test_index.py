import pytest

from server.actions.reindex import index_accounts_job, index_statuses_job
from server.runtime import Runtime
from server.search.find import find_accounts, find_statuses
from tests.makers import Api, make_member, make_status, run_jobs
from tests.website import website

PATH = "/api/v2/search"


async def test_an_edit_is_found_by_its_new_words_alone(anna: Api, runtime: Runtime) -> None:
    post = await anna.post("/api/v1/statuses", status="old words", language="nl")
    path = f"/api/v1/statuses/{post['id']}"
    answer = await anna("PUT", path, json={"status": "new words", "language": "en"})
    assert answer.status_code == 200
    for text, count in (("old", 0), ("new", 1), ("language:nl", 0), ("language:en", 1)):
        assert len((await anna.get(PATH, q=text))["statuses"]) == count, text


async def test_a_deleted_post_leaves_no_words(anna: Api, runtime: Runtime) -> None:
    post = await anna.post("/api/v1/statuses", status="old words")
    assert await runtime.db.fetchval("SELECT count(*) FROM status_words") == 1
    await anna("DELETE", f"/api/v1/statuses/{post['id']}")
    assert await runtime.db.fetchval("SELECT count(*) FROM status_words") == 0


async def test_boosts_have_no_words(anna: Api, ben: Api, runtime: Runtime) -> None:
    post = await anna.post("/api/v1/statuses", status="hello")
    await ben.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert await runtime.db.fetchval("SELECT count(*) FROM status_words") == 1


async def test_what_was_there_before_is_indexed_by_jobs(runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna")
    for n in range(3):
        await make_status(runtime, anna, f"soup {n}")
    await runtime.db.execute("TRUNCATE status_words, account_words")
    await index_statuses_job(runtime, 0)
    await index_accounts_job(runtime, 0)
    await run_jobs(runtime)
    found = await find_statuses(runtime.db, runtime.addresses, anna.id, "soup", 20)
    assert len(found) == 3
    assert await find_accounts(runtime.db, runtime.addresses, None, "ann", 20) == [anna.id]


@pytest.mark.parametrize("missing", ["approved_at", "confirmed_at"])
async def test_who_waits_to_be_let_in_is_indexed_by_nobody(
    runtime: Runtime, anna: Api, missing: str
) -> None:
    nora = await make_member(runtime, "nora")
    for value, names in (("NULL", []), ("now()", ["nora"])):
        await runtime.db.execute(
            f"UPDATE users SET {missing} = {value} WHERE account_id = $1", nora.id
        )
        await runtime.db.execute("TRUNCATE account_words")
        await index_accounts_job(runtime, 0)
        await run_jobs(runtime)
        found = await anna.get(PATH, q="nora", type="accounts")
        assert [one["username"] for one in found["accounts"]] == names


async def test_a_poll_is_found_by_its_options_and_by_who_voted(anna: Api, ben: Api) -> None:
    poll = {"options": ["Assam tea", "Coffee"], "expires_in": 3600}
    post = await anna.post("/api/v1/statuses", status="What to drink?", poll=poll)
    assert (await ben.get(PATH, q="assam"))["statuses"] == []
    await ben.post(f"/api/v1/polls/{post['poll']['id']}/votes", choices=[0])
    for text in ("assam", "has:poll", "coffee in:library"):
        assert [s["id"] for s in (await ben.get(PATH, q=text))["statuses"]] == [post["id"]], text


async def test_a_player_is_found_as_long_as_its_link_is_there(anna: Api, runtime: Runtime) -> None:
    with website() as site:
        player = '<meta name="twitter:player" content="https://tube.example/e">'
        video = site.page("/video", f"<title>Film</title>{player}")
        page = site.page("/page", "<title>Text</title>")
        post = await anna.post("/api/v1/statuses", status=f"Look: {video}")
        for url, count in ((page, 0), (video, 1), ("nothing", 0)):
            path = f"/api/v1/statuses/{post['id']}"
            await run_jobs(runtime)
            await anna("PUT", path, json={"status": f"Look: {url}"})
            await run_jobs(runtime)
            assert len((await anna.get(PATH, q="has:embed"))["statuses"]) == count, url
            assert len((await anna.get(PATH, q="has:link"))["statuses"]) == (url != "nothing")
