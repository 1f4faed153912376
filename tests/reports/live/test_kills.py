"""Servers killed in mid-word: what was acknowledged is there, and what was not arrives once when it is sent again."""

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from reports.live.rights import Named
from tests import own_services
from tests.own_services import own_postgresql, own_redis

from .killing import Killer, Typist
from .wire import Desk, a_desk


async def words_now(desk: Desk, home: Named) -> str:
    page = await desk.open(0)
    words = (await page.edit(home)).words
    await page.connection.close()
    return words


def times(typist: Typist, words: str) -> list[int]:
    """How often each of their words stands there."""
    return [words.count(typist.word(number)) for number in range(typist.typed)]


@pytest.mark.parametrize(
    ("kind", "writers"), [("passage", (0, 1)), pytest.param("proposal", (0, 2), marks=pytest.mark.deep)]
)
async def test_a_server_killed_in_mid_word_loses_nothing_that_was_acknowledged(
    tmp_path: Path, kind: str, writers: tuple[int, int]
) -> None:
    with a_desk(tmp_path) as desk:
        proposal = desk.proposal if kind == "proposal" else ""
        typists = [Typist(desk, writer, goal=150, proposal=proposal) for writer in writers]
        with desk.serving(desk.urls[0]) as server:
            typing = [asyncio.create_task(typist.go_on()) for typist in typists]
            while min(typist.acknowledged for typist in typists) < 30:
                await asyncio.sleep(0.05)
            server.kill()
            server.wait()
        acknowledged = [typist.acknowledged for typist in typists]

        with desk.serving(desk.urls[0]):
            first = await words_now(desk, typists[0].home)
            await asyncio.gather(*typing)
            words = await words_now(desk, typists[0].home)

    for typist, before in zip(typists, acknowledged, strict=True):
        assert all(times(typist, first)[:before])
        assert times(typist, words) == [1] * 150


@pytest.mark.deep
@pytest.mark.skipif(not own_services.THERE, reason="kills a PostgreSQL and a Redis of its own: install both")
async def test_servers_postgresql_and_redis_killed_by_turns_lose_nothing(tmp_path: Path) -> None:
    """`make bench` kills a hundred times."""
    with ExitStack() as stack:
        database, layer = stack.enter_context(own_postgresql()), stack.enter_context(own_redis())
        desk = stack.enter_context(
            a_desk(tmp_path, passages=3, servers=2, DATABASE_URL=database.url, REDIS_URL=layer.url)
        )

        killed = await Killer(desk, [database, layer], stack).kill(18, database.url)

    assert killed.kills.total() == 18
    assert len(killed.kills) == 4
    assert killed.edits > 100
    assert (killed.lost, killed.doubled) == ([], [])
