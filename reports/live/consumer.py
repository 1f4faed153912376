"""`/ws/section/<id>/`: the one socket of a section's page. All that `/ws/updates/` does, and the live texts in it.

Text frames are JSON; binary frames begin with the number of a channel, one for each text that the page has opened.
docs/live.md has both. Everything is asked of the rules at the entrance, again when an access changes, and in the
transaction of each write.
"""

import re
import time
from dataclasses import replace
from typing import Any, Final

from pycrdt import get_state, get_update

from parley.notifications.consumers import MALFORMED, NO_ACCESS, Refused, UpdatesConsumer, read_frame, topics_of
from parley.notifications.hub import ask as ask_about_pages
from reports.models import Ending

from . import opening, protocol, rights, showing, store, structure
from .batches import Entry
from .conversion import Unreadable
from .hub import Channel, ask, live_hub
from .opening import Entrance
from .protocol import Caret, Frame, Malformed
from .quiet import problem_with
from .rights import Named

KINDS: Final = ("passage", "proposal")
IDENTIFIER = re.compile(r"[a-z0-9]{1,16}")
MOST_CHANNELS = 30
# A quick typist sends fifteen updates a second and as many carets; a paste, or a day's words without a line, is large.
MOST_FRAMES, MOST_BYTES, PER_SECONDS = 600, 4_000_000, 10.0
# Beyond this a text is a mistake or an attack: a passage in canonical form has at most 200 kB.
MOST_OF_A_TEXT = 8_000_000
# The state vector of a page that has just opened: it lacks all.
NOTHING_YET = b"\0"


