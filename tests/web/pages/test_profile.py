"""One's profile, defaults and scripts, without an app."""

import re
from datetime import UTC, datetime

import httpx
from pyvips import Image

from server.runtime import Runtime
from server.settings import Settings
from server.store import accounts, users
from server.store.accounts import Account
from tests.forms import PASSWORD, proof, sign_in
from tests.makers import Api, make_member, make_status, make_token, served
from tests.waiting import until
from web.pages.detours import DETOURS

HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def test_a_profile_is_written(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    picture = Image.black(8, 8).copy(interpretation="b-w").write_to_buffer(".png")
    form = {
        "csrf": proof(client),
        "display_name": "Nora",
        "note": "soil\r\n& water",
        "fields[0][name]": "Room",
        "fields[0][value]": "4.12",
        "fields[1][name]": "",
        "fields[1][value]": "",
        "avatar_description": "a black square",
        "choices[]": ["locked", "discoverable"],
        "attribution_domains": "news.example\nb.example",
    }
    files = {
        "avatar": ("a.png", picture, "image/png"),
        "header": ("", b"", "application/octet-stream"),
    }
    answer = await client.post("/settings/profile", data=form, files=files)
    assert answer.status_code == 303, answer.text
    saved = await accounts.get_account(runtime.db, nora.id)
    assert (saved.display_name, saved.note_text) == ("Nora", "soil\n& water")
    assert [(field["name"], field["text"]) for field in saved.fields] == [("Room", "4.12")]
    assert (saved.locked, saved.discoverable, saved.indexable, saved.bot) == (
        True,
        True,
        False,
        False,
    )
    assert saved.attribution_domains == ["news.example", "b.example"]
    assert (saved.avatar_description, bool(saved.avatar_file)) == ("a black square", True)
    page = (await client.get("/settings/profile?saved=yes", headers=HTML)).text
    assert "Saved." in page
    assert "soil\n&amp; water</textarea>" in page
    assert 'value="&lt;a rel=&quot;me&quot; href=&quot;http://localhost:3000/@nora&quot;' in page
    # The same form again leaves the picture; a tick takes it away, and its file.
    await client.post("/settings/profile", data=form)
    assert (await accounts.get_account(runtime.db, nora.id)).avatar_file == saved.avatar_file
    await client.post("/settings/profile", data=form | {"without[]": "avatar"})
    assert not (await accounts.get_account(runtime.db, nora.id)).avatar_file
    assert (await client.get(f"/media/{saved.avatar_file}")).status_code == 404


async def test_what_does_not_fit_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    form = {"csrf": proof(client), "display_name": "N" * 31, "note": "soil", "choices[]": "bot"}
    page = await client.post("/settings/profile", data=form, headers=HTML)
    assert page.status_code == 422
    assert "The name is longer than 30 characters." in page.text
    assert "N" * 31 in page.text
    assert 'value="bot" checked' in page.text
    files = {"header": ("a.png", b"no picture", "image/png")}
    page = await client.post(
        "/settings/profile", data=form | {"display_name": "N"}, files=files, headers=HTML
    )
    assert page.status_code == 422
    assert "This kind of file is not taken." in page.text
    assert (await accounts.get_account(runtime.db, nora.id)).note_text == ""


async def test_defaults_of_posts_and_the_language_of_pages(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    form = {
        "csrf": proof(client),
        "locale": "nl",
        "visibility": "private",
        "quote_policy": "nobody",
        "content_type": "text/markdown",
        "language": "nl",
        "sensitive": "true",
        "expand_media": "show_all",
        "expand_spoilers": "true",
        "autoplay_gifs": "true",
    }
    answer = await client.post("/settings/preferences", data=form, headers=HTML)
    assert answer.status_code == 303
    chosen = await users.get_preferences(runtime.db, nora.id)
    assert (chosen.default_visibility, chosen.default_quote_policy) == ("private", "nobody")
    assert (chosen.default_language, chosen.default_sensitive) == ("nl", True)
    assert chosen.default_content_type == "text/markdown"
    assert chosen.expand_media == "show_all"
    assert (chosen.expand_spoilers, chosen.autoplay_gifs) == (True, True)
    user = await users.find_user(runtime.db, nora.id)
    assert user
    assert user.locale == "nl"
    page = await client.get(answer.headers["location"], headers=HTML)
    assert "<h1>Voorkeuren</h1>" in page.text
    assert '<option value="nl" lang="nl" selected>Nederlands</option>' in page.text
    assert '<option value="nl" selected>Nederlands' in page.text
    assert '<option value="de">Duits' in page.text
    assert '<html lang="nl">' in (await client.get("/about", headers=HTML)).text
    await client.post("/settings/preferences", data={"csrf": proof(client)})
    chosen = await users.get_preferences(runtime.db, nora.id)
    assert (chosen.default_visibility, chosen.default_sensitive) == ("private", False)
    assert (chosen.expand_media, chosen.expand_spoilers) == ("default", False)
    for name in ("visibility", "expand_media"):
        wrong = await client.post("/settings/preferences", data=form | {name: "x"})
        assert wrong.status_code == 422


async def test_times_are_on_the_clock_that_was_chosen(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    post = await make_status(runtime, nora)
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    await runtime.db.execute("UPDATE statuses SET created_at = $1", at)
    shown = '<time datetime="2026-07-01T12:00:00+00:00">2026-07-01 {}</time>'
    form = {"csrf": proof(client), "time_zone": "Asia/Kolkata"}
    for zone, time in (("Asia/Kolkata", "17:30 IST"), ("x/../y", "17:30 IST"), ("", "12:00 UTC")):
        await client.post("/settings/preferences", data=form | {"time_zone": zone})
        for path in (f"/@nora/{post}", "/@nora"):
            assert shown.format(time) in (await client.get(path, headers=HTML)).text
    for zone in ("Asia/Kolkata", "US/Pacific"):
        await client.post("/settings/preferences", data=form | {"time_zone": zone})
        page = await client.get("/settings/preferences", headers=HTML)
        assert f"<option selected>{zone}" in page.text


async def test_a_stranger_s_times_are_on_the_clock_of_the_place(
    settings: Settings, runtime: Runtime
) -> None:
    post = await make_status(runtime, await make_member(runtime))
    await runtime.db.execute("UPDATE statuses SET created_at = '2026-07-01 12:00Z'")
    async with served(settings, instance_time_zone="Europe/Amsterdam") as stranger:
        page = await stranger("GET", f"/@anna/{post}", headers=HTML)
    assert "2026-07-01 14:00 CEST</time>" in page.text


async def test_a_script_gets_a_token_of_its_own(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    form = {"csrf": proof(client), "name": "Rain", "scopes[]": ["read:accounts", "write:statuses"]}
    wrong = await client.post("/settings/apps", data=form, headers=HTML)
    assert wrong.status_code == 422
    assert 'value="write:statuses" checked' in wrong.text
    known = {"csrf": form["csrf"], "name": "Rain", "current_password": PASSWORD}
    nothing = await client.post("/settings/apps", data=known, headers=HTML)
    assert (nothing.status_code, "Choose what it may do." in nothing.text) == (422, True)
    page = await client.post(
        "/settings/apps", data=form | {"current_password": PASSWORD}, headers=HTML
    )
    told = dict(re.findall(r'id="(\w+)" value="([^"]+)" readonly', page.text))
    script = Api(client)
    headers = {"Authorization": f"Bearer {told['token']}"}
    post = await script("POST", "/api/v1/statuses", json={"status": "rain"}, headers=headers)
    assert post.json()["application"]["name"] == "Rain"
    assert (await script("GET", "/api/v1/notifications", headers=headers)).status_code == 403
    listed = (await client.get("/settings/apps", headers=HTML)).text
    assert "Take back from Rain" in listed
    assert told["token"] not in listed
    assert "admin:read" not in listed
    app_id = await runtime.db.fetchval("SELECT id FROM apps WHERE name = 'Rain'")
    await client.post(f"/settings/apps/{app_id}/revoke", data={"csrf": proof(client)})

    async def is_refused() -> bool:
        check = "/api/v1/accounts/verify_credentials"
        return (await script("GET", check, headers=headers)).status_code == 401

    await until(is_refused, "the process hears of it by the bus")


async def test_addresses_of_mastodon_lead_to_ours(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    nora = await make_member(runtime, "nora", password=PASSWORD, role="owner")
    await make_token(runtime, nora)
    await sign_in(client, login="nora")
    values = {"username": "nora", "id": str(nora.id), "tag": "soil", "path": "about"}
    # There are none of these.
    missing = {
        "/admin/reports/{id}",
        "/admin/tags/{id}",
        "/users/{username}/statuses/{id}",
        "/filters/{id}/edit",
    }
    for path in DETOURS:
        answer = await client.get(
            path.replace(":path", "").format_map(values), headers=HTML, follow_redirects=True
        )
        assert answer.history, path
        assert answer.status_code == (404 if path in missing else 200), (path, answer.url)
    answer = await client.get("/authorize_follow?acct=nora@localhost:3000")
    assert answer.headers["location"] == "/authorize_interaction?acct=nora@localhost:3000"
