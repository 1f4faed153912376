"""Words as a search compares them: folded, with their endings, and where they stand in a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

WORD: Final = re.compile(r"[^\W_]+")
# From so many letters on a word is also found as the beginning of a longer one.
SHORTEST_BEGINNING = 3
# Letters that people type in place of each other: the dotless and the dotted i of Azerbaijani, Russian ё, Armenian և,
# which is եւ in the older spelling and in capitals ԵՎ. The same in SQL (`folded`) and for what is asked.
SAME: Final = (
    *(("İ", "i"), ("I", "i"), ("ı", "i"), ("Ё", "е"), ("ё", "е")),
    *(("և", "եվ"), ("եւ", "եվ"), ("Եւ", "Եվ")),
)

ENDINGS: Final = frozenset(
    [
        *("", "s", "es", "ed", "d", "e", "ing", "y", "ies", "ied", "ly"),
        *"аяоеиыуюьйв",
        *("ам", "ям", "ах", "ях", "ов", "ев", "ей", "ой", "ою", "ею", "ом", "ем", "ами", "ями", "ий", "ый", "ая"),
        *("яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ым", "им", "ых", "их", "ую", "юю", "ыми", "ими"),
        *("ия", "ии", "ию", "ием", "ией", "ию", "иям", "иях", "иями", "ть", "ти", "л", "ла", "ло", "ли", "ет", "ут"),
        *("ют", "ит", "ат", "ят", "ал", "ала", "али", "ил", "ила", "или", "ать", "ить", "ешь", "ишь"),
        *("ը", "ն", "ի", "ին", "ից", "ով", "ում", "եր", "ներ", "երը", "ները", "ների", "երի", "ներից", "ներով"),
    ]
)


def fold(text: str) -> str:
    for written, same in SAME:
        text = text.replace(written, same)
    return text.lower()


def folded(expression: str) -> str:
    """The same of an SQL expression, in both databases; their parsers bring the letters into one case."""
    for written, same in SAME:
        expression = f"replace({expression}, '{written}', '{same}')"
    return expression


@lru_cache(maxsize=16384)
def alike(one: str, other: str) -> bool:
    """Whether two folded words differ by nothing but their endings: river and rivers, река and реки."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    cuts = range(common, max(SHORTEST_BEGINNING, common - 2) - 1, -1)
    return any(one[cut:] in ENDINGS and other[cut:] in ENDINGS for cut in cuts)


class Term(NamedTuple):
    """What one asks for: a word with all its endings, or words that stand beside each other exactly so."""

    words: tuple[str, ...]
    exact: bool

    def meets(self, word: str) -> bool:
        """Whether a folded word of a text is (one of) its own."""
        if self.exact:
            return word in self.words
        asked = self.words[0]
        return word == asked or (len(asked) >= SHORTEST_BEGINNING and word.startswith(asked)) or alike(asked, word)


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; `marked` when it was asked for."""

    text: str
    marked: bool


LETTERS_AROUND = 120
LETTERS_BEFORE = 60


def excerpt(text: str, terms: Iterable[Term]) -> list[Piece]:
    """The words that were found in what stands around them, on one line; the beginning where none is found again."""
    line = " ".join(text.split())
    spots = list(_spots(line, list(terms)))
    first, last = spots[0] if spots else (0, 0)
    start = _word_begins(line, max(0, first - LETTERS_BEFORE))
    end = _word_ends(line, min(len(line), max(last, start) + 2 * LETTERS_AROUND - (first - start)))
    pieces = [Piece("… ", False)] if start else []
    at = start
    for begins, ends in spots:
        if begins >= end:
            break
        pieces += [Piece(line[at:begins], False), Piece(line[begins:ends], True)]
        at = ends
    pieces.append(Piece(line[at : max(at, end)], False))
    pieces += [Piece(" …", False)] if max(at, end) < len(line) else []
    return [piece for piece in pieces if piece.text]


def _spots(line: str, terms: list[Term]) -> Iterator[tuple[int, int]]:
    """A phrase is marked where all of it stands, a word wherever it stands."""
    found = [(match.span(), fold(match.group())) for match in WORD.finditer(line)]
    words = [word for _span, word in found]
    spans: set[tuple[int, int]] = set()
    for term in terms:
        size = len(term.words)
        if term.exact and size > 1:
            starts = [n for n in range(len(words) - size + 1) if tuple(words[n : n + size]) == term.words]
            spans |= {(found[n][0][0], found[n + size - 1][0][1]) for n in starts}
        else:
            spans |= {span for span, word in found if term.meets(word)}
    yield from _apart(sorted(spans))


def _apart(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    reached = 0
    for begins, ends in spans:
        if begins >= reached:
            yield begins, ends
            reached = ends


def _word_begins(line: str, at: int) -> int:
    blank = line.find(" ", at)
    return at if at == 0 or blank < 0 or blank - at > LETTERS_BEFORE // 2 else blank + 1


def _word_ends(line: str, at: int) -> int:
    blank = line.rfind(" ", 0, at)
    return at if at == len(line) or at - blank > LETTERS_BEFORE // 2 else blank
