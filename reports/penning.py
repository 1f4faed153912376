"""Who holds the pen over what, and what its holder has drafted."""

from collections.abc import Iterable

from .models import Passage, Pen, Proposal, ProposalState


def pens_over(passages: Iterable[Passage]) -> dict[int, Pen]:
    """By the pen's key; no question where none is out."""
    wanted = {passage.pen_id for passage in passages if passage.pen_id}
    return {pen.pk: pen for pen in Pen.objects.filter(pk__in=wanted).select_related("holder")} if wanted else {}


def passages_under(pen: Pen) -> list[Passage]:
    found = Passage.objects.tabled_ones().filter(pen=pen, section__dropped_at=None)
    return list(found.select_related("section", "tabled", "side").in_reading_order())


def drafts_under(pen: Pen) -> list[Proposal]:
    """What its holder has written there and nobody else has seen, in reading order."""
    drafts = Proposal.objects.filter(
        passage__pen=pen, passage__dropped_at=None, side=None, begun_by=pen.holder, state=ProposalState.DRAFTED
    )
    order = ("passage__section__position", "passage__position", "pk")
    return list(drafts.with_words().select_related("passage__section", "passage__tabled").order_by(*order))
