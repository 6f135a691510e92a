"""Asks every address for everything odd, and looks for answers that no client could use.

`python -m tests.contract.properties --requests 5000` tries more than the tests do.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import hypothesis
import orjson

from server.worker import catalogue
from tests import makers, servers
from tests.contract import own_things, post_things, table, things
from tests.contract.oddities import Odd, Target, requests_to
from tests.contract.recipe import Recipe
from tests.contract.recipes import RECIPES
from tests.contract.world import EVERYTHING, Scene, World, running_world
from tests.makers import Api
from web.mastodon.routes import ROUTES
from web.site import SITE

_MACHINES = ("/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/")
_PER_SCENE = 250  # after so many the things that were made are gone or odd
_PER_TOKEN = 40  # requests that share an address and a token, below any rate limit


@dataclass(slots=True)
class Outcome:
    """How often each status was answered, and what nobody should have got."""

    statuses: dict[int, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def note(self, odd: Odd, answer: httpx.Response) -> None:
        """Count an answer, and keep the first failure of each address."""
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        problem = problem_of(odd, answer)
        if problem:
            self.failures.setdefault(f"{odd.method} {odd.path[:80]}", problem)


def problem_of(odd: Odd, answer: httpx.Response) -> str | None:
    """What is wrong with an answer: a crash, or a refusal that is not `{"error": text}`."""
    said = f"{answer.status_code} to {odd!r}"[:1500]
    if answer.status_code >= 500 and answer.status_code != 503:
        return said
    if answer.status_code < 400 or not odd.path.startswith(_MACHINES) or odd.method == "HEAD":
        return None
    try:
        error = orjson.loads(answer.content)["error"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"no error in {answer.text[:200]!r}, {said}"
    return None if isinstance(error, str) and error else f"odd error {error!r}, {said}"


async def send(api: Api, stranger: Api, odd: Odd) -> httpx.Response:
    """Send it as bytes, as a client that knows no rules would."""
    query = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in odd.query)
    headers = {name: value.encode("utf-8") for name, value in odd.headers}
    url = f"{odd.path}?{query}" if query else odd.path
    who = api if odd.has_token else stranger
    return await who(odd.method, url, headers=headers, content=odd.body)


async def explore(world: World, count: int, seed: int) -> Outcome:
    """At least so many odd requests with one seed, at least one to each route; nothing is raised
    for what they find. What stands under `/admin/` is asked by an owner, all else by a member.
    """
    outcome, targets = Outcome(), _targets()
    random.Random(seed).shuffle(targets)
    each = -(-count // len(targets))
    size = max(1, _PER_SCENE // each)
    for start in range(0, len(targets), size):
        scene, owner = await Scene.open(world), await world.person("owner", "owner")
        known = await _known(scene)
        pending: list[Odd] = []
        for place, target in enumerate(targets[start : start + size], start):
            await asyncio.to_thread(
                _generate, requests_to(target, known), each, seed + place, pending.append
            )
        for place, odd in enumerate(pending):
            if place % _PER_TOKEN == 0:
                tokens = [
                    await makers.make_token(world.runtime, person.account, EVERYTHING)
                    for person in (scene.me, owner)
                ]
                # A crash must come as its answer, not as an exception in the client.
                client = world.client(raise_app_exceptions=False)
            token = tokens["/admin/" in odd.path]
            outcome.note(odd, await send(Api(client, token), Api(client), odd))
        await _work(world, outcome)
    return outcome


def _targets() -> list[Target]:
    """Every route, with the parameters that its recipe has."""
    recipes = {
        (row.method, table.shape(row.path)): RECIPES[row.name]
        for row in table.read_table()
        if row.name in RECIPES
    }
    found = []
    for row in [*ROUTES, *SITE]:
        recipe = recipes.get((row.method, table.shape(row.path)), Recipe())
        query, body = ({} if callable(p) or not p else p for p in (recipe.query, recipe.body))
        plain = {name: "1" if callable(value) else value for name, value in body.items()}
        found.append(Target(row.method, row.path, list(query), plain))
    return found


async def _work(world: World, outcome: Outcome) -> None:
    """What the odd requests left for the worker must not crash either."""
    try:
        await makers.run_jobs(world.runtime)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        outcome.failures.setdefault("a job", repr(error))
        await world.runtime.db.execute(
            "DELETE FROM jobs WHERE name = ANY($1)", list(catalogue.CATALOGUE)
        )


def _generate(strategy: Any, count: int, seed: int, keep: Callable[[Odd], None]) -> None:
    """So many examples, without the first one, which is as plain as can be."""
    found = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count + 1,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def one(odd: Odd) -> None:
        found.append(odd)

    one()
    for odd in found[1:]:
        keep(odd)


async def _known(scene: Scene) -> dict[str, list[str]]:
    """Values of things that are there, so that requests get past the first look-up."""
    await scene.fill(3, post_things.fills_my_home)
    known = {
        "accounts/id": [scene.friend.id, *scene.other_ids],
        "users/id": [scene.me.id],
        "follow_requests/id": [await things.requester(scene)],
        "statuses/id": [
            await make(scene) for make in (post_things.rich_status, post_things.my_status)
        ],
        "lists/id": [await own_things.a_list(scene)],
        "conversations/id": [await own_things.conversation(scene)],
        "media/id": [await things.media(scene)],
        "notifications/id": [await own_things.notification(scene)],
    }
    return known | {
        "id": [one for several in known.values() for one in several],
        "list_id": known["lists/id"],
        "username": [scene.me.name],
        "name": ["soil", "user"],
        "hashtag": ["soil"],
        "version": ["2.0", "2.1"],
    }


async def _main(postgres: Path, valkey_url: str, count: int, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        async with running_world(postgres, valkey_url, Path(folder)) as world:
            return await explore(world, count, seed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with servers.running_postgres() as postgres, servers.running_valkey() as valkey_url:
        found = asyncio.run(_main(postgres, valkey_url, given.requests, given.seed))
    lines = [f"answers: {dict(sorted(found.statuses.items()))}"]
    lines += [f"{place}\n  {problem}" for place, problem in found.failures.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    raise SystemExit(1 if found.failures else 0)
