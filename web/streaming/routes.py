"""Streams over WebSocket (multiplexed) and as server-sent events.

https://docs.joinmastodon.org/methods/streaming/
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.requests import Request as StarletteRequest
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.errors import Invalid, NotFound, ServerError, Unauthorized
from server.secrets import hash_token
from server.store import tokens
from server.store.tokens import Token
from web.auth import authorize, user
from web.errors import status_of
from web.request import Request
from web.streaming.channels import NAMES, Channel, open_channel
from web.streaming.hub import Hub
from web.streaming.listeners import Listener

_HEARTBEAT_SECONDS = 15.0
_MOST_CHANNELS = 100
_LONGEST_FRAME = 4096


async def health(_: StarletteRequest) -> Response:
    """Whether streams are served."""
    return PlainTextResponse("OK")


async def no_stream(_: StarletteRequest) -> Response:
    """Plain HTTP names no stream here; streams are served by this very host."""
    raise NotFound


async def serve_websocket(socket: WebSocket) -> None:
    """One connection, many streams; the bare token may come as subprotocol, which is echoed."""
    hub: Hub = socket.app.state.hub
    protocol = socket.headers.get("sec-websocket-protocol")
    changes = socket.app.state.tokens.changes()
    try:
        listener = hub.join(await _token(socket, protocol), changes)
    except ServerError as error:
        headers = {"X-Error-Message": error.message}
        await socket.send_denial_response(Response(b"", status_of(error), headers))
        return
    try:
        # Before the connection stands: who has one hears all that happens from then on.
        wanted = dict(socket.query_params)
        refusal = await _subscribe(hub, socket, listener, wanted) if wanted.get("stream") else None
        await socket.accept(subprotocol=protocol)
        await _refuse(socket, refusal)
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(_send(socket, listener))
            try:
                await _read(hub, socket, listener)
            finally:
                sending.cancel()
    except* (WebSocketDisconnect, RuntimeError, OSError):
        pass
    finally:
        hub.leave(listener)


async def serve_events(request: StarletteRequest) -> Response:
    """One stream as server-sent events; the path names it (`user/notification`)."""
    wrapped = Request(request.scope, request.receive)
    name = request.path_params["name"].replace("/", ":")
    if name not in NAMES:
        raise Invalid("Unknown channel requested", unreadable=True)
    changes = request.app.state.tokens.changes()
    token = await authorize(wrapped, user())
    assert token is not None
    query = request.query_params
    if name.startswith("public") and query.get("only_media") in {"1", "true"}:
        name += ":media"
    channel = await open_channel(
        wrapped.runtime.db, token, name, query.get("tag"), query.get("list")
    )
    hub: Hub = request.app.state.hub
    events = _events(hub, token, changes, channel)
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, 200, headers, "text/event-stream")


async def _events(hub: Hub, token: Token, changes: int, channel: Channel) -> AsyncIterator[str]:
    # Joined here and not before: who is gone by now would never be taken out again.
    listener = hub.join(token, changes)
    hub.open(listener, channel)
    try:
        yield ":)\n"
        while True:
            try:
                async with asyncio.timeout(_HEARTBEAT_SECONDS):
                    frame = await listener.queue.get()
            except TimeoutError:
                yield ":thump\n"
                continue
            if frame is None:
                return
            _, event, payload = frame
            yield f"event: {event}\ndata: {payload or 'undefined'}\n\n"
    finally:
        hub.leave(listener)


async def _token(socket: WebSocket, protocol: str | None) -> Token:
    """Raises Unauthorized, Forbidden as for any call."""
    kind, _, header = socket.headers.get("authorization", "").partition(" ")
    text = header.strip() if kind.lower() == "bearer" else ""
    text = text or socket.query_params.get("access_token") or protocol or ""
    if not text:
        raise Unauthorized("Missing access token")
    token = await tokens.find_token(socket.app.state.runtime.db, hash_token(text))
    if token is None or token.state is not None or token.account_id is None:
        raise Unauthorized("Invalid access token")
    return token


async def _send(socket: WebSocket, listener: Listener) -> None:
    while frame := await listener.queue.get():
        channel, event, payload = frame
        message = {"stream": channel.label, "event": event}
        if payload is not None:
            message["payload"] = payload
        await socket.send_text(orjson.dumps(message).decode())
    await socket.close()
    raise WebSocketDisconnect


async def _read(hub: Hub, socket: WebSocket, listener: Listener) -> None:
    while True:
        frame = await socket.receive()
        if frame["type"] == "websocket.disconnect":
            raise WebSocketDisconnect
        text = frame.get("text")
        if text is None:
            await socket.close(1003, "Binary messages are not understood here")
            raise WebSocketDisconnect
        try:
            message = orjson.loads(text) if len(text) <= _LONGEST_FRAME else None
        except orjson.JSONDecodeError:
            continue
        if isinstance(message, dict):
            await _answer(hub, socket, listener, message)


async def _answer(hub: Hub, socket: WebSocket, listener: Listener, message: dict[str, Any]) -> None:
    if message.get("type") == "subscribe":
        await _refuse(socket, await _subscribe(hub, socket, listener, message))
    elif message.get("type") == "unsubscribe":
        argument = message.get("tag") or message.get("list") or ""
        hub.shut(listener, Channel(str(message.get("stream")), str(argument)))


async def _subscribe(
    hub: Hub, socket: WebSocket, listener: Listener, message: Any
) -> ServerError | None:
    """Add a stream, or give why not. Of several names the first counts."""
    if len(listener.channels) >= _MOST_CHANNELS:
        return None
    name = message.get("stream")
    try:
        channel = await open_channel(
            socket.app.state.runtime.db,
            listener.token,
            str(name[0] if name and isinstance(name, list) else name),
            str(message["tag"]) if message.get("tag") else None,
            str(message["list"]) if message.get("list") else None,
        )
    except ServerError as error:
        return error
    hub.open(listener, channel)
    return None


async def _refuse(socket: WebSocket, refusal: ServerError | None) -> None:
    """Tell in a frame why a stream was not added, if it was not."""
    if refusal:
        frame = {"error": refusal.message, "status": status_of(refusal)}
        await socket.send_text(orjson.dumps(frame).decode())


STREAMING: list[BaseRoute] = [
    WebSocketRoute("/api/v1/streaming", serve_websocket),
    WebSocketRoute("/api/v1/streaming/", serve_websocket),
    Route("/api/v1/streaming", no_stream),
    Route("/api/v1/streaming/health", health),
    Route("/api/v1/streaming/{name:path}", serve_events),
]
