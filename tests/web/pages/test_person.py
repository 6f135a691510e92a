"""The pages of somebody of ours, at Mastodon's addresses."""

import re

import httpx
import pytest

from server.runtime import Runtime
from server.store import blocks, endorsements, follows
from server.store.accounts import Account
from tests.forms import PASSWORD, proof, sign_in
from tests.makers import Api, make_member, make_remote, make_status
from tests.web.pages.test_posts import upload

HTML = {"Accept": "text/html", "Accept-Language": "en"}
TABS = ("", "/with_replies", "/media", "/featured", "/followers", "/following", "/tagged/soil")


async def main_part(api: Api, path: str) -> str:
    """What stands on a page between its header and its footer."""
    answer = await api("GET", path, headers=HTML)
    assert answer.status_code == 200, path
    return answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.fixture
async def posts(anna: Api, ben: Api) -> dict[str, str]:
    """One of anna's for each page."""
    of_ben = await ben.post("/api/v1/statuses", status="asked by ben")
    answer = {"in_reply_to_id": of_ben["id"]}
    made = {
        "said": await anna.post("/api/v1/statuses", status="said in the corridor #Soil"),
        "answered": await anna.post("/api/v1/statuses", status="@ben answered", **answer),
        "shown": await anna.post(
            "/api/v1/statuses", status="a picture", media_ids=[await upload(anna)]
        ),
        "shown_to_ben": await anna.post(
            "/api/v1/statuses", status="@ben one more", media_ids=[await upload(anna)], **answer
        ),
        "secret": await anna.post(
            "/api/v1/statuses", status="secret #soil", visibility="private",
            media_ids=[await upload(anna)],
        ),
    }  # fmt: skip
    return {name: post["id"] for name, post in made.items()}


async def test_each_page_has_what_it_is_for(
    anna: Api, stranger: Api, posts: dict[str, str]
) -> None:
    for tab, expected in {
        "": {"said", "shown"},
        "/with_replies": {"said", "answered", "shown", "shown_to_ben"},
        "/media": {"shown", "shown_to_ben"},
        "/tagged/SOIL": {"said"},
    }.items():
        page = await main_part(stranger, f"/@anna{tab}")
        assert {name for name, id_ in posts.items() if f"/@anna/{id_}" in page} == expected, tab
        feed = (await stranger("GET", f"/@anna{tab}.rss")).text
        assert {name for name, id_ in posts.items() if f"/@anna/{id_}" in feed} == expected, tab
    await anna("PATCH", "/api/v1/profile", data={"show_media_replies": "false"})
    assert f"/@anna/{posts['shown_to_ben']}" not in await main_part(stranger, "/@anna/media")


async def test_there_are_only_tabs_for_what_is_shown(anna: Api, stranger: Api) -> None:
    links = {"/@anna/media", "/@anna/featured"}
    page = await main_part(stranger, "/@anna")
    assert links <= set(re.findall('href="([^"]+)"', page))
    await anna("PATCH", "/api/v1/profile", data={"show_media": "false", "show_featured": "false"})
    page = await main_part(stranger, "/@anna")
    assert not links & set(re.findall('href="([^"]+)"', page))


async def test_what_a_member_recommends(runtime: Runtime, anna: Api, stranger: Api) -> None:
    assert "Nothing is on show here yet." in await main_part(stranger, "/@anna/featured")
    carla = await make_member(runtime, "carla")
    me = await anna.get("/api/v1/accounts/verify_credentials")
    await follows.insert_follow(runtime.db, int(me["id"]), carla.id, None)
    await endorsements.insert_endorsement(runtime.db, int(me["id"]), carla.id)
    await anna.post("/api/v1/featured_tags", name="Dijken")
    for name, is_found in (("Collega's", True), ("Mine alone", False)):
        await anna.post("/api/v1/collections", name=name, description="", discoverable=is_found)
    page = await main_part(stranger, "/@anna/featured")
    assert '<a href="/@anna/tagged/Dijken">#Dijken</a>' in page
    assert "@carla@localhost:3000" in page
    assert "Collega&#39;s" in page
    assert "Mine alone" not in page


