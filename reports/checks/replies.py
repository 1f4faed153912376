"""Views without a reply, sections in which one side speaks alone, replies before their view."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, over_document
from .texts import Piece, Whole, in_brief

UNANSWERED = {
    "no-reply": (
        _("Nobody has replied to this view."),
        _("Reply to it, or agree that no reply is wished."),
    ),
    "alone": (
        _("In “%(section)s” only one side speaks: %(side)s."),
        _("Ask the other side for its view, or agree that none is wished."),
    ),
}


@over_document("unanswered", _("Views without a reply"), UNANSWERED)
def unanswered(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    answered = {piece.answers for piece in whole.pieces if piece.answers} | whole.ground.no_reply_wished
    names = {side.id: side.name for side in whole.ground.sides}
    for section, title in whole.sections.items():
        speaking = [piece for piece in whole.of_section(section) if piece.speaks_for_a_side]
        silent = [piece for piece in speaking if piece.voice == "view" and piece.id not in answered]
        for piece in silent:
            yield Finding("unanswered", "no-reply", (_where(piece),))
        sides = {piece.side for piece in speaking}
        if len(sides) == 1 and not silent:
            side = names.get(speaking[0].side, "")
            yield Finding("unanswered", "alone", (_where(speaking[0]),), {"section": title, "side": side})


ORDER = {
    "before": (
        _("This reply stands before the view that it answers."),
        _("Put it after the view."),
    ),
}


@over_document("order", _("Replies before their view"), ORDER)
def out_of_order(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
    order = {piece.id: place for place, piece in enumerate(whole.pieces)}
    for piece in whole.pieces:
        if piece.answers in order and order[piece.answers] > order[piece.id]:
            view = next(one for one in whole.pieces if one.id == piece.answers)
            yield Finding("order", "before", (_where(piece), _where(view)))


def _where(piece: Piece) -> Place:
    return Place(piece.id, in_brief("\n".join(piece.lines)))
