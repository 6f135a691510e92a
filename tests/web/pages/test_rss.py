from xml.etree import ElementTree as ET

import httpx
import pytest

from server.runtime import Runtime
from server.settings import Settings
from tests.conftest import ORIGIN
from tests.makers import Api, make_member, make_status, served
from tests.pictures import picture

MEDIA = "{http://search.yahoo.com/mrss/}"


async def channel(client: httpx.AsyncClient, path: str) -> ET.Element:
    answer = await client.get(path)
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    found = ET.fromstring(answer.text).find("channel")
    assert found is not None
    return found


async def test_an_account_s_posts_as_a_feed(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api
) -> None:
    me = await anna.get("/api/v1/accounts/verify_credentials")
    upload = await anna(
        "POST",
        "/api/v2/media",
        data={"description": "A <map>"},
        files={"file": ("a.png", picture())},
    )
    made = await anna.post(
        "/api/v1/statuses",
        status="hello <b> & \x0b #soil",
        spoiler_text="mud & rain",
        media_ids=[upload.json()["id"]],
    )
    await anna.post("/api/v1/statuses", status="an answer", in_reply_to_id=made["id"])
    other = await make_member(runtime, "carl")
    theirs = await make_status(runtime, other, "of somebody else")
    await anna.post(f"/api/v1/statuses/{theirs}/reblog")
    await anna.post("/api/v1/statuses", status="@carl what do you think?")
    for path in (f"/@{me['username']}.rss", f"/users/{me['username']}.rss"):
        feed = await channel(client, path)
        assert feed.findtext("link") == me["url"]
        texts = [i.findtext("description") or "" for i in feed.findall("item")]
        assert (len(texts), texts[1]) == (3, "<p>an answer</p>")
        item = feed.findall("item")[-1]
        assert item.findtext("guid") == item.findtext("link") == made["url"]
        text = item.findtext("description") or ""
        assert text.startswith(
            "<p><strong>Content warning:</strong> mud &amp; rain</p><hr><p>hello &lt;b"
        )
        assert item.findtext("category") == "soil"
        medium = item.find(f"{MEDIA}content")
        assert medium is not None
        assert medium.attrib["type"] == "image/png"
        assert medium.findtext(f"{MEDIA}description") == "A <map>"
        assert medium.findtext(f"{MEDIA}rating") == "adult"
    page = await client.get("/@anna", headers={"Accept": "text/html"})
    assert f'type="application/rss+xml" href="{me["url"]}.rss"' in page.text
    assert (await client.get("/@nobody.rss")).status_code == 404


@pytest.mark.parametrize(("local", "count"), [("public", 1), ("authenticated", 0)])
async def test_a_hashtag_as_a_feed(
    settings: Settings, runtime: Runtime, local: str, count: int
) -> None:
    await make_status(runtime, await make_member(runtime, "carl"), "mud #Soil")
    async with served(settings, timelines_hashtag_local=local) as stranger:
        feed = await channel(stranger._client, "/tags/soil.rss")
        assert len(feed.findall("item")) == count
        assert feed.findtext("title") == "#soil"


async def test_each_page_of_an_account_has_its_feed(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api
) -> None:
    other = await make_status(runtime, await make_member(runtime, "carl"), "asked")
    await anna.post("/api/v1/statuses", status="@carl told", in_reply_to_id=other)
    await anna.post("/api/v1/statuses", status="said #soil")
    upload = await anna("POST", "/api/v2/media", files={"file": ("a.png", picture())})
    await anna.post("/api/v1/statuses", status="shown", media_ids=[upload.json()["id"]])
    for tab, count in (("", 2), ("/with_replies", 3), ("/media", 1), ("/tagged/soil", 1)):
        feed = await channel(client, f"/@anna{tab}.rss")
        assert len(feed.findall("item")) == count, tab
        page = await client.get(f"/@anna{tab}", headers={"Accept": "text/html"})
        link = f'rel="alternate" type="application/rss+xml" href="{ORIGIN}/@anna{tab}.rss"'
        assert link in page.text


async def test_the_feed_of_media_has_those_in_answers_as_the_page_does(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api
) -> None:
    other = await make_status(runtime, await make_member(runtime, "carl"), "asked")
    upload = await anna("POST", "/api/v2/media", files={"file": ("a.png", picture())})
    media_ids = [upload.json()["id"]]
    await anna.post("/api/v1/statuses", status="@carl", in_reply_to_id=other, media_ids=media_ids)
    for choice in (True, False):
        await anna("PATCH", "/api/v1/profile", json={"show_media_replies": choice})
        page = await client.get("/@anna/media", headers={"Accept": "text/html"})
        feed = await channel(client, "/@anna/media.rss")
        assert (page.text.count("<article"), len(feed.findall("item"))) == (choice, choice)
