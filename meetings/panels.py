"""The date polls and the next meetings on a group's page, in one question: it is the page that people open most."""

from django.db.models import CharField, DateTimeField, F, Value
from django.db.models.functions import Cast

from groups.models import ThematicGroup
from groups.panels import Shown, register
from parley.accounts.requests import PersonsRequest

from .models import Meeting, Poll

POLLS, MEETINGS = 6, 3
COLUMNS = ("rank", "public_id", "title", "begins", "over", "how", "off", "moved", "told")
# Of a meeting, in the order of the columns behind the rank.
FIELDS = ("public_id", "title", "starts", "ends", "mode", "cancelled_at", "moved_at", "announced_at")


def next_meetings(request: PersonsRequest, group: ThematicGroup) -> Shown:
    """Nothing for observers, who never see meetings."""
    if not request.user.has_perm("meetings.see", group):
        return None
    may_announce = request.user.has_perm("meetings.announce", group)
    polls, meetings = _to_come(group, with_drafts=may_announce)
    return "meetings/panel.html", {"meetings": meetings, "polls": polls, "may_announce": may_announce, "group": group}


def _to_come(group: ThematicGroup, *, with_drafts: bool) -> tuple[list[Poll], list[Meeting]]:
    """As much of each as its line shows: the polls first, or many meetings would hide one."""
    upcoming = Meeting.objects.filter(group=group).upcoming().order_by()
    upcoming = upcoming if with_drafts else upcoming.announced()
    never = Cast(Value(None), DateTimeField())
    polls = Poll.objects.filter(group=group).not_closed().order_by().annotate(
        rank=Value(0), begins=F("deadline"), over=F("deadline"), how=Value("", CharField()), off=never, moved=never,
        told=never,
    )  # fmt: skip
    meetings = upcoming.annotate(
        rank=Value(1), begins=F("starts"), over=F("ends"), how=F("mode"), off=F("cancelled_at"), moved=F("moved_at"),
        told=F("announced_at"),
    )  # fmt: skip
    rows = polls.values_list(*COLUMNS).union(meetings.values_list(*COLUMNS), all=True)
    found = list(rows.order_by("rank", "begins", "public_id")[: POLLS + MEETINGS])
    return (
        [Poll(public_id=row[1], title=row[2], deadline=row[3]) for row in found if row[0] == 0][:POLLS],
        [Meeting(**dict(zip(FIELDS, row[1:], strict=True))) for row in found if row[0] == 1][:MEETINGS],
    )


register(20, next_meetings)
