"""Requests that are not what was signed, or come again: refused, with the reason in the log."""

import dataclasses
import logging
from collections.abc import Callable

import httpx
import orjson
import pytest

from server.runtime import Runtime
from server.settings import Settings
from tests.makers import run_jobs
from tests.security.stage import INBOX, Stage, activity, kept, send

Headers = dict[str, str]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, rate_limit_factor=0.0)


def _without(name: str) -> Callable[[Headers], Headers]:
    return lambda headers: {k: v for k, v in headers.items() if k != name}


def _other(name: str, old: str, new: str) -> Callable[[Headers], Headers]:
    return lambda headers: {**headers, name: headers[name].replace(old, new)}


CHANGES: dict[str, tuple[Callable[[Headers], Headers], str]] = {
    "none": (_without("Signature"), "SignatureMissing"),
    "empty": (lambda headers: {**headers, "Signature": ""}, "SignatureMissing"),
    "no digest": (_without("Digest"), "SignatureMissing"),
    "digest not signed": (_other("Signature", " digest", ""), "SignatureMissing"),
    "garbled": (_other("Signature", 'signature="', 'signature="AAAA'), "SignatureInvalid"),
    "algorithm": (_other("Signature", "rsa-sha256", "hmac-sha256"), "SignatureInvalid"),
    "digest": (_other("Digest", "SHA-256=", "SHA-256=AAAA"), "DigestMismatch"),
    "host": (lambda headers: {**headers, "Host": "elsewhere.test"}, "SignatureInvalid"),
}


async def test_what_is_not_what_was_signed(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """CVE-2026-28432 and relatives."""
    caplog.set_level(logging.INFO)
    body = orjson.dumps(activity("Follow", stage.bob, stage.ann))
    before = await kept(runtime)
    for name, (change, reason) in CHANGES.items():
        headers = change(stage.far.sign(INBOX, body, stage.bob))
        caplog.clear()
        answer = await client.post("/ap/inbox", content=body, headers=headers)
        await run_jobs(runtime)
        assert answer.status_code == 401, name
        assert reason in caplog.text, name
        assert await kept(runtime) == before, name


async def test_another_body(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    body = orjson.dumps(activity("Follow", stage.bob, stage.ann))
    headers = stage.far.sign(INBOX, body, stage.bob)
    before = await kept(runtime)
    other = body.replace(b'"Follow"', b'"Block"')
    answer = await client.post("/ap/inbox", content=other, headers=headers)
    await run_jobs(runtime)
    assert (answer.status_code, "DigestMismatch" in caplog.text) == (401, True), caplog.text
    assert await kept(runtime) == before


async def test_two_signatures(stage: Stage, runtime: Runtime, client: httpx.AsyncClient) -> None:
    body = orjson.dumps(activity("Follow", stage.bob, stage.ann))
    first, second = (stage.far.sign(INBOX, body, who) for who in (stage.bob, stage.mallory))
    before = await kept(runtime)
    headers = [*first.items(), ("Signature", second["Signature"])]
    answer = await client.post("/ap/inbox", content=body, headers=headers)
    await run_jobs(runtime)
    assert answer.status_code == 401
    assert await kept(runtime) == before


async def test_the_same_again(stage: Stage, runtime: Runtime, client: httpx.AsyncClient) -> None:
    """A Follow that was undone, kept by somebody on the way and sent again, word for word."""
    follow = activity("Follow", stage.bob, stage.ann)
    body = orjson.dumps(follow)
    headers = stage.far.sign(INBOX, body, stage.bob)
    undo = orjson.dumps(activity("Undo", stage.bob, follow))
    for content, signed in ((body, headers), (undo, stage.far.sign(INBOX, undo, stage.bob))):
        answer = await client.post("/ap/inbox", content=content, headers=signed)
        assert answer.status_code == 202
        await run_jobs(runtime)
    before = await kept(runtime)
    assert (await client.post("/ap/inbox", content=body, headers=headers)).status_code == 202
    await run_jobs(runtime)
    assert await kept(runtime) == before


async def test_more_than_is_taken(stage: Stage, client: httpx.AsyncClient) -> None:
    body = orjson.dumps(activity("Follow", stage.bob, stage.ann, x="x" * 1_100_000))
    headers = stage.far.sign(INBOX, body, stage.bob)
    assert (await client.post("/ap/inbox", content=body, headers=headers)).status_code == 413


async def test_who_tells_of_a_key_that_cannot_be_read_is_not_shut_out(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient
) -> None:
    """Found by a long run of the fuzzer: what is kept is no key, what stands at the origin is."""
    document = stage.far.actor_document(stage.bob, "bob")
    document["publicKey"]["publicKeyPem"] = "-----BEGIN PUBLIC KEY-----\nx"
    for what in (activity("Update", stage.bob, document), activity("Follow", stage.bob, stage.ann)):
        assert (await send(client, stage.far, what, stage.bob)).status_code == 202
        await run_jobs(runtime)
    follows = await runtime.db.fetchval("SELECT count(*) FROM follows WHERE uri LIKE '%Follow%'")
    assert follows == 1
