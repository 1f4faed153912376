"""The letters of a live text in reading order, each with the id under which it was typed.

pycrdt shows words, not whose they are. So the structs are read here as Yjs stores them and put in order by its own rule
(https://github.com/yjs/yjs, src/structs/Item.js, `integrate`; the YATA paper, Nicolaescu et al. 2016). Ids survive
compaction: what a snapshot keeps of a letter is its client and its place.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .protocol import Reader
from .structure import (
    _CONTENTS,
    DELETED,
    GC,
    HAS_KEY,
    HAS_LEFT,
    HAS_RIGHT,
    SKIP,
    STRING,
    TYPE,
    XML_ELEMENT,
)

Id = tuple[int, int]


class Letters(NamedTuple):
    """Some letters that one client typed in a row; `clock` counts its units of UTF-16 and all else that it wrote."""

    text: str
    client: int
    clock: int
    length: int


class Span(NamedTuple):
    """What an update holds of one client: from this clock to before that one."""

    client: int
    first: int
    after: int


def letters_of(update: bytes) -> list[Letters]:
    """Everything that is read in the text which this update describes, in its order."""
    return list(_Text(update).letters())


def spans_of(update: bytes) -> list[Span]:
    """Whose structs an update brings. What it deletes is nobody's words."""
    reader = _Structs(update)
    return [Span(rows[0].client, rows[0].clock, rows[-1].after) for rows in reader.rows if rows]


# ---- reading -------------------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class _Item:
    """One struct; `units` are its letters in UTF-16, `holds` what stands inside a node."""

    client: int
    clock: int
    length: int
    kind: int
    origin: Id | None = None
    right_origin: Id | None = None
    parent: Id | None = None
    key: bool = False
    units: bytes = b""
    is_gone: bool = False
    home: "_Row | None" = None
    left: "_Item | None" = None
    right: "_Item | None" = None
    holds: "_Row | None" = None

    @property
    def after(self) -> int:
        return self.clock + self.length


@dataclass(eq=False, slots=True)
class _Row:
    """What stands beside each other in the root or in one node."""

    start: _Item | None = None

    def all(self) -> Iterator[_Item]:
        item = self.start
        while item is not None:
            yield item
            item = item.right


