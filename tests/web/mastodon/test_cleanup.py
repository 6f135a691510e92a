from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from server.actions import cleanup
from server.runtime import Runtime
from server.store import accounts, favourites, status_writes
from server.store.accounts import Account
from server.store.cleanup_policies import CleanupPolicy, count_due, find_policy
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import Api, make_member, make_token, outgoing, run_jobs

PATH = "/api/v1/wandelgang/statuses_cleanup_policy"
PAGE = "/settings/automatic-deletion"


async def old_post(
    runtime: Runtime, account: Account, text: str = "old", days: int = 30, **more: Any
) -> int:
    """A post of a while ago."""
    new = status_writes.NewStatus(
        account.id,
        runtime.addresses.status_uri(0).removesuffix("0"),
        True,
        more.pop("visibility", "public"),
        f"<p>{text}</p>",
        datetime.now(UTC) - timedelta(days=days),
        text=text,
        **more,
    )
    status = await status_writes.insert_status(runtime.db, new)
    assert status
    return status.id


async def turn(runtime: Runtime) -> None:
    """The clock ticks, and its time has come for everybody."""
    await runtime.db.execute("UPDATE cleanup_policies SET last_run_at = NULL")
    await cleanup.start_turn(runtime)
    await run_jobs(runtime)


async def left(runtime: Runtime) -> set[int]:
    return {row["id"] for row in await runtime.db.fetch("SELECT id FROM statuses")}


async def test_the_policy_begins_as_mastodon_s_and_is_kept(anna: Api, ben: Api) -> None:
    assert await anna.get(PATH) == {
        "enabled": False,
        "min_status_age": 1_209_600,
        "keep_direct": True,
        "keep_pinned": True,
        "keep_polls": False,
        "keep_media": False,
        "keep_self_fav": True,
        "keep_self_bookmark": True,
        "min_favs": None,
        "min_reblogs": None,
    }
    answer = await anna("PUT", PATH, json={"enabled": True, "min_favs": 3, "keep_polls": True})
    assert answer.json() == await anna.get(PATH)
    kept = answer.json()
    assert (kept["enabled"], kept["min_favs"], kept["keep_polls"]) == (True, 3, True)
    assert kept["min_status_age"] == 1_209_600
    assert (await anna("PUT", PATH, json={"min_favs": 0})).json()["min_favs"] is None
    assert (await ben.get(PATH))["enabled"] is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"min_status_age": 3600}, 422),
        ({"min_status_age": 10**11}, 422),
        ({"min_favs": -1}, 422),
        ({"min_reblogs": 10**30}, 400),
    ],
)
async def test_odd_policies_are_refused(anna: Api, body: dict[str, Any], code: int) -> None:
    answer = await anna("PUT", PATH, json=body)
    assert (answer.status_code, set(answer.json())) == (code, {"error"})
    assert (await anna.get(PATH))["enabled"] is False


async def test_the_scopes(runtime: Runtime, client: httpx.AsyncClient, anna: Api) -> None:
    ben = await make_member(runtime, "ben")
    reader = Api(client, await make_token(runtime, ben, "read:accounts"))
    assert (await reader("GET", PATH)).status_code == 200
    assert (await reader("PUT", PATH, json={})).status_code == 403


