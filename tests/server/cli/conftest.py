"""Commands of the instance of a test."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from server.settings import Settings

Command = Callable[..., Result]


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command on the test's database and queue."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("REDIS_URL", settings.redis_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(settings.data)])

    return run