class _Structs(Reader):
    """An update that was checked before it was stored (`structure.check_update`): the structs of each client."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.rows = [self._of_one_client() for _ in range(self.number())]

    def _of_one_client(self) -> list[_Item]:
        count, client, clock = self.number(), self.number(), self.number()
        found: list[_Item] = []
        for _ in range(count):
            item = self._struct(client, clock)
            clock = item.after
            found.append(item)
        return found

    def _struct(self, client: int, clock: int) -> _Item:
        info = self.byte()
        kind = info & 0x1F
        if kind in (GC, SKIP):
            return _Item(client, clock, self.number(), kind)
        item = _Item(client, clock, 0, kind)
        item.origin = self._id() if info & HAS_LEFT else None
        item.right_origin = self._id() if info & HAS_RIGHT else None
        if item.origin is None and item.right_origin is None:
            item.parent = self._parent()
            item.key = bool(info & HAS_KEY) and bool(self.text())
        self._content(item)
        return item

    def _id(self) -> Id:
        return self.number(), self.number()

    def _parent(self) -> Id | None:
        if self.number() != 1:
            return self._id()
        self.text()
        return None

    def _content(self, item: _Item) -> None:
        if item.kind == STRING:
            item.units = self.text().encode("utf-16-le")
            item.length = len(item.units) // 2
            return
        start = self.at
        item.length = _CONTENTS[item.kind](self)
        item.is_gone = item.kind == DELETED
        if item.kind == TYPE:
            item.holds = _Row()
            item.units = b"node" if self.data[start] == XML_ELEMENT else b""


# ---- putting in order ----------------------------------------------------------------------------------------------


@dataclass
class _Known:
    """The structs of one client that have their place, by clock."""

    clocks: list[int] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)

    @property
    def after(self) -> int:
        return self.items[-1].after if self.items else 0

    def add(self, item: _Item) -> None:
        self.clocks.append(item.clock)
        self.items.append(item)

    def at(self, clock: int) -> int:
        return bisect_right(self.clocks, clock) - 1

    def split(self, index: int, clock: int) -> _Item:
        """The part of an item from this clock on, now an item of its own."""
        left = self.items[index]
        offset = clock - left.clock
        right = _Item(left.client, clock, left.length - offset, left.kind, (left.client, clock - 1), left.right_origin)
        right.is_gone, right.home, right.units = left.is_gone, left.home, left.units[2 * offset :]
        left.length, left.units = offset, left.units[: 2 * offset]
        if left.home is not None:
            _link(right, left, left.right)
        self.clocks.insert(index + 1, clock)
        self.items.insert(index + 1, right)
        return right


def _link(item: _Item, left: _Item | None, right: _Item | None) -> None:
    item.left, item.right = left, right
    if left is not None:
        left.right = item
    elif item.home is not None:
        item.home.start = item
    if right is not None:
        right.left = item


class _Text:
    def __init__(self, update: bytes) -> None:
        self.root = _Row()
        self.known: dict[int, _Known] = {}
        reader = _Structs(update)
        self._place([rows[::-1] for rows in reader.rows])
        self._delete(reader)

    def _place(self, waiting: list[list[_Item]]) -> None:
        """Each struct once those that it stands between have their place; what hangs on nothing is left out."""
        moved = True
        while moved:
            moved = False
            for rows in waiting:
                while rows and self._is_ready(rows[-1]):
                    self._add(rows.pop())
                    moved = True

    def _is_ready(self, item: _Item) -> bool:
        held = self.known.get(item.client)
        if item.kind == SKIP or item.clock > (held.after if held else 0):
            return False
        return all(self._has(one) for one in (item.origin, item.right_origin, item.parent) if one)

    def _has(self, one: Id) -> bool:
        held = self.known.get(one[0])
        return held is not None and one[1] < held.after

    def _add(self, item: _Item) -> None:
        held = self.known.setdefault(item.client, _Known())
        if item.clock < held.after:
            return  # two updates that overlap say the same
        if item.kind != GC:
            left = self._ending_at(item.origin) if item.origin else None
            right = self._starting_at(item.right_origin) if item.right_origin else None
            item.home = self._home(item, left, right)
            if item.home is not None:
                _integrate(self, item, left, right)
        held.add(item)

    def _home(self, item: _Item, left: _Item | None, right: _Item | None) -> _Row | None:
        """Where it stands; None for the value of an attribute, and for what stood in a node that is gone."""
        if item.key:
            return None
        if left is not None or right is not None:
            homes = [one.home for one in (left, right) if one is not None]
            return None if None in homes else homes[0]
        return self._found(item.parent).holds if item.parent else self.root

    def _found(self, one: Id) -> _Item:
        held = self.known[one[0]]
        return held.items[held.at(one[1])]

    def _ending_at(self, one: Id) -> _Item:
        held = self.known[one[0]]
        index = held.at(one[1])
        if held.items[index].after > one[1] + 1 and held.items[index].kind != GC:
            held.split(index, one[1] + 1)
        return held.items[index]

    def _starting_at(self, one: Id) -> _Item:
        held = self.known[one[0]]
        index = held.at(one[1])
        if held.items[index].clock < one[1] and held.items[index].kind != GC:
            return held.split(index, one[1])
        return held.items[index]

    def _delete(self, reader: Reader) -> None:
        for _ in range(reader.number()):
            client = reader.number()
            for _ in range(reader.number()):
                first = reader.number()
                self._gone(client, first, first + reader.number())

    def _gone(self, client: int, first: int, after: int) -> None:
        held = self.known.get(client)
        while held is not None and first < min(after, held.after):
            item = self._starting_at((client, first))
            if item.after > after:
                self._ending_at((client, after - 1))
            item.is_gone = True
            first = item.after

    def letters(self) -> Iterator[Letters]:
        pending = [self.root.all()]
        while pending:
            item = next(pending[-1], None)
            if item is None:
                pending.pop()
            elif item.is_gone:
                continue
            elif item.kind == STRING:
                yield Letters(item.units.decode("utf-16-le", "replace"), item.client, item.clock, item.length)
            elif item.holds is not None:
                pending.append(item.holds.all())


def _integrate(text: _Text, item: _Item, left: _Item | None, right: _Item | None) -> None:
    """Between its neighbours; where others were put there at the same time, by the ids of their clients."""
    row: _Row = item.home  # type: ignore[assignment]  # asked by the caller
    met: set[int] = set()
    conflicting: set[int] = set()
    other = left.right if left is not None else row.start
    while other is not None and other is not right:
        met.add(id(other))
        conflicting.add(id(other))
        if item.origin == other.origin:
            if other.client < item.client:
                left = other
                conflicting.clear()
            elif item.right_origin == other.right_origin:
                break
        elif other.origin is not None and id(origin := text._found(other.origin)) in met:
            if id(origin) not in conflicting:
                left = other
                conflicting.clear()
        else:
            break
        other = other.right
    _link(item, left, left.right if left is not None else row.start)
