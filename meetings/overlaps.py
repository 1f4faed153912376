"""Other meetings of the same people at the same time: those that the reader sees, nobody else's."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from groups.models import Membership, ThematicGroup
from parley.accounts.models import User

from .models import Meeting


@dataclass(frozen=True)
class Overlap:
    """A meeting of another group, and who of this one is expected there, too."""

    meeting: Meeting
    people: Sequence[Membership]


def overlaps_of(
    group: ThematicGroup, starts: datetime, ends: datetime, reader: User, *, but: Meeting | None = None
) -> list[Overlap]:
    """Two questions. Meetings of the same group count with all its members."""
    meetings = Meeting.objects.visible_to(reader).announced().not_cancelled().overlapping(starts, ends)
    if but is not None:
        meetings = meetings.exclude(pk=but.pk)
    found = list(meetings.select_related("group").order_by("starts", "pk"))
    if not found:
        return []
    seats = Membership.objects.acting().with_a_side().filter(group__in={group.pk, *(m.group_id for m in found)})
    by_group: dict[int, dict[int, Membership]] = defaultdict(dict)
    for seat in seats.select_related("person").order_by("person__name", "pk"):
        by_group[seat.group_id][seat.person_id] = seat
    here = by_group[group.pk]
    shared = [(m, [seat for person, seat in by_group[m.group_id].items() if person in here]) for m in found]
    return [Overlap(meeting, people) for meeting, people in shared if people]
