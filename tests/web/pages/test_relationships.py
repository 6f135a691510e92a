"""Who is near a member, and how that ends, without an app."""

import httpx
import pytest

from server.actions.block import block_account
from server.actions.follow import follow_account
from server.actions.mute import mute_account
from server.actions.profile import ProfileChange, update_profile
from server.runtime import Runtime
from server.store import follows
from server.store.accounts import Account
from tests.forms import PASSWORD, proof, sign_in
from tests.makers import make_member, run_jobs
from web.pages import relationships

HTML = {"Accept": "text/html", "Accept-Language": "en"}
PATH = relationships.PATH


@pytest.fixture
async def nora(client: httpx.AsyncClient, runtime: Runtime) -> Account:
    """She decides who follows her, and is signed in."""
    account = await make_member(runtime, "nora", password=PASSWORD)
    await update_profile(runtime, account.id, ProfileChange(locked=True))
    await sign_in(client, login="nora")
    return account


async def follow(runtime: Runtime, follower: Account, target: Account) -> None:
    await follow_account(
        runtime, follower.id, target.id, show_boosts=True, notify_posts=False, languages=None
    )


async def names(client: httpx.AsyncClient, name: str) -> list[str]:
    """Who stands on a list."""
    page = await client.get(PATH, params={"list": name}, headers=HTML)
    assert page.status_code == 200
    return [name for name in ("ben", "carl") if f'/@{name}"' in page.text]


async def test_lists_and_what_is_done_with_who_is_on_them(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account
) -> None:
    ben, carl = [await make_member(runtime, name) for name in ("ben", "carl")]
    for one in (ben, carl):
        await follow(runtime, one, nora)

    async def press(list_: str, do: str, who: Account) -> int:
        form = {"csrf": proof(client), "list": list_, "do": do, "id": str(who.id)}
        return (await client.post(PATH, data=form)).status_code

    assert await names(client, "requests") == ["ben", "carl"]
    assert "Ask to follow you (2)" in (await client.get(PATH, headers=HTML)).text
    assert await press("requests", "accept", ben) == 303
    assert await press("requests", "reject", carl) == 303
    assert await press("requests", "reject", carl) == 404
    assert await names(client, "requests") == []
    assert await names(client, "followers") == ["ben"]
    assert await press("followers", "remove", ben) == 303
    assert await names(client, "followers") == []
    await follow(runtime, nora, carl)
    assert await names(client, "following") == ["carl"]
    await press("following", "unfollow", carl)
    assert await names(client, "following") == []
    await block_account(runtime, nora.id, ben.id)
    await mute_account(runtime, nora.id, carl.id, hide_notifications=True, duration_seconds=0)
    assert (await names(client, "blocked"), await names(client, "muted")) == (["ben"], ["carl"])
    await press("blocked", "unblock", ben)
    await press("muted", "unmute", carl)
    assert (await names(client, "blocked"), await names(client, "muted")) == ([], [])
    assert await press("nothing", "accept", ben) == 422
    assert await press("requests", "nothing", ben) == 422
    assert (await client.get(f"{PATH}?list=nothing", headers=HTML)).status_code == 404


async def test_a_long_list_goes_on(
    client: httpx.AsyncClient, runtime: Runtime, nora: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relationships, "_PEOPLE", 1)
    ben, carl = [await make_member(runtime, name) for name in ("ben", "carl")]
    for one in (ben, carl):
        await follows.insert_follow(runtime.db, one.id, nora.id, None)
    await run_jobs(runtime)
    page = (await client.get(f"{PATH}?list=followers", headers=HTML)).text
    assert "/@carl" in page
    assert "/@ben" not in page
    link = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "/@ben" in (await client.get(f"{PATH}{link}", headers=HTML)).text


async def test_who_signs_in_first_comes_back_to_the_list(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{PATH}?list=muted", headers=HTML)
    back = "%2Fsettings%2Frelationships%3Flist%3Dmuted"
    assert answer.headers["location"] == f"/auth/sign_in?next={back}"
