"""Sites for a run: one process on SQLite, or several on a PostgreSQL and a Redis that the run starts for itself."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.own_services import Service, own_postgresql, own_redis
from tests.reports.live.wire import Desk, a_desk


@dataclass
class Place:
    """A furnished site with its servers, each at its address, and the services beside them."""

    desk: Desk
    pids: list[int]
    services: list[Service] = field(default_factory=list)


@contextmanager
def embedded(*, passages: int = 10) -> Iterator[Place]:
    with _serving(passages, 1) as place:
        yield place


@contextmanager
def served(*, passages: int = 10, servers: int = 2) -> Iterator[Place]:
    with (
        own_postgresql() as database,
        own_redis() as layer,
        _serving(passages, servers, DATABASE_URL=database.url, REDIS_URL=layer.url) as place,
    ):
        place.services += [database, layer]
        yield place


@contextmanager
def _serving(passages: int, servers: int, **named: str) -> Iterator[Place]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-")))
        desk = stack.enter_context(a_desk(folder, passages=passages, servers=servers, **named))
        yield Place(desk, [stack.enter_context(desk.serving(url, quiet=True)).pid for url in desk.urls])
