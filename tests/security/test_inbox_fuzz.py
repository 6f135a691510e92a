"""Odd activities with good signatures: each is taken or refused, and nothing wrong is kept.

`WANDELGANG_FUZZ_CASES=20000 pytest -o faulthandler_timeout=0 tests/security/test_inbox_fuzz.py`
tries more than the run of all tests does, and other ones with another `WANDELGANG_FUZZ_SEED`.
"""

import dataclasses
import os
import random
import re
import resource
from collections import Counter
from uuid import uuid4

import httpx
import pytest

from federation.errors import KeyUnavailable, Unreachable
from server.runtime import Runtime
from server.settings import Settings
from server.store import jobs
from server.worker import catalogue
from tests.makers import make_member, make_status
from tests.neighbour import Neighbour, neighbour
from tests.security.inbox_mutations import bytes_of, mutated, samples

CASES = int(os.environ.get("WANDELGANG_FUZZ_CASES", "400"))
SEED = int(os.environ.get("WANDELGANG_FUZZ_SEED", "1"))
_INBOX = "http://localhost:3000/ap/inbox"
_EXPECTED = {202, 400, 401, 403, 404, 410, 413, 422}
_MEGABYTES = 200  # that the process may grow by


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """However fast the machine is, nobody sends too much within five minutes."""
    return dataclasses.replace(settings, federation_budget_actor=2 * CASES)


async def test_odd_activities_change_nothing_that_is_not_theirs(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    chance, statuses = random.Random(SEED), Counter[int]()
    with neighbour() as home:
        eve, victim = home.actor("eve"), home.actor("victim")
        anna = await make_member(runtime, "anna")
        post = runtime.addresses.status_uri(await make_status(runtime, anna, "a post"))
        before = _megabytes()
        for number in range(CASES):
            kinds = samples(home, eve, victim, post, anna.uri, f"{number:06}")
            document = mutated(kinds[number % len(kinds)], chance)
            body = bytes_of(document, chance)
            headers = home.signed_bytes(_INBOX, body, eve)
            answer = await client.post("/ap/inbox", content=body, headers=headers)
            assert answer.status_code in _EXPECTED, (SEED, number, document)
            statuses[answer.status_code] += 1
            await _run_jobs(runtime, (SEED, number, document))
        assert _megabytes() - before < _MEGABYTES + CASES / 100
        await _nothing_wrong_is_kept(runtime, home, eve)
    assert statuses[202] > CASES / 10


async def _run_jobs(runtime: Runtime, case: object) -> None:
    """As the worker does; what could not be fetched counts as given up."""
    while claimed := await jobs.claim_jobs(runtime.db, uuid4(), list(catalogue.CATALOGUE), 50):
        for job in claimed:
            if job.name in {"find_card", "verify_links"}:
                continue  # sites of the open web, with tests of their own
            try:
                await catalogue.call(runtime, job.name, job.args)
            except (Unreachable, KeyUnavailable):
                continue
            except Exception as error:
                raise AssertionError((case, job)) from error
        await jobs.delete_jobs(runtime.db, [job.id for job in claimed])


async def _nothing_wrong_is_kept(runtime: Runtime, home: Neighbour, eve: str) -> None:
    db = runtime.db
    foreign = await db.fetch(
        """
        SELECT s.uri, a.uri AS author FROM statuses s JOIN accounts a ON a.id = s.account_id
        WHERE NOT s.local AND NOT starts_with(s.uri, $1)
        """,
        f"{home.origin}/",
    )
    assert [tuple(row) for row in foreign] == []
    authors = await db.fetch(
        "SELECT DISTINCT a.uri FROM statuses s JOIN accounts a ON a.id = s.account_id "
        "WHERE NOT s.local"
    )
    assert {row["uri"] for row in authors} <= {eve}
    texts = await db.fetchval(
        """
        SELECT string_agg(concat_ws(' ', s.content, a.note, a.display_name, a.fields), ' ')
        FROM statuses s JOIN accounts a ON a.id = s.account_id
        """
    )
    for bad in ("<script", 'href="javascript', 'src="javascript', "\x00"):
        assert bad not in (texts or "")
    # A title that was written as a tag is shown as it was written, and is none.
    assert not re.search(r"<[^>]*onerror=", texts or "")
    domains = await db.fetch("SELECT DISTINCT domain FROM accounts WHERE domain IS NOT NULL")
    assert {row["domain"] for row in domains} <= {home.domain}
    anna = await db.fetchrow("SELECT display_name, uri FROM accounts WHERE username = 'anna'")
    assert anna["display_name"] in {"", "anna"}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
