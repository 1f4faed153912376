"""Opening, answering, changing and closing polls of dates, and choosing the date that becomes a meeting."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from groups.models import Membership, ThematicGroup
from meetings import notices_polls as notices
from meetings.models import Meeting, Poll, PollAnswer, Quorum, Slot, SlotChoice
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import forget, page_changed, remind_all
from parley.programmes.models import Side

from .meetings import announce_meeting

POLL_REMINDER, POLL_ENDS = "meetings.poll_reminder", "meetings.poll_ends"
# Whoever has not answered is reminded at these shares of the time: twice, never more.
REMINDED_AT = {"half": 0.5, "most": 0.9}


class PollIsClosed(Exception):
    """A date was chosen, the poll was cancelled, or the time for answers has passed."""


@once(Poll)
@transaction.atomic
def open_poll(
    *,
    group: ThematicGroup,
    title: str,
    zone: str,
    slots: Sequence[tuple[dt.datetime, dt.datetime]],
    deadline: dt.datetime,
    note: str = "",
    seen_by: str,
    quorums: Mapping[Side, int] | None = None,
    required: Collection[Membership] = (),
    submission: str | None = None,
    by: User,
) -> Poll:
    """Those who sit for a side are asked; `slots` are pairs of begin and end."""
    poll = Poll.objects.create(
        group=group,
        title=title,
        note=note,
        zone=zone,
        deadline=deadline,
        seen_by=seen_by,
        submission=submission,
        opened_by=by,
    )
    Slot.objects.bulk_create(Slot(poll=poll, starts=starts, ends=ends) for starts, ends in slots)
    needed = {side: count for side, count in (quorums or {}).items() if count}
    Quorum.objects.bulk_create(Quorum(poll=poll, side=side, needed=count) for side, count in needed.items())
    poll.required.set(required)
    _watch(poll)
    _recorded("poll.opened", poll, by)
    notices.opened.announce(poll, by=by)
    return poll


@transaction.atomic
def answer_poll(poll: Poll, *, choices: Mapping[Slot, str], note: str = "", by: User) -> PollAnswer:
    """One's own answer, anew as often as one likes until the deadline. Raises PollIsClosed."""
    return _answered(poll, by, choices, note, entered_by=None)


@transaction.atomic
def enter_answer(poll: Poll, *, person: User, choices: Mapping[Slot, str], note: str = "", by: User) -> PollAnswer:
    """What somebody said by telephone, written down by a facilitator: recorded, and told to the person."""
    answer = _answered(poll, person, choices, note, entered_by=by)
    facts = {"poll": poll.public_id, "person": person.public_id}
    record("poll.answer_entered", chain=poll.group.chain, by=by, facts=facts)
    notices.entered.announce(poll, by=by, facts={"person": person.public_id})
    return answer


def _answered(
    poll: Poll, person: User, choices: Mapping[Slot, str], note: str, *, entered_by: User | None
) -> PollAnswer:
    poll = _locked(poll)
    if not poll.takes_answers:
        raise PollIsClosed
    answer, _made = PollAnswer.objects.update_or_create(
        poll=poll,
        person=person,
        defaults={"note": note, "answered_at": timezone.now(), "entered_by": entered_by},
    )
    answer.choices.all().delete()
    SlotChoice.objects.bulk_create(SlotChoice(answer=answer, slot=slot, word=word) for slot, word in choices.items())
    for asking in (notices.opened, notices.reminder):
        asking.settle(poll, reader=person)
    page_changed(poll.topic())
    return answer


@transaction.atomic
def change_poll(poll: Poll, *, title: str, note: str, deadline: dt.datetime, by: User) -> Poll:
    """Its words and its deadline. Who sees the answers stays as it was when people gave them. Raises PollIsClosed."""
    poll = _not_closed(poll)
    poll.title, poll.note, poll.deadline = title, note, deadline
    poll.save(update_fields=["title", "note", "deadline"])
    notices.ended.settle(poll)
    _watch(poll)
    _recorded("poll.changed", poll, by)
    notices.changed.announce(poll, by=by)
    return poll


@transaction.atomic
def cancel_poll(poll: Poll, *, by: User) -> None:
    """Raises PollIsClosed."""
    poll = _not_closed(poll)
    _close(poll)
    _recorded("poll.cancelled", poll, by)
    notices.cancelled.announce(poll, by=by)


@transaction.atomic
def choose_date(slot: Slot, *, submission: str | None = None, by: User, **details: Any) -> Meeting:
    """The date becomes a meeting, announced with `details`. Raises PollIsClosed, AlreadySubmitted."""
    poll = _not_closed(slot.poll)
    meeting = announce_meeting(
        group=poll.group, starts=slot.starts, ends=slot.ends, submission=submission, by=by, **details
    )
    poll.chosen, poll.meeting = slot, meeting
    _close(poll)
    facts = {"poll": poll.public_id, "meeting": meeting.public_id, "starts": slot.starts.isoformat()}
    record("poll.chosen", chain=poll.group.chain, by=by, facts=facts)
    page_changed(poll.topic())
    return meeting


def _locked(poll: Poll) -> Poll:
    return Poll.objects.select_for_update(of=("self",)).select_related("group__programme").get(pk=poll.pk)


def _not_closed(poll: Poll) -> Poll:
    poll = _locked(poll)
    if poll.is_closed:
        raise PollIsClosed
    return poll


def _close(poll: Poll) -> None:
    poll.closed_at = timezone.now()
    poll.save(update_fields=["closed_at", "chosen", "meeting"])
    forget(POLL_ENDS, poll.public_id)
    for name in REMINDED_AT:
        forget(POLL_REMINDER, f"{poll.public_id}:{name}")
    for asking in (notices.opened, notices.reminder, notices.ended):
        asking.settle(poll)


def _watch(poll: Poll) -> None:
    """The reminders that are still to come, and the end."""
    rows = {(POLL_ENDS, poll.public_id): poll.deadline}
    for name, share in REMINDED_AT.items():
        key, at = f"{poll.public_id}:{name}", poll.moment_after(share)
        if at > timezone.now():
            rows[POLL_REMINDER, key] = at
        else:
            forget(POLL_REMINDER, key)
    remind_all(rows)


def _recorded(kind: str, poll: Poll, by: User) -> None:
    facts = {"poll": poll.public_id, "deadline": poll.deadline.isoformat()}
    record(kind, chain=poll.group.chain, by=by, facts=facts)
    page_changed(poll.topic(), poll.group.topic())


# ---- when its time comes ---------------------------------------------------------------------------------------------


def remind_of_poll(key: str) -> None:
    """Under a key of its own each, so that nobody hears of one twice, wherever the deadline moved."""
    public_id, _colon, name = key.partition(":")
    poll = Poll.objects.open().select_related("group__programme").filter(public_id=public_id).first()
    if poll is not None:
        with transaction.atomic():
            notices.reminder.announce(poll, by=None, key=name)


@transaction.atomic
def end_poll(public_id: str) -> None:
    poll = Poll.objects.not_closed().select_related("group__programme").filter(public_id=public_id).first()
    if poll is None or poll.takes_answers:
        return
    for asking in (notices.opened, notices.reminder):
        asking.settle(poll)
    notices.ended.announce(poll, by=None, key=f"ended:{poll.deadline.isoformat()}")
    page_changed(poll.topic(), poll.group.topic())
