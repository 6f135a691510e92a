"""What a server says of itself (NodeInfo 2.0 and 2.1), and host-meta (RFC 6415)."""

from dataclasses import dataclass
from typing import Any

_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"


@dataclass(frozen=True, slots=True)
class Software:
    """Name and version as NodeInfo tells them, and where the source stands."""

    name: str
    version: str
    repository: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of local users and posts."""

    users: int
    active_month: int
    active_half_year: int
    posts: int


def build_links(origin: str) -> Any:
    """The document at /.well-known/nodeinfo."""
    return {
        "links": [
            {"rel": f"{_SCHEMA}{version}", "href": f"{origin}/nodeinfo/{version}"}
            for version in ("2.0", "2.1")
        ]
    }


def build_nodeinfo(
    version: str, software: Software, usage: Usage, is_open: bool, metadata: dict[str, Any]
) -> Any:
    """The document of a version; only 2.1 tells the repository."""
    about: dict[str, str] = {"name": software.name, "version": software.version}
    if version == "2.1":
        about["repository"] = software.repository
    return {
        "version": version,
        "software": about,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "usage": {
            "users": {
                "total": usage.users,
                "activeMonth": usage.active_month,
                "activeHalfyear": usage.active_half_year,
            },
            "localPosts": usage.posts,
        },
        "openRegistrations": is_open,
        "metadata": metadata,
    }


def media_type_of(version: str) -> str:
    """The media type of a NodeInfo document, which names its schema."""
    return f'application/json; profile="{_SCHEMA}{version}#"; charset=utf-8'


def build_host_meta_json(origin: str) -> Any:
    """The same as `build_host_meta` as JSON (RFC 6415, appendix A)."""
    return {
        "links": [
            {"rel": "lrdd", "template": f"{origin}/.well-known/webfinger?resource={{uri}}"},
        ]
    }


def build_host_meta(origin: str) -> str:
    """XRD that says where WebFinger stands."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template="{origin}/.well-known/webfinger?resource={{uri}}"/>\n'
        "</XRD>\n"
    )
