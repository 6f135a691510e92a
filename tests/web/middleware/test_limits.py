import logging

import pytest

from tests.makers import Api


async def test_a_chunked_body_is_counted_while_it_is_read(anna: Api) -> None:
    async def endless() -> object:
        for _ in range(300):
            yield b"x" * 10_000

    answer = await anna("POST", "/api/v1/statuses", content=endless())
    assert answer.status_code == 413
    assert set(answer.json()) == {"error"}


async def test_files_come_where_they_are_taken_alone(anna: Api, stranger: Api) -> None:
    two_megabytes = {"file": ("a.txt", b"x" * 2 * 1024**2)}
    for path in ("/oauth/token", "/api/v1/apps", "/auth/sign_in", "/ap/inbox", "/api/v1/statuses"):
        answer = await stranger("POST", path, files=two_megabytes)
        assert answer.status_code in {401, 413}, path
    answer = await anna("POST", "/api/v2/media", files=two_megabytes)
    assert answer.status_code == 422  # it was read, and is no picture


async def test_tokens_in_a_query_are_never_logged(
    stranger: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "access"):
        await stranger("GET", "/api/v1/timelines/public?access_token=very-secret&code=hidden")
    assert "/api/v1/timelines/public" in caplog.text
    assert "very-secret" not in caplog.text
    assert "hidden" not in caplog.text


async def test_every_answer_carries_what_browsers_heed(stranger: Api) -> None:
    page = await stranger("GET", "/auth/sign_in", headers={"Accept": "text/html"})
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for name in ("x-content-type-options", "x-frame-options", "referrer-policy", "x-request-id"):
        assert page.headers[name]
    assert (
        (await stranger("GET", "/api/v2/instance")).headers["cache-control"].startswith("private")
    )
