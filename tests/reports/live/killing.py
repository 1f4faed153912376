"""Typists who go on through every break of the line, and a killer who ends what they rely on, again and again.

After each kill nobody types until the rows have been read: else a browser that still holds what was lost would send it
once more, and nobody would know.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from subprocess import Popen

import psycopg
import websockets
from pycrdt import Doc, XmlFragment

from reports.live.rights import Named
from reports.live.store import merged
from reports.live.structure import ROOT
from tests.own_services import Service

from .editor import Editor
from .wire import Desk

# What a browser meets while a server is away.
AWAY = (OSError, TimeoutError, websockets.ConnectionClosed, websockets.InvalidHandshake, AssertionError)


class Typist:
    """Types `goal` numbered words into a passage or a proposal, through every break of the line, as a browser does."""

    def __init__(self, desk: Desk, writer: int, goal: int, passage: int = 0, *, proposal: str = "") -> None:
        self.desk, self.writer, self.goal = desk, writer, goal
        self.home = Named("proposal", proposal) if proposal else Named("passage", desk.passages[passage])
        self.doc: Doc = Doc()
        self.typed = 0
        self.acknowledged = 0
        self.free = asyncio.Event()
        self.free.set()

    async def go_on(self) -> None:
        while self.acknowledged < self.goal:
            try:
                await self.connected()
            except AWAY:
                await asyncio.sleep(0.1)

    async def connected(self) -> None:
        await self.free.wait()
        page = await self.desk.open(self.writer)
        try:
            editor = await page.edit(self.home, self.doc)
            await editor.saved()
            self.acknowledged = self.typed
            while self.typed < self.goal:
                await self.one_more(editor)
        finally:
            await page.connection.close()

    async def one_more(self, editor: Editor) -> None:
        """Stored or not: it stays in the document, and is sent again after a break."""
        await self.free.wait()
        update = editor.typed(self.word(self.typed))
        self.typed += 1
        await editor.send(update)
        await editor.saved()
        self.acknowledged = self.typed

    def word(self, number: int) -> str:
        return f" w{self.writer}n{number}."

    def words(self, count: int) -> list[str]:
        return [self.word(number) for number in range(count)]


def stored_words(database: str) -> str:
    """All live words of a site as its rows have them, read beside its servers."""
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT text_id, payload FROM reports_liveupdate ORDER BY text_id, sequence"
        ).fetchall()
    texts: dict[int, list[bytes]] = {}
    for text, payload in rows:
        texts.setdefault(text, []).append(bytes(payload))
    return " ".join(_words_of(merged(payloads)) for payloads in texts.values())


def _words_of(update: bytes) -> str:
    doc: Doc = Doc()
    doc.apply_update(update)
    return str(doc.get(ROOT, type=XmlFragment))


@dataclass
class Killed:
    """How often each was killed, what had been acknowledged before and was in no row after, what stood there twice."""

    kills: Counter[str] = field(default_factory=Counter)
    edits: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


class Killer:
    """Over servers and services of the run's own; `after` is told of each kill."""

    def __init__(self, desk: Desk, services: list[Service], stack: ExitStack, typists: int = 8) -> None:
        self.desk, self.services, self.stack = desk, services, stack
        self.servers = {url: self._begun(url) for url in desk.urls}
        self.typists = [Typist(desk, n, 1_000_000, n // len(desk.urls) % len(desk.passages)) for n in range(typists)]
        self.found = Killed()

    def _begun(self, url: str) -> "Popen[bytes]":
        return self.stack.enter_context(self.desk.serving(url, quiet=True))

    async def kill(self, times: int, database: str, told: Callable[[str], None] = lambda what: None) -> Killed:
        typing = [asyncio.create_task(typist.go_on()) for typist in self.typists]
        for what in self.order(times):
            await self._in_mid_word()
            await self._killed_once(what, database)
            told(what)
        for typist in self.typists:
            typist.goal = typist.typed
        await asyncio.gather(*typing)
        self._count_all(await asyncio.to_thread(stored_words, database))
        return self.found

    async def _in_mid_word(self) -> None:
        """All type again, and then for some moments more."""
        before = [typist.acknowledged for typist in self.typists]
        while any(typist.acknowledged <= held for typist, held in zip(self.typists, before, strict=True)):
            await asyncio.sleep(0.05)
        await asyncio.sleep(random.uniform(0, 0.5))

    def order(self, times: int) -> list[str]:
        """Mostly servers, and of five kills one of each service."""
        targets = [*self.desk.urls, *self.desk.urls, *(service.name for service in self.services)]
        order = [targets[turn % len(targets)] for turn in range(times)]
        random.shuffle(order)
        return order

    async def _killed_once(self, what: str, database: str) -> None:
        self._kill(what)
        acknowledged = [word for typist in self.typists for word in typist.words(typist.acknowledged)]
        for typist in self.typists:
            typist.free.clear()
        await asyncio.to_thread(self._start_again, what)
        words = await asyncio.to_thread(stored_words, database)
        self.found.lost += [f"{word} after {what}" for word in acknowledged if word not in words]
        self.found.kills[what] += 1
        for typist in self.typists:
            typist.free.set()

    def _kill(self, what: str) -> None:
        if what in self.servers:
            self.servers[what].kill()
            self.servers[what].wait()
        for service in self.services:
            if service.name == what:
                service.kill()

    def _start_again(self, what: str) -> None:
        if what in self.servers:
            self.servers[what] = self._begun(what)
        for service in self.services:
            if service.name == what:
                service.start()

    def _count_all(self, words: str) -> None:
        typed = [word for typist in self.typists for word in typist.words(typist.typed)]
        self.found.edits = len(typed)
        self.found.lost += [word for word in typed if word not in words]
        self.found.doubled += [word for word in typed if words.count(word) > 1]
