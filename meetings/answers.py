"""Who has not said whether they come: told by people, never by their answers."""

from collections import defaultdict
from collections.abc import Sequence

from groups.models import Membership
from parley.accounts.models import User

from .models import Answer, Meeting


def silent_by_meeting(meetings: Sequence[Meeting]) -> list[tuple[Meeting, list[User]]]:
    """Meetings to which somebody of a side has not answered since they were last moved; two questions for all."""
    given = set(Answer.objects.filter(meeting__in=meetings).values_list("meeting", "person", "sequence"))
    seats = Membership.objects.acting().with_a_side().filter(group__in={meeting.group_id for meeting in meetings})
    seated: dict[int, list[User]] = defaultdict(list)
    for seat in seats.select_related("person").order_by("side__position", "person__name", "pk"):
        seated[seat.group_id].append(seat.person)
    silent = [
        (meeting, [p for p in seated[meeting.group_id] if (meeting.pk, p.pk, meeting.sequence) not in given])
        for meeting in meetings
    ]
    return [(meeting, people) for meeting, people in silent if people]


def silent_in(meeting: Meeting) -> list[User]:
    return next((people for _meeting, people in silent_by_meeting([meeting])), [])
