from urllib.parse import quote

import httpx
import pytest

from server.moderation.suspend import suspend_account
from server.runtime import Runtime
from server.settings import Settings
from server.store import follows
from server.store.accounts import Account
from tests.forms import PASSWORD, sign_in
from tests.makers import Api, make_member, make_remote, make_status, served, take

HTML = {"Accept": "text/html"}
ACTIVITY = {"Accept": "application/activity+json"}
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NOTE = "https://far.example/notes/1"
PAGE = "https://far.example/@remy/1"


@pytest.fixture
async def remy(runtime: Runtime) -> Account:
    """Somebody elsewhere whom anna follows."""
    remy = await make_remote(runtime)
    anna = await make_member(runtime, password=PASSWORD)
    await follows.insert_follow(runtime.db, anna.id, remy.id, None)
    return remy


async def take_note(runtime: Runtime, remy: Account, to: str = PUBLIC) -> int:
    """Remy's post, as it came here."""
    note = {
        "id": NOTE,
        "type": "Note",
        "attributedTo": remy.uri,
        "to": [to],
        "url": PAGE,
        "content": "<p>words of far away</p>",
        "published": "2026-11-01T10:00:00Z",
    }
    assert await take(runtime, "Create", remy, note, to=[to]) is None
    return int(await runtime.db.fetchval("SELECT id FROM statuses WHERE uri = $1", NOTE))


async def test_a_visitor_is_told_that_they_leave(
    client: httpx.AsyncClient, runtime: Runtime, remy: Account
) -> None:
    post = await take_note(runtime, remy)
    for path, url in (
        ("/@remy@far.example", remy.url),
        ("/@Remy@FAR.example/media", remy.url),
        ("/@remy@far.example/tagged/soil", remy.url),
        (f"/@remy@far.example/{post}", PAGE),
        (f"/statuses/{post}", PAGE),
    ):
        page = await client.get(path, headers=HTML)
        assert page.status_code == 200, path
        assert f'<a href="{url}" rel="nofollow noopener">{url}</a>' in page.text
        assert 'content="noindex, noarchive"' in page.text
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "words of far away" not in page.text


async def test_other_servers_are_led_to_the_document(
    client: httpx.AsyncClient, runtime: Runtime, remy: Account
) -> None:
    post = await take_note(runtime, remy)
    for path, uri in (
        ("/@remy@far.example", remy.uri),
        (f"/@remy@far.example/{post}", NOTE),
        (f"/statuses/{post}", NOTE),
    ):
        answer = await client.get(path, headers=ACTIVITY)
        assert (answer.status_code, answer.headers["location"]) == (302, uri)
        assert answer.headers["vary"] == "Accept"


async def test_a_member_goes_on_to_what_can_be_done(
    client: httpx.AsyncClient, runtime: Runtime, remy: Account
) -> None:
    post = await take_note(runtime, remy, f"{remy.uri}/followers")
    path = f"/@remy@far.example/{post}"
    hidden = await client.get(path, headers=HTML)  # followers only
    assert hidden.status_code == 404
    assert f'href="/auth/sign_in?next={quote(path)}">Sign in, perhaps it is for you' in hidden.text
    assert "perhaps" not in (await client.get("/no/such/page", headers=HTML)).text
    await sign_in(client, login="anna")
    for asked, uri in ((path, NOTE), ("/@remy@far.example", remy.uri)):
        answer = await client.get(asked, headers=HTML)
        way = f"/authorize_interaction?uri={quote(uri, safe='')}"
        assert (answer.status_code, answer.headers["location"]) == (302, way)
        assert "remy" in (await client.get(way, headers=HTML)).text


async def test_ours_are_shown_where_they_are(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime)
    post = await make_status(runtime, anna)
    origin = runtime.settings.origin
    for path, place in (
        ("/@anna@localhost:3000", "/@anna"),
        (f"/@anna@localhost:3000/{post}", f"/@anna/{post}"),
        (f"/statuses/{post}", f"/@anna/{post}"),
    ):
        answer = await client.get(path, headers=HTML)
        assert (answer.status_code, answer.headers["location"]) == (302, f"{origin}{place}")


async def test_what_is_not_known_or_not_shown_leads_nowhere(
    client: httpx.AsyncClient, runtime: Runtime, remy: Account
) -> None:
    post = await take_note(runtime, remy)
    for path in (
        "/@nobody@far.example",
        "/@remy@evil.example",
        "/@remy@far.example@evil.example",
        "/@remy@far.example/" + "9" * 30,
        "/statuses/x",
        "/statuses/" + "9" * 30,
    ):
        assert (await client.get(path, headers=HTML)).status_code == 404, path
    await suspend_account(runtime, remy.id)
    for path in ("/@remy@far.example", f"/@remy@far.example/{post}", f"/statuses/{post}"):
        assert (await client.get(path, headers=HTML)).status_code == 404


async def test_behind_a_sign_in_nothing_is_said(
    settings: Settings, runtime: Runtime, remy: Account
) -> None:
    post = await take_note(runtime, remy)
    async with served(settings, require_sign_in=True) as stranger:
        for path in ("/@remy@far.example", f"/@remy@far.example/{post}", f"/statuses/{post}"):
            answer = await stranger("GET", path, headers=HTML)
            assert answer.headers["location"].startswith("/auth/sign_in?next=")
            assert (await stranger("GET", path, headers=ACTIVITY)).status_code == 401


@pytest.mark.parametrize("path", ["/evil.example", "%2Fevil.example", "%5Cevil.example", "%09/x"])
async def test_old_addresses_of_the_web_app_lead_to_ours_alone(
    client: httpx.AsyncClient, path: str
) -> None:
    for app in ("web", "deck"):
        assert (await client.get(f"/{app}/{path}")).headers["location"] == "/"
        fine = await client.get(f"/{app}/@anna/1?x=y")
        assert fine.headers["location"] == "/@anna/1?x=y"


async def test_search_finds_by_such_an_address(runtime: Runtime, remy: Account, ben: Api) -> None:
    post = await take_note(runtime, remy)
    origin = runtime.settings.origin
    found = await ben.get("/api/v2/search", q=f"{origin}/@remy@far.example")
    assert [one["acct"] for one in found["accounts"]] == ["remy@far.example"]
    for path in (f"/@remy@far.example/{post}", f"/web/statuses/{post}"):
        found = await ben.get("/api/v2/search", q=f"{origin}{path}")
        assert [one["uri"] for one in found["statuses"]] == [NOTE]
    # What a visitor can do from here is for what is ours.
    way = f"/interact?uri={quote(f'{origin}/statuses/{post}', safe='')}"
    assert (await ben("GET", way, headers=HTML)).status_code == 404
