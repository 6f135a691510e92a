import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main
from tests.servers import short_folder


def test_migrate_starts_the_database_for_itself() -> None:
    with short_folder() as data:
        first = CliRunner().invoke(main, ["migrate", "--data", str(data)])
        assert first.exit_code == 0, first.output
        assert "migrations applied" in first.stdout
        again = CliRunner().invoke(main, ["migrate", "--data", str(data)])
        assert again.stdout == "the tables are up to date\n"


def test_a_database_that_is_away_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    answer = subprocess.run(
        [sys.executable, "-m", "server.cli.main", "migrate", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ")
    assert "Traceback" not in answer.stderr
