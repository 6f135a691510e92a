"""Knocking twice: when, and what is remembered of it."""

import pytest

from federation.signatures.sign import Dialect
from federation.transport import dialects
from federation.transport.dialects import Dialects


def test_the_old_dialect_first_then_what_worked() -> None:
    known = Dialects()
    assert known.of("a.example") is Dialect.CAVAGE
    assert all(known.may_try_other("a.example", status) for status in (400, 401, 403, 500))
    assert not any(known.may_try_other("a.example", s) for s in (0, 200, 404, 410, 502, 503, 504))
    known.worked("a.example", Dialect.RFC9421)
    assert known.of("a.example") is Dialect.RFC9421
    assert known.may_try_other("a.example", 401)
    assert not known.may_try_other("a.example", 500)
    assert known.of("b.example") is Dialect.CAVAGE


def test_who_refuses_both_is_not_asked_twice_for_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = Dialects()
    known.refused("a.example")
    assert not known.may_try_other("a.example", 401)
    monkeypatch.setattr("federation.transport.dialects.time.monotonic", lambda: 1e9)
    assert known.may_try_other("a.example", 401)


def test_those_of_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialects, "_REMEMBERED", 3)
    known = Dialects()
    for number in range(10):
        known.worked(f"{number}.example", Dialect.RFC9421)
    assert [known.of(f"{n}.example") for n in (0, 9)] == [Dialect.CAVAGE, Dialect.RFC9421]
