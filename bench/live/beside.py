"""Hocuspocus with its SQLite store under the same load, installed into build/ and spoken to in its own protocol.

A message of it is the document's name, then y-protocols: sync (0, in answers also 4), awareness (1), its own kinds of
signing in (2) and of acknowledging (8). It acknowledges what it holds in memory; the store follows seconds later
(https://tiptap.dev/docs/hocuspocus).
"""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import websockets
from pycrdt import Doc

from reports.live import protocol
from reports.live.protocol import Reader, array
from tests.parley.house.instances import wait_for
from tests.reports.live.editor import Editor
from tests.reports.live.wire import WirePage
from tests.services import free_port

SOURCES = Path(__file__).with_name("hocuspocus")
INSTALLED = Path(__file__).parents[2] / "build" / "hocuspocus"
# Its store is compiled where no ready-made one fits.
INSTALL_SECONDS = 1200
SYNC_ANSWER, SIGN_IN, STORED = 4, 2, 8


class LeftOut(Exception):
    """Why Hocuspocus is not measured beside."""


def install() -> None:
    """Once: later runs find it. Nothing of it is Parley's, which needs no Node."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise LeftOut("node and npm are missing")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    done = INSTALLED / "installed"
    wanted = (SOURCES / "package.json").read_bytes()
    shutil.copy(SOURCES / "server.mjs", INSTALLED)
    if done.is_file() and done.read_bytes() == wanted:
        return
    shutil.copy(SOURCES / "package.json", INSTALLED)
    fetching = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
    try:
        subprocess.run(fetching, cwd=INSTALLED, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except subprocess.SubprocessError as failure:
        raise LeftOut(f"its packages cannot be installed ({type(failure).__name__})") from failure
    done.write_bytes(wanted)


class Page(WirePage):
    """One connection with one document. The same editor as ours writes; only what stands before a message differs."""

    name = ""
    stored = 0

    async def edit(self, passage: str, doc: Doc | None = None) -> Editor:
        self.name = passage
        self.signed_in = False
        editor = self.editors[0] = Editor(self, 0, may_write=True, doc=doc)
        await self.connection.send(array(passage.encode()) + bytes((SIGN_IN, 0)) + array(b"") + array(b""))
        await self.until(lambda: self.signed_in)
        await editor.ask()
        await self.until(lambda: editor.synced)
        await self.begin(editor)
        return editor

    async def begin(self, editor: Editor) -> None:
        """The first one makes the paragraph in which all type."""
        if not len(editor.root.children):
            await editor.type("A passage.")
        await editor.saved()

    async def send_bytes(self, frame: bytes) -> None:
        reader = Reader(frame)
        reader.number()
        await self.connection.send(array(self.name.encode()) + reader.rest())

    async def took(self, frame: str | bytes) -> None:
        assert isinstance(frame, bytes)
        reader = Reader(frame)
        reader.array()
        kind = reader.number()
        if kind in (protocol.SYNC, SYNC_ANSWER):
            await self.editors[0].heard_sync(reader.number(), reader.array())
        elif kind == SIGN_IN:
            self.signed_in = True
        elif kind == STORED:
            self.editors[0].acked += 1


@dataclass
class Desk:
    urls: list[str]
    passages: list[str]

    async def open(self, writer: int) -> Page:
        return Page(await websockets.connect(f"ws{self.urls[0][4:]}", max_size=None))


@contextmanager
def a_server(database: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Its address and process."""
    port = free_port()
    command = ["node", "server.mjs", str(port), str(database)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=INSTALLED, **quiet) as process:
        try:
            wait_for(url := f"http://127.0.0.1:{port}", process)
            yield url, process
        finally:
            process.kill()


@contextmanager
def a_desk(*, passages: int) -> Iterator[tuple[Desk, int]]:
    """And the server's process."""
    install()
    with (
        tempfile.TemporaryDirectory(prefix="parley-bench-") as folder,
        a_server(Path(folder) / "documents.sqlite3") as (url, process),
    ):
        yield Desk([url], [f"passage-{n}" for n in range(passages)]), process.pid


def killed(*, seconds: float, clients: int = 8) -> tuple[int, int]:
    """Acknowledged edits before `kill -9`, and how many of them are gone after a new start."""
    install()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        database = Path(folder) / "documents.sqlite3"
        with a_server(database) as (url, process):
            acknowledged = asyncio.run(_typed_until(Desk([url], ["passage"]), process, seconds, clients))
        with a_server(database) as (url, _process):
            words = asyncio.run(_words(Desk([url], ["passage"])))
    return len(acknowledged), sum(word not in words for word in acknowledged)


async def _typed_until(desk: Desk, process: "subprocess.Popen[bytes]", seconds: float, clients: int) -> list[str]:
    """The words that were acknowledged until the server was killed."""
    acknowledged: list[str] = []

    async def go_on(number: int) -> None:
        page = await desk.open(number)
        editor = await page.edit(desk.passages[0])
        for place in range(1_000_000):
            word = f" w{number}n{place}."
            await editor.type(word)
            await editor.saved()
            acknowledged.append(word)
            await asyncio.sleep(0.2)

    typing = [asyncio.create_task(go_on(number)) for number in range(clients)]
    await asyncio.sleep(seconds)
    process.kill()
    await asyncio.gather(*typing, return_exceptions=True)
    return acknowledged


async def _words(desk: Desk) -> str:
    page = await desk.open(0)
    words = (await page.edit(desk.passages[0])).words
    await page.connection.close()
    return words
