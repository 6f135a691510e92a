"""Folders for what is made in passing: gone after use, those of a killed process a day later."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "wandelgang-scratch-"
_OLD_SECONDS = 24 * 3600.0  # nothing of ours takes that long


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder that nobody else may enter, for the length of the block."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        yield Path(folder)


def delete_leftovers() -> None:
    """Delete those that a process left which could not clean up behind itself."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            is_old = folder.lstat().st_mtime < time.time() - _OLD_SECONDS
        except OSError:  # gone meanwhile
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
