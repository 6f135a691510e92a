"""Messages between processes over Valkey: names and ids only, and any of them may be lost.

Whoever listens must be right without the message, only later: the database is the truth.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence

import redis.asyncio as redis
from redis.asyncio.client import Pipeline, PubSub
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

RULES = "rules"  # the channel on which processes are told to read the moderators' rules again
CONNECTED, LOST = "connected", "lost"  # what `listen` says of the connection itself
_PAUSE_SECONDS = 1.0
_QUIET_SECONDS = 10.0  # then the server is asked whether it is there
_SILENCE_SECONDS = 10.0  # after that question it fell silent
_ANSWER_SECONDS = 2.0  # a server that takes longer is away: some acts wait for it


class Bus:
    """Publish and subscribe; never raises for a server that is away."""

    def __init__(self, url: str) -> None:
        self._client: redis.Redis = redis.Redis.from_url(url, decode_responses=True)
        self._own_ears: dict[str, list[Callable[[str], None]]] = defaultdict(list)
        self._waiting: dict[tuple[str, str], None] = {}
        self._sender: asyncio.Task[None] | None = None

    def hear_own(self, channel: str, hear: Callable[[str], None]) -> None:
        """Have this process told at once of what it publishes itself, whatever is lost: `hear` is
        called before `publish` ends. Who listens as well hears it again when it comes back.
        """
        self._own_ears[channel].append(hear)

    def publish(self, messages: Iterable[tuple[str, str]]) -> None:
        """Send (channel, text) pairs soon; what cannot be sent is dropped.

        Nobody waits for it, and what comes up during one round trip goes together in the next, each
        of several equal messages once.
        """
        new = dict.fromkeys(messages)
        for channel, text in new:
            for hear in self._own_ears.get(channel, ()):
                hear(text)
        self._waiting.update(new)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send())

    async def flush(self) -> None:
        """Wait until what was published is sent."""
        if self._sender:
            await asyncio.wait([self._sender])

    async def _send(self) -> None:
        while self._waiting:
            messages, self._waiting = self._waiting, {}
            try:
                async with self._pipeline() as pipeline:
                    for channel, text in messages:
                        pipeline.publish(channel, text)
                    await pipeline.execute()
            except (RedisError, OSError) as error:
                log.warning("bus: message lost: %s", error)

    async def listen(self, *patterns: str) -> AsyncGenerator[tuple[str, str]]:
        """Yield (channel, text) of all channels that match, for ever, over lost connections.

        A pair with an empty channel tells of the connection: `LOST`, and `CONNECTED` after which
        messages may have been missed.
        """
        while True:
            try:
                async with self._client.pubsub() as subscription:
                    await subscription.psubscribe(*patterns)
                    end_if_cancelled()
                    yield "", CONNECTED
                    async for message in _messages(subscription):
                        yield message
            except (RedisError, OSError) as error:
                log.warning("bus: connection lost: %s", error)
                yield "", LOST
                await asyncio.sleep(_PAUSE_SECONDS)

    async def add_counts(self, counts: Sequence[tuple[str, int, int]]) -> list[int] | None:
        """Add to counters: (name, how many, seconds that it lives). Gives the sums.

        One round trip; None when the server is away.
        """
        try:
            async with self._pipeline() as pipeline:
                for name, number, seconds in counts:
                    pipeline.incrby(name, number)
                    pipeline.expire(name, seconds)
                return [int(total) for total in (await pipeline.execute())[::2]]
        except (RedisError, OSError) as error:
            log.warning("bus: counts not shared: %s", error)
            return None

    async def ping(self) -> bool:
        """Whether the server answers."""
        with contextlib.suppress(RedisError, OSError):
            async with asyncio.timeout(_ANSWER_SECONDS):
                return bool(await self._client.ping())
        return False

    @contextlib.asynccontextmanager
    async def _pipeline(self) -> AsyncIterator[Pipeline]:
        """Raises OSError (TimeoutError) for a server that takes too long. The client's own limits
        swallow a cancellation that comes with the answer.
        """
        async with (
            asyncio.timeout(_ANSWER_SECONDS),
            self._client.pipeline(transaction=False) as pipeline,
        ):
            yield pipeline

    async def close(self) -> None:
        """Send what waits, and give the connections back."""
        await self.flush()
        await self._client.aclose()


def end_if_cancelled() -> None:
    """Who is cancelled while it connects may not hear of it (Python 3.11, to a name with several
    addresses), and would listen for ever.
    """
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


async def _messages(subscription: PubSub) -> AsyncGenerator[tuple[str, str]]:
    """What is published. Raises RedisError, OSError, also for a server that fell silent: a
    connection through a firewall can end without a word.
    """
    is_asked = False
    while True:
        patience = _SILENCE_SECONDS if is_asked else _QUIET_SECONDS
        message = await subscription.get_message(timeout=patience)
        if message is None and is_asked:
            raise redis.ConnectionError("no answer to a ping")
        is_asked = message is None
        if message is None:
            await subscription.ping()
        elif message["type"] == "pmessage":
            yield message["channel"], message["data"]
