"""A browser without scripts: pages, the forms in them, and cookies."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import httpx

from server.runtime import Runtime, open_runtime
from server.settings import Settings
from tests import servers
from tests.mail_server import MailServer, mail_server
from tests.makers import run_jobs
from web.app import create_app

PASSWORD = "correct horse battery"


async def sign_in(
    client: httpx.AsyncClient, password: str = PASSWORD, login: str = "anna"
) -> httpx.Response:
    """Sign in by the form; the client keeps the session."""
    form = {"login": login, "password": password, "next": "/"}
    return await client.post("/auth/sign_in", data=form)


def hidden(html: str) -> dict[str, str]:
    """Names and values of a page's hidden inputs, without those of its header."""
    main = html.partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: unescape(value) for name, value in found}


def proof(client: httpx.AsyncClient) -> str:
    """What forms carry so that no other site can send them in a member's name."""
    token = next(iter(client.cookies.values()))
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


class Browser:
    """`origin` is sent with forms, as browsers do."""

    def __init__(self, app: Any, origin: str, address: str = "192.0.2.1") -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(address, 40000)),
            base_url=origin,
            headers={"Accept": "text/html", "User-Agent": "Test browser"},
        )
        self._origin = origin

    async def open(self, path: str, **params: str) -> httpx.Response:
        """A page, wherever redirects lead."""
        return await self.client.get(path, params=params or None, follow_redirects=True)

    async def submit(self, path: str, action: str, **values: str) -> httpx.Response:
        """Fill in the form with that action on a page; gives the answer, redirects followed."""
        page = await self.open(path)
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
        assert form, f"{action} in {page.url}: {page.text}"
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
        given = {name: unescape(value) for name, value in hidden} | values
        return await self.post(action, **given)

    async def post(self, path: str, **values: str) -> httpx.Response:
        """Send a form without looking at a page first."""
        headers = {"Origin": self._origin}
        return await self.client.post(path, data=values, headers=headers, follow_redirects=True)

    async def sign_in(self, login: str = "anna", password: str = PASSWORD) -> httpx.Response:
        """By the form."""
        return await self.submit(
            "/auth/sign_in?next=/settings/account", "/auth/sign_in", login=login, password=password
        )


@dataclass
class Site:
    """An instance with a mail server: its application and a runtime with the same settings."""

    app: Any
    runtime: Runtime
    server: MailServer

    def browser(self, address: str = "192.0.2.1") -> Browser:
        """Somebody's browser, at an address."""
        return Browser(self.app, self.runtime.settings.origin, address)

    async def mails(self) -> list[tuple[str, str]]:
        """What has come since the last look, after all jobs: receiver and text."""
        await run_jobs(self.runtime)
        found = []
        for mail in self.server.mails:
            body = mail.get_body(("plain",))
            assert body is not None
            found.append((str(mail["To"]), f"{mail['Subject']}\n{body.get_content()}"))
        self.server.mails.clear()
        return found

    async def link(self) -> str:
        """Path of the link in the only mail that came."""
        ((_, text),) = await self.mails()
        found = re.search(rf"{re.escape(self.runtime.settings.origin)}(/auth\S+)", text)
        assert found, text
        return found[1]


@asynccontextmanager
async def site(
    settings: Settings, *, sends_mail: bool = True, **changes: Any
) -> AsyncIterator[Site]:
    """An instance with other settings, for the length of a block."""
    with mail_server() as server:
        mail: dict[str, Any] = (
            {"smtp_url": server.url, "smtp_from": "wandel@example.org"} if sends_mail else {}
        )
        changed = replace(settings, **mail, **changes)
        app = create_app(changed)
        async with (
            servers.kept_open(app.router.lifespan_context(app)),
            servers.kept_open(open_runtime(changed)) as runtime,
        ):
            yield Site(app, runtime, server)
