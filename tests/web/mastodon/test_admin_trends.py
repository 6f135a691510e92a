"""What trends is shown when moderators or the settings say so."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.runtime import Runtime
from server.store import link_trends, trends
from tests.makers import Api, make_member, make_status, make_token, served

ADMIN = "/api/v1/admin/trends"


@pytest.fixture
async def mo(runtime: Runtime, client: httpx.AsyncClient) -> Api:
    moderator = await make_member(runtime, "mo", role="moderator")
    return Api(client, await make_token(runtime, moderator, "read admin:read admin:write"))


async def trend(runtime: Runtime, anna: Api, ben: Api) -> str:
    """A tag, a post and a link that trend; gives the id of the post."""
    posts = [
        (await api.post("/api/v1/statuses", status="#water https://site.example/a"))["id"]
        for api in (anna, ben)
    ]
    for api in (anna, ben):
        await api.post(f"/api/v1/statuses/{posts[0]}/favourite")
    card_id = await runtime.db.fetchval(
        """
        INSERT INTO cards (url, page_url, site, title, is_usable)
        VALUES ('https://site.example/a', 'https://site.example/a', 'site.example', 'A', true)
        ON CONFLICT (url) DO UPDATE SET page_url = excluded.page_url, site = excluded.site,
            is_usable = true RETURNING id
        """
    )
    await runtime.db.execute(
        """
        INSERT INTO status_cards (status_id, card_id, url)
        SELECT id, $1, 'https://site.example/a' FROM statuses ON CONFLICT DO NOTHING
        """,
        card_id,
    )
    await trends.refresh(runtime.db)
    await link_trends.refresh(runtime.db)
    return str(posts[0])


async def shown(api: Api, where: str = "/api/v1/trends") -> list[int]:
    """How many tags, posts and links trend."""
    return [len(await api.get(f"{where}/{kind}")) for kind in ("tags", "statuses", "links")]


@pytest.mark.usefixtures("one_day")
async def test_moderators_decide_what_trends(
    runtime: Runtime, mo: Api, anna: Api, ben: Api, stranger: Api
) -> None:
    status_id = await trend(runtime, anna, ben)
    assert await shown(stranger) == [1, 1, 1]
    [tag], [link] = await mo.get(f"{ADMIN}/tags"), await mo.get(f"{ADMIN}/links")
    [publisher] = await mo.get(f"{ADMIN}/links/publishers")
    [status] = await mo.get(f"{ADMIN}/statuses")
    assert (status["id"], status["requires_review"]) == (status_id, True)
    assert (tag["name"], tag["requires_review"], tag["trendable"]) == ("water", True, True)
    assert (publisher["domain"], publisher["requires_review"]) == ("site.example", True)
    for path in (f"tags/{tag['id']}", f"statuses/{status_id}", f"links/{link['id']}"):
        assert (await mo.post(f"{ADMIN}/{path}/reject"))["requires_review"] is False
    assert await shown(stranger) == [0, 0, 0]
    assert await shown(mo, ADMIN) == [1, 1, 1]
    link_posts = "/api/v1/timelines/link?url=https://site.example/a"
    assert (await stranger("GET", link_posts)).status_code == 404
    async with served(runtime.settings, trendable_by_default=False) as strict:
        for path in (f"tags/{tag['id']}", f"statuses/{status_id}"):
            await mo.post(f"{ADMIN}/{path}/approve")
        await runtime.db.execute("UPDATE cards SET trendable = NULL")
        assert await shown(strict) == [1, 1, 0]
        await mo.post(f"{ADMIN}/links/publishers/{publisher['id']}/approve")
        assert await shown(strict) == [1, 1, 1]
    changed = await mo("PUT", f"/api/v1/admin/tags/{tag['id']}", json={"listable": False})
    assert (changed.json()["listable"], changed.json()["requires_review"]) == (False, False)
    assert (await anna.get("/api/v2/search", q="water"))["hashtags"] == []
    wrong = await mo("PUT", f"/api/v1/admin/tags/{tag['id']}", json={"display_name": "fire"})
    assert wrong.status_code == 422


@pytest.mark.usefixtures("one_day")
async def test_numbers_are_counted(
    runtime: Runtime, client: httpx.AsyncClient, anna: Api, ben: Api
) -> None:
    from server.store import active_days

    admin = await make_member(runtime, "alma", role="admin")
    api = Api(client, await make_token(runtime, admin, "read admin:read"))
    status_id = await make_status(runtime, admin, "#water")
    for who in (anna, ben):
        await who.post(f"/api/v1/statuses/{status_id}/favourite")
    await anna.post(f"/api/v1/statuses/{status_id}/reblog")
    await anna.post("/api/v1/reports", account_id=str(admin.id))
    await active_days.note_days(runtime.db)
    tag_id = await runtime.db.fetchval("SELECT id FROM tags")
    keys = ["new_users", "active_users", "interactions", "opened_reports", "tag_uses", "odd"]
    today = datetime.now(UTC)
    days = {"start_at": str(today - timedelta(days=29)), "end_at": str(today)}
    body = {"keys": keys, "tag_uses": {"id": str(tag_id)}, **days}
    found = {m["key"]: m for m in await api.post("/api/v1/admin/measures", **body)}
    totals = {key: (m["total"], m["previous_total"]) for key, m in found.items()}
    assert totals == {
        "new_users": ("3", "0"),
        "active_users": ("2", "0"),
        "interactions": ("3", "0"),
        "opened_reports": ("1", "0"),
        "tag_uses": ("1", "0"),
    }
    assert [day["value"] for day in found["interactions"]["data"]] == ["0"] * 29 + ["3"]
    body = {"keys": ["servers", "sources", "space_usage", "software_versions"]}
    rows = {d["key"]: d["data"] for d in await api.post("/api/v1/admin/dimensions", **body)}
    assert [(row["key"], row["value"]) for row in rows["servers"]] == [("localhost:3000", "2")]
    assert int(rows["space_usage"][0]["value"]) > 1_000_000
    assert {row["key"] for row in rows["software_versions"]} == {"mastodon", "python", "postgresql"}
    cohorts = await api.post("/api/v1/admin/retention", frequency="month", **days)
    assert cohorts[-1]["data"] == [{**cohorts[-1]["data"][0], "value": "2"}]
    assert cohorts[-1]["data"][0]["rate"] == pytest.approx(2 / 3)
    for wrong in ({"start_at": "x"}, {"start_at": "2026-01-02", "end_at": "2026-01-01"}):
        answer = await api("POST", "/api/v1/admin/measures", json={"keys": ["new_users"], **wrong})
        assert answer.status_code in {400, 422}


async def test_what_does_not_trend_yet_can_be_reviewed(mo: Api, runtime: Runtime) -> None:
    card_id = await runtime.db.fetchval(
        "INSERT INTO cards (url, page_url, title) VALUES ($1, $1, 'A') RETURNING id",
        "https://site.example/a",
    )
    link = await mo.post(f"{ADMIN}/links/{card_id}/approve")
    assert (link["id"], link["title"], link["requires_review"]) == (str(card_id), "A", False)
