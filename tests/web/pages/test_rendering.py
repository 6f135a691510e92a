"""What all pages have: a language that one chooses, a way in, a way on."""

import re

import httpx

from server.runtime import Runtime
from server.settings import Settings
from tests.forms import PASSWORD, sign_in
from tests.makers import make_member, served
from web.pages import rendering

HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def test_a_language_that_was_chosen_stays(client: httpx.AsyncClient) -> None:
    page = await client.get("/auth/sign_in?next=/share", headers=HTML)
    found = re.search(r'href="([^"]+)" lang="nl" hreflang="nl">In het Nederlands', page.text)
    assert found
    assert found[1] == "?next=%2Fshare&amp;lang=nl"
    assert "set-cookie" not in page.headers
    dutch = await client.get("/auth/sign_in?next=/share&lang=nl", headers=HTML)
    assert '<html lang="nl">' in dutch.text
    assert '<html lang="nl">' in (await client.get("/about", headers=HTML)).text
    # Also of an answer to a form, to which nothing leads.
    wrong = await client.post("/auth/sign_in", data={"login": "x", "password": "y"}, headers=HTML)
    assert '<html lang="nl">' in wrong.text
    assert "hreflang" not in wrong.text
    await client.get("/?lang=xx", headers=HTML)
    assert '<html lang="nl">' in (await client.get("/about", headers=HTML)).text


async def test_the_header_leads_in_and_to_oneself(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await make_member(runtime, "anna", password=PASSWORD)
    page = await client.get("/tags/soil?max_id=5", headers=HTML)
    assert 'href="/auth/sign_in?next=/tags/soil%3Fmax_id%3D5">Sign in</a>' in page.text
    assert 'href="/auth/sign_in?next' not in (await client.get("/auth/sign_in", headers=HTML)).text
    await sign_in(client)
    for path in ("/", "/nothing", "/@nobody"):
        page = await client.get(path, headers=HTML)
        assert '<a href="/@anna">@anna</a>' in page.text, path
        assert "/auth/sign_in" not in page.text, path


async def test_a_wrong_password_keeps_the_name(client: httpx.AsyncClient, runtime: Runtime) -> None:
    form = {"login": '"anna"', "password": "wrong"}
    page = await client.post("/auth/sign_in", data=form, headers=HTML)
    assert 'value="&#34;anna&#34;"' in page.text
    assert "wrong" not in page.text.replace("<p", "")


async def test_users_find_the_source_that_runs_here(settings: Settings) -> None:
    async with served(settings, source_url="https://code.example/") as house:
        page = (await house("GET", "/about", headers=HTML)).text
        assert '<a href="https://code.example/">Source code</a>' in page
        assert "Source code" not in (await house("GET", "/about?lang=nl", headers=HTML)).text


async def test_what_only_programs_understand_is_not_shown(client: httpx.AsyncClient) -> None:
    address = "/auth/sign_in?next=a%00b"
    page = await client.get(address, headers=HTML)
    assert page.status_code == 400
    assert "must not contain NUL" not in page.text
    assert "must not contain NUL" in (await client.get(address)).text


async def test_what_went_wrong_is_heard_first(client: httpx.AsyncClient) -> None:
    assert "<title>Sign in" in (await client.get("/auth/sign_in", headers=HTML)).text
    form = {"login": "anna", "password": "wrong"}
    page = await client.post("/auth/sign_in", data=form, headers=HTML)
    assert "<title>Not done: Sign in" in page.text


def test_one_is_not_counted_as_many() -> None:
    text = "{% from '_span.html' import span %}" + "|".join(
        f"{{{{ span({seconds}, t) }}}}" for seconds in (60, 1800, 3600, 21600, 86400, 604800)
    )
    for language, expected in (
        ("en", "1 minute|30 minutes|1 hour|6 hours|1 day|7 days"),
        ("nl", "1 minuut|30 minuten|1 uur|6 uur|1 dag|7 dagen"),
    ):
        texts = rendering.texts_in(language)
        shown = rendering._templates.from_string(text).render(t=texts.__getitem__)
        assert shown == expected
