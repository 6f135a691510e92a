import pytest

from federation.transport.client import open_client
from server.push.send import Outcome, is_endpoint, post_message
from tests.push_service import push_service

PLAIN, SECURE = "http://localhost:3000", "https://wandel.example"


@pytest.mark.parametrize(
    ("origin", "endpoint", "expected"),
    [
        (SECURE, "https://push.example/abc", True),
        (SECURE, "http://push.example/abc", False),
        (SECURE, "https://127.0.0.1/abc", False),
        (SECURE, "https://10.0.0.1/abc", False),
        (SECURE, "https://[::ffff:10.0.0.1]/abc", False),
        (SECURE, "https://user:word@push.example/abc", False),
        (SECURE, "file:///etc/passwd", False),
        (SECURE, "https://", False),
        (SECURE, "push.example/abc", False),
        (SECURE, "https://push.example/\nabc", False),
        (SECURE, "https://push.example/" + "a" * 2048, False),
        (PLAIN, "http://127.0.0.1:4000/abc", True),
        (PLAIN, "http://localhost:4000/abc", True),
        (PLAIN, "http://10.0.0.1/abc", False),
    ],
)
async def test_endpoints(origin: str, endpoint: str, expected: bool) -> None:
    async with open_client(origin) as client:
        assert is_endpoint(client, endpoint) is expected


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (201, Outcome.ACCEPTED),
        (202, Outcome.ACCEPTED),
        (302, Outcome.REFUSED),
        (400, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (413, Outcome.REFUSED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (429, Outcome.LATER),
        (500, Outcome.LATER),
        (503, Outcome.LATER),
    ],
)
async def test_what_a_service_answers(status: int, outcome: Outcome) -> None:
    with push_service() as service:
        service.answers["/x"] = status
        async with open_client(PLAIN) as client:
            found, _ = await post_message(client, f"{service.origin}/x", b"abc", {"X-Y": "z"})
    assert found is outcome
    assert service.pushed[0].body == b"abc"
    headers = service.pushed[0].headers
    assert (headers["ttl"], headers["urgency"], headers["x-y"]) == ("172800", "normal", "z")


async def test_nobody_there_is_a_reason_to_try_again() -> None:
    async with open_client(PLAIN) as client:
        outcome, _ = await post_message(client, "http://127.0.0.1:1/x", b"abc", {})
    assert outcome is Outcome.LATER


async def test_a_name_that_leads_inside_gets_nothing() -> None:
    """What the name is, is known only when it is resolved, so that is checked as well."""
    with push_service() as service:
        endpoint = service.origin.replace("http://127.0.0.1", "https://localhost")
        async with open_client(SECURE) as client:
            assert is_endpoint(client, endpoint)
            outcome, _ = await post_message(client, endpoint, b"abc", {})
    assert (outcome, service.pushed) == (Outcome.REFUSED, [])
