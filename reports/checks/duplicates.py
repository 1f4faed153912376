"""Passages that say nearly the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.text.plain import _WORD as WORD

from .registry import Finding, Place, over_document
from .texts import Piece, Whole, in_brief

# Measured on a real report of 528 pairs, over lower-cased words without difflib's autojunk: its one true duplicate has
# 0.53, the next pair 0.22.
THRESHOLD = 0.40
# Shorter passages are alike by chance; and so are those that agree in small words only.
FEWEST_WORDS, SMALL_WORD = 12, 3

DUPLICATE = {
    "near": (
        _("Two passages say nearly the same (%(percent)d%% of their words agree)."),
        _("Keep one of them, or say in each what the other does not."),
    ),
}


@dataclass(frozen=True)
class Counted:
    """A passage's words, how often each long one stands there, and where each stands, as bits of a number."""

    words: tuple[str, ...]
    long: Counter[str]
    places: dict[str, int]


@lru_cache(maxsize=2048)
def counted(text: str) -> Counted:
    words = tuple(WORD.findall(text.lower()))
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        places[word] = places.get(word, 0) | 1 << place
    return Counted(words, Counter(word for word in words if len(word) > SMALL_WORD), places)


def likeness(one: Counted, other: Counted) -> float:
    """difflib's ratio over words; 0.0 as soon as something cheaper says that it is no duplicate.

    First that the long words agree too, wherever they stand; then the longest common subsequence, which difflib's
    blocks cannot exceed.
    """
    together = len(one.words) + len(other.words)
    if not _share_long_words(one, other) or common(one, other) < THRESHOLD * together / 2:
        return 0.0
    return SequenceMatcher(None, one.words, other.words, autojunk=False).ratio()


def _share_long_words(one: Counted, other: Counted) -> bool:
    few, many = sorted((one.long, other.long), key=len)
    both = sum(min(few[word], many[word]) for word in few.keys() & many.keys())
    return both > 0 and both * 2 >= THRESHOLD * (one.long.total() + other.long.total())


def common(one: Counted, other: Counted) -> int:
    """Length of the longest common subsequence, a row of its table in one number (Hyyrö 2004, bit-parallel LCS)."""
    size = len(one.words)
    every = (1 << size) - 1
    row = every
    for word in other.words:
        here = one.places.get(word)
        if here:
            both = row & here
            row = ((row + both) | (row - both)) & every
    return size - row.bit_count()


def _percent(one: Piece, other: Piece) -> int | None:
    counts = counted("\n".join(one.lines)), counted("\n".join(other.lines))
    if min(len(held.words) for held in counts) < FEWEST_WORDS:
        return None
    found = likeness(*counts)
    return round(found * 100) if found >= THRESHOLD else None


@over_document("duplicate", _("Passages that say the same twice"), DUPLICATE, compare=_percent)
def duplicates(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    """A view and the reply that quotes it are no duplicates."""
    pieces = {piece.id: piece for piece in whole.pieces}
    for pair, percent in gathered.items():
        one, other = (pieces[id_] for id_ in pair.split())
        if one.id != other.answers and other.id != one.answers:
            places = tuple(Place(piece.id, in_brief("\n".join(piece.lines))) for piece in (one, other))
            yield Finding("duplicate", "near", places, {"percent": percent})
