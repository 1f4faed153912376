"""A section with people at its passages, and hubs that have come to rest when a test ends."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from parley.notifications import hub as pages
from reports.live import batches, hub


@pytest.fixture(autouse=True)
async def _at_rest(transactional_db: None) -> AsyncIterator[None]:
    """No thread of the hub writes on when the database is emptied; no claim outlives it."""
    batches._claimed.clear()
    yield
    async with asyncio.timeout(5):
        while hub.live_hub().tasks:
            await asyncio.sleep(0.02)
    await sync_to_async(connections.close_all)()


@pytest.fixture(scope="session", autouse=True)
def _let_go(django_db_setup: None) -> Iterator[None]:
    """The sockets' own threads give their connections back before the database is removed."""
    yield
    for pool, threads in ((hub._writer, 1), (hub._readers, 2), (pages._pool, 2)):
        _close_in(pool, threads)


def _close_in(pool: ThreadPoolExecutor, threads: int) -> None:
    meeting = Barrier(threads)

    def close() -> None:
        connections.close_all()
        meeting.wait(5)

    for closing in [pool.submit(close) for _ in range(threads)]:
        closing.result()
