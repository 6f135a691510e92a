import pytest

from federation.documents.context import is_activity_content_type, prefers_activity

PROFILE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/activity+json", True),
        (PROFILE, True),
        ("application/activity+json, text/html;q=0.5", True),
        ("text/html, application/activity+json", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("*/*", False),
        ("", False),
        (";;q=,,=/", False),
        ("application/activity+json;q=x", False),
    ],
)
def test_who_wants_the_document(accept: str, expected: bool) -> None:
    assert prefers_activity(accept) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/activity+json; charset=utf-8", True),
        (PROFILE, True),
        ("application/ld+json", False),
        ("application/json", False),
        ("text/html", False),
        ("image/png", False),
    ],
)
def test_what_counts_as_activitypub(kind: str, expected: bool) -> None:
    assert is_activity_content_type(kind) is expected
