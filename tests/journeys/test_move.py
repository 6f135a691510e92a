"""Somebody with fifty followers on three instances moves from one of them to another."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from federation.signatures.keys import generate_rsa_key
from server.actions.follow import follow_account
from server.embedded import postgres, valkey
from server.identity.members import insert_member
from server.remote.resolve import resolve_handle
from server.runtime import Runtime, open_runtime
from server.settings import load_settings
from server.store.roles import EVERYONE
from server.store.users import NewUser
from tests.forms import PASSWORD, hidden
from tests.journeys.story import eventually
from tests.servers import Instance

NAMES = ("old", "new", "third")
FOLLOWERS = {"old": 20, "new": 10, "third": 20}


@pytest.fixture
def instances() -> Iterator[dict[str, Instance]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(Instance()) for name in NAMES}


@asynccontextmanager
async def inside(instance: Instance) -> AsyncIterator[Runtime]:
    """The runtime of a running instance, to make many people quickly."""
    settings = load_settings(
        {},
        data=instance.data,
        origin=instance.url,
        database_url=postgres.database_url(instance.data),
        redis_url=valkey.redis_url(instance.data),
    )
    async with open_runtime(settings) as runtime:
        yield runtime


async def make_followers(instance: Instance, count: int, handle: tuple[str, str]) -> None:
    async with inside(instance) as runtime:
        mover = await resolve_handle(runtime, *handle)
        assert mover
        keys = await runtime.offload(generate_rsa_key)
        for number in range(count):
            name = f"fan{number}"
            async with runtime.transaction() as tx:
                new = NewUser(f"{name}@example.org", None, EVERYONE, "en")
                fan = await insert_member(runtime, tx, name, new, keys)
            await follow_account(
                runtime, fan.id, mover.id, show_boosts=True, notify_posts=False, languages=None
            )


def send(instance: Instance, login: str, path: str, **form: str) -> None:
    """Sign in with a browser and fill in a page."""
    with httpx.Client(base_url=instance.url, timeout=60) as browser:
        signing_in = {"login": login, "password": PASSWORD}
        assert browser.post("/auth/sign_in", data=signing_in).status_code == 303
        fields = hidden(browser.get(path).text)
        answer = browser.post(path, data=fields | form)
        assert answer.status_code == 303, answer.text


def shown(instance: Instance, name: str) -> Any:
    """An account as strangers see it."""
    address = f"{instance.url}/api/v1/accounts/lookup"
    return httpx.get(address, params={"acct": name}, timeout=60).json()


def followers(instance: Instance, name: str) -> int:
    return int(shown(instance, name)["followers_count"])


@pytest.mark.slow
async def test_fifty_followers_come_along(instances: dict[str, Instance]) -> None:
    old, new = instances["old"], instances["new"]
    for instance, name in ((old, "mover"), (new, "arrived")):
        words = ("--email", "m@example.org", "--password", PASSWORD)
        instance.command("user", "create", name, *words)
    for name, count in FOLLOWERS.items():
        await make_followers(instances[name], count, ("mover", old.domain))
    eventually("fifty follow", lambda: followers(old, "mover") == 50)
    send(new, "arrived", "/settings/aliases", acct=f"mover@{old.domain}")
    send(
        old,
        "mover",
        "/settings/migration",
        acct=f"@arrived@{new.domain}",
        followers="true",
        password=PASSWORD,
    )
    instances["third"].kill_worker()
    eventually("fifty follow the new one", lambda: followers(new, "arrived") == 50)
    eventually("nobody follows the old one", lambda: followers(old, "mover") == 0)
    assert shown(old, "mover")["moved"]["acct"] == f"arrived@{new.domain}"
