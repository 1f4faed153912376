"""Announced numbers against what follows, and a second without a first."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, in_passages, over_document
from .texts import Ground, Piece, Whole, around, sentences_of

NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
# What is counted when a text announces how many follow.
_COUNTED = (
    "reasons|problems|risks|issues|points|challenges|obstacles|steps|factors|questions|principles|conditions|options|"
    "elements|goals|aims|tasks|areas|ways|measures|priorities|concerns|arguments|lessons|causes|dimensions|threats"
)
_ANNOUNCED = re.compile(
    rf"\b({'|'.join(NUMBERS)}|[2-9])\s+(?:[a-z-]+\s+){{0,2}}?({_COUNTED})\b(?!\s+of\b)", re.IGNORECASE
)
_OPENING = re.compile(
    r"^(?:and |but |then |also )?(first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|fifth(?:ly)?|sixth(?:ly)?|"
    r"seventh(?:ly)?|finally|lastly)\b\s*(?:,|:|$|\s[a-z])",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:–—]")
# Things that are numbered without their first standing beside them.
_NUMBERED = re.compile(
    r"times?|half|world|wars?|years?|months?|day|week|term|phase|round|meeting|session|quarter|decade|century|stage|"
    r"edition|reading|part|draft|karabakh|protocol|article|paragraph|floor|language|hand|largest|biggest"
)
_NOT_A_THING = re.compile(
    r"is|was|are|were|be|and|or|when|if|but|that|has|have|had|will|would|can|could|may|in|on|at|of|to"
)
_THE_NTH = re.compile(rf"\b[Tt]he ({'|'.join(ORDINALS[1:])}) ([a-z][a-z-]+)")
_THE_FIRST = re.compile(r"\b(?:the |a |one )?(?:first|one)\b(?! time\b| of all\b)", re.IGNORECASE)

COUNT = {
    "fewer": (
        _("“%(announced)s” are announced, and only %(found)d follow."),
        _("Name the missing one, or announce as many as follow."),
    ),
    "more": (
        _("“%(announced)s” are announced, and %(found)d follow."),
        _("Announce as many as follow, or join two of them."),
    ),
}


@in_passages("count", _("Announced numbers"), COUNT, languages=["en"])
def announced_numbers(piece: Piece, ground: Ground) -> Iterable[Finding]:
    """ "For three reasons": as many sentences must begin with first, second, … until the next number is announced."""
    sentences = [sentence for line in piece.lines for sentence in sentences_of(line)]
    announced = [(place, match) for place, one in enumerate(sentences) if (match := _ANNOUNCED.search(one))]
    for number, (place, match) in enumerate(announced):
        until = announced[number + 1][0] if number + 1 < len(announced) else len(sentences)
        said = NUMBERS.get(match[1].lower()) or int(match[1])
        found = _follow(sentences[place:until], match.end())
        if found and found != said:
            case = "fewer" if found < said else "more"
            yield Finding("count", case, (Place(piece.id, sentences[place]),), {"announced": match[0], "found": found})


def _follow(sentences: list[str], after: int) -> int:
    """How many are told off one after another; "finally" is one more."""
    told = 0
    clauses = [clause for one in (sentences[0][after:], *sentences[1:]) for clause in _CLAUSE.split(one)]
    for clause in clauses:
        match = _OPENING.match(clause.strip())
        if match is None:
            continue
        word = match[1].lower().removesuffix("ly")
        if word in ("final", "last"):
            return told + 1 if told else 0
        if word == ORDINALS[told]:
            told += 1
    return told


ORDINAL = {
    "no-first": (
        _("“%(words)s” stands here, and no first one before it."),
        _("Say which is the first, or leave the number out."),
    ),
}


def _ordinals(piece: Piece, ground: Ground) -> Any:
    """Whether a first is named, and the ordinals that want one, with the words around them."""
    wanting = [
        [match[0], around(piece.text, match.start(), match.end()), bool(_THE_FIRST.search(piece.text[: match.start()]))]
        for match in _THE_NTH.finditer(piece.text)
        if not (_NUMBERED.fullmatch(match[2]) or _NOT_A_THING.fullmatch(match[2]))
    ]
    return {"nouns": _firsts(piece.text), "wanting": wanting}


def _firsts(text: str) -> list[str]:
    return [
        match[1] for match in re.finditer(r"\bfirst(?:,)? ([a-z][a-z-]+)", text, re.IGNORECASE) if match[1] != "time"
    ]


@over_document("ordinal", _("A second without a first"), ORDINAL, gather=_ordinals, languages=["en"])
def ordinals(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    """The first may stand in an earlier passage of the section, of the same thing, or in this one."""
    for section in whole.sections:
        named: set[str] = set()
        for piece in whole.of_section(section):
            held = gathered.get(piece.id)
            if held is None:
                continue
            for words, said, has_first in held["wanting"]:
                noun = words.split()[-1]
                if not has_first and noun not in named:
                    yield Finding("ordinal", "no-first", (Place(piece.id, said),), {"words": words})
                named.add(noun)
            named.update(held["nouns"])
