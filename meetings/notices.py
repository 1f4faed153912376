"""What people are told about meetings."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from groups.models import ThematicGroup
from groups.standing import standing
from parley.accounts.models import User
from parley.notifications import NoticeKind, Urgency, Words
from parley.ui.times import moment_words

from .answers import silent_in
from .calendars import file_for_mail
from .models import Answer, Meeting


def members_and_facilitators(meeting: Meeting, facts: dict[str, Any]) -> Iterable[User]:
    return people_of(meeting.group)


def people_of(group: ThematicGroup) -> list[User]:
    """Who is told of a meeting of this group: its members, and the facilitators."""
    seats = group.memberships.acting().with_a_side().select_related("person")
    facilitators = group.programme.facilitators.acting().select_related("person")
    return [*(seat.person for seat in seats), *(f.person for f in facilitators)]


def who_did_not_say_no(meeting: Meeting, facts: dict[str, Any]) -> Iterable[User]:
    """The day before: not those who said that they cannot come."""
    absent = Answer.objects.filter(meeting=meeting, coming=Answer.Coming.NO, sequence=meeting.sequence)
    away = set(absent.values_list("person", flat=True))
    return [person for person in members_and_facilitators(meeting, facts) if person.pk not in away]


def who_has_not_answered(meeting: Meeting, facts: dict[str, Any]) -> Iterable[User]:
    return silent_in(meeting)


def sees_meeting(user: User, meeting: Any) -> bool:
    return standing(user, meeting.group).sees_texts


def _words(sentence: Any) -> Any:
    def words(meeting: Meeting, reader: User, facts: dict[str, Any]) -> Words:
        body = sentence(meeting, moment_words(meeting.starts, reader.time_zone))
        return Words(title=meeting.title, body=body, url=reverse("meeting", kwargs={"meeting": meeting.public_id}))

    return words


def _kind(name: str, readers: Any, sentence: Any, **more: Any) -> NoticeKind:
    return NoticeKind(
        f"meetings.{name}",
        subject=Meeting,
        readers=readers,
        may_see=sees_meeting,
        words=_words(sentence),
        related=("group__programme",),
        **more,
    )


announced = _kind(
    "announced",
    members_and_facilitators,
    lambda meeting, when: _("A meeting is announced: %(when)s. Please say whether you come.") % {"when": when},
    asks=True,
    calendar=file_for_mail,
)
moved = _kind(
    "moved",
    members_and_facilitators,
    lambda meeting, when: _("The meeting has a new time or place: %(when)s. Please answer again.") % {"when": when},
    asks=True,
    calendar=file_for_mail,
)
answer_wanted = _kind(
    "answer_wanted",
    who_has_not_answered,
    lambda meeting, when: _("The meeting begins on %(when)s. Please say whether you come.") % {"when": when},
    asks=True,
)
changed = _kind(
    "changed",
    members_and_facilitators,
    lambda meeting, when: _("The agenda or the notes of the meeting have changed."),
)
cancelled = _kind(
    "cancelled",
    members_and_facilitators,
    lambda meeting, when: _("The meeting is cancelled (it was to begin on %(when)s).") % {"when": when},
    urgency=Urgency.DEADLINE,
    calendar=file_for_mail,
)
tomorrow = _kind(
    "tomorrow",
    who_did_not_say_no,
    lambda meeting, when: _("The meeting begins on %(when)s.") % {"when": when},
    urgency=Urgency.DEADLINE,
)
