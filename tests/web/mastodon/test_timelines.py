import re
from datetime import UTC, datetime

import httpx

from server.runtime import Runtime
from server.settings import Settings
from server.store import chosen_languages, status_writes
from tests.makers import Api, id_of, make_member, make_remote, make_token, run_jobs, served


async def ids(api: Api, path: str, **params: str) -> list[str]:
    return [status["id"] for status in await api.get(f"/api/v1/timelines/{path}", **params)]


async def post(api: Api, text: str, **more: str) -> str:
    return str((await api.post("/api/v1/statuses", status=text, **more))["id"])


async def follow(api: Api, name: str) -> str:
    account = await api.get("/api/v1/accounts/lookup", acct=name)
    await api.post(f"/api/v1/accounts/{account['id']}/follow")
    return str(account["id"])


async def test_home_has_ones_own_and_those_whom_one_follows(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    before = await post(ben, "before")
    own = await post(anna, "own")
    assert await ids(anna, "home") == [own]
    ben_id = await follow(anna, "ben")
    after = await post(ben, "after")
    reply = await post(ben, "reply to myself", in_reply_to_id=after)
    await run_jobs(runtime)
    assert await ids(anna, "home") == [reply, after, own, before]
    await anna.post(f"/api/v1/accounts/{ben_id}/unfollow")
    assert await ids(anna, "home") == [own]


async def test_answers_to_those_whom_one_does_not_follow_stay_out(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await follow(ben, "anna")
    root = await post(ben, "root")
    await run_jobs(runtime)
    answer = await post(anna, "to ben", in_reply_to_id=root)
    await run_jobs(runtime)
    assert await ids(ben, "home") == [answer, root]


async def test_a_boost_of_what_stands_there_is_not_shown_again(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await follow(anna, "ben")
    original = await post(ben, "original")
    await run_jobs(runtime)
    await ben.post(f"/api/v1/statuses/{original}/reblog")
    await run_jobs(runtime)
    assert await ids(anna, "home") == [original]


async def test_paging_and_its_links(anna: Api) -> None:
    posts = [await post(anna, f"{n}") for n in range(7)][::-1]
    answer = await anna("GET", "/api/v1/timelines/home", params={"limit": 3})
    assert [s["id"] for s in answer.json()] == posts[:3]
    links = {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])}
    assert f"max_id={posts[2]}" in links["next"]
    assert f"min_id={posts[0]}" in links["prev"]
    assert "limit=3" in links["next"]
    assert await ids(anna, "home", max_id=posts[2], limit="3") == posts[3:6]
    assert await ids(anna, "home", min_id=posts[6], limit="3") == posts[3:6]
    assert await ids(anna, "home", since_id=posts[6], limit="3") == posts[:3]
    assert await ids(anna, "home", max_id=posts[0], min_id=posts[4]) == posts[1:4]
    last = await anna("GET", "/api/v1/timelines/home", params={"max_id": posts[6]})
    assert (last.json(), "link" in last.headers) == ([], False)


async def test_public_is_in_the_languages_that_one_has_chosen(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    await follow(anna, "ben")
    posts = [await post(ben, "a #tag", language=code) for code in ("nl", "en", "fy")]
    posts.append(await post(anna, "mine #tag", language="en"))
    posts.append(await post(ben, "nobody knows #tag"))
    await runtime.db.execute("UPDATE statuses SET language = NULL WHERE id = $1", int(posts[-1]))
    await run_jobs(runtime)
    whole = posts[::-1]
    me = int(await id_of(anna, "anna"))
    assert await ids(anna, "public") == whole
    for code in ("nl", "fy"):
        await chosen_languages.put_chosen(runtime.db, me, code)
    for part in ("public", "bubble"):
        assert await ids(anna, part) == [posts[2], posts[0]]
        assert await ids(ben, part) == await ids(stranger, part) == whole
    assert await ids(anna, "public", limit="1", max_id=posts[2]) == [posts[0]]
    assert await ids(anna, "tag/tag") == await ids(anna, "home") == whole
    for code in ("nl", "fy"):
        await chosen_languages.delete_chosen(runtime.db, me, code)
    assert await ids(anna, "public") == whole


async def test_public_leaves_out_what_is_not_for_everybody(anna: Api, stranger: Api) -> None:
    public = await post(anna, "public #tag")
    unlisted = await post(anna, "unlisted #tag", visibility="unlisted")
    await post(anna, "private #tag", visibility="private")
    await post(anna, "direct #tag", visibility="direct")
    await post(anna, "answer #tag", in_reply_to_id=unlisted)
    shown = await ids(stranger, "public")
    assert public in shown
    assert len(shown) == 2  # an author's own thread stays
    assert unlisted not in shown
    assert public in await ids(stranger, "tag/TAG")
    assert len(await ids(stranger, "tag/tag", **{"none[]": "tag"})) == 0
    assert await ids(stranger, "public", only_media="true") == []
    assert await ids(stranger, "public", remote="true") == []


async def test_a_list_shows_its_members(anna: Api, ben: Api, runtime: Runtime) -> None:
    ben_id = await follow(anna, "ben")
    found = await anna.post("/api/v1/lists", title="Try-outers", exclusive=True)
    await anna.post(f"/api/v1/lists/{found['id']}/accounts", account_ids=[ben_id])
    later = await post(ben, "for the list")
    await run_jobs(runtime)
    assert await ids(anna, f"list/{found['id']}") == [later]
    assert await ids(anna, "home") == []
    assert (await ben("GET", f"/api/v1/timelines/list/{found['id']}")).status_code == 404


async def test_the_bubble_holds_ours_and_those_of_chosen_domains(
    anna: Api, runtime: Runtime, settings: Settings
) -> None:
    own = await post(anna, "ours")
    far = {}
    for domain in ("near.example", "far.example"):
        author = await make_remote(runtime, domain=domain)
        new = status_writes.NewStatus(
            account_id=author.id,
            uri=f"{author.uri}/1",
            local=False,
            visibility="public",
            content=domain,
            created_at=datetime.now(UTC),
        )
        status = await status_writes.insert_status(runtime.db, new)
        assert status
        far[domain] = status.id
    async with served(settings, timelines_bubble_domains=("Near.example",)) as stranger:
        shown = await stranger.get("/api/v1/timelines/bubble")
        assert [s["id"] for s in shown] == [str(far["near.example"]), own]
        shown = await stranger.get("/api/v1/timelines/bubble", local="true")
        assert [s["id"] for s in shown] == [own]
    assert await ids(anna, "bubble") == [own]
    async with served(settings, timelines_live_remote="authenticated") as stranger:
        assert (await stranger("GET", "/api/v1/timelines/bubble")).status_code == 401


async def test_who_is_muted_or_blocked_is_gone_everywhere(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    ben_id = await follow(anna, "ben")
    shown = await post(ben, "hello #tag")
    await run_jobs(runtime)
    for act in ("mute", "block"):
        await anna.post(f"/api/v1/accounts/{ben_id}/{act}")
        for path in ("home", "public", "tag/tag"):
            assert shown not in await ids(anna, path), (act, path)
        await anna.post(f"/api/v1/accounts/{ben_id}/un{act}")


async def test_what_names_somebody_goes_with_them_and_an_unfollow_leaves_others_boosts(
    client: httpx.AsyncClient, anna: Api, ben: Api, runtime: Runtime
) -> None:
    carl = Api(client, await make_token(runtime, await make_member(runtime, "carl")))
    carl_id = await follow(anna, "carl")
    await follow(anna, "ben")
    named = await post(ben, "hello @carl")
    boost = await ben.post(f"/api/v1/statuses/{await post(carl, 'x')}/reblog")
    await run_jobs(runtime)
    await anna.post(f"/api/v1/accounts/{carl_id}/unfollow")
    assert await ids(anna, "home") == [named]  # the boost stood behind the post itself
    other = await ben.post(f"/api/v1/statuses/{await post(carl, 'y')}/reblog")
    await run_jobs(runtime)
    await anna.post(f"/api/v1/accounts/{carl_id}/follow")
    await anna.post(f"/api/v1/accounts/{carl_id}/unfollow")
    assert await ids(anna, "home") == [other["id"], named]
    await anna.post(f"/api/v1/accounts/{carl_id}/mute")
    assert await ids(anna, "home") == []
    assert boost["id"] != other["id"]


async def test_who_is_muted_no_longer_comes_home_again(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    ben_id, shown = await follow(anna, "ben"), await post(ben, "hello")
    await run_jobs(runtime)
    await anna.post(f"/api/v1/accounts/{ben_id}/mute")
    assert await ids(anna, "home") == []
    await anna.post(f"/api/v1/accounts/{ben_id}/unmute")
    assert await ids(anna, "home") == [shown]


async def test_direct_posts_make_conversations(anna: Api, ben: Api, runtime: Runtime) -> None:
    first = await post(anna, "@ben psst", visibility="direct")
    await run_jobs(runtime)
    [conversation] = await ben.get("/api/v1/conversations")
    assert (conversation["unread"], conversation["last_status"]["id"]) == (True, first)
    assert [a["acct"] for a in conversation["accounts"]] == ["anna"]
    read = await ben.post(f"/api/v1/conversations/{conversation['id']}/read")
    assert not read["unread"]
    assert await ids(ben, "direct") == [first]
    assert await ids(ben, "public") == []


async def test_a_page_costs_the_same_however_long_it_is(anna: Api, runtime: Runtime) -> None:
    from tests.queries import count_queries

    for n in range(12):
        await post(anna, f"{n} #tag")
    with count_queries() as few:
        await ids(anna, "home", limit="2")
    with count_queries() as many:
        await ids(anna, "home", limit="12")
    assert len(few) == len(many) <= 8, many
