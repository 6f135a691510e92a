from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import checks
from server.cli.main import main
from server.settings import Settings
from tests.servers import free_port


def test_it_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.data.mkdir(mode=0o700)
    monkeypatch.setattr(checks, "_LEAST_FREE_BYTES", 0)  # whatever disk the tests run on
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("REDIS_URL", settings.redis_url)
    monkeypatch.setenv("WANDELGANG_PORT", str(free_port()))
    answer = CliRunner().invoke(main, ["doctor", "--data", str(settings.data)])
    assert answer.exit_code == 1
    lines = answer.stdout.splitlines()
    assert lines[0].startswith("✗ Wandelgang does not run")
    assert lines[1] == "  → Start it with: make up, or: wandelgang up"
    assert "✓ The queue answers." in lines
    assert lines[-1] == "To look at: 1."


def test_it_speaks_dutch(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.data.mkdir(mode=0o700)
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("REDIS_URL", settings.redis_url)
    answer = CliRunner().invoke(main, ["doctor", "--data", str(settings.data)])
    assert "De database antwoordt niet" in answer.stdout
    assert "✓ De wachtrij antwoordt." in answer.stdout
