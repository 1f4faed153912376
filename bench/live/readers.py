"""Many who only read one section: what each costs the server in memory, and what comes to each over the line."""

import asyncio
import time
from dataclasses import dataclass

import websockets

from .clients import Client, Run
from .places import Place
from .processes import resident

# What each process has once, however many read, is there before the counting begins.
WARM = 10
SETTLE_SECONDS = 6


@dataclass
class Reader:
    """A page on which nobody edits. `received`: bytes of its frames with their headers (RFC 6455 §5.2)."""

    connection: websockets.ClientConnection
    received: int = 0

    async def listen(self) -> None:
        async for frame in self.connection:
            size = len(frame.encode() if isinstance(frame, str) else frame)
            self.received += size + (2 if size < 126 else 4 if size < 65536 else 10)


@dataclass(frozen=True)
class Reading:
    """Bytes of memory for each reader; bytes a second to the one who received most, in silence and beside a typist."""

    memory: float
    in_silence: float
    beside_a_typist: float


async def read(place: Place, *, readers: int, seconds: float, words: int = 300) -> Reading:
    """Somebody types in a passage of so many words, which all of them read."""
    desk, pid = place.desk, place.pids[0]
    typist = await a_typist(place)
    line = asyncio.create_task(typist.listen())
    await typist.editor.type(" Agreed words." * (words // 2))
    await typist.at_rest()
    there = [Reader((await desk.open(number)).connection) for number in range(WARM)]
    await asyncio.sleep(SETTLE_SECONDS)
    before = resident(pid)
    there += [Reader((await desk.open(number)).connection) for number in range(readers)]
    listening = [asyncio.create_task(reader.listen()) for reader in there]
    await asyncio.sleep(SETTLE_SECONDS)
    memory = (resident(pid) - before) / readers
    in_silence = await received(there, seconds)
    typing = asyncio.create_task(typist.type(5, time.perf_counter() + seconds + 1))
    beside = await received(there, seconds)
    await typing
    for task in [line, *listening]:
        task.cancel()
    for connection in [typist.page.connection, *(reader.connection for reader in there)]:
        await connection.close()
    return Reading(memory, in_silence, beside)


async def a_typist(place: Place) -> Client:
    page = await place.desk.open(0)
    passage = place.desk.passages[0]
    return Client(page, await page.edit(passage), passage, Run())


async def received(readers: list[Reader], seconds: float) -> float:
    before = [reader.received for reader in readers]
    await asyncio.sleep(seconds)
    return max(reader.received - held for reader, held in zip(readers, before, strict=True)) / seconds
