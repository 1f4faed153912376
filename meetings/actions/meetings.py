"""Drafting, announcing, moving, cancelling and answering meetings."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from groups.models import ThematicGroup
from meetings.models import AgendaLine, Answer, Meeting
from meetings.notices import announced, answer_wanted, cancelled, changed, moved
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import forget, page_changed, remind, remind_all

from .particulars import FORGET_PARTICULARS, keep_needs, particulars_kept_until

TOMORROW, DOORS_OPEN = "meetings.tomorrow", "meetings.doors_open"
BEFORE = timedelta(days=1)
# A change of these moves the meeting: calendars must hear of it and people answer again.
TIME_AND_PLACE = ("starts", "ends", "zone", "mode", "venue", "link", "dial_in")

# What is done with the answer that it asks for.
ASKING = (announced, moved, answer_wanted)


class IsOver(Exception):
    """The meeting is over or cancelled: it can't be moved or answered any more."""


@dataclass(frozen=True)
class Point:
    """A line of the agenda as somebody types it; `minutes` may be unknown, `paper` is an address."""

    title: str
    speaker: str = ""
    minutes: int | None = None
    paper: str = ""


@once(Meeting)
@transaction.atomic
def announce_meeting(
    *,
    group: ThematicGroup,
    title: str,
    starts: dt.datetime,
    ends: dt.datetime,
    zone: str,
    mode: str,
    venue: str = "",
    link: str = "",
    notes: str = "",
    map_link: str = "",
    travel: str = "",
    per_diem: str = "",
    dial_in: str = "",
    agenda: Sequence[Point] = (),
    draft: bool = False,
    submission: str | None = None,
    by: User,
) -> Meeting:
    """Members get a mail with a calendar file, and a reminder the day before; of a draft nobody hears."""
    meeting = Meeting.objects.create(
        group=group,
        title=title,
        starts=starts,
        ends=ends,
        zone=zone,
        mode=mode,
        venue=venue,
        link=link,
        notes=notes,
        map_link=map_link,
        travel=travel,
        per_diem=per_diem,
        dial_in=dial_in,
        announced_by=by,
        announced_at=None if draft else timezone.now(),
        submission=submission,
    )
    _add_lines(meeting, agenda)
    if draft:
        _recorded("meeting.drafted", meeting, by)
    else:
        _tell(meeting, by)
    return meeting


@transaction.atomic
def announce_draft(meeting: Meeting, *, by: User) -> Meeting:
    """As it stands. Raises IsOver; a draft that was announced meanwhile stays as it is."""
    meeting = _locked(meeting)
    if not meeting.is_draft:
        return meeting
    if meeting.starts <= timezone.now():
        raise IsOver
    meeting.announced_at = meeting.changed_at = timezone.now()
    meeting.announced_by = by
    meeting.save(update_fields=["announced_at", "changed_at", "announced_by"])
    _tell(meeting, by)
    return meeting


def _tell(meeting: Meeting, by: User) -> None:
    _watch(meeting)
    _recorded("meeting.announced", meeting, by)
    announced.announce(meeting, by=by)


@transaction.atomic
def change_meeting(meeting: Meeting, *, agenda: Sequence[Point] | None = None, by: User, **details: Any) -> Meeting:
    """New words, or a new time or place: then the calendar file's sequence rises and everybody answers again."""
    meeting = _locked(meeting)
    moves = not meeting.is_draft and any(
        name in details and details[name] != getattr(meeting, name) for name in TIME_AND_PLACE
    )
    for name, value in details.items():
        setattr(meeting, name, value)
    meeting.changed_at = timezone.now()
    if moves:
        meeting.sequence, meeting.moved_at = meeting.sequence + 1, meeting.changed_at
    meeting.save()
    if agenda is not None:
        _write_agenda(meeting, agenda)
    _recorded("meeting.moved" if moves else "meeting.changed", meeting, by)
    if not meeting.is_draft:
        _watch(meeting)
        (moved if moves else changed).announce(meeting, by=by)
    return meeting


@transaction.atomic
def add_points(meeting: Meeting, points: Sequence[Point], *, by: User) -> Meeting:
    """Behind what stands on the agenda already."""
    held = [Point(line.title, line.speaker, line.minutes, line.paper) for line in _locked(meeting).agenda.all()]
    return change_meeting(meeting, agenda=[*held, *points], by=by)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, because: str, by: User) -> None:
    """Of a draft that is given up nobody hears. Raises IsOver."""
    meeting = _locked(meeting)
    meeting.cancelled_at, meeting.cancelled_because = timezone.now(), because
    meeting.changed_at, meeting.sequence = meeting.cancelled_at, meeting.sequence + 1
    meeting.save()
    for kind in (TOMORROW, DOORS_OPEN):
        forget(kind, meeting.public_id)
    remind(FORGET_PARTICULARS, meeting.public_id, at=particulars_kept_until(meeting))
    for asking in ASKING:
        asking.settle(meeting)
    _recorded("meeting.cancelled", meeting, by)
    if not meeting.is_draft:
        cancelled.announce(meeting, by=by)


@transaction.atomic
def remind_of_meeting(meeting: Meeting, *, by: User) -> None:
    """Ask again whoever has not answered: once a day at the most, however often the button is pressed."""
    meeting = _locked(meeting)
    answer_wanted.announce(meeting, by=by, key=f"reminder:{timezone.now().date().isoformat()}")


@transaction.atomic
def answer_meeting(meeting: Meeting, *, coming: str, needs: str = "", by: User) -> Answer:
    """Editable until the meeting is over."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    if not meeting.is_to_come:
        raise IsOver
    answer, _made = Answer.objects.update_or_create(
        meeting=meeting,
        person=by,
        defaults={
            "coming": coming,
            "sequence": meeting.sequence,
            "answered_at": timezone.now(),
        },
    )
    keep_needs(meeting, needs, person=by)
    for asking in ASKING:
        asking.settle(meeting, reader=by)
    page_changed(meeting.topic())
    return answer


def _locked(meeting: Meeting) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("group__programme").get(pk=meeting.pk)
    if meeting.is_cancelled or meeting.is_over:
        raise IsOver
    return meeting


def _write_agenda(meeting: Meeting, agenda: Sequence[Point]) -> None:
    meeting.agenda.all().delete()
    _add_lines(meeting, agenda)


def _add_lines(meeting: Meeting, agenda: Sequence[Point]) -> None:
    AgendaLine.objects.bulk_create(
        AgendaLine(meeting=meeting, position=n, title=p.title, speaker=p.speaker, minutes=p.minutes, paper=p.paper)
        for n, p in enumerate(agenda)
    )


def _watch(meeting: Meeting) -> None:
    """A day before, unless it is announced later than that; when the link is shown; when particulars are deleted."""
    moments = {
        TOMORROW: meeting.starts - BEFORE,
        DOORS_OPEN: meeting.doors_open_at if meeting.meets_online else None,
        FORGET_PARTICULARS: particulars_kept_until(meeting),
    }
    to_come = {kind: at for kind, at in moments.items() if at and at > timezone.now()}
    remind_all({(kind, meeting.public_id): at for kind, at in to_come.items()})
    for kind in moments.keys() - to_come.keys():
        forget(kind, meeting.public_id)


def _recorded(kind: str, meeting: Meeting, by: User) -> None:
    facts = {"meeting": meeting.public_id, "starts": meeting.starts.isoformat(), "sequence": meeting.sequence}
    record(kind, chain=meeting.group.chain, by=by, facts=facts)
    page_changed(meeting.topic(), meeting.group.topic())
