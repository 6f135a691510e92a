import httpx
import pytest

from server.runtime import Runtime
from server.settings import Settings
from tests.makers import Api, make_member, make_status, served

HTML = {"Accept": "text/html"}
ACTIVITY = {"Accept": "application/activity+json"}


async def test_profile_and_post_negotiate(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime)
    status = await make_status(runtime, anna, "hello <b>")
    for path, uri in (
        ("/@anna", anna.uri),
        (f"/@anna/{status}", f"{runtime.settings.origin}/ap/statuses/{status}"),
    ):
        page, document = (
            await client.get(path, headers=HTML),
            await client.get(path, headers=ACTIVITY),
        )
        assert "hello &lt;b&gt;" in page.text
        assert "Accept" in page.headers["vary"]
        assert "no-store" in page.headers["cache-control"]
        link = f'<{uri}>; rel="alternate"; type="application/activity+json"'
        assert page.headers["link"].endswith(link)
        assert ("acct%3Aanna%40localhost%3A3000" in page.headers["link"]) == (path == "/@anna")
        assert document.json()["id"] == uri
        assert document.headers["vary"] == "Accept"
        assert document.headers["content-type"].startswith("application/activity+json")
        moved = await client.get(uri.removeprefix(runtime.settings.origin), headers=HTML)
        assert (moved.status_code, moved.headers["vary"]) == (302, "Accept")


async def test_a_hashtag_has_a_page(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime)
    await make_status(runtime, anna, "public #Trying")
    await make_status(runtime, anna, "secret #trying", visibility="private")
    page = await client.get("/tags/trying", headers=HTML)
    assert "public" in page.text
    assert "secret" not in page.text


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_pages_speak_both_languages_and_run_nothing(
    client: httpx.AsyncClient, runtime: Runtime, language: str
) -> None:
    await make_member(runtime)
    for path in ("/", "/@anna", "/auth/sign_up", "/auth/password/new", "/nothing"):
        page = await client.get(path, headers={**HTML, "Accept-Language": f"{language}-BE"})
        assert f'<html lang="{language}">' in page.text
        assert "<script" not in page.text


def test_the_two_languages_have_the_same_texts() -> None:
    from web.pages.rendering import texts_in

    assert texts_in("nl").keys() == texts_in("en").keys()
    assert not [key for key, text in texts_in("nl").items() if not text]


