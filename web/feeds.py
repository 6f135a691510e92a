"""Who may read which of the feeds that belong to nobody: the settings `timelines_…`."""

from typing import Any, Literal

from server.errors import Unauthorized
from server.identity.permissions import Permission, allows
from server.settings import Settings
from server.store.sessions import Session
from server.store.tokens import Token
from web.request import Request

Kind = Literal["live", "hashtag", "link"]
Part = Literal["local", "remote"]


def access_of(settings: Settings, kind: Kind, part: Part) -> str:
    """public, authenticated or disabled, with `require_sign_in` taken into account."""
    access: str = getattr(settings, f"timelines_{kind}_{part}")
    return "authenticated" if access == "public" and settings.require_sign_in else access


def timelines_access(settings: Settings) -> dict[str, Any]:
    """As the instance tells it (Instance, configuration)."""
    names: dict[str, Kind] = {
        "live_feeds": "live",
        "hashtag_feeds": "hashtag",
        "trending_link_feeds": "link",
    }
    return {
        name: {part: access_of(settings, kind, part) for part in ("local", "remote")}
        for name, kind in names.items()
    }


def open_parts(request: Request, kind: Kind, *, local: bool, remote: bool) -> set[Part]:
    """The parts of a feed that are shown, of those that are asked for (neither means both).

    Raises Unauthorized for a stranger when one of them is not public.
    """
    asked: set[Part] = {"local", "remote"}
    if local != remote:
        asked = {"local"} if local else {"remote"}
    access = {part: access_of(request.runtime.settings, kind, part) for part in asked}
    if request.viewer_id is None and set(access.values()) != {"public"}:
        raise Unauthorized("This API requires an authenticated user")
    return {part for part in asked if access[part] != "disabled" or sees_closed(request.token)}


def is_open_to(settings: Settings, kind: Kind, part: Part, reader: Session | None) -> bool:
    """Whether a page shows a part of a feed to who is signed in, or to a stranger."""
    access = access_of(settings, kind, part)
    return access == "public" or (
        reader is not None and (access == "authenticated" or sees_closed(reader))
    )


def sees_closed(reader: Token | Session | None) -> bool:
    """Whether a role opens feeds that the settings close to everybody else."""
    return reader is not None and allows(reader.permissions, Permission.VIEW_FEEDS)
