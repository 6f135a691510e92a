from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from server.cli import session
from server.embedded import folders
from server.errors import Conflict
from server.settings import Settings, load_settings


@click.group(cls=session.Commands)
def group() -> None:
    """Commands for the test."""


@group.command()
def refuse() -> None:
    """Refuse."""
    raise Conflict("Somebody was first.")


def test_a_refusal_is_a_sentence() -> None:
    answer = CliRunner().invoke(group, ["refuse"])
    assert answer.exit_code == 1
    assert answer.stderr == "Error: Somebody was first.\n"


def test_the_address_of_the_last_up_is_recalled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ORIGIN", "HOST", "PORT"):
        monkeypatch.delenv(f"WANDELGANG_{name}", raising=False)
    assert session.settings_of(tmp_path).origin == "http://localhost:3000"
    folders.make_private(tmp_path / "run")
    served = load_settings({}, data=tmp_path, port=3101, host="127.0.0.2")
    folders.remember_address(tmp_path, served)
    assert session.settings_of(tmp_path) == served

    monkeypatch.setenv("WANDELGANG_PORT", "3102")
    assert session.settings_of(tmp_path).origin == "http://localhost:3102"


def test_an_action_gets_an_open_runtime(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.runtime import Runtime

    async def count_accounts(runtime: Runtime) -> int:
        number: int = await runtime.db.fetchval("SELECT count(*) FROM accounts")
        return number

    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("REDIS_URL", settings.redis_url)
    assert session.run(settings.data, count_accounts) == 0


def test_a_database_that_does_not_answer_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_: object) -> None:
        return None

    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    with pytest.raises(Exception, match="The database does not answer"):
        session.run(tmp_path, nothing)
