import asyncio
import json
import random

import pytest

from server.runtime import Runtime
from tests.makers import Api, id_of, make_remote, run_jobs


async def test_a_post_is_made_as_mastodon_makes_it(anna: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="Hi @anna #Corridor\nsecond", language="nl")
    assert post["content"].startswith('<p>Hi <span class="h-card" translate="no"><a href="')
    assert post["content"].endswith("<br />second</p>")
    assert [m["acct"] for m in post["mentions"]] == ["anna"]
    assert [t["name"] for t in post["tags"]] == ["corridor"]
    assert (post["visibility"], post["language"], post["application"]["name"]) == (
        "public",
        "nl",
        "Command line",
    )
    assert post["uri"].endswith(f"/ap/statuses/{post['id']}")
    assert post["url"].endswith(f"/@anna/{post['id']}")
    assert (await anna.get(f"/api/v1/statuses/{post['id']}"))["content"] == post["content"]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 422, "Validation failed: Text can't be blank"),
        ({"status": "x" * 501}, 422, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": "x", "visibility": "friends"}, 422, "Visibility is not included"),
        ({"status": "x", "media_ids": ["1"]}, 422, "Media 1 not found"),
        ({"status": "x", "media_ids": ["1", "2", "3", "4", "5"]}, 422, "more than 4 files"),
        ({"status": "x", "in_reply_to_id": "1"}, 404, "reply to does not appear to exist"),
        ({"status": "x", "in_reply_to_id": 0}, 404, "reply to does not appear to exist"),
        ({"status": "x", "quoted_status_id": "1"}, 404, "quote does not appear to exist"),
        ({"status": "x", "in_reply_to_id": "abc"}, 404, "reply to does not appear to exist"),
        ({"status": "x", "poll": {"options": ["a"]}}, 422, "more than one item"),
        ({"status": "a\x00b"}, 400, "NUL"),
        ({"status": ["x"]}, 422, "Text can't be blank"),
    ],
)
async def test_what_cannot_be_posted(anna: Api, body: object, status: int, text: str) -> None:
    answer = await anna("POST", "/api/v1/statuses", json=body)
    assert answer.status_code == status
    assert text in answer.json()["error"]


async def test_a_post_that_would_reach_others_than_its_author_meant_is_not_made(
    anna: Api, ben: Api
) -> None:
    who = "/api/v1/accounts/verify_credentials"
    me, him = await anna.get(who), await ben.get(who)
    body = {"status": "@anna hm, @ben is late", "allowed_mentions": [me["id"]]}
    refused = await anna("POST", "/api/v1/statuses", json=body)
    assert refused.status_code == 422
    assert refused.json()["error"] == "Post would be sent to unexpected accounts"
    assert [a["acct"] for a in refused.json()["unexpected_accounts"]] == ["ben"]
    none = await anna("POST", "/api/v1/statuses", json={**body, "allowed_mentions": []})
    assert len(none.json()["unexpected_accounts"]) == 2
    assert await anna.get(f"/api/v1/accounts/{me['id']}/statuses") == []
    await anna.post("/api/v1/statuses", **{**body, "allowed_mentions": [me["id"], him["id"]]})


async def test_links_count_as_23_characters(anna: Api) -> None:
    await anna.post("/api/v1/statuses", status="x" * 476 + " https://example.org/" + "y" * 300)


async def test_the_same_key_posts_once_even_at_the_same_time(anna: Api, runtime: Runtime) -> None:
    answers = await asyncio.gather(
        *(
            anna(
                "POST",
                "/api/v1/statuses",
                json={"status": "once"},
                headers={"Idempotency-Key": "k"},
            )
            for _ in range(4)
        )
    )
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 1


