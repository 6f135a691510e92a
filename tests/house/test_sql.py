"""SQL stands in server/store and migrations, nowhere else."""

import ast
import re

from tests.house import rooms

SQL = re.compile(
    r"^\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+.*\sAS\s*\("
    r"|(CREATE|ALTER|DROP|TRUNCATE)\s+(TABLE|INDEX|DATABASE|SCHEMA|TYPE)\s)",
)


def test_the_pattern_knows_sql() -> None:
    assert SQL.match("\n    SELECT id FROM accounts")
    assert SQL.match("UPDATE jobs SET tries = 1")
    assert SQL.match("WITH gone AS (DELETE FROM x)")
    assert not SQL.match("Select a language")
    assert not SQL.match("UPDATE")


def test_sql_stands_in_the_store() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in rooms.trees()
        if not path.is_relative_to("server/store")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert found == []