async def test_followers_are_seen_unless_they_are_hidden(
    runtime: Runtime, client: httpx.AsyncClient, anna: Api, stranger: Api
) -> None:
    me = int((await anna.get("/api/v1/accounts/verify_credentials"))["id"])
    remy = await make_remote(runtime)
    await follows.insert_follow(runtime.db, remy.id, me, None)
    await follows.insert_follow(runtime.db, me, remy.id, None)
    for tab in ("followers", "following"):
        page = await main_part(stranger, f"/@anna/{tab}")
        assert "@remy@far.example" in page
        assert 'name="robots" content="noindex"' in (await client.get(f"/@anna/{tab}")).text
    carla = await make_member(runtime, "carla", password=PASSWORD)
    await blocks.insert_block(runtime.db, me, carla.id, None)
    await anna("PATCH", "/api/v1/accounts/update_credentials", data={"hide_collections": "true"})
    assert "This is not shown to others." in await main_part(stranger, "/@anna/followers")
    await anna("PATCH", "/api/v1/accounts/update_credentials", data={"hide_collections": "false"})
    await sign_in(client, login="carla")
    assert "@remy@far.example" not in await main_part(Api(client), "/@anna/followers")


async def test_lists_of_people_go_on(runtime: Runtime, anna: Api, stranger: Api) -> None:
    me = int((await anna.get("/api/v1/accounts/verify_credentials"))["id"])
    for number in range(41):
        remote = await make_remote(runtime, f"remy{number:02}")
        await follows.insert_follow(runtime.db, remote.id, me, None)
    page = await main_part(stranger, "/@anna/followers")
    assert ("@remy40@" in page, "@remy00@" in page) == (True, False)
    more = re.search(r'href="(\?max_id=\d+)"', page)
    assert more
    assert "@remy00@" in await main_part(stranger, f"/@anna/followers{more[1]}")


async def test_no_page_of_who_is_not_there(runtime: Runtime, stranger: Api) -> None:
    anna = await make_member(runtime)
    await make_status(runtime, anna, "#soil")
    await runtime.db.execute("UPDATE accounts SET suspended_at = now() WHERE id = $1", anna.id)
    for tab in TABS:
        assert (await stranger("GET", f"/@anna{tab}", headers=HTML)).status_code == 404
        assert (await stranger("GET", f"/@nobody{tab}", headers=HTML)).status_code == 404


async def test_other_servers_get_the_actor_at_each_of_them(runtime: Runtime, stranger: Api) -> None:
    anna = await make_member(runtime)
    for tab in TABS:
        answer = await stranger(
            "GET", f"/@anna{tab}", headers={"Accept": "application/activity+json"}
        )
        assert answer.json()["id"] == anna.uri


async def test_tabs_are_chosen_in_the_settings(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    form = {"csrf": proof(client), "choices[]": ["show_featured"]}
    await client.post("/settings/profile", data=form)
    assert list(await runtime.db.fetchrow(
        "SELECT show_media, show_media_replies, show_featured FROM accounts WHERE id = $1", nora.id
    )) == [False, False, True]  # fmt: skip
    page = (await client.get("/settings/profile", headers=HTML)).text
    assert 'value="show_featured" checked' in page
    assert 'value="show_media" checked' not in page


async def test_a_role_and_a_program_are_named(runtime: Runtime, stranger: Api) -> None:
    await make_member(runtime, "olga", role="owner")
    await runtime.db.execute("UPDATE roles SET highlighted = true WHERE name = 'Owner'")
    await runtime.db.execute("UPDATE accounts SET bot = true WHERE username = 'olga'")
    page = await main_part(stranger, "/@olga")
    assert "@olga@localhost:3000 · Owner · a program</span>" in page
