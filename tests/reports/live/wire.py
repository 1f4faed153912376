"""A section's page over a real connection, and a server of its own to connect to: for kills and for measuring."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import websockets

from parley.desk.management.commands.serve import SOCKETS
from tests.parley.house.instances import Instance, an_instance, wait_for
from tests.services import free_port

from .editor import PATIENCE, Receiving

# Makes the world of the tests, with as many joint passages as wanted and a draft of other words for the first, which
# the first and the third writer write; tells who may open what.
FURNISH = """
import json, sys
from django.conf import settings
from tests.factories import passage_of, world
from tests.factories.browsers import signed_in
from tests.reports.drafting.branches import drafted
made = world()
passages = [passage_of(made.section, made.member_a, f"Passage {n}.") for n in range(%(passages)d)]
proposal = drafted(passages[0], made.member_a, "Other words.", side=made.a)
name = settings.SESSION_COOKIE_NAME
writers = [made.people[role] for role in ("member_a", "member_b", "co_chair_a", "co_chair_b")]
cookies = [f"{name}={signed_in(person).cookies[name].value}" for person in writers]
ids = {"section": made.section.public_id, "passages": [one.public_id for one in passages]}
print(json.dumps({**ids, "proposal": proposal.public_id, "cookies": cookies}))
"""


class WirePage(Receiving):
    """One socket to a server elsewhere."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        super().__init__()
        self.connection = connection

    async def take(self, seconds: float = PATIENCE) -> None:
        async with asyncio.timeout(seconds):
            await self.took(await self.connection.recv())

    async def send(self, frame: str) -> None:
        await self.connection.send(frame)

    async def send_bytes(self, frame: bytes) -> None:
        await self.connection.send(frame)


@dataclass
class Desk:
    """A furnished site, and where its servers answer."""

    site: Instance
    urls: list[str]
    section: str
    passages: list[str]
    proposal: str
    cookies: list[str]

    async def open(self, writer: int) -> WirePage:
        url = self.urls[writer % len(self.urls)]
        connection = await websockets.connect(
            f"ws{url[4:]}/ws/section/{self.section}/",
            origin=self.urls[0],  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookies[writer % len(self.cookies)]},
            max_size=None,
        )
        page = WirePage(connection)
        await page.take()
        return page

    @contextmanager
    def serving(self, url: str, *, quiet: bool = False) -> Iterator[Popen[bytes]]:
        """A server process of this site at one of its addresses."""
        words = [sys.executable, "-m", "uvicorn", "parley.asgi:application", "--port", url.rpartition(":")[2]]
        with self.site.running([*words, *SOCKETS, "--log-level", "error"], quiet=quiet) as process:
            wait_for(f"{url}/health/live/", process)
            yield process


@contextmanager
def a_desk(folder: Path, *, passages: int = 1, servers: int = 1, **named: Any) -> Iterator[Desk]:
    """A site without servers yet. All of them believe to be at the first address, which is the pages' origin."""
    urls = [f"http://127.0.0.1:{free_port()}" for _ in range(servers)]
    with an_instance(folder, with_tables=True, PARLEY_URL=urls[0], **named) as site:
        site.manage("createcachetable")
        (folder / "static").mkdir()
        told = json.loads(site.manage("shell", "-v0", "-c", FURNISH % {"passages": passages}).stdout.splitlines()[-1])
        yield Desk(site, urls, **told)
