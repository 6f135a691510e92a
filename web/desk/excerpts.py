"""Posts as moderators read them: as plain text, whoever else may see them."""

from dataclasses import dataclass
from datetime import datetime

from server.addresses import Addresses
from server.store.reported_posts import ReportedPost
from server.store.status_views import StatusView
from server.text.sanitize import plain_text


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A post without its looks."""

    url: str
    text: str
    warning: str
    visibility: str
    created_at: datetime
    media: list[tuple[str, str]]  # address and description
    is_gone: bool = False  # deleted since it was reported


def excerpt(view: StatusView, addresses: Addresses) -> Excerpt:
    """What a moderator needs to judge a post."""
    status, account = view.status, view.account.account
    url = status.url or status.uri
    if status.local:
        url = addresses.status_url(account.username, status.id)
    media = [
        (addresses.media(m.file) if m.file else m.remote_url or "", m.description or "")
        for m in view.media
    ]
    return Excerpt(
        url,
        plain_text(status.content),
        status.spoiler_text,
        status.visibility,
        status.created_at,
        media,
    )


def excerpt_of_gone(post: ReportedPost) -> Excerpt:
    """What a post said that was deleted since."""
    return Excerpt(
        "",
        plain_text(post.content),
        post.spoiler_text,
        post.visibility,
        post.created_at,
        [],
        is_gone=True,
    )
