"""Requests that no sensible client would send, as strategies of hypothesis."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from hypothesis import strategies as some


@dataclass(frozen=True, slots=True)
class Target:
    """An address as the routes write it, with parameters that it takes."""

    method: str
    path: str
    query: list[str]
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Odd:
    """A request, ready to be sent by a member or by nobody."""

    method: str
    path: str
    query: list[tuple[str, Any]]
    headers: list[tuple[str, str]]
    body: bytes
    has_token: bool


def _json(value: Any) -> bytes:
    """JSON of a value; of one that orjson cannot write, an empty object."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return b"{}"


ODD_TEXTS = some.one_of(
    some.sampled_from([
        "", " ", "0", "-1", "1", "true", "null", "[]", "{}", "NaN", "1e400", "\x00", "a\x00b",
        str(10**13), str(2**63 - 1), str(2**63), str(-(2**63)), "9" * 5000, "1.5", "0x10", "１２",
        "\u202e", "\ufeff", "e\u0301" * 40, "👩‍👩‍👧‍👦", "ı", "ß", "\U0010ffff", "%", "%00", "..",
        "../..", "'; --",
        "@", "@@", "@a@b@c", "#", "a" * 3000, "\n", "\r\nX-Odd: 1", "2026-13-45T99:99:99Z",
        "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "10000-01-01", "https://[::1", "http://",
        "ftp://x/", "https://example.org:99999/", "javascript:alert(1)", "direct", "public",
        "image/*", "en", "xx-yy-zz", "from:a before:9999-99-99", "\"", "(", "\\",
    ]),
    some.text(max_size=40),
    some.integers().map(str),
)  # fmt: skip
ODD_VALUES = some.recursive(
    some.one_of(
        ODD_TEXTS,
        some.none(),
        some.booleans(),
        some.integers(),
        some.floats(allow_nan=False, allow_infinity=False),
        some.sampled_from([10**13, -(10**13), 2**63, 2**64, -1, 0]),
    ),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(ODD_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_NAMES = some.sampled_from([
    "limit", "max_id", "since_id", "min_id", "offset", "q", "type", "types", "exclude_types", "id",
    "account_id", "account_ids", "status", "status_id", "status_ids", "media_ids", "in_reply_to_id",
    "quoted_status_id", "visibility", "language", "spoiler_text", "sensitive", "scheduled_at",
    "content_type", "poll", "interaction_policy", "quote_approval_policy", "local", "remote",
    "only_media", "any", "all", "none", "url", "title", "replies_policy", "exclusive", "comment",
    "category", "rule_ids", "phrase", "context", "expires_in", "keywords_attributes", "keyword",
    "whole_word", "filter_action", "duration", "notifications", "reblogs", "notify", "languages",
    "home", "timeline", "choices", "subscription", "data", "name", "domain", "display_name", "note",
    "fields_attributes", "source", "avatar", "locked", "acct", "resolve", "username", "email",
    "password", "agreement", "locale", "client_name", "redirect_uris", "scopes", "website", "lang",
    "grant_type", "client_id", "client_secret", "code", "scope", "token", "redirect_uri", "order",
    "media_attributes", "focus", "description", "file", "dismissed", "grouped_types", "key",
])  # fmt: skip
_TYPES = some.sampled_from([
    "application/json", "application/json; charset=utf-16", "application/x-www-form-urlencoded",
    "multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "", ";;", "a/b/c",
    "application/json\xff", "application/xml",
])  # fmt: skip
_ACCEPTS = some.sampled_from([
    "*/*", "text/html", "application/activity+json", ";;,,q=/*\x7f", "", "a" * 2000, "\xff",
    "application/json;q=banana", ",", "application/ld+json; profile=\"x",
])  # fmt: skip
_BODIES = some.one_of(
    ODD_VALUES.map(_json),
    some.sampled_from([
        b"{", b"[" * 10_000, b'{"a":' * 2000, b'{"status": "\\ud800"}', b'{"limit": 1e999}',
        b'{"status": "a", "status": {"b": []}}', b"\xff\xfe{\x00}\x00", b"null", b"1", b'"x"',
        b"a[b][c][d][e][f]=1", b"a=1&a[b]=2", b"status[]=1&status=2", b"%00=%00", b"&&&===",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\x00\r\n--x--',
        b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", b"--x",
        b"status=" + b"a" * 70_000,
    ]),
    some.binary(max_size=60),
)  # fmt: skip


def _header(text: str) -> str:
    """What a client can put into a header: nothing that ends it."""
    return text.replace("\r", "").replace("\n", "").replace("\x00", "")[:200]


_HEADERS = some.one_of(
    some.tuples(some.just("Accept"), _ACCEPTS),
    some.tuples(some.just("Idempotency-Key"), ODD_TEXTS.map(_header)),
    some.tuples(some.just("Origin"), ODD_TEXTS.map(_header)),
    some.tuples(some.just("X-Forwarded-For"), ODD_TEXTS.map(_header)),
    some.tuples(some.just("Accept-Language"), ODD_TEXTS.map(_header)),
    some.tuples(some.just("Authorization"), ODD_TEXTS.map(_header)),
)


def requests_to(target: Target, known: dict[str, list[str]]) -> Any:
    """A strategy for requests to a target; `known` are good values by parameter,
    or by what stands before it in the path (`statuses/id`).
    """
    good = some.sampled_from(known["id"])
    values = some.one_of(ODD_TEXTS, good)

    def segment(before: str, part: str) -> Any:
        beginning, _, name = part.partition("{")
        name = name.partition(":")[0].rstrip("}")
        fitting = some.sampled_from(known.get(f"{before}/{name}") or known.get(name) or ["1"])
        filled = some.one_of(fitting, fitting, fitting, ODD_TEXTS)
        return filled.map(lambda text: beginning + quote(text, safe=""))

    split = target.path.split("/")
    parts = [
        segment(before, part) if "{" in part else some.just(part)
        for before, part in zip(["", *split], split, strict=False)
    ]
    names = some.one_of(
        some.sampled_from([*target.query, "limit", "max_id", "min_id"]),
        _NAMES, _NAMES.map("{}[]".format), _NAMES.map("{}[0][id]".format), ODD_TEXTS,
    )  # fmt: skip
    return some.builds(
        _odd,
        some.just(target.method),
        some.tuples(*parts).map("/".join),
        some.lists(some.tuples(names, values), max_size=4),
        some.lists(_HEADERS, max_size=2),
        _bodies(target, good),
        some.sampled_from([True, True, True, True, False]),
    )


def _bodies(target: Target, good: Any) -> Any:
    """None, bytes of any kind, or what fits the target with parts that do not."""
    fitting = {name: some.one_of(some.just(v), ODD_VALUES) for name, v in target.body.items()}
    mixed = some.builds(
        lambda own, other: {**other, **own},
        some.fixed_dictionaries({}, optional=fitting),
        some.dictionaries(_NAMES, some.one_of(ODD_VALUES, good), max_size=3),
    )
    return some.one_of(
        some.just((b"", "")),
        some.tuples(_BODIES, _TYPES),
        mixed.map(lambda value: (_json(value), "application/json")),
        mixed.map(lambda value: (_form(value), "application/x-www-form-urlencoded")),
    )


def _form(value: dict[str, Any]) -> bytes:
    return urlencode({name: str(inner) for name, inner in value.items()}).encode()


def _odd(
    method: str,
    path: str,
    query: list[tuple[str, Any]],
    headers: list[tuple[str, str]],
    body: tuple[bytes, str],
    has_token: bool,
) -> Odd:
    typed = [*headers, ("Content-Type", body[1])] if body[1] else headers
    return Odd(method, path, query, typed, body[0], has_token)
