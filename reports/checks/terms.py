"""One thing under several names, one name in two spellings, and the agreed terms of the programme's glossary."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, in_passages, over_document
from .texts import Ground, Piece, TermUse, Whole, around, listed, sentences_of

# Places that are written in two ways in English (UNGEGN, ISO 3166): both in one text are one name too many.
TWO_SPELLINGS = (
    ("Turkey", "Türkiye"),
    ("Kiev", "Kyiv"),
    ("Macedonia", "North Macedonia"),
    ("Czech Republic", "Czechia"),
    ("Belorussia", "Belarus"),
    ("Byelorussia", "Belarus"),
    ("Swaziland", "Eswatini"),
    ("Burma", "Myanmar"),
    ("Ivory Coast", "Côte d’Ivoire"),
    ("Cape Verde", "Cabo Verde"),
)
_NAMES = sorted({name for pair in TWO_SPELLINGS for name in pair}, key=len, reverse=True)
_SPELLED = re.compile(rf"\b(?:{'|'.join(map(re.escape, _NAMES))})\b")
# What one calls an instrument that is meant to end a conflict; its names differ by the word before.
_INSTRUMENT = re.compile(
    r"\b((?:[Pp]eace|[Dd]raft|[Ii]nitiall?ed|[Bb]ilateral|[Ff]inal) )"
    r"([Tt]reaty|[Aa]greement|[Aa]ccord|[Pp]act|[Dd]eal)\b"
)
_TWO_WORDS = re.compile(r"\b([A-Z][a-z]{3,}) ([A-Z][a-z]{3,})\b")

TERM = {
    "names": (
        _("What may be one thing has several names: %(names)s."),
        _("Choose one name, or say how they differ."),
    ),
    "spellings": (
        _("One name is spelled in two ways: %(names)s."),
        _("Choose one spelling for the whole text."),
    ),
    "cases": (
        _("One name is written with and without capitals: %(names)s."),
        _("Choose one way for the whole text."),
    ),
}


def _named(piece: Piece, ground: Ground) -> Any:
    return {
        "instruments": _each_once(_INSTRUMENT.finditer(piece.text), piece.text),
        "spellings": _each_once(_SPELLED.finditer(piece.text), piece.text),
        "cases": _two_words(piece.text),
    }


def _each_once(matches: Iterable[re.Match[str]], text: str) -> dict[str, str]:
    """The words, with those around them where they stand first."""
    found: dict[str, str] = {}
    for match in matches:
        found.setdefault(match[0], around(text, match.start(), match.end()))
    return found


def _two_words(text: str) -> dict[str, str]:
    """Pairs of words that have both a capital, not at the beginning of a sentence."""
    found: dict[str, str] = {}
    for sentence in sentences_of(text):
        for match in _TWO_WORDS.finditer(sentence):
            if match.start() > 0:
                found.setdefault(match[0], around(sentence, match.start(), match.end()))
    return found


@over_document("term", _("One thing, several names"), TERM, gather=_named, languages=["en"])
def terms(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    instruments = _where(whole, gathered, "instruments")
    # "A peace treaty" and "the treaty" are one name; a peace treaty and a peace agreement are two.
    if len({words.lower() for words in instruments}) > 1 or len(instruments) > 1:
        yield _finding("names", instruments)
    spelled = _where(whole, gathered, "spellings")
    for pair in TWO_SPELLINGS:
        both = {name: spelled[name] for name in pair if name in spelled}
        if len(both) > 1:
            yield _finding("spellings", both)
    capitals = _where(whole, gathered, "cases")
    read = [piece for piece in whole.pieces if piece.id in gathered]
    for words, place in capitals.items():
        low = _without_capitals(words, read) if words not in instruments else None
        if low is not None:
            yield _finding("cases", {words.lower(): low, words: place})


def _where(whole: Whole, gathered: Mapping[str, Any], part: str) -> dict[str, Place]:
    """Each of the words once, where it stands first."""
    found: dict[str, Place] = {}
    for piece in whole.pieces:
        for words, said in (gathered.get(piece.id) or {}).get(part, {}).items():
            found.setdefault(words, Place(piece.id, said))
    return found


def _without_capitals(words: str, pieces: Iterable[Piece]) -> Place | None:
    """Where the same words stand first in lower case."""
    low = words.lower()
    for piece in pieces:
        if low in piece.text and (match := re.search(rf"\b{low}\b", piece.text)):
            return Place(piece.id, around(piece.text, match.start(), match.end()))
    return None


def _finding(case: str, named: Mapping[str, Place]) -> Finding:
    return Finding("term", case, tuple(dict.fromkeys(named.values())), {"names": listed(list(named))})


# ---- the programme's glossary ---------------------------------------------------------------------------------------

GLOSSARY = {
    "avoid": (
        _("“%(words)s” is a term to avoid, as the programme has agreed. %(reason)s"),
        _("Say “%(instead)s” instead."),
    ),
    "avoid-alone": (
        _("“%(words)s” is a term to avoid, as the programme has agreed. %(reason)s"),
        _("Say it in other words."),
    ),
    "preferred": (
        _("“%(words)s” stands here; the programme has agreed on “%(instead)s”. %(reason)s"),
        _("Say “%(instead)s” instead."),
    ),
    "contested": (
        _("“%(words)s” is contested: %(names)s. %(reason)s"),
        _("Put it into quotation marks, say whose word it is, or name both."),
    ),
}
_QUOTED_BEFORE, _QUOTED_AFTER = frozenset("“\"«„‘'"), frozenset("”\"»“’'")


@in_passages("glossary", _("Terms of the glossary"), GLOSSARY)
def agreed_terms(piece: Piece, ground: Ground) -> Iterable[Finding]:
    """Each term once a passage. What stands in quotation marks is somebody's word, and a side may use its own."""
    for term in ground.terms:
        match = next(_uses_of(term, piece, ground), None)
        if match is not None:
            place = Place(piece.id, around(piece.text, match.start(), match.end()))
            yield Finding("glossary", case_of(term), (place,), values_of(term, match[0], ground))


