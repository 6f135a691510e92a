"""Whoever looks for the tests of a module finds them at its place: a/b.py, tests/a/test_b.py."""

from pathlib import Path

from tests.house import rooms

MIRRORED = ("federation", "server", "web/mastodon", "web/entities")


def test_every_module_has_its_mirror() -> None:
    mirrors = {
        str(path): Path("tests", path.parent, f"test_{path.name}")
        for path in rooms.modules()
        if any(path.is_relative_to(room) for room in MIRRORED)
    }
    missing = [str(mirror) for mirror in mirrors.values() if not mirror.exists()]
    assert missing == []
