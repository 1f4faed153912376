"""Names that are spelled in two ways, in this text, in published ones and in the roster; quoted titles that differ."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, over_document
from .texts import Ground, Piece, Whole, around, listed, sentences_of

FEWEST_LETTERS = 6
THRESHOLD = 0.82
# Of two spellings that are so much alike, at most so many letters occur in one alone.
MOST_OTHER_LETTERS = 4
_CAPITAL = re.compile(r"(?<![\w’'-])[A-ZÀ-Þ][a-zß-ÿ\u0100-\u024f]{5,}(?![\w])")
# One word made from another: Armenia, Armenian, Armenians.
_ENDINGS = ("s", "n", "an", "ans", "ian", "ians", "ni", "i", "is", "ese", "ish", "ic", "al", "ean", "a", "ally", "ly")
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„\n]{4,120})[”\"»“]")

NAMES = {
    "text": (
        _("One name seems to be spelled in two ways: %(names)s."),
        _("Choose one spelling, or make sure that these are two."),
    ),
    "roster": (
        _("“%(name)s” seems to be “%(other)s”, as the list of members spells it."),
        _("Spell the name as its owner does."),
    ),
    "published": (
        _("“%(name)s” seems to be “%(other)s”, as a published text of the programme spells it."),
        _("Choose the spelling that is in print, or make sure that these are two."),
    ),
}


def names_in(text: str) -> dict[str, str]:
    """Capitalised words within sentences, with the words around them; words that begin one may be no names."""
    found: dict[str, str] = {}
    for sentence in sentences_of(text):
        for match in _CAPITAL.finditer(sentence):
            if match.start() > 1:
                found.setdefault(match[0], around(sentence, match.start(), match.end()))
    return found


def _gathered(piece: Piece, ground: Ground) -> Any:
    return names_in(piece.text)


@over_document("names", _("Names in two spellings"), NAMES, gather=_gathered, languages=["en"])
def spellings(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    found: dict[str, Place] = {}
    for piece in whole.pieces:
        for name, said in (gathered.get(piece.id) or {}).items():
            found.setdefault(name, Place(piece.id, said))
    roster = {word for name in whole.ground.roster for word in name.split() if len(word) >= FEWEST_LETTERS}
    told: set[str] = set()
    for name, place in found.items():
        other = _close(name, roster) if name not in roster else None
        if other:
            told.add(name)
            yield Finding("names", "roster", (place,), {"name": name, "other": other})
    published = set(whole.ground.published) - set(found) - roster
    for name, place in found.items():
        other = _close(name, published) if name not in told | roster | set(whole.ground.published) else None
        if other:
            told.add(name)
            yield Finding("names", "published", (place,), {"name": name, "other": other})
    rest = sorted(set(found) - told - roster)
    for _letter, alike in groupby(rest, key=lambda name: name[0]):
        for name, other in combinations(alike, 2):
            if are_close(name, other):
                yield Finding("names", "text", (found[name], found[other]), {"names": listed([name, other])})


def _close(name: str, others: Iterable[str]) -> str | None:
    return next((other for other in sorted(others) if are_close(name, other)), None)


@lru_cache(maxsize=65536)
def are_close(one: str, other: str) -> bool:
    """Two spellings of one name: the same first letter, nearly all letters alike, and no word made from the other."""
    if (
        one == other
        or one[0] != other[0]
        or abs(len(one) - len(other)) > 2
        or min(len(one), len(other)) < FEWEST_LETTERS
    ):
        return False
    if (
        len(set(one) ^ set(other)) > MOST_OTHER_LETTERS
        or _stem(one) == _stem(other)
        or one.startswith(other)
        or other.startswith(one)
    ):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= THRESHOLD


def _stem(word: str) -> str:
    return min((word.removesuffix(ending) for ending in _ENDINGS), key=len)


QUOTES = {
    "differ": (
        _("A quoted name differs by a letter, a word or its capitals: %(names)s."),
        _("Quote it in the same way everywhere."),
    ),
}


def _quoted(piece: Piece, ground: Ground) -> Any:
    found: dict[str, str] = {}
    for match in _QUOTED.finditer(piece.text):
        found.setdefault(match[1].strip(" .,;"), around(piece.text, match.start(), match.end()))
    return found


@over_document("quotes", _("Quoted names that differ"), QUOTES, gather=_quoted, languages=["en"])
def quotes(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    found: dict[str, Place] = {}
    for piece in whole.pieces:
        for words, said in (gathered.get(piece.id) or {}).items():
            found.setdefault(words, Place(piece.id, said))
    quoted = sorted(found)
    for number, one in enumerate(quoted):
        for other in quoted[number + 1 :]:
            if _nearly(one, other):
                yield Finding("quotes", "differ", (found[one], found[other]), {"names": listed([one, other])})


def _nearly(one: str, other: str) -> bool:
    """By capitals, by a word left out, or by a few letters."""
    if one.casefold() == other.casefold():
        return True
    words, others = one.casefold().split(), other.casefold().split()
    if min(len(words), len(others)) >= 2 and abs(len(words) - len(others)) == 1:
        longer, shorter = sorted((words, others), key=len, reverse=True)
        return any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))
    alike = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    return len(words) == len(others) and alike.quick_ratio() >= 0.9 and alike.ratio() >= 0.9
