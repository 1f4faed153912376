"""The bytes of y-protocols that a server needs, behind the number of their channel: sync, awareness, acknowledgement.

lib0's variable integers carry seven bits a byte, lowest first (https://github.com/yjs/y-protocols, PROTOCOL.md).
"""

import json
from dataclasses import dataclass
from typing import Any

SYNC, AWARENESS, ACK = 0, 1, 100
STEP1, STEP2, UPDATE = 0, 1, 2

# Clocks and ids of Yjs fit in 53 bits, the whole numbers of JavaScript.
MOST = 1 << 53
EMPTY_UPDATE = b"\0\0"


class Malformed(ValueError):
    """These bytes are none that an editor of ours sends."""


class Reader:
    """Reads from the front; raises Malformed where the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 56:
                raise Malformed("number")
        if value > MOST:
            raise Malformed("number")
        return value

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise Malformed("short")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise Malformed("short")
        self.at += count
        return self.data[self.at - count : self.at]

    def array(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        try:
            return self.array().decode()
        except UnicodeDecodeError:
            raise Malformed("text") from None

    def rest(self) -> bytes:
        return self.take(len(self.data) - self.at)

    def end(self) -> None:
        """Everything must have been read: what trails is read by nobody and might mean something elsewhere."""
        if self.at != len(self.data):
            raise Malformed("trailing")


def number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def array(data: bytes) -> bytes:
    return number(len(data)) + data


@dataclass(frozen=True)
class Frame:
    """One binary frame. `step` only of a sync message; `payload` is what it carries."""

    channel: int
    kind: int
    step: int
    payload: bytes


def read_frame(data: bytes) -> Frame:
    """What a browser sends: sync steps and awareness."""
    reader = Reader(data)
    channel, kind = reader.number(), reader.number()
    if kind not in (SYNC, AWARENESS):
        raise Malformed("kind")
    step = reader.number() if kind == SYNC else 0
    if step > UPDATE:
        raise Malformed("step")
    payload = reader.array()
    reader.end()
    return Frame(channel, kind, step, payload)


def sync(channel: int, step: int, payload: bytes) -> bytes:
    return number(channel) + bytes((SYNC, step)) + array(payload)


def ack(channel: int, count: int) -> bytes:
    return number(channel) + bytes((ACK,)) + number(count)


@dataclass(frozen=True)
class Caret:
    """Where one editor's cursor stands; `state` is None when it has left."""

    client: int
    clock: int
    state: dict[str, Any] | None


# Of one browser's own entries; a caret with a name takes a few hundred bytes.
MOST_CARETS, MOST_STATE = 40, 4_000


def read_awareness(payload: bytes) -> list[Caret]:
    reader = Reader(payload)
    count = reader.number()
    if count > MOST_CARETS:
        raise Malformed("carets")
    carets = [Caret(reader.number(), reader.number(), _state(reader.text())) for _ in range(count)]
    reader.end()
    return carets


def _state(text: str) -> dict[str, Any] | None:
    if len(text) > MOST_STATE:
        raise Malformed("caret")
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("caret") from None
    if state is not None and not isinstance(state, dict):
        raise Malformed("caret")
    return state


def awareness(channel: int, carets: list[Caret]) -> bytes:
    entries = [number(c.client) + number(c.clock) + array(json.dumps(c.state).encode()) for c in carets]
    return number(channel) + bytes((AWARENESS,)) + array(number(len(entries)) + b"".join(entries))
