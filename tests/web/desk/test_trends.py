"""Moderators say at the desk what may trend, and what a hashtag may be used for."""

import re
from html import unescape

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log, reviewed_tags, tags
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import Api, make_member
from tests.web.desk.test_desk import enter, press, text_of
from tests.web.mastodon.test_admin_trends import shown, trend

PATH = "/desk/trends"


async def only(client: httpx.AsyncClient, name: str) -> tuple[str, str]:
    """The one card of a list, and the number in it."""
    page = await text_of(client, f"{PATH}?list={name}")
    [card] = re.findall(r"<article.*?</article>", page, re.DOTALL)
    return unescape(card), re.findall(r'value="(\d+)"', card)[0]


@pytest.mark.parametrize(("name", "place"), [("tags", 0), ("posts", 1), ("links", 2)])
async def test_what_trends_is_let_through_and_taken_out(
    client: httpx.AsyncClient,
    runtime: Runtime,
    boss: Account,
    anna: Api,
    ben: Api,
    stranger: Api,
    name: str,
    place: int,
) -> None:
    await trend(runtime, anna, ben)
    card, number = await only(client, name)
    assert "not looked at" in card
    assert {"approve_id", "reject_id"} <= {*re.findall(r'name="(\w+)"', card)}
    await press(client, f"{PATH}?list={name}", reject_id=number)
    assert (await shown(stranger))[place] == 0
    card, _ = await only(client, name)
    assert "may not trend" in card
    assert "reject_id" not in card
    await press(client, f"{PATH}?list={name}", approve_id=number)
    assert (await shown(stranger))[place] == 1
    card, _ = await only(client, name)
    assert "approve_id" not in card
    log = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    acts = ["update", "update"] if name == "tags" else ["approve", "reject"]
    assert [entry.action for entry in log] == acts


async def test_a_site_is_judged_as_a_whole(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, anna: Api, ben: Api, stranger: Api
) -> None:
    await trend(runtime, anna, ben)
    card, number = await only(client, "sites")
    assert "site.example" in card
    await press(client, f"{PATH}?list=sites", reject_id=number)
    assert (await shown(stranger))[2] == 0


async def test_a_hashtag_is_found_and_decided_about(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, anna: Api
) -> None:
    await anna.post("/api/v1/statuses", status="#ThemaDag")
    number = await tags.find_id(runtime.db, "themadag")
    answer = await client.get(f"{PATH}?list=tags&name=%23ThemaDag")
    place = f"{PATH}/tags/{number}"
    assert answer.headers["location"] == place
    assert "Nobody has used" in await text_of(client, f"{PATH}?list=tags&name=none")
    form = await text_of(client, place)
    assert form.count("checked") == 3
    wrong = {"csrf": proof(client), "display_name": "Other"}
    answer = await client.post(place, data=wrong, headers={"Accept-Language": "nl"})
    assert answer.status_code == 422
    assert "geen andere hashtag" in answer.text
    await press(client, place, display_name="#themaDag", usable="1")
    assert number
    tag = await reviewed_tags.get_tag(runtime.db, number)
    assert (tag.display_name, tag.usable, tag.listable, tag.trendable) == (
        "themaDag", True, False, False,
    )  # fmt: skip


async def test_a_hashtag_that_may_not_be_used_is_kept_out_of_posts(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, anna: Api
) -> None:
    path = "/api/v1/statuses"
    posts = [await anna.post(path, status=f"#{name}") for name in ("hate", "spite")]
    numbers = [await tags.find_id(runtime.db, name) for name in ("hate", "spite")]
    await press(client, f"{PATH}/tags/{numbers[0]}", display_name="Hate", listable="1")
    one = await anna("POST", path, json={"status": "more #HATE and #love"})
    error = "Validation failed: Text contained a disallowed hashtag: hate"
    assert (one.status_code, one.json()) == (422, {"error": error})
    await press(client, f"{PATH}/tags/{numbers[1]}", display_name="spite")
    two = await anna("PUT", f"{path}/{posts[1]['id']}", json={"status": "#spite #hate"})
    error = "Validation failed: Text contained the disallowed hashtags: hate, spite"
    assert (two.status_code, two.json()) == (422, {"error": error})
    assert (await anna("POST", path, json={"status": "hate, and #love"})).status_code == 200


async def test_it_takes_the_permission_a_form_from_here_and_a_list(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, anna: Api
) -> None:
    await anna.post("/api/v1/statuses", status="#water")
    number = await tags.find_id(runtime.db, "water")
    paths = (PATH, f"{PATH}/tags/{number}")
    assert (await client.get(f"{PATH}?list=people")).status_code == 404
    assert (await client.get(f"{PATH}/tags/9")).status_code == 404
    for name in ("tags", "posts", "links", "sites"):
        form = {"csrf": proof(client), "approve_id": "9"}
        assert (await client.post(f"{PATH}?list={name}", data=form)).status_code == 404
    form = {"reject_id": str(number), "display_name": "water"}
    for path in paths:
        assert (await client.post(path, data=form)).status_code == 403
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    await runtime.db.execute("UPDATE roles SET permissions = 16 WHERE id = 1")
    for path in paths:
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=form | {"csrf": proof(client)})).status_code == 403
    assert number
    assert (await reviewed_tags.get_tag(runtime.db, number)).reviewed_at is None
