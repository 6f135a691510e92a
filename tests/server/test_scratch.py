import os
import time
from pathlib import Path

import pytest

from server import scratch


def test_what_a_killed_process_left_goes_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch.scratch_folder() as folder:
        (folder / "film").write_bytes(b"x")
        scratch.delete_leftovers()
        assert list(folder.iterdir())
        for name in ("wandelgang-scratch-old", "of-somebody-else"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "film").write_bytes(b"x")
            os.utime(tmp_path / name, times=(0, time.time() - 90_000))
        scratch.delete_leftovers()
        assert {path.name for path in tmp_path.iterdir()} == {folder.name, "of-somebody-else"}
    assert not folder.exists()
