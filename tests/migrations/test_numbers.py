import re
from pathlib import Path


def test_every_migration_has_a_number_of_its_own() -> None:
    names = sorted(path.name for path in Path("migrations").glob("*.sql"))
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z_]+\.sql", name)] == []
    assert len({name[:4] for name in names}) == len(names) > 0
