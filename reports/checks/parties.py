""" "The three countries", where another number of them is named."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext_lazy as _

from .counting import NUMBERS
from .registry import Finding, Place, over_document
from .texts import Ground, Piece, Whole, around, listed, sentences_of

_PARTIES = re.compile(
    rf"\b[Tt]he ({'|'.join(NUMBERS)}) "
    r"(countries|states|parties|sides|nations|governments|capitals|neighbours|neighbors)\b"
)
# Names of countries that are words or surnames of their own too.
_NOT_COUNTRIES = frozenset({"World", "Asia", "Europe", "Africa", "Jersey", "Reunion", "Man"})

PARTIES = {
    "number": (
        _("“%(words)s” stands here; named before it are: %(named)s."),
        _("Name them, or give the number that fits."),
    ),
    "nobody": (
        _("“%(words)s” stands here, and none is named before it."),
        _("Name them, or give the number that fits."),
    ),
}


@lru_cache(maxsize=1)
def _countries() -> re.Pattern[str]:
    names = {str(name) for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    names |= {"Turkey", "Türkiye", "United States", "US", "UK"}
    known = sorted((name for name in names - _NOT_COUNTRIES if "&" not in name), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(name) for name in known) + r")\b")


def _named_in(text: str, ground: Ground) -> list[str]:
    sides = {side.name for side in ground.sides if side.name in text}
    return sorted({*_countries().findall(text), *sides})


def _gathered(piece: Piece, ground: Ground) -> Any:
    """Sentence by sentence whom it names, and the numbers of parties in it."""
    found = []
    for sentence in sentences_of("\n".join(piece.lines)):
        numbers = [
            [match[0], NUMBERS[match[1].lower()], around(sentence, match.start(), match.end())]
            for match in _PARTIES.finditer(sentence)
        ]
        found.append([_named_in(sentence, ground), numbers])
    return found


@over_document("parties", _("How many parties"), PARTIES, gather=_gathered, languages=["en"])
def parties(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    """As many as the programme has sides needs no names; else those of the same sentence, of the sentence before, or
    all that the section has named until then."""
    for section in whole.sections:
        so_far: set[str] = set()
        last: list[str] = []
        for piece in whole.of_section(section):
            for named, numbers in gathered.get(piece.id) or ():
                so_far.update(named)
                for words, number, said in numbers:
                    if number not in (len(whole.ground.sides), len(named), len(last), len(so_far)):
                        yield _finding(piece, words, said, so_far)
                last = named


def _finding(piece: Piece, words: str, said: str, so_far: Iterable[str]) -> Finding:
    named = sorted(so_far)
    case = "number" if named else "nobody"
    return Finding("parties", case, (Place(piece.id, said),), {"words": words, "named": listed(named)})
