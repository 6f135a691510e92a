"""Posts on pages: what is behind a click, what is on top, and how one goes on."""

import re

import httpx
from pyvips import Image

from server.actions.block import block_account
from server.runtime import Runtime
from server.store import timelines, users
from server.store.pages import Page
from tests.forms import PASSWORD, sign_in
from tests.makers import Api, make_member, make_status

HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def upload(api: Api) -> str:
    """Id of an uploaded picture."""
    picture = Image.black(8, 8).copy(interpretation="b-w").write_to_buffer(".png")
    answer = await api("POST", "/api/v2/media", files={"file": ("a.png", picture, "image/png")})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def test_sensitive_pictures_wait_for_a_click(anna: Api, ben: Api, stranger: Api) -> None:
    made = {}
    for name, more in (
        ("plain", {}),
        ("sensitive", {"sensitive": True}),
        ("warned", {"spoiler_text": "soup"}),
    ):
        media_ids = [await upload(anna)]
        made[name] = await anna.post("/api/v1/statuses", status="x", media_ids=media_ids, **more)
    hidden = re.compile(
        r"<details><summary>Media that may disturb</summary><div class=\"media\" lang=\"en\">"
    )
    for name, post in made.items():
        page = (await stranger("GET", f"/@anna/{post['id']}", headers=HTML)).text
        assert bool(hidden.search(re.sub(r">\s+<", "><", page))) == (name != "plain"), name
        picture = post["media_attachments"][0]["preview_url"]
        assert (f'og:image" content="{picture}"' in page) == (name == "plain"), name
    # In a quote as well.
    quote = await ben.post(
        "/api/v1/statuses", status="look", quoted_status_id=made["sensitive"]["id"]
    )
    page = (await stranger("GET", f"/@ben/{quote['id']}", headers=HTML)).text
    assert hidden.search(re.sub(r">\s+<", "><", page))


async def test_media_have_a_name_in_the_language_of_their_post(anna: Api, stranger: Api) -> None:
    media = [await upload(anna), await upload(anna)]
    await anna("PUT", f"/api/v1/media/{media[1]}", data={"description": "een dijk"})
    post = await anna.post("/api/v1/statuses", status="kijk", language="nl", media_ids=media)
    page = (await stranger("GET", f"/@anna/{post['id']}", headers=HTML)).text
    shown = page[page.index('<div class="media" lang="nl">') :]
    assert re.findall(r' alt="([^"]+)"', shown) == ["Picture without a description", "een dijk"]


async def test_a_member_chooses_what_is_shown_at_once(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api
) -> None:
    nora = await make_member(runtime, "nora", password=PASSWORD)
    await sign_in(client, login="nora")
    warned = await anna.post(
        "/api/v1/statuses", status="soup", spoiler_text="food", media_ids=[await upload(anna)]
    )
    plain = await anna.post("/api/v1/statuses", status="x", media_ids=[await upload(anna)])
    await runtime.db.execute(
        "UPDATE media_attachments SET type = 'gifv' WHERE status_id = $1", int(plain["id"])
    )
    for choice, opens, folds in (
        ("default", False, (2, 0)),
        ("show_all", True, (1, 0)),
        ("hide_all", True, (2, 1)),
    ):
        await users.update_preferences(
            runtime.db, nora.id, expand_media=choice, expand_spoilers=opens, autoplay_gifs=opens
        )
        first, second = [
            (await client.get(f"/@anna/{post['id']}", headers=HTML)).text
            for post in (warned, plain)
        ]
        assert (first.count("<details"), second.count("<details")) == folds, choice
        assert ("<details open>" in first) == opens
        assert ("loop muted playsinline autoplay" in second) == opens


async def test_lists_go_on_to_older_posts(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime)
    for number in range(22):
        await make_status(runtime, anna, f"number {number}. #soil")
    for path in ("/", "/@anna", "/tags/soil"):
        first = (await client.get(path, headers=HTML)).text
        assert "number 21." in first
        assert "number 1." not in first
        link = re.search(r'rel="next nofollow" href="(\?max_id=\d+)"', first)
        assert link, path
        last = (await client.get(f"{path}{link[1]}", headers=HTML)).text
        assert "number 1." in last
        assert "number 2." not in last
        assert 'rel="next' not in last


