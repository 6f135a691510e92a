"""Fetching from a server that does everything wrong, over real loopback HTTP."""

import asyncio
import contextlib
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import orjson
import pytest

from federation.errors import Gone, Malformed, NotAllowed, TooLarge, Unreachable, Untrusted
from federation.signatures.sign import Dialect
from federation.transport import fetch as fetching
from federation.transport.client import Client, open_client
from federation.transport.fetch import fetch, fetch_document, fetch_json

AP = "application/activity+json"
Answer = Callable[[str, dict[str, str]], bytes]


def http(status: int, body: bytes = b"", kind: str = AP, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


class Remote:
    def __init__(self) -> None:
        self.answers: dict[str, bytes | Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.origin = ""
        self.tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self.answer(reader, writer))
        self.tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await task
        writer.transport.abort()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        pairs = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
        self.asked.append((path, {name.lower(): value for name, _, value in pairs}))
        answer = self.answers.get(path, http(404))
        if path == "/slow":
            writer.write(http(200, b"x" * 1000)[:150])
            await writer.drain()
            await asyncio.sleep(600)
        elif path == "/endless":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
            for _ in range(200):
                writer.write(b"x" * 10_000)
        else:
            writer.write(answer if isinstance(answer, bytes) else answer(path, {}))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    found = Remote()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield found
    server.close()
    for task in found.tasks:
        task.cancel()
    await asyncio.gather(*found.tasks, return_exceptions=True)
    await asyncio.sleep(0)  # their connections are given up


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with open_client("http://localhost:3000") as found:
        yield found


def put(remote: Remote, path: str, **document: Any) -> str:
    uri = f"{remote.origin}{path}"
    remote.answers[path] = http(200, orjson.dumps({"id": uri, **document}))
    return uri


async def test_a_document_carries_its_own_address(remote: Remote, client: Client) -> None:
    uri = put(remote, "/a", type="Note")
    assert (await fetch_document(client, uri))["type"] == "Note"
    alias = put(remote, "/page", id=uri)
    assert (await fetch_document(client, alias))["id"] == uri


async def test_what_calls_itself_another_is_refused(remote: Remote, client: Client) -> None:
    put(remote, "/evil", id="https://victim.example/users/1")
    put(remote, "/one", id=f"{remote.origin}/two")
    put(remote, "/two", id=f"{remote.origin}/three")
    put(remote, "/none", id=None)
    for path in ("/evil", "/one", "/none"):
        with pytest.raises(Untrusted):
            await fetch_document(client, f"{remote.origin}{path}")
    nameless = await fetch_document(client, f"{remote.origin}/none", may_lack_id=True)
    assert nameless["id"] is None
    with pytest.raises(Untrusted):
        await fetch_document(client, f"{remote.origin}/evil", may_lack_id=True)


async def test_who_sends_one_on_does_not_vouch_for_what_is_there(
    remote: Remote, client: Client
) -> None:
    """CVE-2024-23832: an open redirect would make anybody a member of that server."""
    uri = f"{remote.origin}/redirect"
    other = Remote()
    server = await asyncio.start_server(other.serve, "127.0.0.1", 0)
    place = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/evil"
    other.answers["/evil"] = http(200, orjson.dumps({"id": uri, "type": "Person"}))
    remote.answers["/redirect"] = http(302, location=place)
    with pytest.raises(Untrusted):
        await fetch_document(client, uri)
    server.close()


async def test_a_little_that_unpacks_to_very_much(remote: Remote, client: Client) -> None:
    packed = gzip.compress(b"x" * 50_000_000)
    remote.answers["/bomb"] = http(200, packed, **{"Content-Encoding": "gzip"})
    remote.answers["/page"] = http(200, packed, "text/html", **{"Content-Encoding": "gzip"})
    remote.answers["/broken"] = http(200, packed[9:], **{"Content-Encoding": "gzip"})
    remote.answers["/odd"] = http(200, packed, **{"Content-Encoding": "zstd"})
    tracemalloc.start()
    with pytest.raises(TooLarge):
        await fetch(client, f"{remote.origin}/bomb", AP, 100_000)
    page = await fetching.fetch_page(client, f"{remote.origin}/page")
    assert len(page.body) == fetching.MAX_PAGE_BYTES
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    for path in ("/broken", "/odd"):
        with pytest.raises(Malformed):
            await fetch(client, f"{remote.origin}{path}", AP, 100_000)
    small = http(200, gzip.compress(b"hello"), **{"Content-Encoding": "gzip"})
    remote.answers["/small"] = small
    assert (await fetch(client, f"{remote.origin}/small", AP, 100)).body == b"hello"


@pytest.mark.parametrize(
    "kind", ["text/html", "application/json", "image/png", "application/ld+json"]
)
async def test_only_activitypub_is_read_as_such(remote: Remote, client: Client, kind: str) -> None:
    remote.answers["/a"] = http(200, b"{}", kind)
    with pytest.raises(Malformed):
        await fetch_document(client, f"{remote.origin}/a")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, Gone),
        (410, Gone),
        (500, Unreachable),
        (503, Unreachable),
        (429, Unreachable),
        (401, NotAllowed),
        (403, NotAllowed),
    ],
)
async def test_statuses_tell_what_to_do(
    remote: Remote, client: Client, status: int, kind: type[Exception]
) -> None:
    remote.answers["/a"] = http(status)
    with pytest.raises(kind):
        await fetch_document(client, f"{remote.origin}/a")


