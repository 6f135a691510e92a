from pathlib import Path

import pytest

from server.embedded import logs
from server.embedded.logs import Log


def test_files_are_bounded_and_keep_the_latest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_FILE_BYTES", 100)
    log = Log(tmp_path, "web-1")
    for number in range(50):
        log.write(b"line %d\n" % number)
    log.close()
    sizes = [path.stat().st_size for path in (tmp_path / "logs").iterdir()]
    assert len(sizes) == 2
    assert max(sizes) < 120
    assert log.last_lines(1) in {"line 49", ""}
    assert "line 49" in "".join(p.read_text() for p in (tmp_path / "logs").iterdir())


def test_lines_are_shown_with_the_name_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(tmp_path, "web-1")
    log.write(b"not shown\n")
    log.is_shown = True
    log.write(b"caf\xc3\xa9 \xff\n")
    log.close()
    log.write(b"too late for the file\n")
    assert capsys.readouterr().err == "web-1    │ café �\nweb-1    │ too late for the file\n"
    assert log.last_lines(1) == "café �"
