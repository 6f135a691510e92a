"""Whether clients see of a document what there is to see: read anew, not with our reader."""

import re
import unicodedata
from html import unescape

from federation.documents.audience import PUBLIC
from tests.security.payloads import READABLE, Json, type_of

_TITLED = {"Article", "Page", "Video", "Audio", "Image", "Event"}
_HIDDEN = re.compile(r"<(script|style|title)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_INLINE = re.compile(r"<wbr[^>]*>", re.IGNORECASE)


def check_account(shown: Json, document: Json) -> None:
    """An actor as clients see it."""
    assert shown["uri"] == document["id"]
    assert shown["username"] == document["preferredUsername"]
    _has_words(shown["display_name"], document.get("name") or "")
    _has_words(shown["note"], document.get("summary") or "")
    assert shown["locked"] is bool(document.get("manuallyApprovesFollowers"))
    assert shown["bot"] is (type_of(document) in {"Service", "Application"})
    assert shown["group"] is (type_of(document) == "Group")
    icons = _many(document.get("icon"))
    if icons and _address(icons[0]):
        assert "missing" not in shown["avatar"]
    fields = [a for a in _many(document.get("attachment")) if type_of(a) == "PropertyValue"]
    assert [f["name"] for f in shown["fields"]] == [f["name"].strip() for f in fields]


def reads_as_nothing(document: Json) -> bool:
    """Whether there is nothing to read, or nobody who wrote it."""
    return type_of(document) not in READABLE or not document.get("attributedTo")


def check_status(shown: Json, document: Json) -> None:
    """Something readable as clients see it."""
    kind = type_of(document)
    assert shown["uri"] == document["id"]
    content, summary = _content(document), document.get("summary") or ""
    if kind in _TITLED:
        _has_words(shown["content"], document.get("name") or "")
        _has_words(shown["content"], summary or content)
        assert shown["spoiler_text"] == ""
        assert f'href="{shown["url"]}"' in shown["content"].replace("&amp;", "&")
    else:
        _has_words(shown["content"], content)
        _has_words(shown["spoiler_text"], summary)
    assert shown["url"].startswith("http")
    assert "<script" not in shown["content"]
    _check_parts(shown, document)
    _check_audience(shown, document)


def _check_parts(shown: Json, document: Json) -> None:
    files = [
        a
        for a in _many(document.get("attachment"))
        if _address(a) and type_of(a) in {"Document", "Image", "Video", "Audio"}
    ]
    media = shown["media_attachments"]
    assert len(media) >= min(len(files), 16), (media, files)
    names = [a.get("summary") or a.get("name") for a in files if isinstance(a, dict)]
    assert {m["description"] for m in media} >= set(filter(None, names))
    tags = {
        _folded(t["name"].lstrip("#"))
        for t in _many(document.get("tag"))
        if type_of(t) == "Hashtag" and re.fullmatch(r"#?\w*[^\W\d]\w*", t.get("name") or "")
    }
    assert {_folded(t["name"]) for t in shown["tags"]} >= tags, (shown["tags"], tags)
    emoji = {
        t["name"].strip(":")
        for t in _many(document.get("tag"))
        if type_of(t) == "Emoji" and t.get("icon")
    }
    assert {e["shortcode"] for e in shown["emojis"]} == emoji
    options = _many(document.get("oneOf")) or _many(document.get("anyOf"))
    if options:
        assert [o["title"] for o in shown["poll"]["options"]] == [o["name"] for o in options]
        assert shown["poll"]["multiple"] is bool(_many(document.get("anyOf")))
    languages = document.get("contentMap") or {}
    if languages:
        assert (shown["language"] or "und") in {k.partition("-")[0] for k in languages}


def _check_audience(shown: Json, document: Json) -> None:
    everybody = {PUBLIC, "as:Public", "Public"}
    if everybody & {a for a in _many(document.get("to")) if isinstance(a, str)}:
        assert shown["visibility"] == "public"
    elif everybody & {a for a in _many(document.get("cc")) if isinstance(a, str)}:
        assert shown["visibility"] == "unlisted"
    else:
        assert shown["visibility"] in {"private", "direct"}
    if document.get("sensitive"):
        assert shown["sensitive"]


def _content(document: Json) -> str:
    content = document.get("content")
    if content is None and document.get("contentMap"):
        content = next(iter(document["contentMap"].values()))
    return content or ""


def _has_words(shown: str, source: str) -> None:
    words, there = _words(source), _words(shown)
    missing = [word for word in words if word not in there]
    assert not missing, f"missing {missing[:5]} in {shown[:200]}"


def _words(html: str) -> list[str]:
    html = "".join(c for c in html if unicodedata.category(c) != "Cc" or c.isspace())
    html = _INLINE.sub("", html)
    return re.findall(r"\w+", unescape(_TAG.sub(" ", _HIDDEN.sub(" ", html))))


def _folded(name: str) -> str:
    """A hashtag without case and accents."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in letters if not unicodedata.combining(c))


def _many(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _address(value: Json) -> str | None:
    while isinstance(value, dict | list):
        if isinstance(value, list):
            value = value[0] if value else None
        else:
            value = value.get("url") or value.get("href")
    return value if isinstance(value, str) and value.startswith("http") else None