async def test_pinned_posts_stand_on_top(anna: Api, stranger: Api) -> None:
    first = await anna.post("/api/v1/statuses", status="the old one")
    await anna.post("/api/v1/statuses", status="the new one")
    await anna.post(f"/api/v1/statuses/{first['id']}/pin")
    page = (await stranger("GET", "/@anna", headers=HTML)).text.partition("<main")[2]
    assert page.index("Pinned") < page.index("the old one") < page.index("the new one")


async def test_a_page_of_a_boost_leads_to_what_was_boosted(
    anna: Api, ben: Api, stranger: Api
) -> None:
    post = await anna.post("/api/v1/statuses", status="hello")
    boost = await ben.post(f"/api/v1/statuses/{post['id']}/reblog")
    answer = await stranger("GET", f"/@ben/{boost['id']}", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (302, post["url"])


async def test_whoever_may_read_a_post_may_read_its_page(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime, password=PASSWORD)
    await make_member(runtime, "eve", password=PASSWORD)
    private = await make_status(runtime, anna, "for few", visibility="private")
    for name, status in (("eve", 404), ("anna", 200)):
        assert (await client.get(f"/@anna/{private}", headers=HTML)).status_code == 404
        await sign_in(client, login=name)
        page = await client.get(f"/@anna/{private}", headers=HTML)
        profile = await client.get("/@anna", headers=HTML)
        assert page.status_code == status
        assert ("for few" in page.text, "for few" in profile.text) == (name == "anna",) * 2
        asked = await client.get(
            f"/@anna/{private}", headers={"Accept": "application/activity+json"}
        )
        assert asked.status_code == 404
        client.cookies.clear()


async def test_a_link_to_a_page_can_be_previewed(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime)
    post = await make_status(runtime, anna, 'one "two"\n\nthree')
    page = (await client.get(f"/@anna/{post}", headers=HTML)).text
    assert f'<meta property="og:url" content="http://localhost:3000/@anna/{post}">' in page
    assert '<meta property="og:title" content="anna (@anna@localhost:3000)">' in page
    assert 'og:description" content="one &#34;two&#34;\nthree">' in page
    assert f'"application/activity+json" href="http://localhost:3000/ap/statuses/{post}"' in page
    warned = await make_status(runtime, anna, "the end", spoiler_text="a film")
    page = (await client.get(f"/@anna/{warned}", headers=HTML)).text
    assert 'og:description" content="a film">' in page


async def test_lists_hide_from_members_what_their_apps_hide(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime, password=PASSWORD)
    ben, carl = [await make_member(runtime, name) for name in ("ben", "carl")]
    for one in (ben, carl):
        await make_status(runtime, one, f"words of {one.username} #soil")
    [words] = await timelines.account_page(runtime.db, ben.id, None, Page(1))
    await make_status(runtime, carl, "listen #soil", quoted_id=words)
    await block_account(runtime, anna.id, ben.id)

    async def read(path: str) -> list[str]:
        page = (await client.get(path, headers=HTML)).text
        return re.findall(r"words of (\w+)", page)

    assert [await read(path) for path in ("/", "/tags/soil")] == [["ben", "carl", "ben"]] * 2
    await sign_in(client)
    assert [await read(path) for path in ("/", "/tags/soil")] == [["carl"]] * 2


async def make_card(runtime: Runtime, post: str, **values: str) -> None:
    """What was found behind a link of that post."""
    found = {"title": "The <Delta> works", "description": "A film", "language": "en", **values}
    await runtime.db.execute(
        """
        WITH card AS (
            INSERT INTO cards (url, page_url, title, description, language, is_usable, tried_at,
                               image_file)
            VALUES ('https://news.example/a', 'https://news.example/a', $2, $3, $4, true, now(),
                    'cards/a.jpg') RETURNING id)
        INSERT INTO status_cards (status_id, card_id, url, told)
        SELECT $1, id, 'https://news.example/a?x=1', true FROM card
        """,
        int(post), found["title"], found["description"], found["language"],
    )  # fmt: skip


async def test_a_link_has_its_card(runtime: Runtime, anna: Api, stranger: Api) -> None:
    post = await anna.post(
        "/api/v1/statuses", status="see https://news.example/a?x=1", spoiler_text="a film"
    )
    await make_card(runtime, post["id"])
    page = (await stranger("GET", f"/@anna/{post['id']}", headers=HTML)).text
    card = page[page.index('<a class="link"') :].partition("</a>")[0]
    assert 'href="https://news.example/a?x=1" rel="nofollow noopener noreferrer" lang="en"' in card
    assert "The &lt;Delta&gt; works" in card
    assert "news.example</small>" in card
    assert f'src="{runtime.addresses.media("cards/a.jpg")}"' in card
    assert page.index("<details>") < page.index('<a class="link"') < page.index("</details>")
    # Pictures of the post itself take its place.
    await runtime.db.execute(
        "UPDATE media_attachments SET status_id = $1 WHERE id = $2",
        int(post["id"]), int(await upload(anna)),
    )  # fmt: skip
    page = (await stranger("GET", f"/@anna/{post['id']}", headers=HTML)).text
    assert '<a class="link"' not in page


async def test_an_answer_says_whom_it_answers(
    runtime: Runtime, anna: Api, ben: Api, stranger: Api
) -> None:
    asked = await anna.post("/api/v1/statuses", status="who knows?")
    more = {"in_reply_to_id": asked["id"]}
    named = await ben.post("/api/v1/statuses", status="@anna I do", **more)
    mine = await anna.post("/api/v1/statuses", status="nobody?", **more)
    bare = await ben.post("/api/v1/statuses", status="me too", **more)
    page = (await stranger("GET", f"/@anna/{asked['id']}", headers=HTML)).text
    said = {
        asked["id"]: "",
        named["id"]: "In answer to @anna",
        mine["id"]: "In answer to @anna",
        bare["id"]: "An answer",
    }
    found = {}
    for part in page.split("<article")[1:]:
        id_ = next(id_ for id_ in said if f'/{id_}">' in part)
        line = re.search(r'<p class="meta">([^<]+)</p>', part)
        found[id_] = line[1] if line else ""
    assert found == said


async def test_a_poll_shows_how_it_stands_and_until_when(
    anna: Api, ben: Api, stranger: Api
) -> None:
    poll = {"options": ["soup", "salad"], "expires_in": 3600, "multiple": True}
    post = await anna.post("/api/v1/statuses", status="lunch?", poll=poll)
    await ben.post(f"/api/v1/polls/{post['poll']['id']}/votes", choices=[0, 1])
    page = (await stranger("GET", f"/@anna/{post['id']}", headers=HTML)).text
    bar = '<meter max="100" value="100" aria-hidden="true"></meter>'
    assert f"<li>soup: 100 %{bar}</li>" in page  # of those who voted
    assert "open until <time" in page


async def test_a_member_sees_for_whom_a_post_is(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime, password=PASSWORD)
    post = await make_status(runtime, anna, "hush", visibility="private")
    await sign_in(client)
    assert "<span>Followers only</span>" in (await client.get(f"/@anna/{post}", headers=HTML)).text


async def test_a_post_says_what_it_is_where_it_is_linked(anna: Api, stranger: Api) -> None:
    media = [await upload(anna)]
    await anna("PUT", f"/api/v1/media/{media[0]}", data={"description": "a <dike>"})
    shown = await anna.post(
        "/api/v1/statuses", status="water & wind " * 9, language="en", media_ids=media
    )
    page = (await stranger("GET", f"/@anna/{shown['id']}", headers=HTML)).text
    assert re.search("<title>anna: “water &amp; wind [^<]{40,60}…” · ", page)
    for name, content in (
        ("og:image:alt", "a &lt;dike&gt;"),
        ("og:locale", "en"),
        ("profile:username", "anna@localhost:3000"),
    ):
        assert f'<meta property="{name}" content="{content}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert 'property="og:published_time" content="20' in page
    hidden = await anna.post("/api/v1/statuses", status="soup", spoiler_text="food")
    page = (await stranger("GET", f"/@anna/{hidden['id']}", headers=HTML)).text
    assert "<title>anna: “food” · " in page
    assert '<meta name="twitter:card" content="summary">' in page


async def test_a_long_thread_says_that_it_goes_on(
    runtime: Runtime, anna: Api, stranger: Api
) -> None:
    first = await anna.post("/api/v1/statuses", status="and?")
    ben = await make_member(runtime, "ben")
    for number in range(60):
        page = (await stranger("GET", f"/@anna/{first['id']}", headers=HTML)).text
        assert "There are more answers." not in page, number
        await make_status(runtime, ben, f"{number}", in_reply_to_id=int(first["id"]))
    page = (await stranger("GET", f"/@anna/{first['id']}", headers=HTML)).text
    assert "There are more answers." in page
