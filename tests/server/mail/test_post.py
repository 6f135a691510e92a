from pathlib import Path

import aiosmtplib
import pytest

from server.mail.post import post_mail
from server.settings import load_settings
from tests.mail_server import mail_server


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_no_password_leaves_in_the_clear(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that offers no encryption gets no password, unless it is this very machine."""
    monkeypatch.setattr("server.mail.post.is_loopback_name", lambda host: False)
    with mail_server() as post:
        settings = load_settings(
            {},
            data=Path("nowhere"),
            smtp_url=f"{scheme}://us:word@127.0.0.1:{post.port}",
            smtp_from="mail@wandel.example",
        )
        with pytest.raises((aiosmtplib.SMTPException, OSError)):
            await post_mail(settings, "anna@example.org", b"Subject: x\r\n\r\nx\r\n")
    assert (post.logins, post.mails) == ([], [])
