"""One batch of writes, from the hub's queue into the rows: claimed, merged by connection, stored, counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from parley.notifications.presence import Standing

from . import store
from .conversion import Unreadable, doc_of
from .opening import FOREIGN, Refused
from .store import ForeignClient, Write
from .structure import Update

# What this process has seen claimed; forgotten at once when it grows beyond all measure.
MOST_CLAIMS = 50_000


@dataclass(frozen=True)
class Entry:
    """An update as a connection sent it: the how-manieth of its channel, what it holds, under which standing."""

    channel: Any
    place: int
    text: int
    payload: bytes
    update: Update
    by: Standing


@dataclass
class Outcome:
    """What came of a batch.

    `news`: by text the first and last sequence and the rows, each with the channel that wrote it; `refused`: by channel
    why; `unproven`: what was not taken because a text or a standing had ended; `lost`: nothing was stored at all.
    """

    news: dict[int, list[tuple[int, Any, bytes]]] = field(default_factory=dict)
    refused: dict[Any, Refused | Unreadable] = field(default_factory=dict)
    unproven: dict[Any, list[Entry]] = field(default_factory=dict)
    compacted: set[int] = field(default_factory=set)
    lost: bool = False


_claimed: set[tuple[int, int, int]] = set()


def carry_out(entries: Sequence[Entry]) -> Outcome:
    outcome = Outcome()
    rows = [row for held in _by_channel(entries) if (row := _row(held, outcome)) is not None]
    written = store.append([write for _entries, write in rows]).sequences if rows else []
    for (held, write), sequence in zip(rows, written, strict=True):
        if sequence is None:
            outcome.unproven[held[0].channel] = held
        else:
            outcome.news.setdefault(write.text, []).append((sequence, held[0].channel, write.payload))
            if sequence % store.COMPACT_EVERY == 0:
                outcome.compacted.add(write.text)
    return outcome


def _by_channel(entries: Sequence[Entry]) -> list[list[Entry]]:
    found: dict[Any, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.channel, []).append(entry)
    return list(found.values())


def _row(held: list[Entry], outcome: Outcome) -> tuple[list[Entry], Write] | None:
    """One row of all that a connection wrote; what the library can't read, alone or in its place, is never stored."""
    first = held[0]
    try:
        _claim(first.text, frozenset().union(*(entry.update.clients for entry in held)), first.by.user)
        payload = store.merged([entry.payload for entry in held])
        if any(entry.update.hangs for entry in held):
            doc_of(store.merged([store.load(first.text).update, payload]))
        return held, Write(first.text, payload, held[-1].by)
    except ForeignClient:
        outcome.refused[first.channel] = Refused(FOREIGN, "elsewhere")
    except Unreadable as unreadable:
        outcome.refused[first.channel] = unreadable
    return None


def _claim(text: int, clients: frozenset[int], person: int) -> None:
    unknown = {client for client in clients if (text, client, person) not in _claimed}
    if not unknown:
        return
    store.claim(text, unknown, person)
    if len(_claimed) > MOST_CLAIMS:
        _claimed.clear()
    _claimed.update((text, client, person) for client in unknown)
