"""Activities as nobody should send them: real ones, changed in odd ways."""

import random
from collections.abc import Callable
from typing import Any

import orjson

from federation.documents.audience import PUBLIC
from tests.neighbour import Neighbour, activity, now_text

Json = Any
_ODD_TEXTS = (
    "", " ", "\x00", "a\x00b", "\u202egnirts", "\ufeff", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "javascript:alert(1)", "data:text/html,<b>", "\ud83d",
    "http://", "https://[", "http://127.0.0.1:1/", "https://exa%6dple.test/", "https://a@b.test/",
    "https://xn--.test/", "http://localhost:3000/ap/users/1", "as:Public", "Public", PUBLIC,
    "9" * 400, "💥" * 3000, "x" * 70_000, "../../etc/passwd", "';--", "%00", "{}", "null",
    "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "NaN",
)  # fmt: skip
_ODD_VALUES: tuple[Callable[[], Json], ...] = (
    lambda: None, lambda: True, lambda: 0, lambda: -1, lambda: 2**63, lambda: 1e308, list,
    dict, lambda: [None], lambda: [[]], lambda: [{}], lambda: {"type": None},
    lambda: {"id": []}, lambda: {"@value": "x"}, lambda: {"@id": "http://a.test/"},
    lambda: ["x"] * 3000, lambda: _nested(40), lambda: {str(n): n for n in range(500)},
)  # fmt: skip
_KEYS = (
    "id", "type", "actor", "object", "to", "cc", "tag", "attachment", "content", "contentMap",
    "summary", "name", "inReplyTo", "url", "published", "updated", "attributedTo", "icon", "image",
    "oneOf", "anyOf", "endTime", "votersCount", "quote", "source", "target", "publicKey", "inbox",
    "preferredUsername", "endpoints", "@context", "sensitive", "startTime", "location", "replies",
)  # fmt: skip


def samples(
    home: Neighbour, sender: str, victim: str, status: str, mention: str, number: str
) -> list[Json]:
    """One real activity of each kind; `status` is a post of a member, `mention` the member, and
    `number` what is in no other's ids. Their length is the same in each run: so are the changes.
    """
    note = home.note(
        sender, number, tag=[
            {"type": "Mention", "href": mention, "name": "@anna"},
            {"type": "Hashtag", "href": "http://a.test/t", "name": "#pilot"},
            {"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": f"{sender}.png"}},
        ],
        attachment=[{"type": "Document", "mediaType": "image/png", "url": f"{sender}/1.png",
                     "name": "a picture", "width": 10, "height": 20, "focalPoint": [0, 0.5]}],
        inReplyTo=status, contentMap={"en": "<p>hello</p>"}, updated=now_text(), summary="cw",
    )  # fmt: skip
    question = {
        **note, "id": f"{note['id']}q", "type": "Question", "endTime": "2030-01-01T00:00:00Z",
        "oneOf": [{"type": "Note", "name": "a", "replies": {"totalItems": 3}}], "votersCount": 3,
    }  # fmt: skip
    film = {
        **note, "id": f"{note['id']}v", "type": "Video", "name": "Film",
        "url": [{"type": "Link", "mediaType": "video/mp4", "href": f"{sender}/v", "height": 720}],
    }  # fmt: skip
    profile = home.documents[sender.removeprefix(home.origin)]
    follow = activity("Follow", sender, mention)
    return [
        activity("Create", sender, note), activity("Create", sender, question),
        activity("Create", sender, film), activity("Update", sender, note),
        activity("Update", sender, profile), activity("Like", sender, status),
        activity("Like", sender, status, content="👍"), activity("Undo", sender, follow), follow,
        activity("EmojiReact", sender, status, content="🎉"),
        activity("Announce", sender, status, to=[PUBLIC]), activity("Delete", sender, note["id"]),
        activity("Announce", sender, activity("Create", victim, note), to=[PUBLIC]),
        activity("Block", sender, mention), activity("Accept", sender, follow),
        activity("Reject", sender, follow), activity("Add", sender, note["id"], target=sender),
        activity("Move", sender, sender, target=victim),
        activity("Flag", sender, [mention, status]),
        activity("Create", sender, {"type": "Note", "id": f"{sender}/vote", "name": "a",
                                    "attributedTo": sender, "inReplyTo": status, "to": mention}),
    ]  # fmt: skip


def mutated(document: Json, chance: random.Random) -> Json:
    """A copy with one to four odd changes anywhere in it."""
    copy = orjson.loads(orjson.dumps(document))
    for _ in range(chance.randint(1, 4)):
        place = _somewhere(copy, chance)
        if isinstance(place, list):
            place.append(_odd(chance))
            continue
        key = chance.choice([*place, *_KEYS[:3]]) if place else chance.choice(_KEYS)
        match chance.randrange(5):
            case 0:
                place.pop(key, None)
            case 1:
                place[key] = [place.get(key), _odd(chance)]
            case 2:
                place[chance.choice(_KEYS)] = _odd(chance)
            case _:
                place[key] = _odd(chance)
    return copy


def bytes_of(document: Json, chance: random.Random) -> bytes:
    """The document as bytes; now and then cut, in another charset, or with a key twice."""
    body = orjson.dumps(document)
    match chance.randrange(20):
        case 0:
            return body[: chance.randrange(len(body))]
        case 1:
            return body.decode().encode("utf-16")
        case 2:
            return b'{"type":"Note",' + body[1:]
        case 3:
            return b"\xef\xbb\xbf" + body
        case 4:
            return body.replace(b"o", b"\xff", 3)
    return body


def _odd(chance: random.Random) -> Json:
    if chance.random() < 0.5:
        text = chance.choice(_ODD_TEXTS)
        return text.encode("utf-8", "replace").decode()
    return chance.choice(_ODD_VALUES)()


def _somewhere(document: Json, chance: random.Random) -> Json:
    place = document
    while chance.random() < 0.6:
        values = place.values() if isinstance(place, dict) else place
        inner = [value for value in values if isinstance(value, dict | list) and value]
        if not inner:
            break
        place = chance.choice(inner)
    return place


def _nested(depth: int) -> Json:
    value: Json = "deep"
    for _ in range(depth):
        value = {"object": [value]}
    return value
