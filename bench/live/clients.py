"""Clients that type at a steady rate, and what a run of them finds.

Measured are the time from an edit to its arrival with each other client, the processor time of the servers for each
edit, and their memory; at the end all clients and a fresh one must say the same, every word once.
"""

import asyncio
import random
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.reports.live.editor import Editor

from .processes import processor_seconds, resident

MARK = re.compile(rb"#(\d{6})")
AT_REST_SECONDS = 30
# A sweep of the servers, for what the channel layer may have lost.
SWEEP_SECONDS = 6


class Page(Protocol):
    """A connection of one client; `took` has each frame."""

    connection: Any

    async def edit(self, passage: str) -> Editor: ...

    async def took(self, frame: str | bytes) -> None: ...


class Desk(Protocol):
    """Where clients sit down: servers at `urls`, and the passages that they type in."""

    urls: list[str]
    passages: list[str]

    async def open(self, writer: int) -> Any: ...


@dataclass(frozen=True)
class Load:
    clients: int = 40
    rate: float = 5.0
    seconds: float = 60.0


@dataclass
class Run:
    """`sent`: by the number of an edit when it left; `delays`: from there to each other client, in seconds."""

    sent: dict[int, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)

    def next_number(self) -> int:
        number = len(self.sent)
        self.sent[number] = time.perf_counter()
        return number


class Client:
    """Types at a steady rate into one passage, and takes what comes."""

    def __init__(self, page: Page, editor: Editor, passage: str, run: Run) -> None:
        self.page, self.editor, self.passage, self.run = page, editor, passage, run
        self.known: set[int] = set()

    async def listen(self) -> None:
        async for frame in self.page.connection:
            if isinstance(frame, bytes):
                self.arrived(frame)
            await self.page.took(frame)

    def arrived(self, frame: bytes) -> None:
        """An edit counts when it comes first; a server may send it again, or send a client its own."""
        now = time.perf_counter()
        new = {int(number) for number in MARK.findall(frame)} - self.known
        self.known |= new
        self.run.delays += [now - self.run.sent[number] for number in new]

    async def type(self, rate: float, until: float) -> None:
        """Not all at the same moment: each begins somewhere in its first interval."""
        next_at = time.perf_counter() + random.random() / rate
        while next_at < until:
            await asyncio.sleep(max(0.0, next_at - time.perf_counter()))
            number = self.run.next_number()
            self.known.add(number)
            await self.editor.type(f" #{number:06d}")
            next_at += 1 / rate

    async def at_rest(self) -> None:
        async with asyncio.timeout(AT_REST_SECONDS):
            while self.editor.acked < self.editor.sent:
                await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Typed:
    """What came of a run. `cpu_ms`: of the servers for each edit; `held_mb`: of each server at its end."""

    edits: int
    arrivals: int
    lost: int
    unequal: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms: float
    held_mb: list[float]


async def type_together(desk: Desk, pids: Sequence[int], load: Load) -> Typed:
    run = Run()
    there = [await joined(desk, number, run) for number in range(load.clients)]
    listening = [asyncio.create_task(client.listen()) for client in there]
    before = sum(map(processor_seconds, pids))
    until = time.perf_counter() + load.seconds
    await asyncio.gather(*(client.type(load.rate, until) for client in there))
    await asyncio.gather(*(client.at_rest() for client in there))
    await asyncio.sleep(SWEEP_SECONDS)
    spent = sum(map(processor_seconds, pids)) - before
    unequal = await compared(desk, there)
    held = [resident(pid) / 1e6 for pid in pids]
    for task, client in zip(listening, there, strict=True):
        task.cancel()
        await client.page.connection.close()
    return summed(run, there, unequal, spent, held)


async def joined(desk: Desk, number: int, run: Run) -> Client:
    """The clients of one passage sit at different servers, so that edits go from process to process."""
    passage = desk.passages[number // len(desk.urls) % len(desk.passages)]
    page = await desk.open(number)
    return Client(page, await page.edit(passage), passage, run)


async def compared(desk: Desk, there: list[Client]) -> int:
    """How many clients say something else than a fresh one reads from the server."""
    unequal = 0
    for passage in desk.passages:
        page = await desk.open(0)
        fresh = (await page.edit(passage)).words
        unequal += sum(client.editor.words != fresh for client in there if client.passage == passage)
        await page.connection.close()
    return unequal


def summed(run: Run, there: list[Client], unequal: int, spent: float, held: list[float]) -> Typed:
    words = " ".join({client.passage: client.editor.words for client in there}.values())
    delays = sorted(run.delays)
    return Typed(
        edits=len(run.sent),
        arrivals=len(delays),
        lost=sum(words.count(f"#{number:06d}") != 1 for number in run.sent),
        unequal=unequal,
        median_ms=statistics.median(delays) * 1000,
        p95_ms=delays[int(len(delays) * 0.95)] * 1000,
        p99_ms=delays[int(len(delays) * 0.99)] * 1000,
        cpu_ms=spent / len(run.sent) * 1000,
        held_mb=held,
    )
