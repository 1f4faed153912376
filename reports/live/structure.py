"""What an update of Yjs may hold, read before any library sees it.

pycrdt 0.14 ends the process on deeply nested values and panics on others; and whatever an update holds goes to every
other browser. So only what an editor of our schema can make is let through: its nodes, marks and attributes, in one
root, to the last byte (Yjs update format, version 1: https://github.com/yjs/yjs, src/structs).
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from reports.text.schema import SPEC

from .protocol import EMPTY_UPDATE, Malformed, Reader

ROOT: Final = "default"
NODES: Final = frozenset(SPEC["nodes"]) - {"doc", "text"}
MARKS: Final = frozenset(SPEC["marks"])
ATTRIBUTES: Final = frozenset(name for node in SPEC["nodes"].values() for name in node.get("attrs", {}))

# Of one update: a pasted passage has 200 kB of words (reports.text.limits) and some structure.
MAX_UPDATE: Final = 1_000_000
MAX_VALUE: Final = 4_000
# No text of ours comes near so many letters and deletions by one client.
MAX_CLOCK: Final = 1 << 31
MAX_CLIENTS: Final = 10_000

# Kinds of a struct's content, and of a shared type.
GC, DELETED, STRING, FORMAT, TYPE, ANY, SKIP = 0, 1, 4, 6, 7, 8, 10
XML_ELEMENT, XML_TEXT = 3, 6
HAS_LEFT, HAS_RIGHT, HAS_KEY = 0x80, 0x40, 0x20


@dataclass(frozen=True)
class Update:
    """Under whose ids it writes, and whether some of it hangs on an item that is named by its id alone.

    Such an item may be one that holds nothing, a run of letters: only the library, with the whole text, can tell.
    """

    clients: frozenset[int] = frozenset()
    hangs: bool = False


def check_update(data: bytes) -> Update:
    """Raises Malformed for what no editor of ours makes."""
    if len(data) > MAX_UPDATE:
        raise Malformed("too large")
    reader = _Structs(data)
    clients = frozenset(reader.of_one_client() for _ in range(_count(reader)))
    for _ in range(_count(reader)):
        _deletions(reader)
    reader.end()
    return Update(clients, reader.hangs)


def check_vector(data: bytes) -> None:
    """A state vector: pairs of client and clock. One that claims billions of them would keep the library busy."""
    reader = Reader(data)
    for _ in range(_count(reader)):
        reader.number()
        reader.number()
    reader.end()


def is_empty(update: bytes) -> bool:
    return update in (b"", EMPTY_UPDATE)


def _count(reader: Reader) -> int:
    count = reader.number()
    if count > MAX_CLIENTS:
        raise Malformed("clients")
    return count


class _Structs(Reader):
    """Notes on its way whether something hangs on an item named by its id."""

    hangs = False

    def of_one_client(self) -> int:
        count, client, clock = self.number(), self.number(), self.number()
        for _ in range(count):
            clock += self.struct()
            if clock > MAX_CLOCK:
                raise Malformed("clock")
        return client

    def struct(self) -> int:
        """Its length."""
        info = self.byte()
        kind = info & 0x1F
        if kind in (GC, SKIP):
            return self.number()
        self.place(info)
        content = _CONTENTS.get(kind)
        if content is None:
            raise Malformed("content")
        return content(self)

    def place(self, info: int) -> None:
        """Between which neighbours, or in which parent under which attribute's name."""
        for flag in (HAS_LEFT, HAS_RIGHT):
            if info & flag:
                self.id()
        if not info & (HAS_LEFT | HAS_RIGHT):
            self.parent()
            if info & HAS_KEY and self.text() not in ATTRIBUTES:
                raise Malformed("attribute")

    def parent(self) -> None:
        if self.number() != 1:
            self.hangs = True
            self.id()
        elif self.text() != ROOT:
            raise Malformed("root")

    def id(self) -> None:
        self.number()
        self.number()


def _deleted(reader: Reader) -> int:
    return reader.number()


def _string(reader: Reader) -> int:
    """Yjs counts in UTF-16."""
    return len(reader.text().encode("utf-16-le")) // 2


def _format(reader: Reader) -> int:
    """A mark begins or ends; overlapping ones of one kind carry a hash behind their name."""
    if reader.text().partition("--")[0] not in MARKS:
        raise Malformed("mark")
    value = _json(reader.text())
    if value is not None and not (isinstance(value, dict) and all(map(_is_plain, value.values()))):
        raise Malformed("mark")
    return 1


def _json(text: str) -> Any:
    if len(text) > MAX_VALUE:
        raise Malformed("value")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("value") from None


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _type(reader: Reader) -> int:
    kind = reader.number()
    if kind == XML_ELEMENT:
        if reader.text() not in NODES:
            raise Malformed("node")
    elif kind != XML_TEXT:
        raise Malformed("type")
    return 1


def _any(reader: Reader) -> int:
    """Values of attributes: words, numbers, yes and no, nothing. No lists and objects, which could nest."""
    count = reader.number()
    for _ in range(count):
        _value(reader)
    return count


def _value(reader: Reader) -> None:
    kind = reader.byte()
    if kind == 119:
        if len(reader.text()) > MAX_VALUE:
            raise Malformed("value")
    elif kind == 125:
        _signed(reader)
    elif kind in _SIZES:
        reader.take(_SIZES[kind])
    else:
        raise Malformed("value")


def _signed(reader: Reader) -> None:
    for _ in range(9):
        if reader.byte() < 0x80:
            return
    raise Malformed("number")


def _deletions(reader: Reader) -> None:
    reader.number()
    for _ in range(reader.number()):
        if reader.number() + reader.number() > MAX_CLOCK:
            raise Malformed("clock")


# undefined, null, true, false; float32, float64, bigint
_SIZES: Final = {127: 0, 126: 0, 121: 0, 120: 0, 124: 4, 123: 8, 122: 8}
_CONTENTS: Final = {DELETED: _deleted, STRING: _string, FORMAT: _format, TYPE: _type, ANY: _any}
