"""`kill -9` of each server process, of Redis and of PostgreSQL in mid-word, again and again."""

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.own_services import own_postgresql, own_redis
from tests.reports.live.killing import Killed, Killer
from tests.reports.live.wire import a_desk


def kill(times: int) -> Killed:
    with ExitStack() as stack:
        database, layer = stack.enter_context(own_postgresql()), stack.enter_context(own_redis())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-")))
        named = {"DATABASE_URL": database.url, "REDIS_URL": layer.url}
        desk = stack.enter_context(a_desk(folder, passages=3, servers=2, **named))
        return asyncio.run(Killer(desk, [database, layer], stack).kill(times, database.url))
