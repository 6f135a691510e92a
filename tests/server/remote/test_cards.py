"""Cards of links, from the post to what its readers are shown."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from server.actions.prune import START, prune_job
from server.errors import NotFound
from server.remote.cards import _place_at, fetch_card_job, find_card_job
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store import statuses
from tests.makers import Api, make_member, make_status, run_jobs
from tests.neighbour import neighbour
from tests.website import Website, website

SECOND = timedelta(seconds=1)
TITLE = '<meta property="og:title" content="Tea &amp; cake">'


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as found:
        yield found


async def card_of(api: Api, status_id: int | str) -> Any:
    return (await api.get(f"/api/v1/statuses/{status_id}"))["card"]


async def test_a_post_shows_what_stands_behind_its_first_link(
    site: Website, runtime: Runtime, anna: Api, stranger: Api
) -> None:
    site.picture("/cake.png")
    url = site.page(
        "/tea",
        TITLE + '<title>no</title><meta name="description" content="How to\nbrew">'
        '<meta property="og:image" content="cake.png">'
        '<meta property="og:image:alt" content="A cup">'
        '<meta property="og:locale" content="nl_BE">'
        '<meta property="og:site_name" content="Cups">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Remy",'
        '"url": "/remy"}, "datePublished": "2026-01-02T03:04:05Z"}</script>',
    )
    post = await anna.post("/api/v1/statuses", status=f"@ben #tea {url}?utm_source=x#top and more")
    assert post["card"] is None
    await run_jobs(runtime)
    card = await card_of(stranger, post["id"])
    image, blurhash = card.pop("image"), card.pop("blurhash")
    assert card == {
        "url": f"{url}?utm_source=x#top",
        "title": "Tea & cake",
        "description": "How to brew",
        "type": "link",
        "language": "nl",
        "html": "",
        "embed_url": "",
        "width": 90,
        "height": 60,
        "author_name": "Remy",
        "author_url": f"{site.origin}/remy",
        "provider_name": "Cups",
        "provider_url": f"{site.origin}/",
        "published_at": "2026-01-02T03:04:05.000Z",
        "image_description": "A cup",
        "missing_attribution": None,
        "authors": [{"name": "Remy", "url": f"{site.origin}/remy", "account": None}],
    }
    assert image.startswith(f"{runtime.settings.media_base_url}/cards/")
    picture = await stranger("GET", image.removeprefix(runtime.settings.origin))
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert len(blurhash) > 10
    assert site.asked == ["/tea", "/cake.png"]


async def test_a_page_is_asked_once_for_however_many_posts(
    site: Website, runtime: Runtime, anna: Api, ben: Api
) -> None:
    url = site.page("/a", TITLE)
    ids = [(await api.post("/api/v1/statuses", status=url))["id"] for api in (anna, ben, anna)]
    await run_jobs(runtime)
    ids.append((await anna.post("/api/v1/statuses", status=f"again {url}#part"))["id"])
    await run_jobs(runtime)
    assert [(await card_of(ben, i))["title"] for i in ids] == ["Tea & cake"] * 4
    assert site.asked == ["/a"]
    await runtime.db.execute("UPDATE cards SET tried_at = now() - interval '15 days'")
    site.page("/a", "<title>New</title>")
    last = await anna.post("/api/v1/statuses", status=url)
    await run_jobs(runtime)
    assert (await card_of(ben, last["id"]))["title"] == "New"
    assert site.asked == ["/a", "/a"]


async def test_a_page_with_several_addresses_is_one(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    html = '<title>Tea</title><link rel="canonical" href="/tea">'
    for path in ("/tea", "/tea.html"):
        await anna.post("/api/v1/statuses", status=site.page(path, html))
    await run_jobs(runtime)
    pages = await runtime.db.fetch("SELECT DISTINCT page_url FROM cards")
    assert [page["page_url"] for page in pages] == [f"{site.origin}/tea"]


async def test_streams_are_told_when_the_card_has_come(site: Website, runtime: Runtime) -> None:
    told: list[Any] = []
    runtime.bus.hear_own("stream", lambda text: told.append(orjson.loads(text)))
    status = await make_status(runtime, await make_member(runtime), site.page("/a", TITLE))
    assert told == [{"event": name, "status": status} for name in ("update", "status.update")]


async def test_a_copy_that_was_kept_is_made_anew(
    site: Website, runtime: Runtime, anna: Api, stranger: Api
) -> None:
    post = await anna.post("/api/v1/statuses", status=site.page("/a", TITLE))
    boost = await anna.post(f"/api/v1/statuses/{post['id']}/reblog")
    assert await card_of(stranger, post["id"]) is None
    assert (await stranger.get(f"/api/v1/statuses/{boost['id']}"))["reblog"]["card"] is None
    await run_jobs(runtime)
    assert await card_of(stranger, post["id"])
    shown = await stranger.get(f"/api/v1/statuses/{boost['id']}")
    assert shown["reblog"]["card"]["title"] == "Tea & cake"


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "text/html", b"<title>x</title>"),
        (500, "text/html", b"<title>x</title>"),
        (200, "application/json", b"<title>x</title>"),
        (200, "text/plain", b"<title>x</title>"),
        (200, "text/html", b"<p>nothing"),
        (302, "text/html", b""),
    ],
)
async def test_a_page_without_a_card_is_not_asked_again_at_once(
    site: Website, runtime: Runtime, anna: Api, status: int, kind: str, body: bytes
) -> None:
    url = site.put("/a", body, kind, status, **({"Location": "/a"} if status == 302 else {}))
    for _ in range(2):
        post = await anna.post("/api/v1/statuses", status=url)
        await run_jobs(runtime)
        assert await card_of(anna, post["id"]) is None
    assert site.asked == ["/a"] * (4 if status == 302 else 1)
    await runtime.db.execute("UPDATE cards SET tried_at = now() - interval '2 days'")
    site.page("/a", TITLE)
    later = await anna.post("/api/v1/statuses", status=url)
    await run_jobs(runtime)
    assert await card_of(anna, later["id"])
    assert await card_of(anna, post["id"])


async def test_what_was_found_outlives_a_page_that_is_away(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    url = site.page("/a", TITLE)
    post = await anna.post("/api/v1/statuses", status=url)
    await run_jobs(runtime)
    await runtime.db.execute("UPDATE cards SET tried_at = now() - interval '15 days'")
    del site.answers["/a"]
    await anna.post("/api/v1/statuses", status=url)
    await run_jobs(runtime)
    assert (await card_of(anna, post["id"]))["title"] == "Tea & cake"


async def test_an_edit_changes_the_card(site: Website, runtime: Runtime, anna: Api) -> None:
    one, two = site.page("/1", "<title>one</title>"), site.page("/2", "<title>two</title>")
    path = f"/api/v1/statuses/{(await anna.post('/api/v1/statuses', status='none'))['id']}"
    for text, title in (
        (one, "one"),
        (f"{two} {one}", "two"),
        ("none", None),
        (one, "one"),
        (f"{site.origin}/away", None),
    ):
        await anna("PUT", path, json={"status": text})
        await run_jobs(runtime)
        card = (await anna.get(path))["card"]
        assert (card["title"] if card else None) == title


async def test_posts_with_media_quotes_mentions_or_links_to_us_have_none(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    from tests.pictures import picture

    url = site.page("/a", TITLE)
    media = (await anna("POST", "/api/v2/media", files={"file": picture()})).json()
    await anna.post("/api/v1/statuses", status=url, media_ids=[media["id"]])
    quoted = await anna.post("/api/v1/statuses", status="quote me")
    await anna.post("/api/v1/statuses", status=url, quoted_status_id=quoted["id"])
    await make_member(runtime, "carl")
    await anna.post("/api/v1/statuses", status="@carl #tea http://localhost:3000/@carl")
    await run_jobs(runtime)
    assert site.asked == []
    assert await runtime.db.fetchval("SELECT count(*) FROM status_cards") == 0


async def test_a_post_of_somebody_elsewhere_is_looked_at_within_a_minute(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    url = site.page("/a", TITLE)
    with neighbour() as home:
        bob = home.actor("bob")
        content = f'<p><a href="{bob}" class="u-url mention">@bob</a> <a href="{url}">x</a></p>'
        note = home.note(bob, "1", content, tag=[{"type": "Mention", "href": bob}])
        before = datetime.now(UTC)
        status = await find_or_fetch_status(runtime, note["id"])
        run_at = await runtime.db.fetchval("SELECT run_at FROM jobs WHERE name = 'find_card'")
        assert before + SECOND <= run_at < datetime.now(UTC) + timedelta(minutes=1)
        await runtime.db.execute("UPDATE jobs SET run_at = now()")
        await run_jobs(runtime)
    assert (await card_of(anna, status.id))["title"] == "Tea & cake"
    assert site.asked == ["/a"]


async def test_redirects_are_followed_three_times(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    site.page("/0", TITLE)
    for n in range(1, 5):
        site.put(f"/{n}", b"", status=301, Location=f"/{n - 1}")
    found = []
    for n in (3, 4):
        post = await anna.post("/api/v1/statuses", status=f"{site.origin}/{n}")
        await run_jobs(runtime)
        found.append(await card_of(anna, post["id"]))
    assert (found[0]["url"], found[1]) == (f"{site.origin}/3", None)


async def test_a_long_page_is_read_as_far_as_a_mebibyte(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    near = site.page("/near", TITLE, "x" * 3_000_000)
    far = site.page("/far", f"<!--{'x' * 1_100_000}-->{TITLE}")
    posts = [await anna.post("/api/v1/statuses", status=url) for url in (near, far)]
    await run_jobs(runtime)
    shown = [await card_of(anna, post["id"]) for post in posts]
    assert (shown[0]["title"], shown[1]) == ("Tea & cake", None)


async def test_no_page_leads_us_into_a_private_network(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    inside = "http://169.254.169.254/latest"
    away = site.put("/away", b"", status=302, Location=inside)
    named = site.page(
        "/a",
        f'{TITLE}<meta property="og:image" content="{inside}">'
        f'<link rel="alternate" type="application/json+oembed" href="{inside}">'
        '<meta name="fediverse:creator" content="@eve@10.0.0.1">',
    )
    posts = [await anna.post("/api/v1/statuses", status=url) for url in (inside, away, named)]
    await run_jobs(runtime)
    shown = [await card_of(anna, post["id"]) for post in posts]
    assert shown[:2] == [None, None]
    assert (shown[2]["title"], shown[2]["image"], shown[2]["authors"]) == ("Tea & cake", None, [])


async def test_an_author_is_named_only_if_the_account_names_the_host(
    site: Website, runtime: Runtime, anna: Api, ben: Api, stranger: Api
) -> None:
    url = site.page("/a", TITLE + '<meta name="fediverse:creator" content="@ben@localhost:3000">')
    post = await anna.post("/api/v1/statuses", status=url)
    await run_jobs(runtime)
    assert (await card_of(anna, post["id"]))["authors"] == []
    path = "/api/v1/accounts/update_credentials"
    for domains, is_named in ((["other.example"], False), (["127.0.0.1"], True), ([""], False)):
        saved = await ben("PATCH", path, json={"attribution_domains": domains})
        assert saved.json()["source"]["attribution_domains"] == [d for d in domains if d]
        await runtime.db.execute("UPDATE statuses SET revision = revision + 1")
        [author] = (await card_of(anna, post["id"]))["authors"] or [None]
        assert bool(author) == is_named
        # Whom the page names is told what is missing, and nobody else.
        for viewer, is_missing in ((ben, not is_named), (anna, False), (stranger, None)):
            card = await card_of(viewer, post["id"])
            assert card["missing_attribution"] is is_missing
        if author:
            assert author["account"]["acct"] == author["name"] == "ben"
            assert author["url"] == "http://localhost:3000/@ben"


async def test_a_picture_that_cannot_be_had_leaves_the_card(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    bomb = b"\x89PNG\r\n\x1a\n" + b"x" * 100
    for n, image in enumerate((b"<svg/>", bomb, b"")):
        site.put(f"/{n}.png", image, "image/png", 200 if image else 404)
        url = site.page(f"/{n}", f'{TITLE}<meta property="og:image" content="/{n}.png">')
        post = await anna.post("/api/v1/statuses", status=url)
        await run_jobs(runtime)
        card = await card_of(anna, post["id"])
        assert (card["title"], card["image"], card["blurhash"]) == ("Tea & cake", None, None)


async def test_a_card_goes_after_its_last_post_with_its_picture(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    site.picture("/a.png")
    url = site.page("/a", f'{TITLE}<meta property="og:image" content="/a.png">')
    post = await anna.post("/api/v1/statuses", status=url)
    await run_jobs(runtime)
    await runtime.db.execute("UPDATE cards SET attached_at = now() - interval '2 days'")
    await prune_cards(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM cards") == 1
    await anna("DELETE", f"/api/v1/statuses/{post['id']}")
    assert await runtime.db.fetchval("SELECT count(*) FROM status_cards") == 0
    file = await runtime.db.fetchval("SELECT image_file FROM cards")
    assert await runtime.media.read(file)
    await prune_cards(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM cards") == 0
    with pytest.raises(NotFound):
        await runtime.media.read(file)


async def prune_cards(runtime: Runtime) -> None:
    await prune_job(runtime, "cards", START)


async def test_a_site_is_asked_by_two_at_once(site: Website, runtime: Runtime) -> None:
    anna = await make_member(runtime)
    with _place_at("https://a.shop.example/1") as one, _place_at("https://b.shop.example") as two:
        assert one
        assert two
        with _place_at("https://shop.example/") as three, _place_at("https://x.example") as other:
            assert not three
            assert other
    before = datetime.now(UTC)
    with _place_at(site.origin) as one, _place_at(site.origin) as two:
        await make_status(runtime, anna, site.page("/a", TITLE))
        assert site.asked == []
    run_at = await runtime.db.fetchval("SELECT run_at FROM jobs WHERE name = 'fetch_card'")
    assert run_at >= before + 3 * SECOND
    await runtime.db.execute("UPDATE jobs SET run_at = now()")
    await run_jobs(runtime)
    assert site.asked == ["/a"]


async def test_what_is_gone_meanwhile_does_no_harm(site: Website, runtime: Runtime) -> None:
    await find_card_job(runtime, 1)
    await fetch_card_job(runtime, 1)
    anna = await make_member(runtime)
    status = await make_status(runtime, anna, site.page("/a", TITLE))
    await asyncio.gather(*(find_card_job(runtime, status) for _ in range(5)))
    assert await statuses.find_status(runtime.db, status)
    assert await runtime.db.fetchval("SELECT count(*) FROM status_cards") == 1
