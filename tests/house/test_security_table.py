"""What tests/security/README.md names is there."""

import re
from pathlib import Path

TABLE = Path("tests/security/README.md").read_text("utf-8")


def test_every_test_that_the_table_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)
    assert len(named) > 60
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not Path(path).exists() or f"def {name}(" not in Path(path).read_text("utf-8")
    ]
    assert missing == []


def test_every_case_has_a_test_or_a_reason() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ")]
    held, open_rows = TABLE.split("## What does not apply")
    assert len(rows) > 50
    for line in held.splitlines():
        if line.startswith("| ") and not line.startswith(("| Case", "|---")):
            assert "::test_" in line, line
    assert "CVE-" in open_rows
