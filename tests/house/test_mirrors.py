"""Whoever looks for the tests of a module finds them at its place: `server/text/compose.py` and
`tests/server/text/test_compose.py`. What takes several modules to test has a name of its own.
"""

import ast
from pathlib import Path

from tests.house import rooms


def test_every_room_has_tests_at_its_mirror() -> None:
    folders = {path.parent for path in rooms.modules()}
    missing = [str(f) for f in sorted(folders) if not list(Path("tests", f).glob("test_*.py"))]
    assert missing == []


def test_what_mirrors_no_module_says_what_it_tests() -> None:
    modules = set(rooms.modules())
    silent = [
        str(test)
        for room in rooms.ROOMS
        for test in sorted(Path("tests", room).rglob("test_*.py"))
        if Path(test.relative_to("tests").parent, test.name.removeprefix("test_")) not in modules
        if not ast.get_docstring(ast.parse(test.read_text("utf-8")))
    ]
    assert silent == []
