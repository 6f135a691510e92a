"""Somebody waits to be let in, and several moderators look at it."""

import asyncio

import pytest

from server.errors import Forbidden
from server.identity import sign_up
from server.moderation import newcomers
from server.runtime import Runtime
from server.store import accounts
from tests.makers import make_member
from tests.waiting import until_blocked


async def test_who_is_being_let_in_cannot_be_turned_away(runtime: Runtime) -> None:
    mo = await make_member(runtime, "mo", role="moderator")
    nora = await make_member(runtime, "nora")
    await runtime.db.execute("UPDATE users SET approved_at = NULL WHERE account_id = $1", nora.id)
    async with runtime.transaction() as tx:
        assert await sign_up.let_in(runtime, tx, nora.id)
        other = asyncio.create_task(newcomers.reject(runtime, mo.id, nora.id))
        await until_blocked(runtime.db)
    with pytest.raises(Forbidden):
        await other
    assert await accounts.find_account(runtime.db, nora.id)
