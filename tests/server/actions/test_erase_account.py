from functools import partial
from pathlib import Path

import httpx
import pytest

from server.actions import erase_account
from server.errors import Forbidden, Invalid, NotFound
from server.identity.members import create_member
from server.moderation import suspend
from server.runtime import Runtime
from server.store import account_views, accounts, erasures, follows, statuses
from server.store.accounts import Account
from tests.makers import Api, make_member, make_remote, make_status, make_token, outgoing, run_jobs
from tests.pictures import picture
from tests.waiting import until

ACTIVITY = {"Accept": "application/activity+json"}


def stored(runtime: Runtime) -> list[Path]:
    """Files in the media storage."""
    return [path for path in (runtime.settings.data / "media").rglob("*") if path.is_file()]


async def remains(runtime: Runtime, account_id: int) -> set[str]:
    """Tables that still refer to an account."""
    rows = await runtime.db.fetch(
        """
        SELECT c.conrelid::regclass::text AS "table", a.attname AS "column"
        FROM pg_constraint c JOIN pg_attribute a
          ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid IN ('accounts'::regclass, 'users'::regclass)
        """
    )
    found = set()
    for row in rows:
        query = f'SELECT count(*) FROM {row["table"]} WHERE "{row["column"]}" = $1'
        if await runtime.db.fetchval(query, account_id):
            found.add(row["table"])
    return found


async def refuses(api: Api) -> bool:
    """Whether the token opens nothing any more."""
    return (await api("GET", "/api/v1/accounts/verify_credentials")).status_code == 401


async def live(runtime: Runtime, client: httpx.AsyncClient) -> tuple[Account, Api]:
    """Ben with a post and its picture, an answer, marks, follows, a list and a token."""
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    api = Api(client, await make_token(runtime, ben))
    file = {"file": ("a.png", picture())}
    media = (await api("POST", "/api/v2/media", files=file)).json()
    avatar = {"avatar": ("a.png", picture())}
    await api("PATCH", "/api/v1/accounts/update_credentials", files=avatar)
    await api.post("/api/v1/statuses", status="look #art", media_ids=[media["id"]])
    theirs = await make_status(runtime, anna, "hello")
    await api.post("/api/v1/statuses", status="@anna yes", in_reply_to_id=str(theirs))
    await api.post(f"/api/v1/statuses/{theirs}/favourite")
    await api.post(f"/api/v1/statuses/{theirs}/reblog")
    await api.post(f"/api/v1/statuses/{theirs}/bookmark")
    await api.post(f"/api/v1/accounts/{anna.id}/follow")
    await api.post("/api/v1/lists", title="work")
    await run_jobs(runtime)
    return ben, api


async def test_nothing_of_it_is_left(client: httpx.AsyncClient, runtime: Runtime) -> None:
    ben, api = await live(runtime, client)
    remy = await make_remote(runtime)
    await make_remote(runtime, "olga", "other.example")
    await follows.insert_follow(runtime.db, remy.id, ben.id, None)
    assert len(stored(runtime)) == 3
    await erase_account.erase_account(runtime, ben.id)
    # At once, before any work is done:
    await until(partial(refuses, api), "the token ends, of which the application hears")
    assert (await client.get(f"/ap/users/{ben.id}", headers=ACTIVITY)).status_code == 410
    await run_jobs(runtime)
    await run_jobs(runtime)
    assert await remains(runtime, ben.id) <= erasures.KEPT | {"deliveries"}
    assert stored(runtime) == []
    husk = await accounts.get_account(runtime.db, ben.id)
    assert (husk.display_name, husk.avatar_file, husk.username) == ("", None, "ben")
    anna = await accounts.find_by_handle(runtime.db, "anna", None)
    assert anna is not None
    view = await account_views.get_account_view(runtime.db, anna.id)
    assert (view.followers_count, view.statuses_count) == (0, 1)
    stats = await runtime.db.fetchrow("SELECT * FROM status_stats")
    assert (stats["replies_count"], stats["boosts_count"], stats["favourites_count"]) == (0, 0, 0)
    assert await runtime.db.fetchval("SELECT count(*) FROM notifications") == 0


async def test_everybody_is_told(client: httpx.AsyncClient, runtime: Runtime) -> None:
    ben, _ = await live(runtime, client)
    remy = await make_remote(runtime)
    await make_remote(runtime, "olga", "other.example")
    await follows.insert_follow(runtime.db, remy.id, ben.id, None)
    for _ in range(2):
        await erase_account.erase_account(runtime, ben.id)
    [delete] = [one for one in await outgoing(runtime) if one["object"] == ben.uri]
    assert (delete["type"], delete["actor"]) == ("Delete", ben.uri)
    rows = await runtime.db.fetch(
        """
        SELECT inbox_url, priority FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id
        WHERE o.body LIKE $1 ORDER BY priority
        """,
        b'%"object":"' + ben.uri.encode() + b'"%',
    )
    assert [tuple(row) for row in rows] == [
        ("https://far.example/inbox", 1),
        ("https://other.example/inbox", 2),
    ]
    await run_jobs(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM deliveries WHERE priority = 2") == 1


async def test_the_name_stays_taken_and_the_address_is_free(runtime: Runtime) -> None:
    ben = await make_member(runtime, "ben")
    await erase_account.erase_account(runtime, ben.id)
    await run_jobs(runtime)
    with pytest.raises(Invalid, match="Username has already been taken"):
        await create_member(runtime, "Ben", "new@example.org")
    await create_member(runtime, "benno", "ben@example.org")
    with pytest.raises(Forbidden):
        await suspend.unsuspend_account(runtime, ben.id)
    assert (await accounts.get_account(runtime.db, ben.id)).suspended_at


async def test_it_goes_on_where_it_stopped(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = await make_member(runtime, "ben")
    for number in range(5):
        await make_status(runtime, ben, f"post {number}")
    monkeypatch.setattr(erase_account, "_BATCH", 2)
    await erase_account.erase_account(runtime, ben.id)
    await erase_account.erase_account_job(runtime, ben.id)
    assert len(await statuses.list_oldest(runtime.db, ben.id, 9)) == 3
    await run_jobs(runtime)
    assert await statuses.list_oldest(runtime.db, ben.id, 9) == []
    assert await remains(runtime, ben.id) <= erasures.KEPT


async def test_somebody_elsewhere_is_left(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime, "anna"), await make_remote(runtime)
    await follows.insert_follow(runtime.db, remy.id, anna.id, f"{remy.uri}#1")
    await follows.insert_follow(runtime.db, anna.id, remy.id, f"{anna.uri}#2")
    await erase_account.erase_account(runtime, remy.id)
    told = [(one["type"], one["object"]["id"]) for one in await outgoing(runtime)]
    assert sorted(told) == [("Reject", f"{remy.uri}#1"), ("Undo", f"{anna.uri}#2")]
    await run_jobs(runtime)
    assert await remains(runtime, remy.id) <= erasures.KEPT


async def test_nobody_is_nobody(runtime: Runtime) -> None:
    with pytest.raises(NotFound):
        await erase_account.erase_account(runtime, 1)
