import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store.local_accounts import set_suspended
from tests import servers
from tests.forms import PASSWORD, sign_in, site
from tests.makers import make_member
from web.app import create_app


@pytest.fixture
async def secure_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(replace(settings, origin="https://wandel.example"))
    async with (
        servers.kept_open(app.router.lifespan_context(app)),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="https://wandel.example"
        ) as client,
    ):
        yield client


async def test_sign_out_ends_the_session_also_in_the_browser(
    secure_client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await make_member(runtime, password=PASSWORD)
    came_in = (await sign_in(secure_client)).headers["set-cookie"]
    assert came_in.startswith("__Host-wandelgang_")
    assert "Secure" in came_in
    token = next(iter(secure_client.cookies.values()))
    proof = hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()
    answer = await secure_client.post("/auth/sign_out", data={"csrf": proof})
    assert answer.status_code == 303
    # A browser takes no cookie with this beginning, not even an emptied one, without Secure.
    assert "Secure" in answer.headers["set-cookie"]
    assert not list(secure_client.cookies.values())
    assert await runtime.db.fetchval("SELECT count(*) FROM sessions") == 0


async def test_who_is_suspended_stays_outside(client: httpx.AsyncClient, runtime: Runtime) -> None:
    account = await make_member(runtime, password=PASSWORD)
    await set_suspended(runtime.db, account.id, is_suspended=True)
    answer = await sign_in(client)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert await runtime.db.fetchval("SELECT count(*) FROM sessions") == 0


@pytest.mark.parametrize("login", ["anna", "ANNA", "Anna@Example.org"])
async def test_the_name_or_the_address_signs_in(
    client: httpx.AsyncClient, runtime: Runtime, login: str
) -> None:
    await make_member(runtime, password=PASSWORD)
    assert (await sign_in(client, login=login)).status_code == 303


async def test_strangers_who_guess_lock_a_member_out_of_new_places_alone(
    settings: Settings,
) -> None:
    async with site(settings, sends_mail=False) as found:
        await make_member(found.runtime, password=PASSWORD)
        await sign_in(found.browser("192.0.2.1").client)
        for place, passed in (("192.0.2.66", 10), ("192.0.2.67", 0), ("192.0.2.1", 10)):
            guesses = [await sign_in(found.browser(place).client, "a guess") for _ in range(11)]
            counted = [422] * passed + [429] * (11 - passed)
            assert [one.status_code for one in guesses] == counted, place
            if place == "192.0.2.67":
                assert (await sign_in(found.browser("192.0.2.1").client)).status_code == 303
                assert (await sign_in(found.browser(place).client)).status_code == 429


async def test_a_member_is_not_counted_under_what_a_stranger_types(settings: Settings) -> None:
    async with site(settings, sends_mail=False) as found:
        anna = await make_member(found.runtime, password=PASSWORD)
        await sign_in(found.browser("192.0.2.1").client)
        typed, stranger = f"account {anna.id} at 192.0.2.1", found.browser("192.0.2.66").client
        for _ in range(11):
            await sign_in(stranger, "a guess", login=typed)
        assert (await sign_in(found.browser("192.0.2.1").client)).status_code == 303
