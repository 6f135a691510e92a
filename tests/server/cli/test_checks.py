import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from server.cli import checks
from server.embedded import ports
from server.settings import Settings
from tests.servers import free_port


@pytest.fixture(autouse=True)
def room_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever disk the tests run on."""
    monkeypatch.setattr(checks, "_LEAST_FREE_BYTES", 0)


def test_a_folder_that_others_can_read_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_folder, room = checks.check_data_folder(Settings(data=tmp_path))
    assert not open_folder.is_well
    assert "chmod 700" in open_folder.advice.say("en") if open_folder.advice else False
    assert room.is_well

    tmp_path.chmod(0o700)
    assert len(checks.check_data_folder(Settings(data=tmp_path))) == 1


def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_LEAST_FREE_BYTES", 10**18)
    assert not checks.check_data_folder(Settings(data=tmp_path))[-1].is_well


def test_a_port_is_free_taken_or_served(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=free_port())
    assert "does not run" in checks.check_port(settings).what.say("en")
    with ports.open_listener(settings.host, settings.port):
        taken = checks.check_port(settings)
        assert not taken.is_well
        assert "is taken by process" in taken.what.say("en")
        assert checks.check_port(replace(settings, database_url="postgresql:///x")).is_well


async def test_database_and_queue_answer(settings: Settings) -> None:
    found = await checks.check_database(settings)
    assert [finding.is_well for finding in found] == [True, True, True]
    assert (await checks.check_queue(settings)).is_well


async def test_an_empty_database_lacks_migrations(settings: Settings) -> None:
    import asyncpg

    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("TRUNCATE migrations")
    await connection.close()
    version, tables, clock = await checks.check_database(settings)
    assert version.is_well
    assert clock.is_well
    assert "migrations are missing" in tables.what.say("en")


def test_what_does_not_answer_is_found() -> None:
    away = Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none", redis_url="redis://127.0.0.1:1"
    )
    (database,) = asyncio.run(checks.check_database(away))
    assert "does not answer" in database.what.say("en")
    assert not asyncio.run(checks.check_queue(away)).is_well


def test_clocks_may_differ_a_little() -> None:
    assert checks.judge_clock(59).is_well
    assert not checks.judge_clock(61).is_well


def test_a_name_is_looked_up() -> None:
    assert checks.check_name(Settings(origin="https://localhost")).is_well
    unknown = checks.check_name(Settings(origin="https://nowhere.invalid"))
    assert "not known" in unknown.what.say("en")
