"""A date poll of the demo, half answered."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from groups.models import Membership, ThematicGroup
from meetings.actions import answer_poll, open_poll
from meetings.models import Seen, Word
from parley.accounts.models import User

ZONE = "Asia/Tbilisi"
# Days from now and the hour at which each date begins.
DATES = ((40, 10), (40, 15), (41, 10), (47, 10), (48, 15))
# What those say who have answered, date by date, in the order of the list of members.
SAID = (
    (Word.YES, Word.YES, Word.NO, Word.YES, Word.MAYBE),
    (Word.MAYBE, Word.NO, Word.YES, Word.YES, Word.NO),
    (Word.YES, Word.MAYBE, Word.YES, Word.NO, Word.NO),
    (Word.NO, Word.NO, Word.YES, Word.YES, Word.YES),
    (Word.YES, Word.YES, Word.YES, Word.MAYBE, Word.NO),
)
NOTES = ("In the first week I can stay until noon only.", "", "", "I come by the night train.", "")


def look_for_a_date(group: ThematicGroup, lead: User) -> None:
    day = timezone.now().astimezone(ZoneInfo(ZONE)).replace(minute=0, second=0, microsecond=0)
    starts = [(day + timedelta(days=days)).replace(hour=hour) for days, hour in DATES]
    seats = list(Membership.objects.acting().with_a_side().filter(group=group).select_related("person", "side"))
    sides = {seat.side for seat in seats if seat.side}
    poll = open_poll(
        group=group,
        title="Fifth meeting of the water group",
        note="In Kutaisi or online. Each date is for three hours.",
        zone=ZONE,
        slots=[(moment, moment + timedelta(hours=3)) for moment in starts],
        deadline=day + timedelta(days=9),
        seen_by=Seen.CO_CHAIRS,
        quorums=dict.fromkeys(sides, 2),
        required=[seat for seat in seats if seat.role == "co-chair"],
        by=lead,
    )
    slots = list(poll.slots.all())
    for seat, said, note in zip(seats, SAID, NOTES, strict=False):
        answer_poll(poll, choices=dict(zip(slots, said, strict=True)), note=note, by=seat.person)
