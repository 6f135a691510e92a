import io
import logging

import pytest

from server.cli.lines import LineFormatter, one_line


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(written: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter())
    found = logging.Logger("some")
    found.addHandler(handler)
    return found


def test_what_others_write_makes_no_lines_of_its_own(
    log: logging.Logger, written: io.StringIO
) -> None:
    log.info("GET %s", "/é\n2026-01-01 ERROR x\r\x1b[31m\x9b31m\0\u2028\u202e\ud800")
    line, end = written.getvalue()[:-1], written.getvalue()[-1]
    shown = r"INFO some: GET /é\n2026-01-01 ERROR x\r\x1b[31m\x9b31m\x00\u2028\u202e\ud800"
    assert line.endswith(shown)
    assert line.isprintable()
    assert end == "\n"


def test_a_traceback_is_indented(log: logging.Logger, written: io.StringIO) -> None:
    try:
        raise ValueError("so\n2026-01-01 ERROR y\x1b[31m")
    except ValueError:
        log.exception("no %s", "luck")
    first, *others = written.getvalue().splitlines()
    assert first.endswith("ERROR some: no luck")
    assert len(others) == 5
    assert all(line.startswith("  ") for line in others)
    assert others[-1] == r"  2026-01-01 ERROR y\x1b[31m"


def test_columns_stay() -> None:
    assert one_line("1\tnew\t\x1b]0;a title\a") == "1\tnew\t\\x1b]0;a title\\x07"
    assert one_line("Wat hè 🌷") == "Wat hè 🌷"
