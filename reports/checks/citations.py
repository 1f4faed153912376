"""Articles of instruments that are described in different ways: a list, for a person to decide."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, over_document
from .texts import Ground, Piece, Whole, in_brief, sentences_of

_ARTICLE = re.compile(
    r"\b(?:Articles?|Art\.)\s+([IVXL]+|\d+)\b(?:\s+of\s+the\s+((?:[\w’'-]+\s+){0,4}?"
    r"(treaty|agreement|convention|charter|declaration|statement|protocol|constitution|resolution|covenant)))?",
    re.IGNORECASE,
)
# One instrument may be called a treaty here and an agreement there.
_ALIKE = {"agreement": "treaty"}

CITATION = {
    "several": (
        _("Article %(number)s is cited %(count)d times, each time for something else."),
        _("Look the article up, and say the same of it everywhere."),
    ),
}


def _cited(piece: Piece, ground: Ground) -> list[list[str]]:
    """Number, the kind of instrument if it is named, and the words around it."""
    return [
        [match[1].upper(), _instrument(match), _clause(sentence, match)]
        for line in (*piece.lines, *piece.notes)
        for sentence in sentences_of(line)
        for match in _ARTICLE.finditer(sentence)
    ]


def _instrument(match: re.Match[str]) -> str:
    noun = (match[3] or "").lower()
    return _ALIKE.get(noun, noun)


def _clause(sentence: str, match: re.Match[str]) -> str:
    """In a list with an article to each entry, the entry alone."""
    start = max(sentence.rfind("),", 0, match.start()), sentence.rfind(";", 0, match.start()))
    if start < 0 or sentence[match.start() - 1 : match.start()] != "(":
        return in_brief(sentence)
    return in_brief(sentence[start + 2 : match.end() + 1])


@over_document("citation", _("Articles cited in different ways"), CITATION, gather=_cited, languages=["en"])
def citations(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    by_article: dict[str, list[tuple[str, Place]]] = {}
    for piece in whole.pieces:
        for number, instrument, words in gathered.get(piece.id) or ():
            by_article.setdefault(number, []).append((instrument, Place(piece.id, words)))
    for number, cited in by_article.items():
        for places in _of_one_instrument(cited):
            if len({place.words for place in places}) > 1:
                yield Finding("citation", "several", tuple(places), {"number": number, "count": len(places)})


def _of_one_instrument(cited: list[tuple[str, Place]]) -> Iterable[list[Place]]:
    """Where one instrument is named, an article without a name is one of it."""
    named = sorted({instrument for instrument, _place in cited if instrument})
    if len(named) <= 1:
        yield [place for _instrument_, place in cited]
        return
    for name in named:
        yield [place for instrument, place in cited if instrument == name]
