"""Whoever looks for the tests of a room finds them at its place: server/text, tests/server/text."""

from pathlib import Path

from tests.house import rooms

MIRRORED = ("federation", "server", "web")


def test_every_room_has_tests_at_its_mirror() -> None:
    folders = {
        path.parent
        for path in rooms.modules()
        if any(path.is_relative_to(room) for room in MIRRORED)
    }
    missing = [str(f) for f in sorted(folders) if not list(Path("tests", f).glob("test_*.py"))]
    assert missing == []


def test_every_test_of_a_module_has_its_module() -> None:
    """A test that lost its module is found; those of a whole room are named for what they tell."""
    modules = set(rooms.modules())
    pairs = {
        test: Path(test.relative_to("tests").parent, test.name.removeprefix("test_"))
        for room in MIRRORED
        for test in Path("tests", room).rglob("test_*.py")
    }
    mirrored = [module for module in pairs.values() if module in modules]
    assert len(mirrored) > 20
