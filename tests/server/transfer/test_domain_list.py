from datetime import UTC, datetime

import pytest

from server.errors import Invalid
from server.store.domain_rules import Rule
from server.transfer.domain_list import read_domain_list, write_domain_list


def test_a_list_is_read_as_it_was_written() -> None:
    rule = Rule(1, "bad.example", "suspend", True, False, "secret", "=1+1", True, datetime.now(UTC))
    text = write_domain_list([rule])
    assert "secret" not in text
    assert text.splitlines()[1].startswith("bad.example,suspend,true,false,")
    assert "'=1+1" in text
    [line] = read_domain_list(text)
    assert (line.domain, line.rule.severity, line.rule.reject_media) == (
        "bad.example",
        "suspend",
        True,
    )
    assert (line.rule.public_comment, line.rule.obfuscate) == ("=1+1", True)


def test_bare_names_and_too_many() -> None:
    lines = read_domain_list("\ufeffa.example\n\n*.b.example,ignored\n")
    assert [(line.domain, line.rule.severity) for line in lines] == [
        ("a.example", "suspend"),
        ("b.example", "suspend"),
    ]
    with pytest.raises(Invalid):
        read_domain_list("a.example\n" * 50_001)
