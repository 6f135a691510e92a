"""Votes that do not count: twice, too late, for nothing that stands there, in another's name, by
who may not see the poll or is kept out.
"""

import dataclasses
from typing import Any

import httpx
import pytest

from server.actions.block import block_account
from server.actions.drafts import PollDraft
from server.moderation.suspend import suspend_account
from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.settings import Settings
from server.store import polls
from server.store.accounts import Account
from tests.makers import make_status, run_jobs
from tests.security.stage import Document, Stage, activity, send


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, rate_limit_factor=0.0)


class Poll:
    """A poll of ann's, and what came of it."""

    def __init__(self, runtime: Runtime, client: httpx.AsyncClient, stage: Stage, number: int):
        self.runtime, self.client, self.far, self.number = runtime, client, stage.far, number
        self.uri = runtime.addresses.status_uri(number)
        self.votes = 0

    async def vote(self, voter: str, name: str, signer: str | None = None, **more: Any) -> None:
        """Choose; `more` replaces properties of the note."""
        self.votes += 1
        note: Document = {
            "id": f"{voter}#votes/{self.votes}",
            "type": "Note",
            "name": name,
            "to": [],
            "attributedTo": voter,
            "inReplyTo": self.uri,
            **more,
        }
        create = activity("Create", voter, note, to=[])
        await send(self.client, self.far, create, signer or voter)
        await run_jobs(self.runtime)

    async def counts(self) -> tuple[list[int], int | None]:
        """Votes for each choice, and voters; a vote is never a post."""
        found = await polls.find_poll(self.runtime.db, self.number)
        assert found
        posts = await self.runtime.db.fetchval(
            "SELECT count(*) FROM statuses WHERE in_reply_to_id = $1", self.number
        )
        assert posts == 0
        return found.votes, found.voters_count


@pytest.fixture
def ask(runtime: Runtime, client: httpx.AsyncClient, stage: Stage, ann: Account) -> Any:
    async def asked(visibility: str = "public", *, multiple: bool = False) -> Poll:
        draft = PollDraft(["yes", "no"], 3600, multiple)
        number = await make_status(runtime, ann, "?", poll=draft, visibility=visibility)
        return Poll(runtime, client, stage, number)

    return asked


async def test_one_vote_for_each(stage: Stage, ask: Any) -> None:
    poll = await ask()
    for name in ("yes", "yes", "no"):
        await poll.vote(stage.bob, name)
    assert await poll.counts() == ([1, 0], 1)
    await poll.vote(stage.mallory, "no")
    assert await poll.counts() == ([1, 1], 2)


async def test_several_choices_each_once(stage: Stage, ask: Any) -> None:
    poll = await ask(multiple=True)
    for name in ("yes", "no", "no", "yes"):
        await poll.vote(stage.bob, name)
    assert await poll.counts() == ([1, 1], 1)


async def test_a_choice_that_there_is_not(stage: Stage, ask: Any) -> None:
    poll = await ask()
    for name in ("maybe", "YES", " yes", "y" * 100_000):
        await poll.vote(stage.bob, name)
    assert await poll.counts() == ([0, 0], 0)


async def test_in_another_s_name(stage: Stage, ask: Any) -> None:
    poll = await ask()
    for signer in (stage.eve, stage.mallory):
        await poll.vote(stage.bob, "yes", signer)
        await poll.vote(signer, "yes", attributedTo=stage.bob)
    assert await poll.counts() == ([0, 0], 0)


async def test_too_late(stage: Stage, ask: Any, runtime: Runtime) -> None:
    poll = await ask()
    await runtime.db.execute("UPDATE polls SET expires_at = now() - interval '1 second'")
    await poll.vote(stage.bob, "yes")
    assert await poll.counts() == ([0, 0], 0)


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_by_who_may_not_see_it(stage: Stage, ask: Any, visibility: str) -> None:
    poll = await ask(visibility)
    await poll.vote(stage.bob, "yes")
    assert await poll.counts() == ([0, 0], 0)


async def test_by_who_is_kept_out(stage: Stage, ask: Any, runtime: Runtime, ann: Account) -> None:
    poll = await ask()
    eve, mallory = [await fetch_account(runtime, uri) for uri in (stage.eve, stage.mallory)]
    await block_account(runtime, ann.id, eve.id)
    await suspend_account(runtime, mallory.id)
    for voter in (stage.eve, stage.mallory):
        await poll.vote(voter, "yes")
    assert await poll.counts() == ([0, 0], 0)
