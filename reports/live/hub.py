"""One live hub per server process: gathers writes, stores them, then tells who types in the same text, then answers.

Commit, then delivery, then acknowledgement: what was acknowledged lies in the database. The channel layer carries one
message for a batch to the other processes; where it loses one, a gap in the sequence or the sweep shows it, and the
rows are read.
"""

import asyncio
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import structlog
from channels.layers import get_channel_layer
from django.db import connection

from . import branching, events, quiet, store
from .batches import Entry, Outcome, carry_out
from .protocol import Caret
from .rights import Named
from .showing import words_to_show

if TYPE_CHECKING:
    from .consumer import SectionConsumer

log = structlog.get_logger(__name__)
T = TypeVar("T")

LINGER_SECONDS = 0.02
SWEEP_SECONDS = 4.0
LAYER_SECONDS = 2.0
# The words for those who only read are made at most so often, once for all of a process; and each time whole, so that
# a long passage is shown less often: what comes to one page is a trickle, on any line.
SHOW_SECONDS = 1.0
SHOWN_BYTES_A_SECOND = 900

# One thread writes, so that batches keep their order; asgiref's shared thread serves all consumers one by one.
_writer = ThreadPoolExecutor(1, thread_name_prefix="live-writes")
_readers = ThreadPoolExecutor(2, thread_name_prefix="live-reads")


async def ask(question: Callable[..., T], *args: Any, pool: ThreadPoolExecutor = _readers) -> T:
    """Run a question to the database in the live hub's own threads."""

    def answered() -> T:
        connection.close_if_unusable_or_obsolete()
        try:
            return question(*args)
        except Exception:
            connection.close()
            raise

    return await asyncio.get_running_loop().run_in_executor(pool, answered)


@dataclass(eq=False)
class Channel:
    """One live text on one connection. `number` stands before each binary frame.

    `sequence` is None until the browser has asked for the text; `received`, `stored` and `acked` count its updates.
    """

    socket: "SectionConsumer"
    number: int
    named: Named
    text: int
    shown: tuple[str, ...]
    may_write: bool
    person: int
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    sequence: int | None = None
    swept: int = -1
    size: int = 0
    received: int = 0
    stored: set[int] = field(default_factory=set)
    acked: int = 0
    caret: Caret | None = None

    def count(self, places: Iterable[int]) -> None:
        """Acknowledged is what was stored without a gap before it."""
        self.stored.update(places)
        while self.acked + 1 in self.stored:
            self.acked += 1
            self.stored.discard(self.acked)


# Text → client → where it stands, whose it is and which connection says so.
Carets = dict[int, dict[int, tuple[Caret, int, str]]]