class SectionConsumer(UpdatesConsumer):
    section = ""
    visitor: rights.Visitor

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.channels: dict[int, Channel] = {}
        self.opened = 0
        self.spent, self.spent_bytes, self.spent_since = 0, 0, time.monotonic()
        self.section = scope["url_route"]["kwargs"]["section"]
        try:
            await super().__call__(scope, receive, send)
        finally:
            live_hub().leave(self)

    def writes_in(self, passage: str) -> bool:
        return any(channel.named == Named("passage", passage) for channel in self.channels.values())

    # ---- the door, and what is asked again when an access changes

    async def connect(self) -> None:
        await super().connect()
        live_hub().visit(self)
        for shown in await ask(showing.typed_since_the_page, self.section):
            html = await ask(showing.words_to_show, shown.text, self.visitor.language)
            await self.live_words({"passage": shown.passage, "html": html})

    async def hear(self, topics: list[str]) -> None:
        before = getattr(self, "standing", None)
        await super().hear(topics)
        if before != self.standing:
            await self.prove()

    async def prove(self) -> None:
        """The section first, then each text that is open."""
        visitor = await ask_about_pages(rights.visitor_of, self.session, self.section)
        if visitor is None:
            raise Refused(NO_ACCESS)
        self.visitor = visitor
        opened = [channel.named for channel in self.channels.values()]
        still = await ask_about_pages(rights.still_may, self.session, self.section, opened) if opened else {}
        for channel in list(self.channels.values()):
            if channel.named not in still or channel.may_write > still[channel.named]:
                await self.shut(channel, "access")
            else:
                channel.may_write = still[channel.named]

    async def end(self, code: int) -> None:
        for channel in list(self.channels.values()):
            self.forget(channel)
        await super().end(code)

    # ---- from the browser

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.closed:
            return
        if bytes_data is not None:
            await self.received_bytes(bytes_data)
            return
        frame = read_frame(text_data, None)
        self.count_message()
        kind = frame.get("type") if isinstance(frame, dict) else None
        if kind == "open":
            await self.open(*_asked(frame))
        elif kind == "close":
            self.close_text(_named(frame))
        else:
            await self.hear(topics_of(frame))

    async def open(self, named: Named, version: int) -> None:
        self.close_text(named)
        try:
            if len(self.channels) >= MOST_CHANNELS:
                raise opening.Refused(opening.BUSY, "busy")
            entrance = await ask(opening.enter, self.session, self.section, named, version)
        except opening.Refused as refusal:
            await self.tell_refused(named, refusal)
            return
        await self.opened_at(entrance)

    async def opened_at(self, entrance: Entrance) -> None:
        self.opened += 1
        channel = Channel(
            socket=self,
            number=self.opened,
            named=entrance.named,
            text=entrance.text,
            shown=entrance.shown,
            may_write=entrance.may_write,
            person=self.visitor.person,
        )
        self.channels[channel.number] = channel
        live_hub().join(channel)
        await self.tell(
            {
                "type": "opened",
                **entrance.named.said,
                "text": entrance.public_id,
                "n": channel.number,
                "mayWrite": entrance.may_write,
                "name": self.visitor.name,
                "hue": self.visitor.hue,
                "savedAt": entrance.saved_at.isoformat() if entrance.saved_at else None,
            }
        )

    def close_text(self, named: Named) -> None:
        for channel in [held for held in self.channels.values() if held.named == named]:
            self.forget(channel)

    def forget(self, channel: Channel) -> None:
        if self.channels.pop(channel.number, None):
            live_hub().part(channel)

    async def received_bytes(self, data: bytes) -> None:
        try:
            frame = protocol.read_frame(data)
            channel = self.channels.get(frame.channel)
            if channel is not None and await self.within_measure(channel, data):
                await self.take_frame(channel, frame)
        except Malformed:
            raise Refused(MALFORMED) from None

    async def within_measure(self, channel: Channel, data: bytes) -> bool:
        """Some seconds of typing at any speed; what is more ends the channel, to be opened again in a while."""
        now = time.monotonic()
        if now - self.spent_since > PER_SECONDS:
            self.spent, self.spent_bytes, self.spent_since = 0, 0, now
        self.spent, self.spent_bytes = self.spent + 1, self.spent_bytes + len(data)
        if len(data) > structure.MAX_UPDATE or channel.size + len(data) > MOST_OF_A_TEXT:
            await self.refuse(channel, opening.Refused(opening.TOO_LONG, "too-long"))
        elif self.spent > MOST_FRAMES or self.spent_bytes > MOST_BYTES:
            await self.refuse(channel, opening.Refused(opening.BUSY, "busy"))
        else:
            return True
        return False

    async def take_frame(self, channel: Channel, frame: Frame) -> None:
        if frame.kind == protocol.AWARENESS:
            await self.take_carets(channel, protocol.read_awareness(frame.payload))
        elif frame.step == protocol.STEP1:
            structure.check_vector(frame.payload)
            await self.send_text(channel, frame.payload)
        else:
            await self.take_update(channel, frame.payload)

    async def send_text(self, channel: Channel, vector: bytes) -> None:
        """What the browser lacks; and, of those who write, what we lack."""
        loaded = await ask(store.load, channel.text)
        channel.sequence, channel.size = loaded.sequence, len(loaded.update)
        lacking = get_update(loaded.update, vector) if vector != NOTHING_YET else loaded.update
        await self.send_frame(channel, protocol.STEP2, lacking)
        if channel.may_write:
            await self.send_frame(channel, protocol.STEP1, get_state(loaded.update))

    async def take_update(self, channel: Channel, payload: bytes) -> None:
        update = structure.check_update(payload) if payload else structure.Update()
        channel.received += 1
        if structure.is_empty(payload):
            await self.live_stored({"channel": channel, "places": [channel.received]})
        elif channel.may_write:
            channel.size += len(payload)
            live_hub().put(Entry(channel, channel.received, channel.text, payload, update, self.standing))
        else:
            await self.refuse(channel, opening.Refused(opening.NO_ACCESS, "access"))

    async def take_carets(self, channel: Channel, carets: list[Caret]) -> None:
        """One's own alone, under the session's name; other people's that a browser echoes are dropped."""
        if not channel.may_write or not carets:
            return
        client = channel.caret.client if channel.caret else await self.own_client(channel, carets)
        for caret in carets:
            if client is not None and caret.client == client:
                self.move_caret(channel, caret)

    async def own_client(self, channel: Channel, carets: list[Caret]) -> int | None:
        """A browser shows one caret, and echoes others later at the earliest."""
        client = carets[0].client
        try:
            await ask(store.claim, channel.text, [client], self.visitor.person)
        except store.ForeignClient:
            await self.refuse(channel, opening.Refused(opening.FOREIGN, "elsewhere"))
            return None
        return client

    def move_caret(self, channel: Channel, caret: Caret) -> None:
        """Our clock instead of the browser's: it rises through every reconnection."""
        user = {"name": self.visitor.name, "hue": self.visitor.hue}
        state = None if caret.state is None else {**caret.state, "user": user}
        channel.caret = Caret(caret.client, time.time_ns() // 1_000_000, state)
        live_hub().put_caret(channel, channel.caret)

    # ---- from the live hub

    async def live_news(self, message: dict[str, Any]) -> None:
        """Rows of a batch; a gap before them means that the layer lost some."""
        channel, news = message["channel"], message["news"]
        if channel.number not in self.channels or channel.sequence is None or news["last"] <= channel.sequence:
            return
        if news["first"] > channel.sequence + 1:
            await self.catch_up(channel)
            return
        channel.sequence = news["last"]
        others = [bytes(payload) for origin, payload in news["items"] if origin != channel.id]
        if others:
            await self.send_frame(channel, protocol.UPDATE, store.merged(others) if len(others) > 1 else others[0])

    async def catch_up(self, channel: Channel) -> None:
        loaded = await ask(store.since, channel.text, channel.sequence)
        channel.sequence = loaded.sequence
        await self.send_frame(channel, protocol.UPDATE, loaded.update)

    async def live_carets(self, message: dict[str, Any]) -> None:
        channel = message["channel"]
        own = channel.caret.client if channel.caret else None
        carets = [caret for caret in message["carets"] if caret.client != own]
        if carets and channel.number in self.channels and not self.closed:
            await self.send(bytes_data=protocol.awareness(channel.number, carets))

    async def live_stored(self, message: dict[str, Any]) -> None:
        channel = message["channel"]
        channel.count(message["places"])
        if channel.number in self.channels and not self.closed:
            await self.send(bytes_data=protocol.ack(channel.number, channel.acked))

    async def live_unproven(self, message: dict[str, Any]) -> None:
        """Not taken: the text has ended, or the person's access has changed since. If they still may, once more."""
        channel, entries = message["channel"], message["entries"]
        await self.ask_again()
        head = (await ask(store.heads, [channel.text])).get(channel.text)
        if head is None or head.ended_by:
            await self.shut(channel, head.ended_by if head else Ending.DROPPED)
        elif any(entry.by == self.standing for entry in entries):
            await self.refuse(channel, opening.Refused(opening.NO_ACCESS, "access"))
        elif channel.number in self.channels and channel.may_write:
            for entry in entries:
                live_hub().put(replace(entry, by=self.standing))

    async def live_refused(self, message: dict[str, Any]) -> None:
        if isinstance(message["refusal"], Unreadable):
            raise Refused(MALFORMED)
        await self.refuse(message["channel"], message["refusal"])

    async def live_swept(self, message: dict[str, Any]) -> None:
        """Behind since the last sweep already: then it is not on its way any more."""
        channel, head = message["channel"], message["head"]
        if channel.number not in self.channels:
            return
        if head.ended_by:
            await self.shut(channel, head.ended_by)
            return
        if channel.sequence is not None and head.sequence > channel.sequence and channel.swept == channel.sequence:
            await self.catch_up(channel)
        channel.swept = channel.sequence if channel.sequence is not None else -1
        await self.live_stored({"channel": channel, "places": []})

    async def live_ended(self, message: dict[str, Any]) -> None:
        await self.shut(message["channel"], message["why"])

    async def live_cut(self, message: dict[str, Any]) -> None:
        channel = message["channel"]
        if channel.number in self.channels:
            facts = {"version": message["version"], "laid": message["laid"]}
            await self.tell({"type": "cut", **channel.named.said, **facts})

    async def live_problem(self, message: dict[str, Any]) -> None:
        channel = message["channel"]
        words = await ask(problem_with, channel.text, self.visitor.language)
        if words and channel.number in self.channels:
            await self.tell({"type": "problem", **channel.named.said, "words": words})

    async def live_words(self, message: dict[str, Any]) -> None:
        if message["html"] and not self.writes_in(message["passage"]):
            await self.tell({"type": "words", "passage": message["passage"], "html": message["html"]})

    # ---- ends of a channel; the page stays

    async def refuse(self, channel: Channel, refusal: opening.Refused) -> None:
        if channel.number in self.channels:
            self.forget(channel)
            await self.tell_refused(channel.named, refusal)

    async def tell_refused(self, named: Named, refusal: opening.Refused) -> None:
        await self.tell({"type": "refused", **named.said, "code": refusal.code, "why": refusal.why})

    async def shut(self, channel: Channel, why: str) -> None:
        if channel.number in self.channels:
            self.forget(channel)
            await self.tell({"type": "closed", **channel.named.said, "why": str(why)})

    async def send_frame(self, channel: Channel, step: int, payload: bytes) -> None:
        if not self.closed:
            await self.send(bytes_data=protocol.sync(channel.number, step, payload))


def _asked(frame: dict[str, Any]) -> tuple[Named, int]:
    version = frame.get("schema")
    if not isinstance(version, int) or isinstance(version, bool):
        raise Refused(MALFORMED)
    return _named(frame), version


def _named(frame: dict[str, Any]) -> Named:
    """Exactly one passage, or one proposal."""
    found = [Named(kind, frame[kind]) for kind in KINDS if kind in frame]
    if len(found) != 1 or not isinstance(found[0].public_id, str) or not IDENTIFIER.fullmatch(found[0].public_id):
        raise Refused(MALFORMED)
    return found[0]
