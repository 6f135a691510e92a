import pytest

from federation.discovery.webfinger import build_jrd, parse_handle


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ben@chat.example", ("ben", "chat.example")),
        ("ben@Chat.Example", ("ben", "chat.example")),
        ("acct:ben@localhost:3001", ("ben", "localhost:3001")),
        ("@ben@bücher.example", ("ben", "xn--bcher-kva.example")),
        ("ben", None),
        ("@ben@a@b", None),
        ("@ben@exa mple", None),
        ("@ben@a.example/x", None),
    ],
)
def test_handles(text: str, expected: tuple[str, str] | None) -> None:
    assert parse_handle(text) == expected


def test_our_answer_names_actor_and_page() -> None:
    jrd = build_jrd("acct:a@b", "https://b/ap/1", "https://b/@a")
    links = {link["rel"]: link for link in jrd["links"]}
    assert links["self"]["href"] == "https://b/ap/1"
    assert links["http://webfinger.net/rel/profile-page"]["href"] == "https://b/@a"
