"""Reservations before the freeze: dissent that is tabled at once, printed as a footnote, and stops nothing.

No key on a passage is touched by one: what a side says beside the words is no other words. What is proposed over the
whole text (a draft, the freeze) lapses, since its hash covers every printed word.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from groups.actions.keys import NotAKeyHolder, lapse_on
from groups.standing import Standing, standing_now
from parley.access.submissions import once
from parley.accounts.models import User
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports import exchange
from reports.locks import locked_draft, locked_passage
from reports.models import Document, Passage, ReservationWording, Support, SupportLevel, TextReservation
from reports.notices_reservations import reservation_entered, reservation_reworded, reservation_withdrawn
from reports.revising import count_passages, recorded
from reports.rules_reservations import speaks_in, withdraws

from .passages import NotYourVoice


class ReservationIsWithdrawn(Exception):
    """It was withdrawn meanwhile."""


class ReservationHasChanged(Exception):
    """It says other words by now than those that the person saw."""


class HasLeftTheText(Exception):
    """The passage was dropped meanwhile, or lies before one side only."""


class SupportRests(Exception):
    """The side supports the recommendation with this reservation: it says first how far it does without."""


class OwnWords(Exception):
    """A side has no reservation to what it says itself."""


@once(TextReservation)
@transaction.atomic
def enter_reservation(
    *,
    document: Document,
    passage: Passage | None,
    words: str,
    for_side: bool,
    submission: str | None = None,
    by: User,
) -> TextReservation:
    """To a tabled passage or (None) to the whole text; `for_side` takes the key holder. Told to all sides at once.

    Raises NotDrafted, HasLeftTheText, NotYourVoice, NotAKeyHolder, OwnWords.
    """
    document = locked_draft(document)
    passage = _locked_in(passage, document)
    here = standing_now(by, document.group)
    if here.side is None:
        raise NotYourVoice
    if for_side and not here.holds_key:
        raise NotAKeyHolder
    if for_side and passage is not None and here.is_of(passage.side):
        raise OwnWords
    reservation = TextReservation.objects.create(
        document=document,
        passage=passage,
        side=here.side,
        person=None if for_side else by,
        entered_by=by,
        submission=submission,
    )
    _say(reservation, words, by)
    _support_with(reservation, by)
    _count(document, passage, 1, by)
    _told(document, "reservation.entered", reservation, by)
    reservation_entered.announce(reservation, by=by, key=reservation.public_id)
    return reservation


def _locked_in(passage: Passage | None, document: Document) -> Passage | None:
    if passage is None:
        return None
    passage = locked_passage(passage)
    if passage.dropped_at or passage.section.dropped_at or not passage.is_tabled:
        raise HasLeftTheText
    passage.section.document = document
    return passage


def _say(reservation: TextReservation, words: str, by: User, *, from_file: bool = False) -> None:
    passage, last = reservation.passage, reservation.wording
    reservation.wording = ReservationWording.objects.create(
        reservation=reservation,
        number=last.number + 1 if last else 1,
        words=words,
        revision=passage.tabled if passage else None,
        made_by=by,
    )
    reservation.from_file = from_file
    reservation.save(update_fields=["wording", "from_file"])


@transaction.atomic
def reword_reservation(reservation: TextReservation, *, words: str, number: int, by: User) -> TextReservation:
    """Other words, or the same ones again over what the passage says now; the earlier ones are kept.

    `number` is that of the words which the person saw. Raises NotDrafted, ReservationIsWithdrawn,
    ReservationHasChanged, NotYourVoice.
    """
    document, reservation = _locked_for(reservation, speaks_in, by)
    if reservation.wording is None or reservation.wording.number != number:
        raise ReservationHasChanged
    _say(reservation, words, by)
    lapse_on(document, by=by)
    _told(document, "reservation.reworded", reservation, by)
    key = f"{reservation.public_id}:{reservation.wording.number}"  # just made
    reservation_reworded.announce(reservation, by=by, key=key)
    return reservation


@transaction.atomic
def withdraw_reservation(reservation: TextReservation, *, by: User) -> TextReservation:
    """It leaves the text; who withdrew it and when stays, and so do the drafts that print it.

    Raises NotDrafted, ReservationIsWithdrawn, NotYourVoice, SupportRests.
    """
    document, reservation = _locked_for(reservation, withdraws, by)
    _refuse_where_support_rests(reservation)
    reservation.withdrawn_at, reservation.withdrawn_by = timezone.now(), by
    reservation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _count(document, reservation.passage, -1, by)
    _told(document, "reservation.withdrawn", reservation, by)
    reservation_withdrawn.announce(reservation, by=by, key=reservation.public_id)
    return reservation


def _refuse_where_support_rests(reservation: TextReservation) -> None:
    """On the last of its side's."""
    passage, side = reservation.passage, reservation.side
    if passage is None or passage.tabled is None or not reservation.is_a_sides:
        return
    here = passage.supports.current().filter(side=side, level=SupportLevel.RESERVED, sha256=passage.tabled.sha256)
    others = passage.reservations.standing().of_sides().filter(side=side).exclude(pk=reservation.pk)
    if here.exists() and not others.exists():
        raise SupportRests


