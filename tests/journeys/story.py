"""Two whole instances seen through the Mastodon API alone, and what two people do on them."""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mastodon import Mastodon
from mastodon.errors import MastodonNotFoundError

from tests.journeys.clients import Listener

T = TypeVar("T")

# What both sides must show alike of one status.
_SHARED_FIELDS = (
    "uri",
    "content",
    "spoiler_text",
    "visibility",
    "sensitive",
    "language",
    "favourites_count",
    "reblogs_count",
    "replies_count",
)


def eventually(what: str, check: Callable[[], T | None]) -> T:
    """Ask again until the answer is true; the failure says what did not happen."""
    deadline = time.monotonic() + 120
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"did not happen: {what}"
        time.sleep(0.05)


@dataclass
class Person:
    """Somebody with a client of their own."""

    name: str
    api: Mastodon
    domain: str
    events: "queue.Queue[tuple[str, Any]]" = field(default_factory=queue.Queue)

    @property
    def handle(self) -> str:
        """`@name@domain`."""
        return f"@{self.name}@{self.domain}"

    def find(self, other: "Person") -> Any:
        """The other's account, pasted as a handle into the search."""
        found = self.api.search_v2(other.handle, resolve=True, result_type="accounts").accounts
        assert [account.acct for account in found] == [other.handle[1:]]
        return found[0]

    def see(self, uri: str) -> Any:
        """The status with that address as this person sees it, or None."""
        found = self.api.search_v2(uri, resolve=True, result_type="statuses").statuses
        return found[0] if found else None

    def home(self) -> list[str]:
        """Addresses of what stands in the home timeline."""
        return [status.uri for status in self.api.timeline_home()]

    def told(self, kind: str, by: "Person") -> Any:
        """The newest notification of a kind from somebody, or None."""
        for note in self.api.notifications(types=[kind]):
            if note.account.acct in {by.handle[1:], by.name}:
                return note
        return None

    def is_hidden(self, status_id: str) -> bool:
        """Whether the API knows no such status for this person."""
        try:
            self.api.status(status_id)
        except MastodonNotFoundError:
            return True
        return False

    def listen(self) -> Any:
        """Open the user stream; events arrive in `events`."""
        listener = _Listener(self.events)
        stream = self.api.stream_user(listener, run_async=True)
        listener.wait_until_open()
        return stream

    def hears(self, kind: str, is_it: Callable[[Any], bool]) -> Any:
        """Wait for an event on the open stream."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                event, payload = self.events.get(timeout=1)
            except queue.Empty:
                continue
            if event == kind and is_it(payload):
                return payload
        raise AssertionError(f"{self.name} heard no {kind}")


class _Listener(Listener):
    def __init__(self, events: "queue.Queue[tuple[str, Any]]") -> None:
        super().__init__()
        self._events = events

    def on_update(self, status: Any) -> None:
        self._events.put(("update", status))

    def on_status_update(self, status: Any) -> None:
        self._events.put(("status.update", status))

    def on_delete(self, status_id: Any) -> None:
        self._events.put(("delete", str(status_id)))

    def on_notification(self, notification: Any) -> None:
        self._events.put(("notification", notification))


def differences(one: Any, other: Any) -> list[str]:
    """Names of the fields that two sides show differently."""
    differing = [name for name in _SHARED_FIELDS if one[name] != other[name]]
    media = [
        [(m.type, m.description, m.blurhash) for m in s.media_attachments] for s in (one, other)
    ]
    if media[0] != media[1]:
        differing.append("media_attachments")
    return differing
