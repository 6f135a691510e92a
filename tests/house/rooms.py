"""The modules of the house, for the tests that look at all of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOMS = ("federation", "server", "web")


def modules() -> list[Path]:
    """Every module, packages' own files left out."""
    files = [path for room in ROOMS for path in sorted(Path(room).rglob("*.py"))]
    return [path for path in files if path.name != "__init__.py"]


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Every module with its syntax tree."""
    for path in modules():
        yield path, ast.parse(path.read_text("utf-8"))
