"""Acronyms that their expansion does not fit, that are used before it, or that have two."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, over_document
from .texts import Ground, Piece, Whole, around

_EXPANDED = re.compile(
    r"((?:[A-Z][\w’'-]*)(?:\s+(?:(?:of|for|and|the|in|on|to|de)\s+)*[A-Z][\w’'-]*)+)\s+\(([A-Z][A-Z&]{1,7}s?)\)"
)
_USED = re.compile(r"\b[A-Z]{2,8}\b")
_SMALL = frozenset(["of", "for", "and", "the", "in", "on", "to", "de", "a", "an"])
# Roman numerals are no acronyms.
_ROMAN = re.compile(r"^[IVXLC]+$")

ACRONYM = {
    "unfit": (
        _("“%(acronym)s” does not fit its words “%(expansion)s”."),
        _("Correct the letters or the words."),
    ),
    "early": (
        _("“%(acronym)s” is used before it is explained."),
        _("Explain it where it stands first."),
    ),
    "twice": (
        _("“%(acronym)s” is explained twice: %(expansions)s."),
        _("Explain it once, where it stands first."),
    ),
}


def _gathered(piece: Piece, ground: Ground) -> Any:
    text = piece.text
    expanded = [
        [match[2], match[1], around(text, match.start(), match.end()), match.start(2)]
        for match in _EXPANDED.finditer(text)
        if not _ROMAN.match(match[2])
    ]
    used: dict[str, list[Any]] = {}
    for match in _USED.finditer(text):
        used.setdefault(match[0], [match.start(), around(text, match.start(), match.end())])
    return {"expanded": expanded, "used": used}


@over_document("acronym", _("Acronyms"), ACRONYM, gather=_gathered, languages=["en"])
def acronyms(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    held = [(piece.id, gathered[piece.id]) for piece in whole.pieces if piece.id in gathered]
    expanded: dict[str, list[tuple[str, Place]]] = {}
    for id_, found in held:
        for acronym, words, said, _start in found["expanded"]:
            expanded.setdefault(acronym, []).append((words, Place(id_, said)))
    for acronym, given in expanded.items():
        words, place = given[0]
        if not fits(acronym, words):
            yield Finding("acronym", "unfit", (place,), {"acronym": acronym, "expansion": words})
        if len(given) > 1:
            both = "; ".join(f"“{one}”" for one, _place in given)
            places = tuple(place for _words, place in given)
            yield Finding("acronym", "twice", places, {"acronym": acronym, "expansions": both})
        early = _used_before(acronym, held)
        if early is not None:
            yield Finding("acronym", "early", (early, place), {"acronym": acronym})


def _used_before(acronym: str, held: list[tuple[str, Any]]) -> Place | None:
    """Where it stands first, unless that is in its own explanation."""
    for id_, found in held:
        starts = [start for name, _words, _said, start in found["expanded"] if name == acronym]
        if acronym in found["used"]:
            start, said = found["used"][acronym]
            return None if starts and starts[0] <= start else Place(id_, said)
        if starts:
            return None
    return None


def fits(acronym: str, expansion: str) -> bool:
    """Every letter begins a word, in their order; small words may be left out or counted, an acronym in front stands
    for itself ("EU Monitoring Mission", EUMM)."""
    letters = acronym.removesuffix("s").replace("&", "").lower()
    words = expansion.split()
    parts = [part for word in words for part in re.split(r"[-’']", word) if part]
    return any(_fits(letters, each) for each in (words, words[1:], parts, parts[1:]))


def _fits(letters: str, words: list[str]) -> bool:
    if not words:
        return not letters
    word, rest = words[0], words[1:]
    if word.isupper() and len(word) > 1 and letters.startswith(word.lower()):
        return _fits(letters[len(word) :], rest)
    if letters[:1] == word[0].lower() and _fits(letters[1:], rest):
        return True
    # Two letters of one long word: "MINUSTAH" and its kind take more than the first.
    if len(letters) > 1 and word.lower().startswith(letters[:2]) and _fits(letters[2:], rest):
        return True
    return word.lower() in _SMALL and _fits(letters, rest)
