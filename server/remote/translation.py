"""Translating by a LibreTranslate server that the owners named.

https://docs.libretranslate.com/ – not one of those that federation guards against: its address is
a setting, may be private, and nobody else can choose it. Redirects are not followed.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from server.errors import Unavailable
from server.runtime import Runtime
from server.text.language import normal_language

PROVIDER = "LibreTranslate"
_TIMEOUT = aiohttp.ClientTimeout(total=15.0)
_LARGEST_ANSWER = 2 * 1024 * 1024
_LANGUAGES_SECONDS = 3600.0
_FAILED = "The translation server does not answer as it should; try again later"

Languages = dict[str, list[str]]  # source to targets; "und" for a source that is not known

_kept: dict[str, tuple[float, Languages]] = {}


@dataclass(frozen=True, slots=True)
class Translated:
    """Texts in the order in which they were given, and the language that they were in."""

    texts: list[str]
    source: str


async def known_languages(runtime: Runtime) -> Languages:
    """What can be translated into what; empty without a server, or while it is away."""
    url = runtime.settings.translation_url.rstrip("/")
    if not url:
        return {}
    until, languages = _kept.get(url, (0.0, {}))
    if until < time.monotonic():
        try:
            languages = _languages(await _call(runtime, "GET", "/languages"))
        except Unavailable:
            return languages
        _kept[url] = (time.monotonic() + _LANGUAGES_SECONDS, languages)
    return languages


async def translate(
    runtime: Runtime, texts: Sequence[str], source: str | None, target: str
) -> Translated:
    """Translate pieces of HTML at once. Raises Unavailable."""
    body: dict[str, Any] = {
        "q": list(texts),
        "source": source or "auto",
        "target": target,
        "format": "html",
    }
    if runtime.settings.translation_key:
        body["api_key"] = runtime.settings.translation_key
    answer = await _call(runtime, "POST", "/translate", body)
    translated = answer.get("translatedText") if isinstance(answer, dict) else None
    is_whole = isinstance(translated, list) and len(translated) == len(texts)
    if not is_whole or not all(isinstance(text, str) for text in translated or ()):
        raise Unavailable(_FAILED, "not as many texts came back")
    assert isinstance(answer, dict)
    return Translated(translated or [], source or _detected(answer) or "und")


async def _call(runtime: Runtime, method: str, path: str, body: Any = None) -> Any:
    url = runtime.settings.translation_url.rstrip("/") + path
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    data = None if body is None else orjson.dumps(body)
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers) as session,
            session.request(method, url, data=data, allow_redirects=False) as response,
        ):
            content = b""
            while len(content) <= _LARGEST_ANSWER and (more := await response.content.readany()):
                content += more
            if response.status in {403, 429}:
                raise Unavailable(
                    "The translation server has no more room for us; try again later",
                    content[:300].decode("utf-8", "replace"),
                )
            if response.status != 200 or len(content) > _LARGEST_ANSWER:
                raise Unavailable(_FAILED, f"{url} answers {response.status}")
            return orjson.loads(content)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise Unavailable(_FAILED, f"{url}: {type(error).__name__} {error}") from error


def _languages(answer: Any) -> Languages:
    found: Languages = {}
    for one in answer if isinstance(answer, list) else ():
        code = normal_language(str(one.get("code"))) if isinstance(one, dict) else None
        targets = one.get("targets") if code else None
        if code and isinstance(targets, list):
            normal = {normal_language(str(target)) for target in targets}
            found[code] = sorted(target for target in normal if target and target != code)
    every = sorted({target for targets in found.values() for target in targets})
    return {**found, "und": every} if found else {}


def _detected(answer: dict[str, Any]) -> str | None:
    """One for all texts, or one for each; the first tells."""
    found = answer.get("detectedLanguage")
    first = found[0] if isinstance(found, list) and found else found
    return normal_language(str(first.get("language"))) if isinstance(first, dict) else None
