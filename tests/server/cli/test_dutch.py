"""The table holds every sentence of the doctor, and both languages take the same values."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from server.cli.dutch import DUTCH


def sentences() -> Iterator[str]:
    for module in ("checks", "checks_outside", "doctor"):
        source = Path(f"server/cli/{module}.py").read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = {"well": 1, "Text": 1, "ill": 2}.get(node.func.id, 0)
                for argument in node.args[:count]:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value)


def places(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_has_its_dutch() -> None:
    said = set(sentences())
    assert len(said) > 20
    assert said - DUTCH.keys() == set()
    for english, dutch in DUTCH.items():
        assert places(english) == places(dutch), english
