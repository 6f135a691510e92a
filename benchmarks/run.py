"""`make bench`: starts an instance, measures what people wait for, prints one table.

Rows give answers per second, the median and 99 % time, and the processor time of the whole process
tree (web, worker, PostgreSQL, Valkey) for each; the generator's own is not in it.
"""

import asyncio
import itertools
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson

from benchmarks import deliveries, fairness, fanout, incoming, seed, streaming
from benchmarks.instance import Instance, running_instance
from benchmarks.load import Result, request_bytes, run_load, table

CONNECTIONS = 8
SECONDS = 8.0
POSTS = 10_000

Row = tuple[str, str, str, str, str]


async def main() -> None:
    """Run every measurement and print the table."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        data = Path(folder) / "data"
        with running_instance(data) as instance:
            first = instance.start_seconds
        with running_instance(data) as instance:
            idle = instance.memory_megabytes()
            _say(f"start: first {first:.1f} s, second {instance.start_seconds:.1f} s")
            _say(f"memory of the whole tree when idle: {idle:.0f} MB\n")
            rows = await _measure(instance)
    head = ("what", "per second", "p50 ms", "p99 ms", "CPU ms each")
    _say(table([head, *rows]))


async def _measure(instance: Instance) -> list[Row]:
    reader = _new_member(instance, "reader")
    writer = _new_member(instance, "writer")
    newest = await seed.seed_posts(instance.database_url, "reader", POSTS)
    api = f"{instance.origin}/api/v1"
    search = f"{instance.origin}/api/v2/search?type=statuses"
    numbers = itertools.count()

    def new_post() -> bytes:
        body = orjson.dumps({"status": f"Post {next(numbers)} about what we tried"})
        return request_bytes(f"{api}/statuses", writer, "POST", body)

    rows = [
        await _row(instance, name, _load(instance, make))
        for name, make in {
            "home timeline, 20 posts": _same(f"{api}/timelines/home", reader),
            "home timeline, each made anew": _each(f"{api}/timelines/home", reader),
            "one status": _same(f"{api}/statuses/{newest}", reader),
            "one status, each made anew": _each(f"{api}/statuses/{newest}", reader),
            "notifications": _same(f"{api}/notifications", reader),
            "notifications, each made anew": _each(f"{api}/notifications", reader),
            "search, a word of every post": _same(f"{search}&q=tried", reader),
            "search, a word of one post": _same(f"{search}&q=4711", reader),
            "posting": new_post,
        }.items()
    ]
    rows.append(
        await _row(
            instance, "deliveries to 200 inboxes", lambda: deliveries.measure(instance, writer)
        )
    )
    rows += await _fan_out(instance)
    rows.append(
        await _row(instance, "inbox, verified and visible", lambda: incoming.measure(instance))
    )
    rows.append(
        await _row(instance, "post to stream event", lambda: streaming.measure(instance, writer))
    )
    rows += await _fairness(instance)
    return rows


async def _fan_out(instance: Instance) -> list[Row]:
    """How long until each host that is well has a post to 2,000 inboxes, without and with others
    that are not.
    """
    speaker = _new_member(instance, "speaker")
    well, mixed = await fanout.measure(instance, speaker, "speaker")
    return [
        _cells("to 200 hosts, all well", well, "-"),
        _cells("to 160 well hosts, 20 silent, 20 slow", mixed, "-"),
    ]


async def _fairness(instance: Instance) -> list[Row]:
    """How long an answer takes to reach whom it answers, without and with a very large fan-out."""
    speaker, writer = _new_member(instance, "orator"), _new_member(instance, "answerer")
    alone, beside, whole = await fairness.measure(instance, speaker, writer)
    return [
        _cells("an answer to another server", alone, "-"),
        _cells("the same, while 5,000 hosts get a post", beside, "-"),
        _cells("that post to all of them", whole, "-"),
    ]


async def _row(instance: Instance, name: str, measure: Callable[[], Awaitable[Result]]) -> Row:
    before = instance.cpu_seconds()
    result = await measure()
    each = (instance.cpu_seconds() - before) / max(1, len(result.times)) * 1000
    _say(f"  {name}: {result.per_second:.0f}/s")
    return _cells(name, result, f"{each:.2f}")


def _cells(name: str, result: Result, cpu: str) -> Row:
    failed = f" ({result.errors} failed)" if result.errors else ""
    return (
        name + failed,
        f"{result.per_second:.0f}",
        f"{result.percentile(0.5):.1f}",
        f"{result.percentile(0.99):.1f}",
        cpu,
    )


def _load(instance: Instance, make: Callable[[], bytes]) -> Callable[[], Awaitable[Result]]:
    return lambda: run_load(("127.0.0.1", instance.port), make, CONNECTIONS, SECONDS)


def _same(url: str, token: str) -> Callable[[], bytes]:
    request = request_bytes(url, token)
    return lambda: request


def _each(url: str, token: str) -> Callable[[], bytes]:
    """Never the same question twice: no answer can be shared or given again."""
    before, after = request_bytes(f"{url}?n=NUMBER", token).split(b"NUMBER")
    numbers = itertools.count()
    return lambda: before + str(next(numbers)).encode() + after


def _new_member(instance: Instance, name: str) -> str:
    return instance.command(
        "user",
        "create",
        name,
        "--email",
        f"{name}@example.org",
        "--token",
        "read write follow push",
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
