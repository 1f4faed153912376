"""How a pen ends: given back, taken by all keys, with its holder’s seat, with the freeze, with its passage."""

from django.db import transaction
from django.utils import timezone

from groups.actions.keys import lapse_on
from groups.standing import read_standings
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from reports.locks import locked, locked_passage
from reports.models import Document, Passage, Pen
from reports.notices_pens import pen_ended


class PenIsBack(Exception):
    """It was given back, taken or ended meanwhile, or is not this person's."""


def lock_pen(public_id: str) -> Pen:
    """Document, passage, pen."""
    found = Pen.objects.select_related("document", "passage").get(public_id=public_id)
    document = locked(found.document)
    passage = locked_passage(found.passage) if found.passage else None
    pen = Pen.objects.select_for_update(of=("self",)).select_related("holder").get(pk=found.pk)
    pen.document, pen.passage = document, passage
    return pen


def end_pen(pen: Pen, because: Pen.Because, *, by: User | None) -> None:
    """Of a locked pen: members write again. What its holder has not released stays a draft of theirs."""
    pen.ended_at, pen.ended_because, pen.ended_by = timezone.now(), because, by
    pen.save(update_fields=["ended_at", "ended_because", "ended_by"])
    Passage.objects.filter(pen=pen).update(pen=None)
    Document.objects.filter(pen=pen).update(pen=None)
    lapse_on(pen, by=by)
    told_of_pen(pen, "pen.ended", by)
    pen_ended.announce(pen, by=by, key=pen.public_id)


@transaction.atomic
def return_pen(pen: Pen, *, by: User) -> None:
    """By its holder, alone: nobody has to draft. Raises PenIsBack."""
    pen = lock_pen(pen.public_id)
    if not pen.is_out or pen.holder_id != by.pk:
        raise PenIsBack
    end_pen(pen, Pen.Because.RETURNED, by=by)


@transaction.atomic
def end_pens_of(person: User) -> None:
    """After a seat or an appointment ended: of the groups whose texts they do not read any more. Safe to run twice."""
    held = read_standings(person)
    for pen in Pen.objects.out().filter(holder=person).select_related("document__group").order_by("document", "pk"):
        pen = lock_pen(pen.public_id)
        if pen.is_out and not held.within(pen.document.group).sees_texts:
            end_pen(pen, Pen.Because.LEFT, by=None)


def end_pens_in(document: Document, *, by: User) -> None:
    """With the freeze of a locked document."""
    for pen in document.pens.out().select_related("holder", "passage__section"):
        pen.document = document
        end_pen(pen, Pen.Because.FROZEN, by=by)


def end_pen_over(document: Document, passage: Passage, *, by: User) -> None:
    """With a locked passage that leaves the text."""
    for pen in Pen.objects.out().filter(passage=passage).select_related("holder"):
        pen.document, pen.passage = document, passage
        end_pen(pen, Pen.Because.DROPPED, by=by)
    passage.pen = None
    Passage.objects.filter(pk=passage.pk).update(pen=None)


def told_of_pen(pen: Pen, kind: str, by: User | None) -> None:
    over = {"passage": pen.passage.public_id} if pen.passage else {}
    facts = {"document": pen.document.public_id, "pen": pen.public_id, "holder": pen.holder.public_id, **over}
    record(kind, chain=pen.document.group.chain, by=by, facts=facts)
    page_changed(pen.document.topic())
