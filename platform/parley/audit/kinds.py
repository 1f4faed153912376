"""How an entry reads to a person: each part of the site registers the words of its own kinds."""

from collections import defaultdict
from typing import Any

from .models import Entry

_words: dict[str, Any] = {}


def words(kind: str, text: Any) -> None:
    """Register the words of a kind; `text` (lazily translated) may name facts: "Draft %(number)s was released"."""
    if kind in _words:
        raise ValueError(f"The audit kind {kind!r} has words already.")
    _words[kind] = text


def describe(entry: Entry) -> str:
    """The entry in words, in the reader's language; a kind without words is shown by its name."""
    if entry.kind not in _words:
        return entry.kind
    return str(_words[entry.kind]) % defaultdict(str, entry.facts)


def known_kinds() -> set[str]:
    return set(_words)
