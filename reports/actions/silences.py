"""A silence procedure on its way: who is reached, when it begins, what moves its end, and what ends it.

What starts it stands in `silence_start`; decision 23 has the reasons.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.audit import head, record
from parley.notifications import page_changed, pulse, remind
from parley.notifications.actions import record_bounce
from parley.notifications.models import Delivery, DeliveryState
from reports.locks import locked
from reports.models import Adoption, DocumentState, Entitled, FinalText, Silence, SilenceState
from reports.notices import to_initial
from reports.notices_silence import (
    silence_adopted,
    silence_announced,
    silence_begun,
    silence_bounced,
    silence_broken,
    silence_due,
    silence_moved,
    silence_over,
    silence_unreached,
)
from reports.silence_hours import end_after

# Their keys carry the moment: a handler that asks for another moment must not lose it with its own row.
SILENCE_BEGINS, SILENCE_REMINDS, SILENCE_ENDS = (
    "reports.silence_begins",
    "reports.silence_reminds",
    "reports.silence_ends",
)
# A mail that the server took and that has not come back within so long has reached its reader.
BOUNCES_WITHIN = timedelta(hours=1)
FIRST_LOOK, LOOKS_AGAIN = BOUNCES_WITHIN + timedelta(minutes=1), timedelta(minutes=5)
LAST_DAY = timedelta(days=1)


class SilenceIsOver(Exception):
    """It was broken, adopted or ended meanwhile, or its hour has passed; the message says which."""


class NotEntitled(Exception):
    """Who may object was fixed at the start, and has not left the group."""


class MailIsNotOut(Exception):
    """Only a mail that went out comes back, and it does so once."""


def _locked(silence: Silence) -> Silence:
    document = locked(silence.final_text.document)
    found = Silence.objects.select_for_update(of=("self",)).select_related("final_text").get(pk=silence.pk)
    found.final_text.document = document
    return found


def _locked_by_id(public_id: str) -> Silence | None:
    found = Silence.objects.open().filter(public_id=public_id).select_related("final_text__document").first()
    return _locked(found) if found is not None else None


# ---- until it begins ------------------------------------------------------------------------------------------------


def announce(silence: Silence) -> None:
    """Told to everybody who may object; in the transaction of the last key."""
    silence_announced.announce(silence, by=None)
    _look_at(silence, timezone.now() + FIRST_LOOK)


def _look_at(silence: Silence, at: datetime) -> None:
    remind(SILENCE_BEGINS, f"{silence.public_id}:{at.isoformat()}", at=at)


@transaction.atomic
def open_announcement(silence: Silence, *, by: User) -> None:
    """By one who may object: they have it before them. Raises NotEntitled."""
    silence = _locked(silence)
    place = _place_of(silence, by)
    if place.opened_at is None:
        place.opened_at = timezone.now()
        _reached(place, Entitled.Reached.OPENED, place.opened_at)
        _record("document.silence_opened", silence, by, entitled=place.public_id)
        page_changed(silence.document.topic())
    silence_announced.settle(silence, reader=by)
    if silence.state == SilenceState.ANNOUNCED:
        _begin_or_wait(silence)


@transaction.atomic
def begin_if_all_are_reached(public_id: str) -> None:
    """Looked at an hour after the announcement and every five minutes then; safe to run twice."""
    silence = _locked_by_id(public_id)
    if silence is None or silence.state != SilenceState.ANNOUNCED:
        return
    if _begin_or_wait(silence):
        return
    missing = [place.public_id for place in _unreached(silence)]
    silence_unreached.announce(silence, by=None, facts={"missing": len(missing)}, key="|".join(sorted(missing)))
    _look_at(silence, min(timezone.now() + LOOKS_AGAIN, silence.latest_beginning + timedelta(seconds=1)))


def _begin_or_wait(silence: Silence) -> bool:
    """Whether it has begun, or ended since it cannot begin any more."""
    if not _every_side_is_heard(silence):
        _end(silence, SilenceState.UNHEARD, by=None)
    elif timezone.now() > silence.latest_beginning:
        _end(silence, SilenceState.NOT_BEGUN, by=None)
    elif not _unreached(silence):
        _begin(silence)
    return silence.state != SilenceState.ANNOUNCED


def _unreached(silence: Silence) -> Sequence[Entitled]:
    """Of those who are still there; whom a mail has reached by now is written down first."""
    places = silence.entitled.still_there().filter(reached_by="").select_related("membership__person")
    sent = {delivery.reader_id: delivery for delivery in announcements_of(silence)}
    missing = []
    for place in places:
        arrived = arrived_at(sent.get(place.membership.person_id))
        if arrived is None:
            missing.append(place)
        else:
            _reached(place, Entitled.Reached.MAIL, arrived)
    return missing


def announcements_of(silence: Silence) -> Sequence[Delivery]:
    return list(Delivery.objects.filter(kind=silence_announced.name, subject=silence.public_id))


def arrived_at(delivery: Delivery | None) -> datetime | None:
    """When a mail counts as arrived, if that moment has come: the server took it, and it did not come back in time."""
    if delivery is None or delivery.state != DeliveryState.SENT or delivery.sent_at is None:
        return None
    arrives = delivery.sent_at + BOUNCES_WITHIN
    came_back = delivery.bounced_at is not None and delivery.bounced_at <= arrives
    return arrives if arrives <= timezone.now() and not came_back else None


def _reached(place: Entitled, how: Entitled.Reached, at: datetime) -> None:
    if not place.reached_by:
        place.reached_by, place.reached_at = how, at
    place.save(update_fields=["opened_at", "reached_by", "reached_at"])


def _begin(silence: Silence) -> None:
    silence.move_to(SilenceState.RUNNING)
    silence.save(update_fields=["state", "began_at"])
    _watch(silence)
    _record("document.silence_began", silence, None, ends=silence.ends_at.isoformat())
    silence_begun.announce(silence, by=None)
    page_changed(silence.document.topic())


@transaction.atomic
def mail_came_back(place: Entitled, *, by: User) -> None:
    """Written down by a facilitator, whose host gets what comes back. Within the hour nobody is reached by it.

    Later it changes nothing: the announcement had arrived. Raises MailIsNotOut, SilenceIsOver.
    """
    silence = _locked(place.silence)
    if not silence.is_open:
        raise SilenceIsOver(_("The silence procedure has ended."))
    if not record_bounce(silence_announced.name, silence.public_id, reader=place.membership.person):
        raise MailIsNotOut
    _record("document.silence_bounced", silence, by, entitled=place.public_id)
    silence_bounced.announce(silence, by=by, key=place.public_id)
    page_changed(silence.document.topic())


# ---- while it runs --------------------------------------------------------------------------------------------------


def _watch(silence: Silence) -> None:
    """Its end, and the reminders at half time and at the last day that are still to come."""
    remind(SILENCE_ENDS, f"{silence.public_id}:{silence.ends_at.isoformat()}", at=silence.ends_at)
    for at in reminders_of(silence):
        if at > timezone.now():
            remind(SILENCE_REMINDS, f"{silence.public_id}:{at.isoformat()}", at=at)


def reminders_of(silence: Silence) -> tuple[datetime, datetime]:
    began: datetime = silence.began_at  # type: ignore[assignment]  # it runs
    return began + (silence.ends_at - began) / 2, silence.ends_at - LAST_DAY


@transaction.atomic
def remind_of_silence(key: str) -> None:
    """At a moment that an outage has not moved since."""
    public_id, _colon, moment = key.partition(":")
    silence = Silence.objects.running().filter(public_id=public_id).select_related("final_text__document").first()
    if silence is not None and moment in {at.isoformat() for at in reminders_of(silence)}:
        silence_due.announce(silence, by=None, key=moment)


@transaction.atomic
def move_for_outages(public_id: str) -> None:
    """After an outage, while the procedure runs."""
    silence = _locked_by_id(public_id)
    if silence is not None:
        _moved(silence)


def _moved(silence: Silence) -> bool:
    """Whether the trail of outages gives it a later end than it has; all are told of that."""
    if not silence.is_running:
        return False
    ends = end_after(silence.planned_end, pulse.outages_since(silence.began_at))  # type: ignore[arg-type]  # it runs
    if ends <= silence.ends_at:
        return False
    was, silence.ends_at = silence.ends_at, ends
    silence.save(update_fields=["ends_at"])
    _watch(silence)
    _record("document.silence_moved", silence, None, was=was.isoformat(), ends=ends.isoformat())
    silence_moved.announce(silence, by=None, key=ends.isoformat())
    page_changed(silence.document.topic())
    return True


@transaction.atomic
def end_silence(public_id: str) -> None:
    """At its hour: adopted by itself, unless an outage moves the end. Safe to run twice."""
    silence = _locked_by_id(public_id)
    if silence is None or not silence.is_running or _moved(silence) or timezone.now() < silence.ends_at:
        return
    if pulse.out_since() is not None:
        at = timezone.now() + LOOKS_AGAIN
        remind(SILENCE_ENDS, f"{silence.public_id}:{at.isoformat()}", at=at)
    elif _every_side_is_heard(silence):
        _adopt(silence)
    else:
        _end(silence, SilenceState.UNHEARD, by=None)


def _adopt(silence: Silence) -> None:
    """The head of the record at this moment is printed, as at the closing of a signing."""
    text, document = silence.final_text, silence.document
    silence.move_to(SilenceState.ADOPTED)
    silence.save(update_fields=["state", "closed_at"])
    _record("document.adopted", silence, None, ended=silence.ends_at.isoformat(), zone=silence.zone)
    if silence.then == Adoption.PUBLISH:
        top = head(document.group.chain)
        text.signing_closed_at, text.chain_seq, text.chain_hash = timezone.now(), top.seq, top.hash
        text.save(update_fields=["signing_closed_at", "chain_seq", "chain_hash"])
        document.move_to(DocumentState.ADOPTED)
        to_initial.settle(text)
    silence_announced.settle(silence)
    silence_adopted.announce(silence, by=None)
    page_changed(document.topic())


# ---- what ends it otherwise -----------------------------------------------------------------------------------------


@transaction.atomic
def break_silence(silence: Silence, *, reason: str, by: User) -> None:
    """One person's word and reason: nothing is adopted. Raises NotEntitled, SilenceIsOver.

    Until the hour, or later while an outage that is not over keeps it from ending.
    """
    silence = _locked(silence)
    place = _place_of(silence, by)
    if not silence.is_open:
        raise SilenceIsOver(_("The silence procedure has ended."))
    _moved(silence)
    if timezone.now() >= silence.ends_at and pulse.out_since() is None:
        raise SilenceIsOver(_("The hour has passed."))
    silence.broken_by, silence.broken_for, silence.reason = by, place.side, reason
    _close(silence, SilenceState.BROKEN, by)
    silence_broken.announce(silence, by=by)


def _place_of(silence: Silence, by: User) -> Entitled:
    place = silence.entitled.still_there().filter(membership__person=by).select_related("side").first()
    if place is None:
        raise NotEntitled
    return place


def void_silence_of(text: FinalText, *, by: User) -> None:
    """Under the keys that undo the freeze; the document is locked."""
    for silence in text.silences.open().select_for_update():
        silence.final_text = text
        _end(silence, SilenceState.VOIDED, by=by)


@transaction.atomic
def look_after_leaving(seat_id: str) -> None:
    """Nobody waits for one who has left; a side that has nobody left is adopted over by no silence."""
    concerned = Silence.objects.open().filter(entitled__membership__public_id=seat_id)
    for found in concerned.select_related("final_text__document"):
        silence = _locked(found)
        if silence.state == SilenceState.ANNOUNCED:
            _begin_or_wait(silence)
        elif silence.is_running and not _every_side_is_heard(silence):
            _end(silence, SilenceState.UNHEARD, by=None)


def _every_side_is_heard(silence: Silence) -> bool:
    sides = set(silence.entitled.values_list("side", flat=True))
    return sides == set(silence.entitled.still_there().values_list("side", flat=True))


def _end(silence: Silence, state: SilenceState, *, by: User | None) -> None:
    _close(silence, state, by)
    silence_over.announce(silence, by=by)


def _close(silence: Silence, state: SilenceState, by: User | None) -> None:
    silence.move_to(state)
    silence.save(update_fields=["state", "closed_at", "broken_by", "broken_for", "reason"])
    silence_announced.settle(silence)
    _record("document.silence_ended", silence, by, outcome=str(state))
    page_changed(silence.document.topic())


def _record(kind: str, silence: Silence, by: User | None, **facts: Any) -> None:
    about = {"document": silence.document.public_id, "silence": silence.public_id, "sha256": silence.sha256}
    record(kind, chain=silence.group.chain, by=by, facts=about | facts)