async def test_an_edit_keeps_every_version(anna: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="one #a", spoiler_text="cw")
    path = f"/api/v1/statuses/{post['id']}"
    edited = (await anna("PUT", path, json={"status": "two #b"})).json()
    assert edited["edited_at"]
    assert ([t["name"] for t in edited["tags"]], edited["spoiler_text"]) == (["b"], "")
    versions = await anna.get(f"{path}/history")
    assert ["one" in v["content"] or "two" in v["content"] for v in versions] == [True, True]
    assert [v["spoiler_text"] for v in versions] == ["cw", ""]
    assert (await anna.get(f"{path}/source"))["text"] == "two #b"


async def test_a_deleted_post_leaves_nothing(anna: Api, ben: Api, runtime: Runtime) -> None:
    post = await anna.post("/api/v1/statuses", status="gone #soon @ben")
    await run_jobs(runtime)
    path = f"/api/v1/statuses/{post['id']}"
    for act in ("favourite", "reblog", "bookmark"):
        await ben.post(f"{path}/{act}")
    answer = (await anna("DELETE", path)).json()
    assert answer["text"] == "gone #soon @ben"
    assert "content" not in answer
    assert (await anna("GET", path)).status_code == 404
    for table in ("statuses", "favourites", "bookmarks", "home_entries", "notifications"):
        assert await runtime.db.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    counts = await runtime.db.fetch("SELECT statuses_count FROM account_stats")
    assert {row[0] for row in counts} == {0}
    assert await runtime.db.fetchval("SELECT count(*) FROM tombstones") == 1


async def test_marks_come_and_go(anna: Api, ben: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="hello")
    path = f"/api/v1/statuses/{post['id']}"
    for act, mark, count in (
        ("favourite", "favourited", "favourites_count"),
        ("reblog", "reblogged", "reblogs_count"),
        ("bookmark", "bookmarked", None),
    ):
        for _ in range(2):
            await ben.post(f"{path}/{act}")
        seen = await ben.get(path)
        assert seen[mark]
        assert count is None or seen[count] == 1
        assert not (await anna.get(path))[mark]
        undone = await ben.post(f"{path}/un{act}")
        assert not undone[mark]
        assert count is None or undone[count] == 0


async def test_who_boosts_what(anna: Api, ben: Api) -> None:
    private = await anna.post("/api/v1/statuses", status="p", visibility="private")
    direct = await anna.post("/api/v1/statuses", status="@ben d", visibility="direct")
    boost = await anna.post(f"/api/v1/statuses/{private['id']}/reblog")
    assert boost["reblog"]["id"] == private["id"]
    assert (await ben("POST", f"/api/v1/statuses/{private['id']}/reblog")).status_code == 404
    assert (await ben("POST", f"/api/v1/statuses/{direct['id']}/reblog")).status_code == 403


async def test_pins_are_ones_own_and_few(anna: Api, ben: Api) -> None:
    posts = [await anna.post("/api/v1/statuses", status=f"{n}") for n in range(6)]
    for post in posts[:5]:
        assert (await anna.post(f"/api/v1/statuses/{post['id']}/pin"))["pinned"]
    sixth = await anna("POST", f"/api/v1/statuses/{posts[5]['id']}/pin")
    others = await ben("POST", f"/api/v1/statuses/{posts[0]['id']}/pin")
    assert (sixth.status_code, others.status_code) == (422, 422)
    me = await anna.get("/api/v1/accounts/verify_credentials")
    shown = await anna.get(f"/api/v1/accounts/{me['id']}/statuses", pinned="true")
    assert len(shown) == 5


