"""Recommendations without an addressee or a horizon, and one that is much longer than the others."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, over_document
from .texts import Piece, Whole, in_brief

# So many times the median is "many times longer"; a short one is never too long.
MANY_TIMES, FEWEST, SHORT = 4, 3, 120

RECOMMENDATION = {
    "both": (
        _("“%(heading)s” says neither who is to act nor by when."),
        _("Give it an addressee and a horizon."),
    ),
    "addressee": (
        _("“%(heading)s” does not say who is to act."),
        _("Give it an addressee."),
    ),
    "horizon": (
        _("“%(heading)s” does not say by when."),
        _("Give it a horizon."),
    ),
    "long": (
        _("“%(heading)s” has %(words)d words, the others have %(others)d in the middle."),
        _("Divide it, or shorten it."),
    ),
}


@over_document("recommendation", _("Recommendations"), RECOMMENDATION)
def recommendations(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    found = list(_recommendations(whole))
    for under in found:
        case = _missing(under[0])
        if case:
            yield Finding("recommendation", case, (_where(under[0]),), {"heading": under[0].heading})
    yield from _too_long(found)


def _recommendations(whole: Whole) -> Iterable[list[Piece]]:
    """Each with the passages that stand under its heading."""
    found: list[list[Piece]] = []
    for piece in whole.pieces:
        if piece.voice != "recommendation":
            continue
        if piece.heading:
            found.append([piece])
        elif found and found[-1][0].section == piece.section:
            found[-1].append(piece)
    return found


def _missing(piece: Piece) -> str:
    if not piece.addressee and not piece.horizon:
        return "both"
    return "" if piece.addressee and piece.horizon else "horizon" if piece.addressee else "addressee"


def _too_long(found: list[list[Piece]]) -> Iterable[Finding]:
    lengths = [sum(len(piece.text.split()) for piece in under) for under in found]
    if len(found) < FEWEST:
        return
    for number, under in enumerate(found):
        middle = int(median(lengths[:number] + lengths[number + 1 :]))
        if lengths[number] > max(MANY_TIMES * middle, SHORT):
            values = {"heading": under[0].heading, "words": lengths[number], "others": middle}
            yield Finding("recommendation", "long", tuple(_where(piece) for piece in under), values)


def _where(piece: Piece) -> Place:
    return Place(piece.id, in_brief("\n".join(piece.lines), 100))
