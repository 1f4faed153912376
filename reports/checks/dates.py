"""A day and a month without a year."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, in_passages
from .texts import Ground, Piece, around, sentences_of

_ENGLISH = "January|February|March|April|May|June|July|August|September|October|November|December"
_RUSSIAN = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
_DAY = {
    "en": re.compile(
        rf"\b(?:({_ENGLISH}) \d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?({_ENGLISH})\b)"
    ),
    "ru": re.compile(rf"\b\d{{1,2}} ({_RUSSIAN})\b", re.IGNORECASE),
}
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
# A feast or a custom returns every year.
_EVERY_YEAR = re.compile(r"\b(?:every|each year|annual(?:ly)?|кажд\w+|ежегодн\w+)\b", re.IGNORECASE)

DATE = {
    "no-year": (
        _("“%(day)s” has no year, and the sentence gives none."),
        _("Add the year: the text will be read when this one is over."),
    ),
}


@in_passages("date", _("Days without a year"), DATE, languages=["en", "ru"])
def days_without_year(piece: Piece, ground: Ground) -> Iterable[Finding]:
    for sentence in (sentence for line in (*piece.lines, *piece.notes) for sentence in sentences_of(line)):
        if _YEAR.search(sentence) or _EVERY_YEAR.search(sentence):
            continue
        for match in _DAY[ground.language].finditer(sentence):
            place = Place(piece.id, around(sentence, match.start(), match.end()))
            yield Finding("date", "no-year", (place,), {"day": match[0]})
