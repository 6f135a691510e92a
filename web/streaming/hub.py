"""All open streams of this process: hears what happened, asks whom it is for, and tells them.

A message names a status; one query says in which of the connected feeds it stands, it is rendered
once, and what is the viewer's comes for all viewers in one more query.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain
from typing import Any

import orjson

from server import events
from server.bus import CONNECTED
from server.runtime import Runtime
from server.store import conversations, notifications, streams, tokens
from server.store.status_views import StatusView, load_status_views
from server.store.tokens import Token
from web.answers import Answers
from web.auth import KeptTokens
from web.feeds import Kind, Part, access_of, sees_closed
from web.mastodon import conversations as conversation_pages
from web.renderer import Renderer
from web.streaming.announcements import announcement_payload
from web.streaming.channels import HASHTAG, PUBLIC, Channel, carries
from web.streaming.listeners import Found, Listener, Listeners

log = logging.getLogger(__name__)
_FEEDS: dict[str, Kind] = {"public": "live", "hashtag": "hashtag"}


class Hub:
    """The listeners of this process and what they are told."""

    def __init__(
        self, runtime: Runtime, tokens: KeptTokens, renderer: Renderer, answers: Answers
    ) -> None:
        self._runtime = runtime
        self._tokens = tokens
        self._renderer = renderer
        self._answers = answers
        self._listeners = Listeners()
        self._handlers: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            "update": self._status,
            "status.update": self._status,
            "delete": self._delete,
            "notification": self._notification,
            "notifications_merged": self._merged,
            "conversation": self._conversation,
            "announcement": self._announce,
            "announcement.reaction": self._announce,
            "announcement.delete": self._announce,
            "filters_changed": self._filters,
        }
        # Who ends an access, or changes a filter, finds it so with the next request.
        runtime.bus.hear_own(events.CHANNEL, lambda text: self._forget(orjson.loads(text)))

    def join(self, token: Token, changes: int) -> Listener:
        """A new connection. `changes` is what the kept tokens gave before this one was looked up:
        if any was revoked since, it ends, and whoever connects again is asked again.
        """
        listener = self._listeners.join(token)
        if changes != self._tokens.changes():
            listener.end()
        return listener

    def open(self, listener: Listener, channel: Channel) -> None:
        """A connection listens to a channel from now on."""
        self._listeners.open(listener, channel)

    def shut(self, listener: Listener, channel: Channel) -> None:
        """No longer."""
        self._listeners.close(listener, channel)

    def leave(self, listener: Listener) -> None:
        """A connection is gone."""
        self._listeners.leave(listener)

    async def run(self) -> None:
        """Hear the bus until cancelled."""
        async for channel, text in self._runtime.bus.listen(events.CHANNEL):
            if not channel:
                await self._connection(is_heard=text == CONNECTED)
                continue
            try:
                await self._hear(orjson.loads(text))
            except Exception:
                log.exception("streaming: an event was lost")

    async def close(self) -> None:
        """End all connections."""
        self._end(lambda _: True)

    async def _connection(self, *, is_heard: bool) -> None:
        """The bus was lost, or is heard again: what it said meanwhile nobody knows.

        Clients that connect again read what they missed, and with a revoked token they cannot.
        """
        self._tokens.hear(is_told=is_heard)
        self._renderer.filters.hear(is_told=is_heard)
        self._answers.forget()
        if is_heard:
            await self.close()

    async def _hear(self, message: dict[str, Any]) -> None:
        self._forget(message)
        handle = self._handlers.get(message["event"])
        if handle:
            await handle(message)

    def _forget(self, message: dict[str, Any]) -> None:
        """What is kept here of whom an event is about, and the streams that it closes."""
        event = message["event"]
        if event == "filters_changed":
            self._renderer.filters.forget(message["account"])
            self._answers.forget()
        elif event == "tokens_revoked":
            self._tokens.forget()
            self._end(lambda t: t.id in message["tokens"])
        elif event == "account_changed":
            self._tokens.forget()
            self._end(lambda t: t.account_id == message["account"])

    async def _filters(self, message: dict[str, Any]) -> None:
        for listener, channel in self._listeners.of_account(message["account"], {"user"}):
            listener.tell(channel, "filters_changed", None)

    async def _merged(self, message: dict[str, Any]) -> None:
        names = {"user", "user:notification"}
        for listener, channel in self._listeners.of_account(message["account"], names):
            listener.tell(channel, "notifications_merged", "1")

    async def _announce(self, message: dict[str, Any]) -> None:
        event = message["event"]
        wanted = self._listeners.on("user")
        payload = await announcement_payload(self._runtime, event, message) if wanted else None
        for listener, channel in wanted:
            if payload:
                listener.tell(channel, event, payload)

    def _end(self, is_meant: Any) -> None:
        for listener in self._listeners:
            if is_meant(listener.token):
                listener.end()

    async def _status(self, message: dict[str, Any]) -> None:
        event, status_id = message["event"], message["status"]
        if not self._listeners:
            return
        db = self._runtime.db
        views = await load_status_views(db, [status_id])
        if not views:
            return
        audience = await streams.audience_of(
            db, status_id, self._listeners.accounts(), self._listeners.lists()
        )
        if reader := message.get("only_to"):
            audience = streams.Audience(audience.homes & {reader}, frozenset())
        wanted = await self._wanted(views[0], audience)
        if wanted:
            await self._tell(event, views[0], wanted)

    async def _wanted(self, view: StatusView, audience: streams.Audience) -> list[Found]:
        """Who hears of a status, and on which channel."""
        homes = [self._listeners.of_account(account, {"user"}) for account in audience.homes]
        lists = [self._listeners.on("list", str(number)) for number in audience.lists]
        return [*chain(*homes, *lists), *await self._public_channels(view)]

    async def _public_channels(self, view: StatusView) -> set[Found]:
        status, account = view.status, view.account.account
        is_hidden = status.visibility != "public" or status.boost_of_id or account.silenced_at
        if is_hidden or account.suspended_at:
            return set()
        part: Part = "local" if status.local else "remote"
        settings = self._runtime.settings
        closed = {
            name for name, kind in _FEEDS.items() if access_of(settings, kind, part) == "disabled"
        }
        is_timeline = status.in_reply_to_uri is None and status.in_reply_to_account_id in {
            None,
            status.account_id,
        }
        found = {
            (listener, channel)
            for listener, channel in self._on_public(view.tags)
            if (channel.name.partition(":")[0] not in closed or sees_closed(listener.token))
            and carries(
                channel,
                is_local=status.local,
                has_media=bool(view.media),
                tags=view.tags,
                is_timeline=is_timeline,
            )
        }
        viewers = {li.token.account_id for li, _ in found if li.token.account_id}
        readers = await streams.readers_among(
            self._runtime.db, status.account_id, status.language, list(viewers)
        )

        def is_shown(listener: Listener, channel: Channel) -> bool:
            reader = listener.token.account_id
            if reader is None:
                return not status.local_only
            return reader in readers and (readers[reader] or channel.name in HASHTAG)

        return {(listener, channel) for listener, channel in found if is_shown(listener, channel)}

    async def _tell(self, event: str, view: StatusView, wanted: list[Found]) -> None:
        viewers = list({listener.token.account_id for listener, _ in wanted})
        rendered = await self._renderer.render_for_all([view.status.id], viewers)
        for listener, channel in wanted:
            body = rendered[listener.token.account_id].get(view.status.id)
            if body:
                listener.tell(channel, event, body.decode())

    async def _delete(self, message: dict[str, Any]) -> None:
        if not self._listeners:
            return
        author, is_public = message["author"], message["visibility"] == "public"
        readers = {author, *message["addressed"]}  # they need not follow
        if message["visibility"] != "direct":
            tags = message["tags"] if is_public else ()
            readers |= await streams.followers_among(
                self._runtime.db, author, tags, self._listeners.accounts()
            )
        places = [self._listeners.of_account(reader, {"user", "list"}) for reader in readers]
        if is_public:
            places.append(self._on_public(message["tags"]))
        for listener, channel in chain(*places):
            listener.tell(channel, "delete", str(message["status"]))

    def _on_public(self, tags: Iterable[str]) -> list[Found]:
        """Who listens to a public channel, or to one of a hashtag among these."""
        public = [self._listeners.on(name) for name in PUBLIC]
        tagged = [self._listeners.on(name, tag) for tag in tags for name in HASHTAG]
        return [*chain(*public, *tagged)]

    async def _notification(self, message: dict[str, Any]) -> None:
        account_id, notification_id = message["account"], message["notification"]
        wanted = self._listeners.of_account(account_id, {"user", "user:notification"})
        db = self._runtime.db
        row = wanted and await notifications.find_notification(db, account_id, notification_id)
        rendered = row and await self._renderer.render_notifications([row], account_id)
        if rendered:
            payload = rendered[0].decode()
            for listener, channel in wanted:
                listener.tell(channel, "notification", payload)
            await tokens.note_use(db, [listener.token.id for listener, _ in wanted])

    async def _conversation(self, message: dict[str, Any]) -> None:
        account_id, conversation_id = message["account"], message["conversation"]
        wanted = self._listeners.of_account(account_id, {"direct"})
        rows = wanted and await conversations.find_conversations(
            self._runtime.db, [conversation_id]
        )
        if rows:
            [entity] = await conversation_pages.load_entities(
                self._renderer, self._runtime, rows, account_id
            )
            payload = orjson.dumps(entity).decode()
            for listener, channel in wanted:
                listener.tell(channel, "conversation", payload)
