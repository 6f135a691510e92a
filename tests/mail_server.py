"""A mail server played by the tests: real SMTP, and a pile of what came."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class MailServer:
    """`mails` are those that came, parsed; `refusals` map receivers to the answer to RCPT."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.receivers: list[str] = []
        self.refusals: dict[str, str] = {}
        self.verdict = "250 OK"
        self.logins: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        """For the settings."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Take or refuse a receiver."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take or refuse a message."""
        if self.verdict.startswith("2"):
            parsed = message_from_bytes(envelope.content, policy=default)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
            self.raw.append(envelope.content)
            self.receivers += envelope.rcpt_tos
        return self.verdict

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        """Note who signs in; everybody may."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server for the length of a block. Who comes before its thread runs waits at the door."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = MailServer(listener.getsockname()[1])
        thread = threading.Thread(target=lambda: asyncio.run(_serve(found, listener, ended)))
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join()


async def _serve(found: MailServer, listener: socket.socket, ended: threading.Event) -> None:
    def answer() -> SMTP:
        return SMTP(
            found,
            hostname="localhost",
            enable_SMTPUTF8=True,
            authenticator=found.authenticate,
            auth_require_tls=False,
        )

    server = await asyncio.get_running_loop().create_server(answer, sock=listener)
    await asyncio.to_thread(ended.wait)
    server.close()
