"""The browser of the tests: Debian's chromium, driven without a download."""

import shutil

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu"]


def chromium() -> str:
    """Where it is; the tests that need it are left out where it is not."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip(
            "browser tests are left out: they need Debian's chromium (apt install chromium)"
        )
    return path
