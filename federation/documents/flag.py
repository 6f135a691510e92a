"""A report to the moderators of another server, with nobody's name under it but the server's.

Mastodon and others name the account and its posts as objects; Misskey names the account alone and
writes the addresses of the posts into the text; Lemmy names a post alone.
"""

import re

from federation.documents import reading
from federation.documents.activity import Activity, build_activity
from federation.documents.reading import Document

_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,2000}")
_MOST_ADDRESSES = 50


def read_subjects(activity: Activity) -> list[str]:
    """Addresses of what is reported: accounts and posts, in order, each once."""
    written = _ADDRESS.findall(activity.content or "")[:_MOST_ADDRESSES]
    return list(
        dict.fromkeys([*reading.ids_of(activity.objects), *(one.rstrip(".,;)") for one in written)])
    )


def build_flag(flag_id: str, actor: str, target: str, statuses: list[str], text: str) -> Document:
    """The report as Mastodon writes it."""
    document = build_activity("Flag", flag_id, actor, [target, *statuses], content=text)
    return {**document, "to": target}
