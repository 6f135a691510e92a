import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import COMMANDS, main


def test_every_command_explains_itself() -> None:
    listing = CliRunner().invoke(main, ["--help"])
    assert listing.exit_code == 0
    for name in COMMANDS:
        answer = CliRunner().invoke(main, [name, "--help"])
        assert answer.exit_code == 0, answer.output
        assert name in listing.output or name == "owner-link"


def test_wrong_usage_is_told_from_refusal(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2
    assert CliRunner().invoke(main, ["up", "--port", "many"]).exit_code == 2

    (tmp_path / "wandelgang.toml").write_text("prot = 3000")
    refused = CliRunner().invoke(main, ["migrate", "--data", str(tmp_path)])
    assert refused.exit_code == 1
    assert refused.stderr == f"Error: {tmp_path}/wandelgang.toml has unknown settings: prot\n"


@pytest.mark.parametrize("module", ["server.cli.main", "server.cli.up"])
def test_commands_start_fast_because_they_import_little(module: str) -> None:
    heavy = {"asyncpg", "uvicorn", "starlette", "redis", "httpx", "cryptography", "pyvips"}
    script = f"import sys, {module}; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not heavy & set(answer.stdout.split())
