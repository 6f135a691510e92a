import httpx

from server.runtime import Runtime
from server.store import accounts, users
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import Api, make_member, make_token, run_jobs

PATH = "/settings/delete"


async def test_a_member_leaves_for_good(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna", password=PASSWORD)
    api = Api(client, await make_token(runtime, anna))
    assert (await client.get(PATH)).status_code == 302
    await sign_in(client)
    form = hidden((await client.get(PATH)).text)
    wrong = await client.post(PATH, data=form | {"password": "guess"})
    assert wrong.status_code == 422
    assert (await client.post(PATH, data={"password": PASSWORD})).status_code == 403
    assert (await api("GET", "/api/v1/accounts/verify_credentials")).status_code == 200
    done = await client.post(PATH, data=form | {"password": PASSWORD})
    assert done.status_code == 303
    assert "successfully deleted" in (await client.get(done.headers["location"])).text
    assert (await api("GET", "/api/v1/accounts/verify_credentials")).status_code == 401
    assert (await client.get(PATH)).status_code == 302
    await run_jobs(runtime)
    assert await users.find_by_login(runtime.db, "anna") is None
    assert (await accounts.get_account(runtime.db, anna.id)).erased_at


async def test_guesses_are_limited(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await make_member(runtime, "anna", password=PASSWORD)
    await sign_in(client)
    form = hidden((await client.get(PATH)).text)
    answers = [await client.post(PATH, data=form | {"password": "x"}) for _ in range(11)]
    assert [one.status_code for one in answers] == [422] * 10 + [429]
    assert (await client.post(PATH, data=form | {"password": PASSWORD})).status_code == 429
