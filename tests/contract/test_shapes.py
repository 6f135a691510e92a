"""The measure itself: what breaks the contract is found, what keeps it is not."""

from typing import Any

import pytest

from tests.contract.shapes import check

RULE = {"id": "1", "text": "be kind", "hint": "", "translations": {}}
MARKER = {"last_read_id": "1", "version": 0, "updated_at": "2026-11-24T01:02:03.004Z"}


@pytest.mark.parametrize(
    ("returns", "value"),
    [
        ("Rule", RULE),
        ("[Rule]", [RULE, {**RULE, "more": 1}]),
        ("{}", {}),
        ("{home?: Marker, notifications?: Marker}", {"home": MARKER}),
        ("{count: Integer}", {"count": 3}),
        ("[String]", ["far.example"]),
        ("{links: [{rel: String, href: String}]}", {"links": [{"rel": "a", "href": "b"}]}),
        ("Rule|Marker", MARKER),
        ("Quote", {"state": "accepted", "quoted_status": None}),
    ],
)
def test_what_keeps_the_contract(returns: str, value: Any) -> None:
    assert check(returns, value).problems == []


@pytest.mark.parametrize(
    ("returns", "value", "problem"),
    [
        ("Rule", {**RULE, "id": 1}, "Rule.Rule.id: must be string, is int '1'"),
        ("Rule", {**RULE, "text": None}, "Rule.Rule.text: must not be null"),
        ("Rule", {"id": "1"}, "Rule.Rule.text: is missing"),
        ("Rule", None, "Rule: must be a Rule, is NoneType 'None'"),
        ("[Rule]", {}, "[Rule]: must be an array, is dict '{}'"),
        ("{}", {"a": 1}, "{}: must be empty, has ['a']"),
        ("{count: Integer}", {"count": True}, "{count: Integer}.count: must be integer"),
        ("{count: Integer}", {}, "{count: Integer}.count: is missing"),
        ("Marker", {**MARKER, "updated_at": "2026-11-24T01:02:03Z"}, "is no date-time"),
        ("Quote", {"state": "odd", "quoted_status": None}, "Quote.Quote.state: 'odd' is none of"),
        ("{links: [{rel: String, href: String}]}", {"links": [{"rel": "a"}]}, "href: is missing"),
        ("Suggestion", {"sources": ["x"]}, "Suggestion.Suggestion.sources[0]: 'x' is none of"),
        ("Admin::Tag", {"history": [{"day": 1}]}, "Admin::Tag.history[].day: must be string"),
    ],
)
def test_what_breaks_it(returns: str, value: Any, problem: str) -> None:
    assert any(problem in found for found in check(returns, value).problems)


def test_fields_beyond_mastodons_are_told() -> None:
    assert check("[Rule]", [{**RULE, "more": 1}]).extras == {"Rule.more"}
