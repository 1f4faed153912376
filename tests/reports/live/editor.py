"""An editor’s end of a section’s socket: it speaks the protocol as the browser does, with a document of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from parley.accounts.models import User
from reports.live import protocol
from reports.live.protocol import Caret, Reader
from reports.live.rights import Named
from reports.models import Passage, Proposal, Section
from reports.text import schema
from tests.factories.browsers import signed_in
from tests.parley.notifications.pages import Page

ORIGIN = settings.CSRF_TRUSTED_ORIGINS[0]
PATIENCE = 5.0
Home = Passage | Proposal


def named(home: Home | Named | str) -> Named:
    """As a frame names it; a bare id is a passage's."""
    if isinstance(home, Named):
        return home
    if isinstance(home, str):
        return Named("passage", home)
    return Named("proposal" if isinstance(home, Proposal) else "passage", home.public_id)


@sync_to_async
def cookies_of(person: User) -> str:
    browser = signed_in(person)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


class Receiving:
    """What a section's page does with the frames that it receives, whatever brings them.

    `frames` has everything raw, `told` the JSON, `closed_by` the code of the close.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.frames: list[bytes] = []
        self.told: list[dict[str, Any]] = []
        self.editors: dict[int, Editor] = {}
        self.closed_by: int | None = None

    async def take(self, seconds: float = PATIENCE) -> None:
        """Wait for one frame, and give it to `took`."""
        raise NotImplementedError

    async def send(self, frame: str) -> None:
        raise NotImplementedError

    async def send_bytes(self, frame: bytes) -> None:
        raise NotImplementedError

    async def took(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            self.frames.append(frame.encode())
            self.told.append(json.loads(frame))
            return
        self.frames.append(frame)
        reader = Reader(frame)
        editor = self.editors.get(reader.number())
        if editor is not None:
            await editor.heard(reader)

    async def until(self, holds: Callable[[], Any], seconds: float = PATIENCE) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                await self.take(seconds)

    def last(self, kind: str) -> dict[str, Any] | None:
        return next((told for told in reversed(self.told) if told["type"] == kind), None)

    async def ask_for(self, home: Home | Named | str, version: int = schema.VERSION) -> dict[str, Any]:
        """Open a passage (by itself or its id) or a proposal; what was answered."""
        before = len(self.told)
        await self.send(json.dumps({"type": "open", **named(home).said, "schema": version}))
        await self.until(lambda: any(t["type"] in ("opened", "refused") for t in self.told[before:]))
        return next(t for t in self.told[before:] if t["type"] in ("opened", "refused"))

    async def edit(self, home: Home | Named | str, doc: Doc | None = None) -> "Editor":
        """Open a passage or a proposal and have its words."""
        opened = await self.ask_for(home)
        assert opened["type"] == "opened", opened
        editor = Editor(self, opened["n"], opened["mayWrite"], doc)
        self.editors[editor.number] = editor
        await editor.ask()
        await self.until(lambda: editor.synced and (editor.sent or not editor.may_write))
        return editor


class SectionPage(Receiving, Page):
    """One socket of this process."""

    def __init__(self, cookies: str, section: Section) -> None:
        headers = [(b"origin", ORIGIN.encode()), (b"cookie", cookies.encode())]
        super().__init__(headers, f"/ws/section/{section.public_id}/")

    async def take(self, seconds: float = PATIENCE) -> None:
        message = await self.receive_output(seconds)
        if message["type"] == "websocket.close":
            self.closed_by = message["code"]
        elif message.get("text") is not None:
            await self.took(message["text"])
        else:
            await self.took(message["bytes"])

    async def quiet(self, seconds: float = 0.4) -> None:
        """Take whatever still comes."""
        while self.closed_by is None and not await self.receive_nothing(seconds):
            await self.take()

    async def send(self, frame: str) -> None:
        await Page.send(self, frame)

    async def send_bytes(self, frame: bytes) -> None:
        await self.send_input({"type": "websocket.receive", "bytes": frame})


class Editor:
    """One passage that is written in: `sent` updates of which `acked` are stored."""

    def __init__(self, page: Receiving, number: int, may_write: bool, doc: Doc | None = None) -> None:
        self.page, self.number, self.may_write = page, number, may_write
        self.doc: Doc = doc or Doc()
        self.root = self.doc.get("default", type=XmlFragment)
        self.synced, self.sent, self.acked = False, 0, 0
        self.carets: dict[int, Caret] = {}

    async def ask(self) -> None:
        await self.page.send_bytes(protocol.sync(self.number, protocol.STEP1, self.doc.get_state()))

    async def heard(self, reader: Reader) -> None:
        kind = reader.number()
        if kind == protocol.ACK:
            self.acked = reader.number()
        elif kind == protocol.AWARENESS:
            self.carets |= {caret.client: caret for caret in protocol.read_awareness(reader.array())}
        else:
            await self.heard_sync(reader.number(), reader.array())

    async def heard_sync(self, step: int, payload: bytes) -> None:
        if step == protocol.STEP1:
            await self.send(self.doc.get_update(payload), protocol.STEP2)
            return
        self.doc.apply_update(payload)
        self.synced = True

    async def send(self, update: bytes, step: int = protocol.UPDATE) -> None:
        self.sent += 1
        await self.page.send_bytes(protocol.sync(self.number, step, update))

    async def type(self, words: str, block: int = 0) -> None:
        """At the end of a paragraph, as one update; not waiting for its acknowledgement."""
        await self.send(self.typed(words, block))

    def typed(self, words: str, block: int = 0) -> bytes:
        before = self.doc.get_state()
        with self.doc.transaction():
            paragraph = self.paragraph(block)
            if not len(paragraph.children):
                paragraph.children.append(XmlText())
            text = paragraph.children[len(paragraph.children) - 1]
            text.insert(len(str(text).encode()), words)
        return self.doc.get_update(before)

    def paragraph(self, block: int) -> XmlElement:
        while len(self.root.children) <= block:
            self.root.children.append(XmlElement("paragraph"))
        return self.root.children[block]

    def erased(self, block: int = 0) -> bytes:
        """All words of a paragraph."""
        before = self.doc.get_state()
        with self.doc.transaction():
            text = self.paragraph(block).children[0]
            del text[0 : len(str(text).encode())]
        return self.doc.get_update(before)

    async def saved(self) -> None:
        await self.page.until(lambda: self.acked >= self.sent)

    async def point(self, client: int | None = None, **state: Any) -> None:
        caret = Caret(client if client is not None else self.doc.client_id, 1, state)
        await self.page.send_bytes(protocol.awareness(self.number, [caret]))

    @property
    def words(self) -> str:
        return " ".join(str(child.children[0]) if len(child.children) else "" for child in self.root.children)


@asynccontextmanager
async def section_page(person: User, section: Section, *, cookies: str = "") -> AsyncIterator[SectionPage]:
    page = SectionPage(cookies or await cookies_of(person), section)
    assert await page.connect()
    await page.take()
    try:
        yield page
    finally:
        await page.leave()
