"""Announcing, moving, cancelling and answering meetings."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from groups.models import ThematicGroup
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import forget, page_changed, remind

from .calendars import calendar_file
from .models import AgendaLine, Answer, Meeting
from .notices import announced, answer_wanted, cancelled, changed, moved

TOMORROW = "meetings.tomorrow"
BEFORE = timedelta(days=1)
# A change of these moves the meeting: calendars must hear of it and people answer again.
TIME_AND_PLACE = ("starts", "ends", "zone", "mode", "venue", "link")

# What is done with the answer that it asks for.
ASKING = (announced, moved, answer_wanted)


class IsOver(Exception):
    """The meeting is over or cancelled: it can't be moved or answered any more."""


@dataclass(frozen=True)
class Point:
    """A line of the agenda as somebody types it; `minutes` may be unknown."""

    title: str
    speaker: str = ""
    minutes: int | None = None


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
    agenda: Sequence[Point] = (),
    submission: str | None = None,
    by: User,
) -> Meeting:
    """Members get a mail with a calendar file, and a reminder the day before."""
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
        announced_by=by,
        submission=submission,
    )
    _write_agenda(meeting, agenda)
    _remind(meeting)
    _recorded("meeting.announced", meeting, by)
    announced.announce(meeting, by=by, calendar=calendar_file(meeting))
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, *, agenda: Sequence[Point] | None = None, by: User, **details: Any) -> Meeting:
    """New words, or a new time or place: then the calendar file's sequence rises and everybody answers again."""
    meeting = _locked(meeting)
    moves = any(name in details and details[name] != getattr(meeting, name) for name in TIME_AND_PLACE)
    for name, value in details.items():
        setattr(meeting, name, value)
    meeting.changed_at = timezone.now()
    if moves:
        meeting.sequence, meeting.moved_at = meeting.sequence + 1, meeting.changed_at
    meeting.save()
    if agenda is not None:
        _write_agenda(meeting, agenda)
    _remind(meeting)
    _recorded("meeting.moved" if moves else "meeting.changed", meeting, by)
    if moves:
        moved.announce(meeting, by=by, calendar=calendar_file(meeting))
    else:
        changed.announce(meeting, by=by)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, because: str, by: User) -> None:
    meeting = _locked(meeting)
    meeting.cancelled_at, meeting.cancelled_because = timezone.now(), because
    meeting.changed_at, meeting.sequence = meeting.cancelled_at, meeting.sequence + 1
    meeting.save()
    forget(TOMORROW, meeting.public_id)
    for asking in ASKING:
        asking.settle(meeting)
    _recorded("meeting.cancelled", meeting, by)
    cancelled.announce(meeting, by=by, calendar=calendar_file(meeting))


@transaction.atomic
def remind_of_meeting(meeting: Meeting, *, by: User) -> None:
    """Ask again whoever has not answered: once a day at the most, however often the button is pressed."""
    meeting = _locked(meeting)
    answer_wanted.announce(meeting, by=by, key=f"reminder:{timezone.now().date().isoformat()}")


@transaction.atomic
def answer_meeting(meeting: Meeting, *, coming: str, needs: str = "", by: User) -> Answer:
    """Editable until the meeting is over."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    if meeting.is_cancelled or meeting.is_over:
        raise IsOver
    answer, _made = Answer.objects.update_or_create(
        meeting=meeting,
        person=by,
        defaults={
            "coming": coming,
            "needs": needs,
            "sequence": meeting.sequence,
            "answered_at": timezone.now(),
        },
    )
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
    AgendaLine.objects.bulk_create(
        AgendaLine(meeting=meeting, position=n, title=p.title, speaker=p.speaker, minutes=p.minutes)
        for n, p in enumerate(agenda)
    )


def _remind(meeting: Meeting) -> None:
    """A day before; a meeting announced later than that is its own reminder."""
    if meeting.starts - BEFORE > timezone.now():
        remind(TOMORROW, meeting.public_id, at=meeting.starts - BEFORE)
    else:
        forget(TOMORROW, meeting.public_id)


def _recorded(kind: str, meeting: Meeting, by: User) -> None:
    facts = {"meeting": meeting.public_id, "starts": meeting.starts.isoformat(), "sequence": meeting.sequence}
    record(kind, chain=meeting.group.chain, by=by, facts=facts)
    page_changed(meeting.topic(), meeting.group.topic())