async def test_redirects_are_few_and_checked(remote: Remote, client: Client) -> None:
    put(remote, "/end", type="Note")
    for n in range(5):
        target = f"/r{n + 1}" if n < 4 else "/end"
        remote.answers[f"/r{n}"] = http(302, location=target)
    remote.answers["/short"] = http(301, location="/end")
    assert (await fetch(client, f"{remote.origin}/short", AP, 1000)).url.endswith("/end")
    with pytest.raises(Malformed):
        await fetch(client, f"{remote.origin}/r0", AP, 1000)
    remote.answers["/inside"] = http(302, location="http://10.0.0.1/")
    with pytest.raises(NotAllowed):
        await fetch(client, f"{remote.origin}/inside", AP, 1000)


async def test_no_signature_goes_to_another_host(remote: Remote, client: Client) -> None:
    async def sign(url: str, dialect: Dialect) -> dict[str, str]:
        return {"Signature": "ours"}

    other = remote.origin.replace("127.0.0.1", "127.0.0.2")
    remote.answers["/away"] = http(302, location=f"{other}/end")
    with pytest.raises(Unreachable):
        await fetch(client, f"{remote.origin}/away", AP, 1000, sign)
    assert [headers.get("signature") for _, headers in remote.asked] == ["ours"]


async def test_size_and_time_are_bounded(
    remote: Remote, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TooLarge):
        await fetch(client, f"{remote.origin}/endless", "*/*", 50_000)
    monkeypatch.setattr(fetching, "DEADLINE_SECONDS", 0.3)
    with pytest.raises(Unreachable, match="TimeoutError"):
        await fetch(client, f"{remote.origin}/slow", "*/*", 50_000)


async def test_of_a_page_the_beginning_is_enough_and_nothing_but_html_is_one(
    remote: Remote, client: Client
) -> None:
    remote.answers["/page"] = http(200, b"x" * 1_500_000, "text/html; charset=UTF-8")
    page = await fetching.fetch_page(client, f"{remote.origin}/page")
    assert len(page.body) == fetching.MAX_PAGE_BYTES
    assert page.content_type == "text/html; charset=utf-8"
    for kind in ("application/json", "text/plain", "image/png", ""):
        remote.answers["/other"] = http(200, b"<html>", kind)
        with pytest.raises(Malformed):
            await fetching.fetch_page(client, f"{remote.origin}/other")


async def test_plain_http_is_spoken_with_the_open_web_only_if_that_was_said() -> None:
    from federation.transport.client import check_url

    url = httpx.URL("http://a.example/")
    async with open_client("https://chat.example", allows_plain=True) as found:
        check_url(url, found.policy)
        with pytest.raises(NotAllowed):
            check_url(httpx.URL("http://127.0.0.1/"), found.policy)
    async with open_client("https://chat.example") as found:
        with pytest.raises(NotAllowed):
            check_url(url, found.policy)


async def test_who_does_not_take_a_dialect_is_asked_in_the_other_and_remembered(
    remote: Remote, client: Client
) -> None:
    async def sign(url: str, dialect: Dialect) -> dict[str, str]:
        return {"Signature": dialect.value}

    def only_new(path: str, headers: dict[str, str]) -> bytes:
        is_new = remote.asked[-1][1]["signature"] == Dialect.RFC9421
        return http(200, b"{}") if is_new else http(401)

    remote.answers["/new"] = only_new
    for _ in range(2):
        await fetch(client, f"{remote.origin}/new", AP, 1000, sign)
    spoken = [headers["signature"] for _, headers in remote.asked]
    assert spoken == [Dialect.CAVAGE, Dialect.RFC9421, Dialect.RFC9421]


async def test_one_registered_domain_is_asked_for_so_much_and_no_more(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.answers["/a"] = http(200, b"x", "text/plain")
    async with open_client("http://localhost:3000", fetches=2) as client:
        monkeypatch.setattr(client.budget, "_clock", lambda: 0.0)  # all in the same five minutes
        for _ in range(2):
            await fetch(client, f"{remote.origin}/a", "*/*", 100)
        with pytest.raises(Unreachable, match="too much was asked"):
            await fetch(client, f"{remote.origin}/a", "*/*", 100)


async def test_json_is_read_whatever_its_parameters(remote: Remote, client: Client) -> None:
    for kind in ("application/jrd+json; charset=utf-8", "application/json", "application/jrd+json"):
        remote.answers["/a"] = http(200, b'{"subject": "acct:a@b"}', kind)
        assert await fetch_json(client, f"{remote.origin}/a", kind) == {"subject": "acct:a@b"}
    remote.answers["/a"] = http(200, b"{}", "text/html; charset=json")
    with pytest.raises(Malformed):
        await fetch_json(client, f"{remote.origin}/a", "application/json")


async def test_only_private_hosts_lead_to_private_hosts(remote: Remote) -> None:
    port = remote.origin.rpartition(":")[2]
    remote.answers["/a"] = http(302, location=f"http://localhost:{port}/b")
    remote.answers["/b"] = http(200, b"x", "text/plain")
    named = "localhost=127.0.0.0/8"
    async with open_client("http://localhost:3000", [named]) as client:
        with pytest.raises(NotAllowed, match="private"):
            await fetch(client, f"{remote.origin}/a", "*/*", 100)
    async with open_client("http://localhost:3000", [named, "127.0.0.1=127.0.0.0/8"]) as client:
        assert (await fetch(client, f"{remote.origin}/a", "*/*", 100)).body == b"x"


async def test_who_does_not_speak_http_gives_no_usable_answer(
    remote: Remote, client: Client
) -> None:
    remote.answers["/mail"] = b"220 mail.example ESMTP\r\n"
    remote.answers["/odd"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    for path in ("/mail", "/odd"):
        with pytest.raises(Unreachable):
            await fetch(client, f"{remote.origin}{path}", AP, 100)
