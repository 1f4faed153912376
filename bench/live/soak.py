"""A long run: whether a server's memory grows with what was typed."""

import asyncio
from dataclasses import dataclass

from .clients import Load, Typed, type_together
from .places import Place
from .processes import resident

LOOK_SECONDS = 30


@dataclass(frozen=True)
class Soaked:
    """`held`: megabytes of the first server, every half minute."""

    typed: Typed
    held: list[float]

    @property
    def grown(self) -> float:
        """Megabytes in the second half, when all that is held once is there."""
        return self.held[-1] - self.held[len(self.held) // 2]


async def soak(place: Place, load: Load) -> Soaked:
    held: list[float] = []

    async def look() -> None:
        while True:
            held.append(resident(place.pids[0]) / 1e6)
            await asyncio.sleep(LOOK_SECONDS)

    looking = asyncio.create_task(look())
    typed = await type_together(place.desk, place.pids, load)
    looking.cancel()
    return Soaked(typed, [*held, resident(place.pids[0]) / 1e6])