async def test_a_first_owner_comes_through_the_page_once(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    from server.identity.first_owner import first_owner_link

    link = await first_owner_link(runtime)
    assert link
    path = link.removeprefix(runtime.settings.origin)
    assert (await client.get(path, headers=HTML)).status_code == 200
    form = {"token": path.partition("token=")[2], "username": "anna", "email": "a@b.example"}
    short = await client.post("/auth/first_owner", data=form | {"password": "short"})
    assert short.status_code == 422
    made = await client.post("/auth/first_owner", data=form | {"password": "long enough"})
    assert (made.status_code, made.headers["location"]) == (303, "/auth/setup")
    first = (await client.get("/auth/setup", headers=HTML)).text
    for next_step in ("/settings/profile", "/share", "/settings/invites"):
        assert f'<a href="{next_step}">' in first
    again = form | {"password": "long enough", "username": "eve", "email": "e@b.example"}
    assert (await client.post("/auth/first_owner", data=again, headers=HTML)).status_code == 410
    assert (await client.get(path, headers=HTML)).status_code == 410


async def test_a_poll_is_shown_with_its_shares(anna: Api, ben: Api, stranger: Api) -> None:
    poll = {"options": ["<Green>", "Black"], "expires_in": 600}
    made = await anna.post("/api/v1/statuses", status="tea?", poll=poll)
    await ben.post(f"/api/v1/polls/{made['id']}/votes", choices=[0])
    page = (await stranger("GET", f"/@anna/{made['id']}")).text
    assert "&lt;Green&gt;: 100 %" in page
    assert "Black: 0 %" in page
    hidden = await anna.post("/api/v1/statuses", status="?", poll={**poll, "hide_totals": True})
    assert "Black</li>" in (await stranger("GET", f"/@anna/{hidden['id']}")).text


async def test_a_quoted_post_is_shown_to_whom_it_is_for(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    from server.actions.quote import revoke_quote

    anna, ben = await make_member(runtime), await make_member(runtime, "ben")
    original = await make_status(runtime, anna, "the original")
    quote = await make_status(runtime, ben, "look", quoted_id=original)
    page = await client.get(f"/@ben/{quote}", headers=HTML)
    assert '<blockquote class="quoted"' in page.text
    assert "the original" in page.text
    private = await make_status(runtime, ben, "for few", visibility="private")
    hidden = await make_status(runtime, ben, "look", quoted_id=private, visibility="private")
    assert (await client.get(f"/@ben/{hidden}", headers=HTML)).status_code == 404
    await revoke_quote(runtime, anna.id, original, quote)
    page = await client.get(f"/@ben/{quote}", headers=HTML)
    assert "the original" not in page.text


async def test_one_quote_does_not_show_what_another_may_not(anna: Api, ben: Api) -> None:
    original = await anna.post("/api/v1/statuses", status="the original")
    refused, _ = [
        await ben.post("/api/v1/statuses", status=text, quoted_status_id=original["id"])
        for text in ("refused", "granted")
    ]
    await anna.post(f"/api/v1/statuses/{original['id']}/quotes/{refused['id']}/revoke")
    page = (await ben("GET", "/@ben", headers=HTML)).text
    assert page.index("granted") < page.index("the original") < page.index("refused")
    assert page.count("the original") == 1


async def test_who_is_suspended_is_not_shown_and_who_is_erased_is_gone(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime)
    status = await make_status(runtime, anna)
    pages = [f"/@anna{end}" for end in ("", ".rss", f"/{status}", f"/{status}/embed")]
    for column, code in (("suspended_at", 404), ("erased_at", 410)):
        await runtime.db.execute(f"UPDATE accounts SET {column} = now() WHERE id = $1", anna.id)
        told = [(await client.get(page, headers=HTML)).status_code for page in pages]
        assert told == [code] * 4
        actor = await client.get("/@anna", headers=ACTIVITY)
        there = await client.get(f"/ap/users/{anna.id}", headers=ACTIVITY)
        assert actor.status_code == there.status_code == (200 if code == 404 else 410)
        assert actor.json().get("id") == there.json().get("id")


async def test_without_federation_there_are_pages_alone(
    settings: Settings, runtime: Runtime
) -> None:
    anna = await make_member(runtime)
    status = await make_status(runtime, anna)
    async with served(settings, federation_enabled=False) as closed:
        for path in ("/@anna", f"/@anna/{status}"):
            assert (await closed("GET", path, headers=HTML)).status_code == 200
            assert (await closed("GET", path, headers=ACTIVITY)).status_code == 404


async def test_who_wants_to_be_found_is(
    client: httpx.AsyncClient, runtime: Runtime, anna: Api, ben: Api
) -> None:
    about = {"discoverable": "true", "note": "knows <all> of dikes"}
    await anna("PATCH", "/api/v1/accounts/update_credentials", data=about)
    await ben("PATCH", "/api/v1/accounts/update_credentials", data={"discoverable": "false"})
    page = await client.get("/directory", headers=HTML)
    assert "@anna@localhost:3000" in page.text
    assert "knows &lt;all&gt; of dikes" in page.text
    assert "@ben@localhost:3000" not in page.text
    assert 'href="/directory"' in (await client.get("/", headers=HTML)).text
    for number in range(40):
        await make_member(runtime, f"member{number}")
    await runtime.db.execute("UPDATE accounts SET discoverable = true WHERE domain IS NULL")
    first = (await client.get("/directory", headers=HTML)).text
    assert 'href="?offset=40"' in first
    more = (await client.get("/directory?offset=40", headers=HTML)).text
    assert "?offset=80" not in more
    assert more.count('<li class="card">') >= 1


async def test_who_boosted_and_likes_a_post(anna: Api, ben: Api, stranger: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="hello")
    path = f"/@anna/{post['id']}"
    assert "/reblogs" not in (await stranger("GET", path, headers=HTML)).text
    for act in ("reblog", "favourite"):
        await ben.post(f"/api/v1/statuses/{post['id']}/{act}")
    page = (await stranger("GET", path, headers=HTML)).text
    for name in ("reblogs", "favourites"):
        assert f'href="{post["url"]}/{name}">' in page
        people = (await stranger("GET", f"{path}/{name}", headers=HTML)).text
        assert "@ben@localhost:3000" in people
        assert f'href="{post["url"]}"' in people
        wrong = f"/@ben/{post['id']}/{name}"
        assert (await stranger("GET", wrong, headers=HTML)).status_code == 404