async def test_a_thread_from_above_and_below(anna: Api, ben: Api) -> None:
    root = await anna.post("/api/v1/statuses", status="root")
    middle = await ben.post("/api/v1/statuses", status="middle", in_reply_to_id=root["id"])
    leaf = await anna.post("/api/v1/statuses", status="leaf", in_reply_to_id=middle["id"])
    context = await ben.get(f"/api/v1/statuses/{middle['id']}/context")
    assert [s["id"] for s in context["ancestors"]] == [root["id"]]
    assert [s["id"] for s in context["descendants"]] == [leaf["id"]]
    assert (await anna.get(f"/api/v1/statuses/{root['id']}"))["replies_count"] == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_without_a_token_and_with_the_wrong_one(
    stranger: Api, anna: Api, ben: Api, method: str
) -> None:
    post = await anna.post("/api/v1/statuses", status="mine")
    path = "/api/v1/statuses" if method == "POST" else f"/api/v1/statuses/{post['id']}"
    answer = await stranger(method, path, json={"status": "x"})
    assert (answer.status_code, answer.json()) == (401, {"error": "The access token is invalid"})
    if method != "POST":
        assert (await ben(method, path, json={"status": "x"})).status_code == 404


@pytest.mark.parametrize("seed", range(3))
async def test_no_body_makes_it_crash(anna: Api, seed: int) -> None:
    chance = random.Random(seed)
    values: list[object] = [
        None,
        True,
        -1,
        2**70,
        1.5,
        "",
        "x",
        "\ud83d",
        "a" * 600,
        [],
        [1],
        ["1"],
        {},
        {"a": [{}]},
    ]
    names = [
        "status",
        "media_ids",
        "in_reply_to_id",
        "sensitive",
        "spoiler_text",
        "visibility",
        "language",
        "content_type",
        "media_attributes",
        "poll",
        "scheduled_at",
    ]
    for _ in range(60):
        body = {name: chance.choice(values) for name in chance.sample(names, 3)}
        answer = await anna(
            "POST",
            "/api/v1/statuses",
            content=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code in {200, 400, 404, 422}, (body, answer.text)


async def test_deleting_what_one_boosted_oneself_counts_both(anna: Api, ben: Api) -> None:
    await anna.post("/api/v1/statuses", status="stays")
    post = await anna.post("/api/v1/statuses", status="goes")
    for api in (anna, ben):
        await api.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert (await anna.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 3
    await anna("DELETE", f"/api/v1/statuses/{post['id']}")
    counts = [
        (await api.get("/api/v1/accounts/verify_credentials"))["statuses_count"]
        for api in (anna, ben)
    ]
    assert counts == [1, 0]


async def test_a_boost_may_be_less_public(anna: Api, ben: Api) -> None:
    made = await anna.post("/api/v1/statuses", status="loud")
    path = f"/api/v1/statuses/{made['id']}"
    wrong = await ben("POST", f"{path}/reblog", json={"visibility": "direct"})
    assert wrong.status_code == 422
    boost = await ben.post(f"{path}/reblog", visibility="private")
    assert (boost["visibility"], boost["reblog"]["visibility"]) == ("private", "public")
    assert await anna.get(f"{path}/reblogged_by") == []
    own = await anna.post("/api/v1/statuses", status="quiet", visibility="private")
    boost = await anna.post(f"/api/v1/statuses/{own['id']}/reblog", visibility="public")
    assert boost["visibility"] == "private"


async def test_a_warning_before_nothing_is_the_text(anna: Api) -> None:
    made = await anna.post("/api/v1/statuses", spoiler_text="only this")
    shown = (made["content"], made["spoiler_text"], made["sensitive"])
    assert shown == ("<p>only this</p>", "", True)


async def test_who_is_limited_is_not_in_public_timelines(anna: Api, runtime: Runtime) -> None:
    await runtime.db.execute("UPDATE accounts SET silenced_at = now() WHERE username = 'anna'")
    made = await anna.post("/api/v1/statuses", status="x", visibility="public")
    assert made["visibility"] == "unlisted"


async def test_languages_that_nobody_knows_are_not_kept(anna: Api) -> None:
    for language, kept in (("xx", "en"), ("tok", "tok"), ("zh-yue", "zh-YUE"), ("nl-BE", "nl")):
        made = await anna.post("/api/v1/statuses", status="x", language=language)
        assert made["language"] == kept


async def test_what_was_done_can_be_taken_back_after_a_block(anna: Api, ben: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="for everybody")
    private = await anna.post("/api/v1/statuses", status="for followers", visibility="private")
    path = f"/api/v1/statuses/{post['id']}"
    marks = {"favourite": "favourited", "reblog": "reblogged", "bookmark": "bookmarked"}
    for act in marks:
        await ben.post(f"{path}/{act}")
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/block")
    for act, mark in marks.items():
        assert (await ben.post(f"{path}/un{act}"))[mark] is False
        answer = await ben("POST", f"/api/v1/statuses/{private['id']}/un{act}")
        assert answer.status_code == 404
    assert (await anna.get(path))["favourites_count"] == 0


async def test_whom_one_blocks_one_neither_favourites_nor_boosts(anna: Api, ben: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="x")
    await ben.post(f"/api/v1/accounts/{await id_of(ben, 'anna')}/block")
    for act in ("favourite", "reblog"):
        answer = await ben("POST", f"/api/v1/statuses/{post['id']}/{act}")
        assert (answer.status_code, answer.json()) == (403, {"error": "This action is not allowed"})


async def test_who_answers_a_boost_answers_what_is_boosted(anna: Api, ben: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="x")
    boost = await ben.post(f"/api/v1/statuses/{post['id']}/reblog")
    answer = await ben.post("/api/v1/statuses", status="y", in_reply_to_id=boost["id"])
    assert answer["in_reply_to_id"] == post["id"]
    assert (await anna.get(f"/api/v1/statuses/{post['id']}"))["replies_count"] == 1


async def test_an_edit_that_changes_nothing_is_none(anna: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="x", language="en")
    path = f"/api/v1/statuses/{post['id']}"
    assert (await anna("PUT", path, json={"status": "x"})).json()["edited_at"] is None
    assert len(await anna.get(f"{path}/history")) == 1
    policy = {"status": "x", "quote_approval_policy": "nobody"}
    changed = (await anna("PUT", path, json=policy)).json()
    assert changed["quote_approval"]["automatic"] == []
    assert changed["edited_at"]
    again = (await anna("PUT", path, json={"status": "y"})).json()
    assert again["quote_approval"]["automatic"] == []
    assert len(await anna.get(f"{path}/history")) == 3


async def test_whom_an_edit_names_no_longer_may_read_on(anna: Api, ben: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="@ben x", visibility="direct")
    path = f"/api/v1/statuses/{post['id']}"
    for text, named in (("x", []), ("@ben y", ["ben"])):
        edited = (await anna("PUT", path, json={"status": text})).json()
        assert [one["acct"] for one in edited["mentions"]] == named
        assert (await ben.get(path))["content"] == edited["content"]


async def test_whom_one_blocks_one_does_not_name(anna: Api, ben: Api) -> None:
    await anna.post(f"/api/v1/accounts/{await id_of(anna, 'ben')}/block")
    post = await anna.post("/api/v1/statuses", status="@ben hm")
    assert (post["mentions"], post["content"]) == ([], "<p>@ben hm</p>")


async def test_hosts_are_named_in_their_own_letters(anna: Api, runtime: Runtime) -> None:
    await make_remote(runtime, "sneak", "xn--hresiar-mxa.example")
    post = await anna.post("/api/v1/statuses", status="@sneak@hæresiar.example")
    assert [one["acct"] for one in post["mentions"]] == ["sneak@xn--hresiar-mxa.example"]


async def test_a_form_that_is_not_encoded_is_utf_8(anna: Api) -> None:
    """As `curl -d "status=één 🎉"` sends it."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    sent = "status=één+🎉%21&spoiler_text=".encode()
    answer = await anna("POST", "/api/v1/statuses", content=sent, headers=form)
    assert answer.json()["content"] == "<p>één 🎉!</p>"
    broken = await anna("POST", "/api/v1/statuses", content=b"status=\xe9\xe9n", headers=form)
    assert (broken.status_code, broken.json()) == (400, {"error": "The form could not be read"})
