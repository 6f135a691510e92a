import httpx

from server.actions.follow import follow_account
from server.runtime import Runtime
from server.store import accounts
from server.transfer import move
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import Api, make_member, make_token, run_jobs

MIGRATION, ALIASES = "/settings/migration", "/settings/aliases"


async def send(
    client: httpx.AsyncClient, path: str, to: str | None = None, **form: str
) -> httpx.Response:
    """Fill in a page's form."""
    page = await client.get(path)
    return await client.post(to or path, data=hidden(page.text) | form)


async def test_a_member_moves_and_comes_back(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna", password=PASSWORD)
    target, fan = await make_member(runtime, "target"), await make_member(runtime, "fan")
    api = Api(client, await make_token(runtime, anna))
    await move.add_alias(runtime, target.id, "anna")
    await follow_account(
        runtime, fan.id, anna.id, show_boosts=True, notify_posts=False, languages=None
    )
    assert (await client.get(MIGRATION)).status_code == 302
    await sign_in(client)
    wrong = await send(client, MIGRATION, acct="target", password="guess", followers="true")
    assert wrong.status_code == 422
    assert "The information you entered was not correct." in wrong.text
    lost = await send(client, MIGRATION, acct="nobody", password=PASSWORD, followers="true")
    assert "That account could not be found." in lost.text
    forged = await client.post(MIGRATION, data={"acct": "target", "password": PASSWORD})
    assert forged.status_code == 403
    done = await send(client, MIGRATION, acct="target", password=PASSWORD, followers="true")
    assert done.status_code == 303, done.text
    await run_jobs(runtime)
    page = (await client.get(MIGRATION, headers={"Accept-Language": "nl"})).text
    assert "Dit account is verhuisd naar" in page
    assert "Verhuisd naar @target@localhost:3000" in page
    # As on Mastodon, apps can do nothing for an account that moved; others see where it went.
    refused = await api("POST", "/api/v1/statuses", json={"status": "hello"})
    assert (refused.status_code, refused.json()["error"]) == (
        403,
        "Your login is currently disabled",
    )
    shown = (await client.get(f"/api/v1/accounts/{anna.id}")).json()
    assert shown["moved"]["acct"] == "target"
    assert "This account has moved to" in (await client.get("/@anna")).text
    actor = await client.get(
        f"/ap/users/{anna.id}", headers={"Accept": "application/activity+json"}
    )
    assert actor.json()["movedTo"] == target.uri
    await send(client, MIGRATION, f"{MIGRATION}/cancel")
    assert (await api("POST", "/api/v1/statuses", json={"status": "hello"})).status_code == 200


async def test_aliases_are_the_member_s_own(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna", password=PASSWORD)
    ben = await make_member(runtime, "ben")
    await sign_in(client)
    assert (await send(client, ALIASES, acct="@ben")).status_code == 303
    assert "@ben@localhost:3000" in (await client.get(ALIASES)).text
    assert "That is this very account." in (await send(client, ALIASES, acct="anna", uri="")).text
    actor = await client.get(
        f"/ap/users/{anna.id}", headers={"Accept": "application/activity+json"}
    )
    assert actor.json()["alsoKnownAs"] == [ben.uri]
    await send(client, ALIASES, uri=ben.uri)
    assert (await accounts.get_account(runtime.db, anna.id)).also_known_as == []
