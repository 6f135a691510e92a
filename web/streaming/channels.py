"""The streams that clients ask for, and who may."""

from dataclasses import dataclass
from typing import Literal

from federation.documents.tag import fold_hashtag
from server.errors import Forbidden, Invalid, NotFound, Unauthorized
from server.identity.scopes import covers
from server.store import lists
from server.store.database import Database
from server.store.tokens import Token
from web.params import whole_number

NAMES = {
    "user", "user:notification", "public", "public:media", "public:local", "public:local:media",
    "public:remote", "public:remote:media", "hashtag", "hashtag:local", "list", "direct",
}  # fmt: skip
PUBLIC = tuple(name for name in sorted(NAMES) if name.startswith("public"))
HASHTAG = ("hashtag", "hashtag:local")
Origin = Literal["local", "remote"]


@dataclass(frozen=True, slots=True)
class Channel:
    """A stream as subscribed; `argument` is the tag or the list's id, as the client wrote it."""

    name: str
    argument: str = ""

    @property
    def label(self) -> list[str]:
        """The `stream` of a frame, by which clients tell their subscriptions apart."""
        return [self.name, self.argument] if self.argument else [self.name]


async def open_channel(
    db: Database, token: Token, name: str, tag: str | None, list_id: str | None
) -> Channel:
    """The channel, if it exists and the token may listen.

    Raises Invalid (unknown, or without its tag or list), Forbidden (scope), Unauthorized (another
    member's list).
    """
    if name not in NAMES:
        raise Invalid("Unknown stream type", unreadable=True)
    _check_scope(token, name)
    if name.startswith("hashtag"):
        if not tag:
            raise Invalid("Missing tag name parameter", unreadable=True)
        return Channel(name, tag)
    if name == "list":
        if not list_id:
            raise Invalid("Missing list name parameter", unreadable=True)
        try:
            await lists.get_list(db, token.account_id or 0, whole_number(list_id))
        except NotFound as error:
            raise Unauthorized("Not authorized to stream this list") from error
        return Channel(name, list_id)
    return Channel(name)


def carries(
    channel: Channel, *, is_local: bool, has_media: bool, tags: list[str], is_timeline: bool
) -> bool:
    """Whether a public post belongs on a public or hashtag channel.

    `is_timeline`: it is no answer to others, which the public timelines leave out.
    """
    kind, _, rest = channel.name.partition(":")
    if kind == "hashtag":
        return fold_hashtag(channel.argument) in tags and (rest != "local" or is_local)
    if kind != "public" or not is_timeline:
        return False
    parts = rest.split(":") if rest else []
    return (
        ("local" not in parts or is_local)
        and ("remote" not in parts or not is_local)
        and ("media" not in parts or has_media)
    )


def _check_scope(token: Token, name: str) -> None:
    wanted = {
        "user": ("read:statuses", "read:notifications"),
        "user:notification": ("read:notifications",),
        "list": ("read:lists", "read:statuses"),
        "direct": ("read:statuses",),
    }.get(name, ())
    if wanted and (
        token.account_id is None or not any(covers(token.scopes, scope) for scope in wanted)
    ):
        raise Forbidden("Access token does not have the required scopes")
