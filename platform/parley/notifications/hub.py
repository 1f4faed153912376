"""One hub per server process: the sockets of open pages, which topics they hear, and the sweep over their standing.

The channel layer brings what other processes announce. It may lose messages, Redis may be gone: then sockets stay open,
and the sweep, which asks the database every `SWEEP_SECONDS`, closes those whose session or access has ended and tells
what the bell has missed.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import structlog
from channels.layers import get_channel_layer
from django.db import connection

from .presence import Sight, Standing, seen
from .topics import ALL_HUBS
from .wake import publisher

if TYPE_CHECKING:
    from .consumers import UpdatesConsumer

log = structlog.get_logger(__name__)
T = TypeVar("T")

# Nothing is delivered later than five seconds after an access ended: the sweep's own time is inside.
SWEEP_SECONDS = 4.0
LAYER_SECONDS = 2.0

# Own threads with own connections: asgiref's shared thread serves all consumers of a process one after the other.
_pool = ThreadPoolExecutor(2, thread_name_prefix="sockets")


async def ask(question: Callable[..., T], *args: Any) -> T:
    """Run a question to the database in the sockets' own threads."""

    def answered() -> T:
        connection.close_if_unusable_or_obsolete()
        try:
            return question(*args)
        except Exception:
            connection.close()
            raise

    return await asyncio.get_running_loop().run_in_executor(_pool, answered)


class Hub:
    def __init__(self) -> None:
        self.groups: dict[str, set[UpdatesConsumer]] = defaultdict(set)
        self.sockets: dict[UpdatesConsumer, set[str]] = {}
        self.layer = get_channel_layer()
        self.channel = ""
        self.tasks: list[asyncio.Task] = []

    async def enter(self, socket: "UpdatesConsumer", groups: set[str]) -> None:
        """Have a socket hear these groups, and no others from now on."""
        groups = groups | {ALL_HUBS}
        if self.sockets.get(socket) == groups:
            return
        left = self._forget(socket) - groups
        self.sockets[socket] = groups
        for group in groups:
            self.groups[group].add(socket)
        self._wake_up()
        await self._listen_to(groups)
        await self._stop_listening_to(left)

    async def leave(self, socket: "UpdatesConsumer") -> None:
        await self._stop_listening_to(self._forget(socket))
        if not self.sockets:
            self._lie_down()

    def _forget(self, socket: "UpdatesConsumer") -> set[str]:
        """Take the socket out of its groups; return those in which nobody is left."""
        empty = set()
        for group in self.sockets.pop(socket, set()):
            self.groups[group].discard(socket)
            if not self.groups[group]:
                del self.groups[group]
                empty.add(group)
        return empty

    def _wake_up(self) -> None:
        if not self.tasks:
            publisher.server_loop = asyncio.get_running_loop()
            self.tasks = [asyncio.create_task(self._forever(step)) for step in (self._listen, self._sweep)]

    def _lie_down(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.tasks = []

    async def _forever(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await step()
            except Exception as failure:  # noqa: BLE001 (Redis or the database is gone; the next round tries again)
                log.warning("sockets_hub_failed", kind=step.__name__, reason=type(failure).__name__)
                await asyncio.sleep(1)

    async def _listen(self) -> None:
        if not self.channel:
            self.channel = await self.layer.new_channel()
            await self._listen_to(set(self.groups))
        message = await self.layer.receive(self.channel)
        for group in message["groups"]:
            for socket in list(self.groups.get(group, ())):
                socket.post({**message, "group": group})

    async def _listen_to(self, groups: set[str]) -> None:
        """Join in the channel layer; without Redis the sweep tries again."""
        for group in groups if self.channel else ():
            if not await self._guarded(self.layer.group_add(group, self.channel)):
                return

    async def _stop_listening_to(self, groups: set[str]) -> None:
        for group in groups - set(self.groups) if self.channel else ():
            await self._guarded(self.layer.group_discard(group, self.channel))

    async def _guarded(self, joining: Coroutine[Any, Any, None]) -> bool:
        try:
            await asyncio.wait_for(joining, LAYER_SECONDS)
        except Exception as failure:  # noqa: BLE001 (redis, sockets and time-outs raise in many ways)
            log.warning("channel_layer_failed", reason=type(failure).__name__)
            return False
        return True

    async def _sweep(self) -> None:
        await asyncio.sleep(SWEEP_SECONDS)
        sockets = list(self.sockets)
        sights = await self._look_at([socket.standing for socket in sockets])
        for socket in sockets:
            socket.compare(sights)
        # Joining again is free where it holds, and mends what Redis lost (the in-memory layer forgets after a day).
        await self._listen_to(set(self.groups))

    async def _look_at(self, held: list[Standing]) -> dict[str, Sight] | None:
        """None when the database does not answer: then nobody's standing is proven."""
        try:
            return await asyncio.wait_for(ask(seen, held), SWEEP_SECONDS)
        except Exception as failure:  # noqa: BLE001 (fails closed, whatever it was)
            log.warning("sweep_failed", reason=type(failure).__name__)
            return None


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
