"""Servers of somebody else's in a process of their own, and the scene that they play on."""

from collections.abc import Iterator

import httpx
import pytest

from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import follows
from server.store.accounts import Account
from tests.makers import make_member, make_status, run_jobs
from tests.scripted import Scripted, scripted
from tests.security.stage import Stage, activity, note_of, send


@pytest.fixture(scope="module")
def far() -> Iterator[Scripted]:
    with scripted() as found:
        yield found


@pytest.fixture
async def ann(runtime: Runtime) -> Account:
    return await make_member(runtime, "ann")


@pytest.fixture
async def stage(runtime: Runtime, client: httpx.AsyncClient, far: Scripted, ann: Account) -> Stage:
    home, evil = far.origin(f"home {runtime.settings.data}"), far.origin("evil")
    bob, eve = far.actor(home, "bob"), far.actor(home, "eve")
    mallory = far.actor(evil, "mallory")
    account = await fetch_account(runtime, bob)
    follow = f"{runtime.settings.origin}/follows/1"
    await follows.insert_follow(runtime.db, ann.id, account.id, follow)
    post = runtime.addresses.status_uri(await make_status(runtime, ann, "ann's"))
    private = await make_status(runtime, ann, "for few", visibility="private")
    note = note_of(bob, "1", "bob's", published="2026-01-01T00:00:00Z")
    far.serve(note["id"], note)
    like = activity("Like", bob, post)
    for what in (activity("Create", bob, note), like):
        await send(client, far, what, bob)
    await run_jobs(runtime)
    return Stage(
        far,
        ann.uri,
        bob,
        eve,
        mallory,
        post,
        runtime.addresses.status_uri(private),
        note,
        like,
        follow,
    )
