"""A passage with a long past (bench/live/past.py), and a fresh one of the same words: what it takes to open each."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from .places import Place
from .processes import fine_processor_seconds

OPENINGS, WARM_UPS = 30, 3
# What a server does when somebody leaves is over then.
QUIET_SECONDS = 0.5
WRITE = "import json; from bench.live.past import write; print(json.dumps(write(%r, %d)))"


@dataclass(frozen=True)
class Opened:
    """From asking to the whole text: milliseconds passed, and of the server's processor; bytes of the text's update."""

    ms: float
    cpu_ms: float
    size: int


@dataclass(frozen=True)
class Compared:
    """Medians, and the medians of the ratios of a turn."""

    past: Opened
    fresh: Opened
    time: float
    cpu: float


def compare(place: Place, edits: int) -> Compared:
    past, fresh = json.loads(
        place.desk.site.manage("shell", "-v0", "-c", WRITE % (place.desk.passages[0], edits)).stdout.splitlines()[-1]
    )
    return asyncio.run(opened_in_turn(place, past, fresh))


async def opened_in_turn(place: Place, past: str, fresh: str) -> Compared:
    for _ in range(WARM_UPS):
        await opened(place, past)
        await opened(place, fresh)
    turns = [await in_turn(place, past, fresh, turn) for turn in range(OPENINGS)]
    return Compared(
        past=median([one for one, _ in turns]),
        fresh=median([other for _, other in turns]),
        time=statistics.median(one.ms / other.ms for one, other in turns),
        cpu=statistics.median(one.cpu_ms / other.cpu_ms for one, other in turns),
    )


async def in_turn(place: Place, past: str, fresh: str, turn: int) -> tuple[Opened, Opened]:
    """Each is first as often as the other."""
    if turn % 2:
        later = await opened(place, fresh)
        return await opened(place, past), later
    return await opened(place, past), await opened(place, fresh)


async def opened(place: Place, passage: str) -> Opened:
    page = await place.desk.open(0)
    before, began = fine_processor_seconds(place.pids[0]), time.perf_counter()
    editor = await page.edit(passage)
    passed, spent = time.perf_counter() - began, fine_processor_seconds(place.pids[0]) - before
    await page.connection.close()
    await asyncio.sleep(QUIET_SECONDS)
    return Opened(passed * 1000, spent * 1000, len(editor.doc.get_update()))


def median(all_of_it: list[Opened]) -> Opened:
    def of(part: Callable[[Opened], float]) -> float:
        return statistics.median(map(part, all_of_it))

    return Opened(of(lambda one: one.ms), of(lambda one: one.cpu_ms), int(of(lambda one: one.size)))
