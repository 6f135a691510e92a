"""The open connections of this process, to be found by who listens and to what."""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from federation.documents.tag import fold_hashtag
from server.store.tokens import Token
from web.streaming.channels import Channel

K = TypeVar("K")
V = TypeVar("V")

_MOST_WAITING = 500
Frame = tuple[Channel, str, str | None]  # channel, event, payload


@dataclass(eq=False, slots=True)
class Listener:
    """One open connection; `queue` holds frames to be sent, None ends it."""

    token: Token
    channels: set[Channel] = field(default_factory=set)
    queue: asyncio.Queue[Frame | None] = field(default_factory=lambda: asyncio.Queue(_MOST_WAITING))

    def tell(self, channel: Channel, event: str, payload: str | None) -> None:
        """Queue a frame; who reads too slowly is dropped and connects again."""
        try:
            self.queue.put_nowait((channel, event, payload))
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Close the connection, whatever waits."""
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


Found = tuple[Listener, Channel]


class Listeners:
    """Kept by account and by channel: an event costs what its hearers do, not what all do."""

    def __init__(self) -> None:
        self._all: set[Listener] = set()
        self._by_account: dict[int, set[Listener]] = {}
        self._by_channel: dict[tuple[str, str], set[Found]] = {}

    def __iter__(self) -> Iterator[Listener]:
        return iter(list(self._all))

    def __len__(self) -> int:
        return len(self._all)

    def join(self, token: Token) -> Listener:
        """A new connection, that listens to nothing yet."""
        listener = Listener(token)
        self._all.add(listener)
        if token.account_id is not None:
            self._by_account.setdefault(token.account_id, set()).add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """A connection is gone."""
        for channel in list(listener.channels):
            self.close(listener, channel)
        self._all.discard(listener)
        if listener.token.account_id is not None:
            _take_out(self._by_account, listener.token.account_id, listener)

    def open(self, listener: Listener, channel: Channel) -> None:
        """It listens to a channel from now on."""
        listener.channels.add(channel)
        self._by_channel.setdefault(_key(channel), set()).add((listener, channel))

    def close(self, listener: Listener, channel: Channel) -> None:
        """No longer."""
        if channel in listener.channels:
            listener.channels.discard(channel)
            _take_out(self._by_channel, _key(channel), (listener, channel))

    def of_account(self, account_id: int, names: Collection[str]) -> list[Found]:
        """What a member's connections have open of these channels."""
        return [
            (listener, channel)
            for listener in self._by_account.get(account_id, ())
            for channel in listener.channels
            if channel.name in names
        ]

    def on(self, name: str, argument: str = "") -> list[Found]:
        """Who has a channel open; a hashtag by its folded name."""
        return list(self._by_channel.get((name, argument), ()))

    def accounts(self) -> list[int]:
        """Members who are connected."""
        return list(self._by_account)

    def lists(self) -> list[int]:
        """Lists that are listened to."""
        return [int(argument) for name, argument in self._by_channel if name == "list"]


def _key(channel: Channel) -> tuple[str, str]:
    if channel.name == "list":
        return channel.name, str(int(channel.argument))  # a client may write 007
    return channel.name, fold_hashtag(channel.argument)


def _take_out(places: dict[K, set[V]], key: K, value: V) -> None:
    found = places.get(key, set())
    found.discard(value)
    if not found:
        places.pop(key, None)
