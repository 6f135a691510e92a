"""Nothing is there that nothing uses."""

import ast
import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from server.settings import Settings
from tests.house import rooms

_WORD = re.compile(r"\w+")


def _words() -> Counter[str]:
    """How often each word stands in modules, templates and programs that are not tests."""
    paths = [*rooms.modules(), *Path().glob("web/templates/**/*.*"), *Path().glob("docs/*.py")]
    return Counter(word for path in paths for word in _WORD.findall(path.read_text("utf-8")))


def _defined(tree: ast.Module) -> Iterator[str]:
    """Names that a module gives itself; what a decorator registers is used by that."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_every_name_of_a_module_is_used() -> None:
    words = _words()
    unused = [
        f"{path}:{name}"
        for path, tree in rooms.trees()
        for name in _defined(tree)
        if words[name] < 2
    ]
    assert unused == []


def test_every_setting_is_used() -> None:
    words = _words()
    names = {field.name for field in dataclasses.fields(Settings)}
    by_their_parts = {name for name in names if name.startswith("timelines_")}  # see web/feeds.py
    assert {name for name in names - by_their_parts if words[name] < 2} == set()
