"""Whoever is suspended is gone at once: streams end (CVE-2025-62175), posts and boosts of them,
old and new, show at no exit (CVE-2026-23961); and all of it is back with them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import httpx
import pytest
from PIL import Image
from websockets.exceptions import InvalidStatus

from server.moderation import suspend
from server.moderation.act import Act, act
from server.moderation.restore import restore
from server.runtime import Runtime
from server.store.accounts import Account
from server.transfer.imports import begin_import, confirm_import
from tests.makers import Api, make_member, make_remote, make_status, make_token, run_jobs, take
from tests.web.streaming.test_streams import Person, address, app, line, people

__all__ = ["address", "app", "line", "people"]  # fixtures

End = Callable[[Runtime, int], Awaitable[None]]


async def suspended(runtime: Runtime, account_id: int) -> None:
    await act(runtime, None, Act(account_id, "suspend"))


async def frozen(runtime: Runtime, account_id: int) -> None:
    await act(runtime, None, Act(account_id, "disable"))


@pytest.mark.parametrize("end", [suspended, frozen])
async def test_open_streams_end_with_the_account_cve_2025_62175(
    people: tuple[Person, Person], runtime: Runtime, end: End
) -> None:
    anna, ben = people
    me = await anna.api.get("/api/v1/accounts/verify_credentials")
    async with (
        anna.stream("user") as own,
        anna.stream("public") as public,
        ben.stream("public") as other,
        anna.http.stream(
            "GET", "/api/v1/streaming/public", headers={"Authorization": f"Bearer {anna.token}"}
        ) as events,
    ):
        lines = events.aiter_lines()
        assert await anext(lines) == ":)"  # it listens
        await end(runtime, int(me["id"]))
        async with asyncio.timeout(60):
            await own.wait_closed()
            await public.wait_closed()
            async for _ in lines:  # until it ends
                pass
        assert other.state.name == "OPEN"
    assert (await anna.api("GET", "/api/v1/timelines/home")).status_code in {401, 403}
    with pytest.raises(InvalidStatus, match="HTTP 40"):
        async with anna.stream("user"):
            pass


async def names_at_exits(api: Api, viewer: Api, booster: Account, ids: dict[str, str]) -> set[str]:
    """Exits that show a post of the suspended one, or a boost of it."""
    lists = {
        "home": "/api/v1/timelines/home",
        "public": "/api/v1/timelines/public",
        "tag": "/api/v1/timelines/tag/soup",
        "list": f"/api/v1/timelines/list/{ids['list']}",
        "profile of who boosted": f"/api/v1/accounts/{booster.id}/statuses",
        "profile": f"/api/v1/accounts/{ids['author']}/statuses",
        "bookmarks": "/api/v1/bookmarks",
        "favourites": "/api/v1/favourites",
        "search": "/api/v2/search?q=soup&type=statuses",
        "many": f"/api/v1/statuses?id[]={ids['post']}&id[]={ids['boost']}",
        "context": f"/api/v1/statuses/{ids['answer']}/context",
        "notifications": "/api/v1/notifications",
    }
    pages = {
        "page of who boosted": f"/@{booster.username}",
        "page of the tag": "/tags/soup",
        "outbox of who boosted": f"/ap/users/{booster.id}/outbox?page=true",
        "page of the post": f"/@ben/{ids['post']}",
        "object of the post": f"/ap/statuses/{ids['post']}",
        "object of the boost": f"/ap/statuses/{ids['boost']}",
        "embed": f"/@ben/{ids['post']}/embed",
        "post": f"/api/v1/statuses/{ids['post']}",
        "boost": f"/api/v1/statuses/{ids['boost']}",
    }
    found = set()
    for name, path in lists.items():
        if ids["post"] in (await viewer("GET", path)).text:
            found.add(name)
    for name, path in pages.items():
        accept = {"Accept": "application/activity+json" if "/ap/" in path else "*/*"}
        answer = await api("GET", path, headers=accept)
        if answer.status_code == 200 and ids["post"] in answer.text:
            found.add(name)
    return found


async def test_posts_and_boosts_vanish_everywhere_and_come_back_cve_2026_23961(
    runtime: Runtime, client: httpx.AsyncClient, stranger: Api
) -> None:
    people = [await make_member(runtime, name) for name in ("anna", "ben", "carl", "dave")]
    apis = {one.username: Api(client, await make_token(runtime, one)) for one in people}
    anna, ben = people[:2]
    for target in (anna, ben):
        await apis["carl"].post(f"/api/v1/accounts/{target.id}/follow")
    kept = await apis["carl"].post("/api/v1/lists", title="people")
    await apis["carl"](
        "POST", f"/api/v1/lists/{kept['id']}/accounts", json={"account_ids": [str(ben.id)]}
    )
    post = str(await make_status(runtime, ben, "@carl #soup"))
    boost = await apis["anna"].post(f"/api/v1/statuses/{post}/reblog")
    await run_jobs(runtime)
    answer = await apis["dave"].post("/api/v1/statuses", status="yes", in_reply_to_id=post)
    for what in ("bookmark", "favourite"):
        await apis["carl"].post(f"/api/v1/statuses/{post}/{what}")
    ids = {
        "post": post,
        "boost": boost["id"],
        "list": kept["id"],
        "author": str(ben.id),
        "answer": answer["id"],
    }
    before = await names_at_exits(stranger, apis["carl"], anna, ids)
    assert len(before) > 18, before
    await suspend.suspend_account(runtime, ben.id)
    await run_jobs(runtime)
    assert await names_at_exits(stranger, apis["carl"], anna, ids) == set()
    # Nobody boosts it anew, here or from elsewhere.
    for what in ("reblog", "favourite"):
        assert (await apis["carl"]("POST", f"/api/v1/statuses/{post}/{what}")).status_code == 404
    remy = await make_remote(runtime)
    await apis["carl"].post(f"/api/v1/accounts/{remy.id}/follow")
    public = "https://www.w3.org/ns/activitystreams#Public"
    uri = f"http://localhost:3000/ap/statuses/{post}"
    await take(runtime, "Announce", remy, uri, to=[public], published="2026-01-01T00:00:00Z")
    theirs = await stranger.get(f"/api/v1/accounts/{remy.id}/statuses")
    assert theirs == []
    assert await names_at_exits(stranger, apis["carl"], anna, ids) == set()
    await suspend.unsuspend_account(runtime, ben.id)
    await run_jobs(runtime)
    after = await names_at_exits(stranger, apis["carl"], anna, ids)
    assert after == before


async def test_posts_of_others_show_nothing_more_of_the_suspended(
    runtime: Runtime, client: httpx.AsyncClient, stranger: Api
) -> None:
    """Neither a collection to which they link, nor its owner in one, nor the author of a page."""
    owner, member, writer = [await make_member(runtime, name) for name in ("owen", "mila", "wim")]
    await runtime.db.execute(
        "UPDATE accounts SET discoverable = true, attribution_domains = '{site.example}'"
    )
    owen, wim = [Api(client, await make_token(runtime, one)) for one in (owner, writer)]
    made = await owen.post("/api/v1/collections", name="Cooks", account_ids=[str(member.id)])
    url = made["collection"]["url"]
    post = await wim.post("/api/v1/statuses", status=f"{url} https://site.example/soup")
    await runtime.db.execute(
        """
        WITH card AS (INSERT INTO cards (url, page_url, site, title, is_usable, creator_id)
                      VALUES ($3, $3, 'site.example', 'Soup', true, $2) RETURNING id)
        INSERT INTO status_cards (status_id, card_id, url) SELECT $1, id, $3 FROM card
        """,
        int(post["id"]),
        member.id,
        "https://site.example/soup",
    )
    await runtime.db.execute("UPDATE statuses SET revision = revision + 1")

    async def shown() -> tuple[list[int], list[str]]:
        """How many members the linked collections have, and who wrote the page."""
        found = await stranger.get(f"/api/v1/statuses/{post['id']}")
        return (
            [len(one["items"]) for one in found["tagged_collections"]],
            [one["name"] for one in found["card"]["authors"]],
        )

    assert await shown() == ([1], ["mila"])
    await suspend.suspend_account(runtime, member.id)
    assert await shown() == ([0], [])
    await suspend.suspend_account(runtime, owner.id)
    assert await shown() == ([], [])
    for one in (owner, member):
        await suspend.unsuspend_account(runtime, one.id)
    assert await shown() == ([1], ["mila"])


async def test_files_of_the_suspended_are_closed(
    runtime: Runtime, client: httpx.AsyncClient, anna: Api, ben: Api
) -> None:
    picture = BytesIO()
    Image.new("RGB", (80, 60), "red").save(picture, "PNG")
    files = {"file": ("a.png", picture.getvalue(), "image/png")}
    media = (await anna("POST", "/api/v2/media", files=files)).json()
    picture.seek(0)
    me = (
        await anna("PATCH", "/api/v1/accounts/update_credentials", files={"avatar": picture})
    ).json()
    other = (await ben("POST", "/api/v2/media", files=files)).json()
    await run_jobs(runtime)
    own = (media["url"], media["preview_url"], me["avatar"])

    async def statuses() -> list[int]:
        return [(await client.get(url)).status_code for url in (*own, other["url"])]

    assert await statuses() == [200, 200, 200, 200]
    await suspend.suspend_account(runtime, int(me["id"]))
    assert await statuses() == [404, 404, 404, 200]
    await suspend.unsuspend_account(runtime, int(me["id"]))
    assert await statuses() == [200, 200, 200, 200]


@pytest.mark.parametrize("kind", ["suspend", "disable"])
async def test_what_waits_of_the_suspended_and_frozen_waits_on(
    runtime: Runtime, anna: Api, ben: Api, kind: str
) -> None:
    """A post for later and an import do nothing until their member is back, and are not lost."""
    me = int((await anna.get("/api/v1/accounts/verify_credentials"))["id"])
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = await anna.post("/api/v1/statuses", status="later", scheduled_at=at)
    import_id = await begin_import(runtime, me, "following", "x.csv", b"ben\n", overwrite=False)
    await confirm_import(runtime, me, import_id)
    await act(runtime, None, Act(me, kind))
    await runtime.db.execute("UPDATE scheduled_statuses SET scheduled_at = now()")
    await runtime.db.execute("UPDATE jobs SET run_at = now()")
    await run_jobs(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 0
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    await restore(runtime, None, me, kind)
    [kept] = await anna.get("/api/v1/scheduled_statuses")
    assert (kept["id"], kept["scheduled_at"][:4]) == (made["id"], "9999"), "a draft"
    await runtime.db.execute("UPDATE jobs SET run_at = now()")
    await run_jobs(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 1
