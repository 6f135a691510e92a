import logging

import httpx
import pytest

from server.runtime import Runtime
from tests.makers import make_member, make_token


async def test_what_opens_a_door_is_in_no_log(
    client: httpx.AsyncClient, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    """`access_token` in a query, codes and links of mails; also of requests that fail."""
    token = await make_token(runtime, await make_member(runtime))
    caplog.set_level(logging.DEBUG)
    for logger in ("access", "web.errors"):
        caplog.set_level(logging.DEBUG, logger)
    for path in (
        f"/api/v1/timelines/home?access_token={token}",
        f"/api/v1/timelines/home?limit=x&access_token={token}",
        f"/nothing?access_token={token}",
        f"/oauth/authorize/native?code={token}",
        f"/auth/confirmation?confirmation_token={token}",
        f"/auth/password/edit?reset_password_token={token}",
    ):
        await client.get(path)
    lines = [record.getMessage() for record in caplog.records if record.name == "access"]
    assert len(lines) == 6
    noted = [r.getMessage() for r in caplog.records if not r.name.startswith("httpx")]
    assert token not in str(noted)