async def test_what_is_old_goes_and_what_shall_stay_stays(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    plain = await old_post(runtime, anna)
    young = await old_post(runtime, anna, days=3)
    others = await old_post(runtime, ben)
    kept = {name: await old_post(runtime, anna, name) for name in ("pinned", "fav", "bookmark")}
    kept["direct"] = await old_post(runtime, anna, visibility="direct")
    for table, name in (
        ("status_pins", "pinned"),
        ("favourites", "fav"),
        ("bookmarks", "bookmark"),
    ):
        await runtime.db.execute(
            f"INSERT INTO {table} (account_id, status_id) VALUES ($1, $2)", anna.id, kept[name]
        )
    liked = await old_post(runtime, anna, "liked")
    await favourites.insert_favourite(runtime.db, ben.id, liked, None)
    await turn(runtime)
    assert plain in await left(runtime)  # nobody asked for it
    await cleanup.put_policy(runtime, anna.id, CleanupPolicy(enabled=True, min_favs=1))
    await turn(runtime)
    assert await left(runtime) == {young, others, liked, *kept.values()}
    everything = CleanupPolicy(
        enabled=True,
        keep_direct=False,
        keep_pinned=False,
        keep_self_fav=False,
        keep_self_bookmark=False,
    )
    await cleanup.put_policy(runtime, anna.id, everything)
    assert await count_due(runtime.db, anna.id) == 5
    await turn(runtime)
    assert await left(runtime) == {young, others}


async def test_it_goes_slowly_and_everybody_has_a_turn(runtime: Runtime) -> None:
    members = [await make_member(runtime, f"m{number}") for number in range(12)]
    for member in members:
        await cleanup.put_policy(runtime, member.id, CleanupPolicy(enabled=True))
        for _ in range(7):
            await old_post(runtime, member)
    await cleanup.start_turn(runtime)
    await run_jobs(runtime)
    assert len(await left(runtime)) == 12 * 7 - 50
    # The two that had to wait are served now, the others not again so soon.
    await cleanup.start_turn(runtime)
    await run_jobs(runtime)
    assert len(await left(runtime)) == 12 * 7 - 60
    await cleanup.start_turn(runtime)
    await run_jobs(runtime)
    assert len(await left(runtime)) == 12 * 7 - 60


async def test_a_post_that_was_pinned_meanwhile_stays(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    status = await old_post(runtime, anna)
    await cleanup.put_policy(runtime, anna.id, CleanupPolicy(enabled=True))
    await cleanup.start_turn(runtime)
    await runtime.db.execute(
        "INSERT INTO status_pins (account_id, status_id) VALUES ($1, $2)", anna.id, status
    )
    await run_jobs(runtime)
    assert await left(runtime) == {status}


async def test_a_boost_is_taken_back(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    original = await status_writes.insert_status(
        runtime.db,
        status_writes.NewStatus(
            ben.id,
            runtime.addresses.status_uri(0).removesuffix("0"),
            True,
            "public",
            "<p>x</p>",
            datetime.now(UTC) - timedelta(days=40),
        ),
    )
    assert original
    boost = await status_writes.insert_boost(
        runtime.db,
        anna.id,
        original,
        runtime.addresses.status_uri(0).removesuffix("0"),
        datetime.now(UTC) - timedelta(days=30),
    )
    assert boost
    await cleanup.put_policy(runtime, anna.id, CleanupPolicy(enabled=True))
    await turn(runtime)
    assert await left(runtime) == {original.id}
    assert [a["type"] for a in await outgoing(runtime)][-1] == "Undo"


async def test_the_page_without_javascript(client: httpx.AsyncClient, runtime: Runtime) -> None:
    assert (await client.get(PAGE)).headers["location"].startswith("/auth/sign_in?next=%2Fsettings")
    anna = await make_member(runtime, password=PASSWORD)
    await sign_in(client)
    page = await client.get(PAGE, headers={"Accept-Language": "nl"})
    assert page.status_code == 200
    assert "Oude berichten vanzelf verwijderen" in page.text
    assert "<script" not in page.text
    form = {
        "enabled": "true",
        "min_status_age": "604800",
        "keep_media": "true",
        "min_favs": "2",
        "min_reblogs": "",
    }
    assert (await client.post(PAGE, data=form)).status_code == 403
    assert (await find_policy(runtime.db, anna.id)).enabled is False
    answer = await client.post(PAGE, data=form | hidden(page.text))
    assert answer.status_code == 303
    assert await find_policy(runtime.db, anna.id) == CleanupPolicy(
        enabled=True,
        min_status_age=604_800,
        keep_direct=False,
        keep_pinned=False,
        keep_media=True,
        keep_self_fav=False,
        keep_self_bookmark=False,
        min_favs=2,
    )
    await old_post(runtime, await accounts.get_account(runtime.db, anna.id))
    saved = await client.get(answer.headers["location"], headers={"Accept-Language": "en"})
    assert 'value="604800" selected' in saved.text
    assert "to be deleted now by these rules: 1." in saved.text
    wrong = await client.post(PAGE, data=form | hidden(page.text) | {"min_status_age": "5"})
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
