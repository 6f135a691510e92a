import ast

from server.worker import catalogue
from tests.house import rooms


def test_every_enqueued_job_stands_in_the_catalogue() -> None:
    enqueued = {
        argument.value: f"{path}:{node.lineno}"
        for path, tree in rooms.trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "enqueue"
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant)
    }
    assert enqueued
    assert {n: place for n, place in enqueued.items() if n not in catalogue.CATALOGUE} == {}
