"""`/live/`: server-sent events from Valkey. One subscription a process, no database connection, no Django request."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core import signing
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared_apps.inbox.live import channel_prefix, read_ticket

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

HEARTBEAT_SECONDS = 20.0
STREAMS_MAX = 2000
WAITING_MAX = 20

_streams: dict[str, set[asyncio.Queue[str]]] = {}
# One task an open stream, done when its page is gone.
_open: set[asyncio.Task[None]] = set()


async def listen() -> None:
    """Hands every piece of news to the streams of its channel, and starts again when Valkey goes away."""
    while True:
        redis = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
        try:
            news = redis.pubsub(ignore_subscribe_messages=True)
            await news.psubscribe(f"{channel_prefix()}*")
            async for message in news.listen():
                channel = message["channel"].decode().removeprefix(channel_prefix())
                for queue in _streams.get(channel, ()):
                    # A reader too slow for twenty pings has enough of them waiting.
                    with suppress(asyncio.QueueFull):
                        queue.put_nowait(message["data"].decode())
        except (RedisError, OSError):
            await asyncio.sleep(1)
        finally:
            with suppress(RedisError, OSError):
                await redis.aclose()  # type: ignore[attr-defined]  # the stubs are older than the client


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    task: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            task = asyncio.create_task(listen())
            _close_streams_on_signals()
            await send({"type": "lifespan.startup.complete"})
        else:
            if task is not None:
                task.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _close_streams_on_signals() -> None:
    """The server waits for open answers before it stops, and a stream never ends by itself: end them first."""
    loop = asyncio.get_running_loop()

    def close_all() -> None:
        for stream in _open:
            stream.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        served = signal.getsignal(number)

        def stop(given: int, frame: FrameType | None, served: Any = served) -> None:
            loop.call_soon_threadsafe(close_all)
            if callable(served):
                served(given, frame)

        signal.signal(number, stop)


async def _answer(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["path"] == "/healthz":
        await _plain(send, 200, b"ok")
        return
    if scope["path"] != "/live/" or scope["method"] != "GET":
        await _plain(send, 404, b"not found")
        return
    # Without an Origin header (same origin, behind nginx) the page's host is the request's own.
    origin = headers.get("origin") or f"{settings.YZ_SCHEME}://{headers.get('host', '')}"
    tickets = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("ticket", [""])
    try:
        channels = read_ticket(tickets[0], origin=origin)
    except signing.BadSignature:
        await _plain(send, 403, b"the ticket is not valid")
        return
    if len(_open) >= STREAMS_MAX:
        await _plain(send, 503, b"too many streams")
        return
    await _stream(channels, origin, receive, send)


async def _stream(channels: list[str], origin: str, receive: Receive, send: Send) -> None:
    queue: asyncio.Queue[str] = asyncio.Queue(WAITING_MAX)
    for channel in channels:
        _streams.setdefault(channel, set()).add(queue)
    gone = asyncio.create_task(_gone(receive))
    _open.add(gone)
    try:
        head = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"vary", b"Origin"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await _send(send, "retry: 15000\n\n")
        while not gone.done():
            news = asyncio.create_task(queue.get())
            await asyncio.wait({news, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if news.done():
                await _send(send, f"event: {news.result()}\ndata: {{}}\n\n")
            else:
                news.cancel()
                await _send(send, ": still here\n\n")
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        _open.discard(gone)
        for channel in channels:
            _streams[channel].discard(queue)
            if not _streams[channel]:
                del _streams[channel]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _plain(send: Send, status: int, body: bytes) -> None:
    head = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
