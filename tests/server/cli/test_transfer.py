import asyncio
import os
import signal
import sys
import zipfile
from pathlib import Path

import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store import follows, imports
from tests.makers import make_member, run_jobs
from tests.server.cli.conftest import Command
from tests.waiting import until, until_blocked


def test_what_a_member_has_goes_out_and_comes_in(
    command: Command, settings: Settings, tmp_path: Path
) -> None:
    for name in ("anna", "ben"):
        command("user", "create", name, "--email", f"{name}@example.org")
    table, archive = tmp_path / "following.csv", tmp_path / "archive.zip"
    table.write_text("Account address\nben\nnobody@localhost:3000\n", "utf-8")
    brought = command("import", "anna", "following", str(table))
    assert brought.stdout == "1 done, 1 left out\n", repr(brought.exception)
    assert "Rows" in brought.stderr
    assert command("export", "anna", "following", str(table)).exit_code == 0
    assert table.read_text("utf-8").splitlines() == [
        "Account address,Show boosts,Notify on new posts,Languages",
        "ben@localhost:3000,true,false,",
    ]
    made = command("export", "anna", "archive", str(archive))
    assert made.exit_code == 0, made.output
    assert "outbox.json" in zipfile.ZipFile(archive).namelist()
    for words in (
        ("import", "anna", "statuses", str(archive)),  # it has no posts
        ("import", "nobody", "following", str(table)),
        ("export", "nobody", "following", str(table)),
    ):
        answer = command(*words)
        assert (answer.exit_code, answer.stderr[:7]) == (1, "Error: "), words
    assert command("import", "anna", "wishes", str(table)).exit_code == 2


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_what_an_interrupted_import_left_is_done_by_the_worker(
    runtime: Runtime, settings: Settings, tmp_path: Path, end: signal.Signals
) -> None:
    anna, ben = [await make_member(runtime, name) for name in ("anna", "ben")]
    table = tmp_path / "following.csv"
    table.write_text("".join(f"nobody{place}\n" for place in range(3000)) + "ben\n", "utf-8")
    words = ("import", "anna", "following", str(table), "--data", str(settings.data))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.cli.main",
        *words,
        env={**os.environ, "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )

    async def so_far() -> imports.Import | None:
        return next(iter(await imports.list_imports(runtime.db, anna.id)), None)

    async with asyncio.timeout(120):
        while (found := await so_far()) is None or found.done == 0:
            await asyncio.sleep(0.02)
    waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    async with runtime.transaction() as tx:
        await tx.db.execute("SELECT FROM imports FOR UPDATE")
        await until_blocked(runtime.db)  # in the middle of a row
        process.send_signal(end)
        await process.wait()
        # Else what it asked of the database last would come about after its end.
        await runtime.db.execute(f"SELECT pg_terminate_backend(pid) {waiting}")
        await until(lambda: runtime.db.fetchval(f"SELECT count(*) = 0 {waiting}"), "nobody waits")
    found = await so_far()
    assert found
    assert found.state == "in_progress"
    if end != signal.SIGINT:  # nothing could be said any more: a minute goes by
        await run_jobs(runtime)
        assert await so_far() == found
        await runtime.db.execute("UPDATE jobs SET run_at = now()")
    await run_jobs(runtime)
    found = await so_far()
    assert found
    assert (found.state, found.done, found.failed) == ("finished", 3001, 3000)
    assert await follows.find(runtime.db, "follows", anna.id, ben.id)