class LiveHub:
    def __init__(self) -> None:
        self.id = uuid.uuid4().hex
        self.layer = get_channel_layer()
        self.visitors: dict[str, set[SectionConsumer]] = defaultdict(set)
        self.channels: dict[int, set[Channel]] = defaultdict(set)
        self.owners: dict[int, dict[int, int]] = defaultdict(dict)
        self.entries: list[Entry] = []
        self.carets: Carets = {}
        self.asking: set[int] = set()
        self.left: set[int] = set()
        # Of a proposal's text the state and the words of today over which it was tried to lay it.
        self.laid_over: dict[int, tuple[int, int]] = {}
        self.unshown: dict[int, tuple[str, ...]] = {}
        self.shown_until: dict[str, float] = {}
        self.wake = asyncio.Event()
        self.tasks: list[asyncio.Task] = []

    # ---- coming and going

    def visit(self, socket: "SectionConsumer") -> None:
        self.visitors[socket.section].add(socket)
        if not self.tasks:
            steps = (self._flush, self._listen, self._sweep, self._show)
            self.tasks = [asyncio.create_task(self._forever(step)) for step in steps]

    def leave(self, socket: "SectionConsumer") -> None:
        for channel in list(socket.channels.values()):
            self.part(channel)
        self.visitors[socket.section].discard(socket)
        if not self.visitors[socket.section]:
            del self.visitors[socket.section]
            self.shown_until.pop(socket.section, None)
        if not self.visitors:
            self.wake.set()

    def join(self, channel: Channel) -> None:
        """Whoever types there already is asked to say where."""
        self.channels[channel.text].add(channel)
        self.asking.add(channel.text)
        self.wake.set()

    def part(self, channel: Channel) -> None:
        held = self.channels[channel.text]
        held.discard(channel)
        if channel.caret is not None:
            self.put_caret(channel, Caret(channel.caret.client, channel.caret.clock + 1, None))
        if not held:
            del self.channels[channel.text]
            self.owners.pop(channel.text, None)
            self.laid_over.pop(channel.text, None)
            self.left.add(channel.text)
        self.wake.set()

    # ---- what a connection sends

    def put(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.wake.set()

    def put_caret(self, channel: Channel, caret: Caret) -> None:
        """Of each client only the newest goes out."""
        self.carets.setdefault(channel.text, {})[caret.client] = (caret, channel.person, channel.id)
        self.wake.set()

    # ---- the steps that run for ever

    async def _forever(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await step()
            except Exception as failure:  # noqa: BLE001 (Redis or the database is gone; the next round tries again)
                log.warning("live_hub_failed", kind=step.__name__, reason=type(failure).__name__)
                await asyncio.sleep(1)

    async def _flush(self) -> None:
        await self.wake.wait()
        await asyncio.sleep(LINGER_SECONDS)
        self.wake.clear()
        try:
            await self._flush_once()
        finally:
            self._lie_down()

    async def _flush_once(self) -> None:
        entries, self.entries = self.entries, []
        carets, self.carets = self.carets, {}
        asking, self.asking = self.asking, set()
        left, self.left = self.left, set()
        outcome = await self._stored(entries)
        message = {"texts": self._news(outcome, entries), "carets": _packed(carets), "asking": sorted(asking)}
        if any(message.values()):
            self._deliver(message)
        self._answer(entries, outcome)
        if any(message.values()):
            await self._pass_on(message)
        for text in outcome.compacted:
            await ask(store.compact, text, pool=_writer)
        for text in left - set(self.channels):
            await ask(quiet.cut_when_alone, text)
            await ask(store.compact_at_rest, text, pool=_writer)

    async def _stored(self, entries: list[Entry]) -> Outcome:
        """Without a database nothing is acknowledged: the connections close, to be tried again with what they hold."""
        if not entries:
            return Outcome()
        try:
            return await ask(carry_out, entries, pool=_writer)
        except Exception as failure:  # noqa: BLE001 (whatever it was, nothing is stored)
            log.warning("live_batch_failed", reason=type(failure).__name__)
            for socket in {entry.channel.socket for entry in entries}:
                socket.post({"type": "too.slow"})
            return Outcome(lost=True)

    def _news(self, outcome: Outcome, entries: list[Entry]) -> dict[str, Any]:
        shown = {entry.text: entry.channel.shown for entry in entries}
        return {
            str(text): {
                "first": rows[0][0],
                "last": rows[-1][0],
                "items": [[channel.id, payload] for _sequence, channel, payload in rows],
                "shown": list(shown[text]),
            }
            for text, rows in outcome.news.items()
        }

    def _answer(self, entries: list[Entry], outcome: Outcome) -> None:
        for channel, held in outcome.unproven.items():
            channel.socket.post({"type": "live.unproven", "channel": channel, "entries": held})
        for channel, refusal in outcome.refused.items():
            channel.socket.post({"type": "live.refused", "channel": channel, "refusal": refusal})
        if outcome.lost:
            return
        for channel in {entry.channel for entry in entries} - set(outcome.unproven) - set(outcome.refused):
            places = [entry.place for entry in entries if entry.channel is channel]
            channel.socket.post({"type": "live.stored", "channel": channel, "places": places})

    async def _pass_on(self, message: dict[str, Any]) -> None:
        """To the other processes."""
        whole = {"type": "live.batch", "from": self.id, **message}
        await asyncio.wait_for(self.layer.group_send(events.GROUP, whole), LAYER_SECONDS)

    def _lie_down(self) -> None:
        """Nobody is left: the tasks end, this one last."""
        if self.visitors or self.entries or self.wake.is_set():
            return
        tasks, self.tasks = self.tasks, []
        for task in tasks:
            task.cancel()

    async def _listen(self) -> None:
        channel = await self.layer.new_channel()
        await self.layer.group_add(events.GROUP, channel)
        while True:
            message = await self.layer.receive(channel)
            if message.get("from") != self.id:
                self._heard(message)

    def _heard(self, message: dict[str, Any]) -> None:
        if message["type"] == "live.batch":
            self._deliver(message)
            return
        for channel in self.channels.get(message["text"], ()):
            channel.socket.post({**message, "channel": channel})

    async def _sweep(self) -> None:
        """What the layer lost is found by the sequences; it also keeps quiet connections alive."""
        await asyncio.sleep(SWEEP_SECONDS)
        heads = await ask(store.heads, list(self.channels)) if self.channels else {}
        for text, head in heads.items():
            for channel in self.channels.get(text, ()):
                channel.socket.post({"type": "live.swept", "channel": channel, "head": head})
        await self._lay_over_today()

    async def _lay_over_today(self) -> None:
        """What others changed in a passage comes into the open drafts of other words for it; tried once a state."""
        drafts = [text for text, held in self.channels.items() if any(one.named.kind == "proposal" for one in held)]
        moved = await ask(branching.moved_on, drafts) if drafts else {}
        for text, state in moved.items():
            if self.laid_over.get(text) != state:
                await ask(branching.lay_over_today, text)
                self.laid_over[text] = state

    async def _show(self) -> None:
        await asyncio.sleep(SHOW_SECONDS)
        for text, (section, passage) in list(self.unshown.items()):
            now = time.monotonic()
            if self.shown_until.get(section, 0) <= now:
                del self.unshown[text]
                size = await self._show_words(text, section, passage)
                self.shown_until[section] = now + size / SHOWN_BYTES_A_SECOND

    async def _show_words(self, text: int, section: str, passage: str) -> int:
        """To all who read the section and do not write there; how many bytes each of them gets at most."""
        readers = [socket for socket in self.visitors.get(section, ()) if not socket.writes_in(passage)]
        most = 0
        for language in {socket.visitor.language for socket in readers}:
            html = await ask(words_to_show, text, language)
            most = max(most, len(html.encode()))
            for socket in readers:
                if html and socket.visitor.language == language:
                    socket.post({"type": "live.words", "passage": passage, "html": html})
        return most

    # ---- delivery inside this process

    def _deliver(self, message: dict[str, Any]) -> None:
        for text, news in message.get("texts", {}).items():
            for channel in self.channels.get(int(text), ()):
                channel.socket.post({"type": "live.news", "channel": channel, "news": news})
            if news["shown"] and news["shown"][0] in self.visitors:
                self.unshown[int(text)] = tuple(news["shown"])
        for text, carets in message.get("carets", {}).items():
            if int(text) in self.channels:
                self._deliver_carets(int(text), [held for held in carets if self._is_its_own(int(text), held)])
        for text in message.get("asking", ()):
            self._say_where(text)

    def _is_its_own(self, text: int, carried: list[Any]) -> bool:
        """A client id shown by somebody else than before is a forged one."""
        client, _clock, state, person, _origin = carried
        owners = self.owners[text]
        if owners.setdefault(client, person) != person:
            return False
        if state is None:
            owners.pop(client)
        return True

    def _deliver_carets(self, text: int, carets: list[list[Any]]) -> None:
        for channel in self.channels.get(text, ()):
            others = [Caret(*carried[:3]) for carried in carets if carried[4] != channel.id]
            if others:
                channel.socket.post({"type": "live.carets", "channel": channel, "carets": others})

    def _say_where(self, text: int) -> None:
        for channel in self.channels.get(text, ()):
            if channel.caret is not None:
                self.put_caret(channel, channel.caret)


def _packed(carets: Carets) -> dict[str, Any]:
    """As the channel layer carries it."""
    return {
        str(text): [[c.client, c.clock, c.state, person, origin] for c, person, origin in held.values()]
        for text, held in carets.items()
    }


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, LiveHub]" = WeakKeyDictionary()


def live_hub() -> LiveHub:
    """The live hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = LiveHub()
    return _hubs[loop]
