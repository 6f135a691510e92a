"""Mails from the transaction that writes them to a mail server."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import aiosmtplib
import pytest

from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.settings import Settings
from tests import servers
from tests.mail_server import MailServer, mail_server
from tests.makers import run_jobs

VALUES = {"subject": "secret-link", "name": "anna", "kind": "follow", "items": [], "rest": 1}


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def settings(settings: Settings, post: MailServer) -> Settings:
    return replace(settings, smtp_url=post.url, smtp_from="mail@wandel.example")


async def enqueue(runtime: Runtime, to: str = "anna@example.org") -> None:
    async with runtime.transaction() as tx:
        enqueue_mail(runtime, tx, to, "notifications", "en", VALUES)


async def enqueue_and_fail(runtime: Runtime) -> None:
    async with runtime.transaction() as tx:
        enqueue_mail(runtime, tx, "anna@example.org", "notifications", "en", VALUES)
        raise ZeroDivisionError


async def waiting(runtime: Runtime) -> int:
    return int(await runtime.db.fetchval("SELECT count(*) FROM jobs"))


async def test_a_mail_arrives(runtime: Runtime, post: MailServer) -> None:
    await enqueue(runtime)
    await enqueue(runtime)
    stored = await runtime.db.fetchval("SELECT string_agg(args::text, '') FROM jobs")
    assert "secret-link" not in stored
    assert "anna" not in stored
    await run_jobs(runtime)
    assert post.receivers == ["anna@example.org"] * 2
    assert [mail["Subject"] for mail in post.mails] == ["secret-link"] * 2
    assert len({mail["Message-ID"] for mail in post.mails}) == 2


async def test_what_is_rolled_back_is_not_sent(runtime: Runtime, post: MailServer) -> None:
    with pytest.raises(ZeroDivisionError):
        await enqueue_and_fail(runtime)
    assert await waiting(runtime) == 0


async def test_a_refusal_for_good_ends_it(runtime: Runtime, post: MailServer) -> None:
    post.refusals["anna@example.org"] = "550 5.1.1 no such person"
    await enqueue(runtime)
    await run_jobs(runtime)
    post.verdict = "554 5.7.1 not that"
    await enqueue(runtime, "ben@example.org")
    await enqueue(runtime, "nobody")
    await run_jobs(runtime)
    assert (post.mails, await waiting(runtime)) == ([], 0)


async def test_trouble_is_a_reason_to_try_again(runtime: Runtime, post: MailServer) -> None:
    post.refusals["anna@example.org"] = "451 4.3.0 later"
    await enqueue(runtime)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await run_jobs(runtime)
    post.refusals.clear()
    post.verdict = "452 4.3.1 full"
    await runtime.db.execute("UPDATE jobs SET claimed_until = NULL")
    with pytest.raises(aiosmtplib.SMTPDataError):
        await run_jobs(runtime)
    post.verdict = "250 OK"
    await runtime.db.execute("UPDATE jobs SET claimed_until = NULL")
    await run_jobs(runtime)
    assert (post.receivers, await waiting(runtime)) == (["anna@example.org"], 0)


async def open_with(settings: Settings, url: str) -> AsyncIterator[Runtime]:
    from server.runtime import open_runtime

    sender = "mail@wandel.example" if url else ""
    changed = replace(settings, smtp_url=url, smtp_from=sender)
    async with servers.kept_open(open_runtime(changed)) as runtime:
        yield runtime


async def test_without_a_server_nothing_happens(settings: Settings) -> None:
    async for runtime in open_with(settings, ""):
        await enqueue(runtime)
        assert await waiting(runtime) == 0


async def test_a_server_that_was_taken_away(runtime: Runtime, settings: Settings) -> None:
    await enqueue(runtime)
    async for without in open_with(settings, ""):
        await run_jobs(without)
    assert await waiting(runtime) == 0


async def test_name_and_password(settings: Settings, post: MailServer) -> None:
    url = f"smtp://us%40here:pass%2Fword@127.0.0.1:{post.port}"
    async for runtime in open_with(settings, url):
        await enqueue(runtime)
        await run_jobs(runtime)
    assert post.logins == [("us@here", "pass/word")]
    assert len(post.mails) == 1
