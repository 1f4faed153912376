"""The socket of an open page: the bell's count, and "this page has changed". Content comes by ordinary requests."""

import asyncio
import json
import time
from collections import deque
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.utils import await_many_dispatch
from django.conf import settings

from .hub import ask, hub
from .presence import Hearing, Sight, Standing, hearing, unread_of
from .topics import MAX_TOPICS

log = structlog.get_logger(__name__)

SIGNED_OUT, NO_ACCESS, MALFORMED, TOO_BIG, RETRY = 4401, 4403, 4400, 4413, 4503
MAX_FRAME = 64 * 1024
# A page watches once and then listens; more than this is no page of ours.
MAX_MESSAGES, PER_SECONDS = 20, 10.0
# A reader that does not read: it connects again and is told what is so then.
MAX_MAILBOX = 200


class Refused(Exception):
    """What the page sent or asked is refused; the socket closes with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class UpdatesConsumer(AsyncWebsocketConsumer):
    """`/ws/updates/`. Accepts first and then refuses: a browser can't see why a handshake failed (close codes)."""

    standing: Standing
    session = ""
    unread = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """A mailbox filled by the hub instead of a channel per socket, which would need Redis to connect at all."""
        self.scope, self.base_send = scope, send
        self.mailbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.topics: dict[str, str] = {}
        self.watched: list[str] = []
        self.received: deque[float] = deque(maxlen=MAX_MESSAGES)
        self.closed = False
        try:
            await await_many_dispatch([receive, self.mailbox.get], self.dispatch)
        except StopConsumer:
            pass
        finally:
            await hub().leave(self)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' own passes through one shared thread before every message: a slow page would stall all others."""
        try:
            await getattr(self, message["type"].replace(".", "_"))(message)
        except Refused as refusal:
            await self.end(refusal.code)
        except (StopConsumer, asyncio.CancelledError):
            raise
        except Exception as failure:  # noqa: BLE001 (fails closed; the page tries again)
            log.warning("socket_failed", reason=type(failure).__name__)
            await self.end(RETRY)

    def post(self, message: dict[str, Any]) -> None:
        """From the hub, which never waits for a socket."""
        slow = self.mailbox.qsize() >= MAX_MAILBOX
        self.mailbox.put_nowait({"type": "too.slow"} if slow else message)

    async def connect(self) -> None:
        await self.accept()
        self.session = session_key(self.scope)
        await self.hear([])
        await self.bell_rang({})

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Without the shared thread that Channels' own way of ending passes through."""
        self.closed = True
        raise StopConsumer

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.closed:
            return
        frame = read_frame(text_data, bytes_data)
        self.count_message()
        await self.hear(topics_of(frame))

    def count_message(self) -> None:
        now = time.monotonic()
        if len(self.received) == MAX_MESSAGES and now - self.received[0] < PER_SECONDS:
            raise Refused(MALFORMED)
        self.received.append(now)

    async def hear(self, topics: list[str]) -> None:
        """Ask the session and the rules, then listen to exactly what they allow."""
        self.take(await ask(hearing, self.session, topics))
        self.watched = topics
        await hub().enter(self, self.heard)

    def take(self, heard: Hearing) -> None:
        if heard.standing is None:
            raise Refused(SIGNED_OUT)
        if heard.refused:
            raise Refused(NO_ACCESS)
        self.standing, self.topics, self.heard = heard.standing, heard.topics, heard.groups

    async def end(self, code: int) -> None:
        if not self.closed:
            self.closed = True
            self.topics = {}
            await hub().leave(self)
            with suppress(RuntimeError):  # the browser went first
                await self.close(code=code)

    # From the hub.

    async def bell_rang(self, message: dict[str, Any]) -> None:
        await self.ask_again()
        self.unread = await ask(unread_of, self.standing)
        await self.tell({"type": "bell", "unread": self.unread})

    async def page_changed(self, message: dict[str, Any]) -> None:
        """The standing is asked before each delivery: a right that ended between announcement and now ends it."""
        await self.ask_again()
        topic = self.topics.get(message["group"])
        if topic is not None:
            await self.tell({"type": "changed", "topic": topic})

    async def access_changed(self, message: dict[str, Any]) -> None:
        await self.ask_again()

    async def too_slow(self, message: dict[str, Any]) -> None:
        raise Refused(RETRY)

    async def ask_again(self) -> None:
        if not self.closed:
            await self.hear(self.watched)

    def compare(self, sights: dict[str, Sight] | None) -> None:
        """After each sweep: unproven closes, a changed standing asks again, a count that was missed is told."""
        sight = sights.get(self.session) if sights is not None else None
        if sights is None:
            self.post({"type": "too.slow"})
        elif sight is None or sight.standing != self.standing:
            self.post({"type": "access.changed"})
        elif sight.unread != self.unread:
            self.post({"type": "bell.rang"})

    async def tell(self, message: dict[str, Any]) -> None:
        if not self.closed:
            await self.send(text_data=json.dumps(message, ensure_ascii=False))


def session_key(scope: dict[str, Any]) -> str:
    """The session's key from the handshake's cookies; "" without one."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            with suppress(CookieError):
                cookies = SimpleCookie(value.decode("latin-1"))
                morsel = cookies.get(settings.SESSION_COOKIE_NAME)
                return morsel.value if morsel else ""
    return ""


def read_frame(text: str | None, data: bytes | None) -> Any:
    if text is None:
        raise Refused(TOO_BIG if len(data or b"") > MAX_FRAME else MALFORMED)
    if len(text) > MAX_FRAME or len(text.encode()) > MAX_FRAME:
        raise Refused(TOO_BIG)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(MALFORMED) from None


def topics_of(frame: Any) -> list[str]:
    """`{"type": "watch", "topics": ["document:<id>", …]}`"""
    topics = frame.get("topics") if isinstance(frame, dict) and frame.get("type") == "watch" else None
    if not isinstance(topics, list) or len(topics) > MAX_TOPICS or not all(isinstance(t, str) for t in topics):
        raise Refused(MALFORMED)
    return topics
