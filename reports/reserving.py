"""Reservations as one reads them: beside which passage each stands, and who may act on it."""

from collections.abc import Iterable

from .models import Document, Passage, TextReservation


def reservations_on(passages: Iterable[Passage]) -> dict[int, list[TextReservation]]:
    """By passage those that stand, in the order of entering; no question where there is none."""
    by_key = {passage.pk: passage for passage in passages if passage.reserved}
    found: dict[int, list[TextReservation]] = {}
    for reservation in TextReservation.objects.standing().on(by_key.values()).with_words() if by_key else ():
        passage = by_key[reservation.passage_id]  # type: ignore[index]  # asked for those on passages
        reservation.passage, reservation.document = passage, passage.document
        found.setdefault(passage.pk, []).append(reservation)
    return found


def reservations_in(document: Document) -> dict[int | None, list[TextReservation]]:
    """All that print with the text, by passage; under None those to the whole."""
    found: dict[int | None, list[TextReservation]] = {}
    for reservation in TextReservation.objects.in_the_text().filter(document=document).with_words():
        reservation.document = document
        found.setdefault(reservation.passage_id, []).append(reservation)
    return found


def reservations_to_the_whole(document: Document) -> list[TextReservation]:
    """No question where there is none in the document."""
    if not document.reserved:
        return []
    found = list(TextReservation.objects.standing().filter(document=document, passage=None).with_words())
    for reservation in found:
        reservation.document = document
    return found


def in_reading_order(reservations: Iterable[TextReservation]) -> list[TextReservation]:
    """Those to the whole text first, then passage by passage."""
    return sorted(reservations, key=_place)


def _place(reservation: TextReservation) -> tuple[int, ...]:
    passage = reservation.passage
    if passage is None:
        return (0, 0, 0, reservation.pk)
    return (1, passage.section.position, passage.position, reservation.pk)
