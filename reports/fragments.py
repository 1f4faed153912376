"""Pieces of pages that are dear to make, kept in this process under what their reader may see and the last change.

In memory only: what a caucus wrote is copied into no other store, and no key tells of it outside the process.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

MOST_CHARACTERS = 8_000_000
# What its key does not tell (a person's new name) shows after so many seconds.
SECONDS = 300


class Kept:
    """The pieces used last, bounded by size and age; safe between threads."""

    def __init__(self, most: int = MOST_CHARACTERS, seconds: float = SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._held: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Any | None:
        with self._lock:
            at, piece = self._held.get(key, (0.0, None))
            if piece is None:
                return None
            if time.time() - at > self._seconds:
                self._drop(key)
                return None
            self._held.move_to_end(key)
            return piece

    def put(self, key: Hashable, piece: Any) -> Any:
        with self._lock:
            if key in self._held:
                self._drop(key)
            self._held[key] = (time.time(), piece)
            self._size += len(piece)
            while self._size > self._most:
                self._drop(next(iter(self._held)))
        return piece

    def made(self, key: Hashable, make: Callable[[], Any]) -> Any:
        held = self.get(key)
        return self.put(key, make()) if held is None else held

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self._size = 0

    def _drop(self, key: Hashable) -> None:
        self._size -= len(self._held.pop(key)[1])


kept = Kept()
