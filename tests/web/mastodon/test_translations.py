"""Translating by a server that speaks as LibreTranslate does."""

from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import orjson
import pytest
import pyvips

from server.actions import custom_emojis
from server.remote import translation
from server.runtime import Runtime
from server.settings import Settings
from server.store.polls import NewPoll, put_poll
from tests.makers import Api, make_member, make_status, make_token, served
from tests.pictures import picture
from tests.serving import serving


class Translator:
    """What it was asked, and how it answers: 200, or another status."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[dict[str, Any]] = []
        self.status = 200


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        targets = ["en", "nl", "de"]
        names = [{"code": code, "name": code, "targets": targets} for code in targets]
        self._answer(200, names if self.path == "/languages" else None)

    def do_POST(self) -> None:
        home: Translator = self.server.found  # type: ignore[attr-defined]
        asked = orjson.loads(self.rfile.read(int(self.headers["content-length"])))
        home.asked.append(asked)
        texts = [text.replace("hello", "hallo<script>x</script>") for text in asked["q"]]
        found = [{"confidence": 90, "language": "en"}] * len(texts)
        self._answer(home.status, {"translatedText": texts, "detectedLanguage": found})

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def _answer(self, status: int, document: Any) -> None:
        body = orjson.dumps(document)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def translator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Translator]:
    # Another server of tests may have had the same port, and other languages.
    monkeypatch.setattr(translation, "_kept", {})
    with serving(_Handler, Translator) as found:
        yield found


@pytest.fixture
async def polyglot(settings: Settings, translator: Translator) -> AsyncIterator[Api]:
    async with served(
        settings, translation_url=f"{translator.url}/", translation_key="k"
    ) as stranger:
        yield stranger


async def test_all_parts_are_translated_once(
    polyglot: Api, translator: Translator, runtime: Runtime
) -> None:
    account = await make_member(runtime, "anna")
    anna = Api(polyglot._client, await make_token(runtime, account))
    await custom_emojis.add_emoji(runtime, "wave", picture())
    files = {"file": ("x.png", pyvips.Image.black(8, 8).pngsave_buffer(), "image/png")}
    media = (
        await anna("POST", "/api/v2/media", files=files, data={"description": "hello & <you>"})
    ).json()
    posted = await anna.post(
        "/api/v1/statuses",
        status="hello :wave: @anna",
        spoiler_text="hello",
        language="en",
        media_ids=[media["id"]],
    )
    poll = NewPoll(["hello", "bye"], False, False, None)
    await put_poll(runtime.db, int(posted["id"]), account.id, poll)
    path = f"/api/v1/statuses/{posted['id']}/translate"
    found = await anna.post(path, lang="nl")
    assert found["content"].startswith("<p>hallo :wave: ")
    assert "<script" not in found["content"]
    assert 'class="u-url mention"' in found["content"]
    assert found["spoiler_text"] == "hallo"
    assert found["poll"] == {"id": posted["id"], "options": [{"title": "hallo"}, {"title": "bye"}]}
    assert found["media_attachments"] == [{"id": media["id"], "description": "hallo & <you>"}]
    assert (found["language"], found["detected_source_language"]) == ("nl", "en")
    assert found["provider"] == "LibreTranslate"
    [asked] = translator.asked
    assert {name: asked[name] for name in ("source", "target", "format", "api_key")} == {
        "source": "en",
        "target": "nl",
        "format": "html",
        "api_key": "k",
    }

    assert await anna.post(path, lang="nl") == found
    assert len(translator.asked) == 1
    await anna("PUT", f"/api/v1/statuses/{posted['id']}", json={"status": "hello again"})
    assert "again" in (await anna.post(path, lang="nl"))["content"]
    assert len(translator.asked) == 2


async def test_what_is_said_of_it(polyglot: Api) -> None:
    instance = await polyglot.get("/api/v2/instance")
    assert instance["configuration"]["translation"] == {"enabled": True}
    assert await polyglot.get("/api/v1/instance/translation_languages") == {
        "en": ["de", "nl"],
        "nl": ["de", "en"],
        "de": ["en", "nl"],
        "und": ["de", "en", "nl"],
    }


@pytest.mark.parametrize(
    ("visibility", "lang", "status"),
    [
        ("unlisted", "nl", 200),
        ("private", "nl", 403),
        ("direct", "nl", 403),
        ("public", "en", 403),
        ("public", "xx", 403),
        ("public", "not a language", 403),
    ],
)
async def test_only_what_is_public_between_known_languages(
    polyglot: Api, runtime: Runtime, translator: Translator, visibility: str, lang: str, status: int
) -> None:
    account = await make_member(runtime, "anna")
    anna = Api(polyglot._client, await make_token(runtime, account))
    post = await make_status(runtime, account, "hello", visibility=visibility, language="en")
    answer = await anna("POST", f"/api/v1/statuses/{post}/translate", json={"lang": lang})
    assert answer.status_code == status, answer.text
    assert len(translator.asked) == (status == 200)
    if status == 403:
        assert answer.json() == {"error": "This action is not allowed"}


async def test_what_one_may_not_see_is_not_there(polyglot: Api, runtime: Runtime) -> None:
    post = await make_status(
        runtime, await make_member(runtime, "anna"), "hello", visibility="private"
    )
    ben = Api(polyglot._client, await make_token(runtime, await make_member(runtime, "ben")))
    assert (await ben("POST", f"/api/v1/statuses/{post}/translate")).status_code == 404
    assert (await polyglot("POST", f"/api/v1/statuses/{post}/translate")).status_code == 401


@pytest.mark.parametrize("status", [302, 400, 403, 429, 500])
async def test_a_server_that_fails_is_a_503(
    polyglot: Api, runtime: Runtime, translator: Translator, status: int
) -> None:
    account = await make_member(runtime, "anna")
    anna = Api(polyglot._client, await make_token(runtime, account))
    post = await make_status(runtime, account, "hello", language="en")
    translator.status = status
    answer = await anna("POST", f"/api/v1/statuses/{post}/translate", json={"lang": "nl"})
    assert (answer.status_code, set(answer.json())) == (503, {"error"})
    translator.status = 200
    answer = await anna("POST", f"/api/v1/statuses/{post}/translate", json={"lang": "nl"})
    assert answer.status_code == 200


async def test_without_one_it_says_so(anna: Api) -> None:
    post = await anna.post("/api/v1/statuses", status="hello")
    answer = await anna("POST", f"/api/v1/statuses/{post['id']}/translate")
    assert answer.status_code == 503
    assert answer.json() == {"error": "This server has no translation service"}
    instance = await anna.get("/api/v2/instance")
    assert instance["configuration"]["translation"] == {"enabled": False}