def _support_with(reservation: TextReservation, by: User) -> None:
    """A side that supported in full supports with reservations from now on."""
    passage = reservation.passage
    if passage is None or not reservation.is_a_sides:
        return
    now = timezone.now()
    full = passage.supports.current().filter(side=reservation.side, level=SupportLevel.FULL)
    for support in full:
        passage.supports.filter(pk=support.pk).update(replaced_at=now)
        Support.objects.create(
            passage=passage,
            side=support.side,
            level=SupportLevel.RESERVED,
            sha256=support.sha256,
            stated_by=by,
            stated_at=now,
        )


def _locked_for(
    reservation: TextReservation, may: Callable[[User, Standing, TextReservation], bool], by: User
) -> tuple[Document, TextReservation]:
    document = locked_draft(reservation.document)
    passage = locked_passage(reservation.passage) if reservation.passage else None
    found = TextReservation.objects.select_for_update(of=("self",)).with_words().get(pk=reservation.pk)
    found.document, found.passage = document, passage
    if not may(by, standing_now(by, document.group), found):
        raise NotYourVoice
    if found.is_withdrawn:
        raise ReservationIsWithdrawn
    return document, found


def _count(document: Document, passage: Passage | None, more: int, by: User) -> None:
    """Each is a footnote of its passage, and print numbers those through the document."""
    Document.objects.filter(pk=document.pk).update(reserved=F("reserved") + more)
    if passage is not None:
        figures = {"reserved": F("reserved") + more, "footnotes": F("footnotes") + more}
        Passage.objects.filter(pk=passage.pk).update(**figures)
        count_passages(document, passage.section)
    lapse_on(document, by=by)


def _told(document: Document, kind: str, reservation: TextReservation, by: User) -> None:
    Document.objects.filter(pk=document.pk).update(changed_at=timezone.now())
    facts: dict[str, Any] = {"reservation": reservation.public_id, "side": reservation.side.public_id}
    if reservation.passage is not None:
        facts["passage"] = reservation.passage.public_id
    recorded(document, kind, by, **facts, sha256=hashlib.sha256(reservation.words.encode()).hexdigest())
    page_changed(document.topic())


def bring_in_reservations(
    document: Document,
    passage: Passage | None,
    parts: Iterable[exchange.Reservation],
    sides: Mapping[str, Side],
    by: User,
) -> None:
    """From a file, each in the name that it gives: nobody is made of a name, and nobody has said it until they do.

    The caller counts the section.
    """
    found = list(parts)
    for part in found:
        side = sides[part.side]
        person = _seated(document, side, part.person)
        reservation = TextReservation.objects.create(
            document=document,
            passage=passage,
            side=side,
            person=person,
            named="" if person else part.person,
            entered_by=by,
            from_file=True,
        )
        _say(reservation, part.text, by, from_file=True)
    if found:
        Document.objects.filter(pk=document.pk).update(reserved=F("reserved") + len(found))
        document.reserved += len(found)
    if found and passage is not None:
        passage.reserved += len(found)
        passage.footnotes += len(found)
        passage.save(update_fields=["reserved", "footnotes"])


def _seated(document: Document, side: Side, name: str) -> User | None:
    """The member of that side who bears exactly this name."""
    seats = document.group.memberships.acting().of_side(side).select_related("person") if name else []
    return next((seat.person for seat in seats if str(seat.person) == name), None)