def case_of(term: TermUse) -> str:
    return term.kind if term.kind != "avoid" or term.instead else "avoid-alone"


def values_of(term: TermUse, words: str, ground: Ground) -> dict[str, Any]:
    said = dict(term.names)
    each = "; ".join(f"{side.name}: “{said[side.id]}”" for side in ground.sides if said.get(side.id))
    instead = term.name if term.kind == "preferred" else term.instead
    return {"words": words, "instead": instead, "names": each, "reason": term.reason, "term": term.id}


def _uses_of(term: TermUse, piece: Piece, ground: Ground) -> Iterator[re.Match[str]]:
    both = fair_names(term)
    if both and all(_says(said, piece.text) for said in both):
        return
    yield from uses_in(piece.text, words_that_show(term, piece.side))


def uses_in(text: str, words: tuple[str, ...]) -> Iterator[re.Match[str]]:
    pattern = _pattern(words)
    return (match for match in (pattern.finditer(text) if pattern else ()) if not _is_quoted(text, match))


def fair_names(term: TermUse) -> tuple[str, ...]:
    """The names of a contested thing that are fair to all where they stand together; none where there is only one."""
    said = tuple(words for _side, words in term.names if words)
    return said if term.kind == "contested" and len(said) > 1 else ()


def _says(words: str, text: str) -> bool:
    return words.casefold() in text.casefold()


def words_that_show(term: TermUse, side: str = "") -> tuple[str, ...]:
    """The words by which the term is found in what this side (or nobody) says, the longest first."""
    given = term.others if term.kind == "preferred" else (term.name, *term.others)
    said = [name for _side, name in term.names] if term.kind == "contested" else []
    own = {words.casefold() for speaker, words in term.names if speaker == side and side}
    shown = {word for word in (*given, *said) if word and word.casefold() not in own}
    return tuple(sorted(shown, key=lambda word: (-len(word), word)))


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _is_quoted(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    return before in _QUOTED_BEFORE and bool(before) and after in _QUOTED_AFTER and bool(after)
