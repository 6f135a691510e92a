import pytest

from federation.transport.budget import WINDOW_SECONDS, Budget, registrable


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.evil.example.org", "example.org"),
        ("Social.Example.co.uk:8443", "example.co.uk"),
        ("example.org", "example.org"),
        ("me.github.io", "me.github.io"),  # people have names below it
        ("localhost:3000", "localhost"),
        ("127.0.0.1:3000", "127.0.0.1"),
        ("10.0.0.1", "10.0.0.1"),
        ("[::1]:3000", "[::1]"),
        ("co.uk", "co.uk"),
    ],
)
def test_hosts_count_for_who_registered_their_domain(host: str, expected: str) -> None:
    assert registrable(host) == expected


def test_a_part_is_used_up_by_name_and_comes_back() -> None:
    now = [0.0]
    budget = Budget({"actor": 2, "domain": 3, "host": 0}, lambda: now[0])
    assert [budget.take(actor="a", host="h", domain="d") for _ in range(3)] == [None, None, "a"]
    assert budget.take(actor="b", host="h", domain="d") is None  # what was refused did not count
    assert budget.take(actor="b", host="h", domain="d") == "d"
    assert budget.take(actor="b", host="h", domain="e") is None
    now[0] = 100.0
    assert budget.seconds_left() == WINDOW_SECONDS - 100
    now[0] = WINDOW_SECONDS
    assert budget.take(actor="a", host="h", domain="d") is None


def test_what_is_long_costs_several() -> None:
    budget = Budget({"actor": 3}, lambda: 0.0)
    assert [budget.take(2, actor="a"), budget.take(2, actor="a")] == [None, None]
    assert budget.take(actor="a") == "a"
