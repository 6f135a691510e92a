"""Visitors act from their own server, members on what they found elsewhere."""

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from server.runtime import Runtime
from server.store import accounts, follows
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import make_member, make_status, outgoing, run_jobs
from tests.neighbour import Neighbour, neighbour

HTML = {"Accept": "text/html"}
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


def tell_way(home: Neighbour, template: str | None) -> str:
    """Let the neighbour's WebFinger name a page for its members; gives the handle of one."""
    actor = home.actor("vera")
    links = [{"rel": "self", "type": "application/activity+json", "href": actor}]
    if template:
        links.append({"rel": SUBSCRIBE, "template": template})
    handle = f"vera@{home.domain}"
    home.webfingers[f"acct:{handle}"] = {"subject": f"acct:{handle}", "links": links}
    return f"@{handle}"


async def go(client: httpx.AsyncClient, uri: str, handle: str, **headers: str) -> httpx.Response:
    page = await client.get("/interact", params={"uri": uri}, headers=HTML)
    form = hidden(page.text) | {"handle": handle}
    return await client.post("/interact", data=form, headers=HTML | headers)


async def test_a_visitor_goes_on_to_the_own_server(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    anna = await make_member(runtime)
    post = f"{runtime.settings.origin}/ap/statuses/{await make_status(runtime, anna)}"
    handle = tell_way(home, f"{home.origin}/authorize_interaction?uri={{uri}}")
    for uri, link in ((anna.uri, "/@anna"), (post, f"/@anna/{post.rpartition('/')[2]}")):
        assert f"/interact?uri={quote(uri, safe='/')}" in (await client.get(link)).text
        answer = await go(client, uri, handle)
        assert answer.status_code == 303
        expected = f"{home.origin}/authorize_interaction?uri={quote(uri, safe='')}"
        assert answer.headers["location"] == expected


@pytest.mark.parametrize(
    "template",
    [
        "https://evil.example/?uri={uri}",
        "javascript:alert(1)//{uri}",
        "http://localhost:1/?uri={uri}",
        "//evil.example/{uri}",
        "{origin}/no-place-for-it",
        None,
    ],
)
async def test_a_server_leads_its_members_to_itself_alone(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour, template: str | None
) -> None:
    anna = await make_member(runtime)
    handle = tell_way(home, template and template.replace("{origin}", home.origin))
    answer = await go(client, anna.uri, handle)
    assert (answer.status_code, "location" in answer.headers) == (422, False)
    assert 'role="alert"' in answer.text


async def test_what_is_not_ours_or_not_public_leads_nowhere(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    anna = await make_member(runtime)
    secret = await make_status(runtime, anna, visibility="private")
    handle = tell_way(home, f"{home.origin}/?uri={{uri}}")
    origin = runtime.settings.origin
    for uri in (f"{home.origin}/users/vera", f"{origin}/ap/statuses/{secret}", f"{origin}/x", ""):
        assert (await client.get("/interact", params={"uri": uri})).status_code == 404
    forged = await go(client, anna.uri, handle, Origin="https://evil.example")
    assert forged.status_code == 403
    assert (await go(client, anna.uri, "nonsense")).status_code == 422
    back = await go(client, anna.uri, "@anna@localhost:3000")
    assert back.headers["location"].startswith("/authorize_interaction?")


async def test_a_member_follows_what_was_found_elsewhere(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    await make_member(runtime, password=PASSWORD)
    bob = home.actor("bob", summary="<p>knows of dikes</p>")
    path = f"/authorize_interaction?uri={quote(bob, safe='')}"
    away = await client.get(path)
    assert away.headers["location"] == f"/auth/sign_in?next={quote(path, safe='')}"
    await sign_in(client)
    for uri in (bob, f"acct:bob@{home.domain}", f"@bob@{home.domain}"):
        page = await client.get("/authorize_interaction", params={"uri": uri})
        assert f"@bob@{home.domain}" in page.text
        assert "knows of dikes" in page.text
    form = hidden(page.text) | {"act": "follow"}
    assert (await client.post("/authorize_interaction", data=form)).status_code == 303
    assert [a["type"] for a in await outgoing(runtime)] == ["Follow"]
    asked = await client.get("/authorize_interaction", params={"uri": bob})
    assert "You have asked to follow" in asked.text
    await client.post("/authorize_interaction", data=form | {"act": "unfollow"})
    assert [a["type"] for a in await outgoing(runtime)] == ["Follow", "Undo"]
    asked = await client.get("/authorize_interaction", params={"uri": bob})
    assert 'value="follow"' in asked.text
    for wrong in ({"csrf": "x"}, {"act": "delete"}, {"id": "1"}):
        answer = await client.post("/authorize_interaction", data=form | wrong)
        assert answer.status_code in {403, 404, 422}
    unknown = await client.get("/authorize_interaction", params={"uri": f"{home.origin}/nothing"})
    assert unknown.status_code == 404
    assert f'name="uri" value="{home.origin}/nothing"' in unknown.text
    asked = await client.get("/authorize_interaction", headers={"Accept-Language": "en"})
    assert (asked.status_code, "<h1>Look it up</h1>" in asked.text) == (200, True)
    assert 'role="alert"' not in asked.text
    for name in ("anna", "@Anna"):
        mine = await client.get("/authorize_interaction", params={"uri": name})
        assert "@anna@localhost:3000" in mine.text
    assert (await client.get("/authorize_interaction?uri=nobody")).status_code == 404


async def test_a_member_answers_boosts_and_favourites_what_was_found_elsewhere(
    client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    await make_member(runtime, password=PASSWORD)
    note = home.note(home.actor("bob"), "1", "<p>hello there</p>")
    await sign_in(client)
    page = await client.get("/authorize_interaction", params={"uri": note["id"]})
    assert "hello there" in page.text
    person = await client.get("/authorize_interaction", params={"uri": note["attributedTo"]})
    assert "hello there" in person.text
    acts, answer = page.text.split('action="/share"')
    for act in ("boost", "favourite"):
        form = hidden(acts) | {"act": act}
        assert (await client.post("/authorize_interaction", data=form)).status_code == 303
    again = await client.get("/authorize_interaction", params={"uri": note["id"]})
    assert again.text.count('role="status"') == 2
    assert f"@bob@{home.domain} " in answer
    form = hidden(f"<main{answer}") | {"text": f"@bob@{home.domain} hi", "visibility": "public"}
    posted = await client.post("/share", data=form)
    await run_jobs(runtime)
    assert posted.headers["location"].startswith("/@anna/")
    sent = {a["type"]: a for a in await outgoing(runtime)}
    assert sent.keys() == {"Announce", "Like", "Create"}
    assert sent["Create"]["object"]["inReplyTo"] == note["id"]
    thread = (await client.get("/authorize_interaction", params={"uri": note["id"]})).text
    answered = thread.index("In answer to @bob@")
    assert thread.index("hello there") < thread.index('action="/share"') < answered


async def test_a_private_post_is_shown_to_whom_it_is_for_alone(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna, ben = await make_member(runtime, password=PASSWORD), await make_member(runtime, "ben")
    secret = await make_status(runtime, ben, "for followers", visibility="private")
    uri = f"{runtime.settings.origin}/ap/statuses/{secret}"
    await sign_in(client)
    hidden_page = await client.get("/authorize_interaction", params={"uri": uri})
    assert (hidden_page.status_code, "for followers" in hidden_page.text) == (404, False)
    await follows.insert_follow(runtime.db, anna.id, ben.id, None)
    assert "for followers" in (await client.get("/authorize_interaction", params={"uri": uri})).text
    assert await accounts.find_by_handle(runtime.db, "ben", None)


async def test_a_stranger_makes_us_ask_other_servers_so_often_and_no_more(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime)
    codes = {(await go(client, anna.uri, "nonsense")).status_code for _ in range(30)}
    assert codes == {422}
    assert (await go(client, anna.uri, "nonsense")).status_code == 429
