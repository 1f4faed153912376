"""What of meetings may be searched: title, place, notes, points of the agenda; not who said or answered what."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.accounts.models import User
from parley.search.models import Found
from parley.search.sources import Hit, Source, Watched, add_source
from parley.ui.times import day_words

from .models import AgendaLine, Meeting


def _hit(meeting: Meeting, text: str, where: str, *order: int) -> Hit:
    return Hit(
        url=reverse("meeting", kwargs={"meeting": meeting.public_id}),
        text=text,
        where=f"{where}, {day_words(meeting.starts.astimezone(ZoneInfo(meeting.zone)).date())}",
        order=(-meeting.starts.timestamp(), meeting.pk, *order),
    )


def meetings_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Meeting.objects.visible_to(reader).filter(pk__in=keys).select_related("group")
    return {
        keys[meeting.pk]: _hit(
            meeting,
            " · ".join(part for part in (meeting.title, meeting.venue, meeting.notes) if part),
            meeting.group.name,
        )
        for meeting in seen
    }


def agenda_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = AgendaLine.objects.filter(pk__in=keys, meeting__in=Meeting.objects.visible_to(reader))
    where = _("Point of the agenda of “%s”")
    return {
        keys[line.pk]: _hit(line.meeting, line.title, where % line.meeting.title, 1, line.position)
        for line in seen.select_related("meeting")
    }


# A draft is found by nobody: it is for those who prepare it, and who know where it is.
ANNOUNCED = "m.announced_at IS NOT NULL"

add_source(
    Source(
        kind="meeting",
        label=gettext_lazy("Meetings"),
        table="meetings_meeting",
        key="m.id",
        rows="meetings_meeting m",
        words="m.title || ' ' || m.venue || ' ' || m.notes",
        where=ANNOUNCED,
        columns={"group_id": "m.group_id"},
        shown=meetings_found,
        watched=(Watched("meetings_meeting", "NEW.id", columns=("title", "venue", "notes", "announced_at")),),
    )
)
add_source(
    Source(
        kind="agenda",
        label=gettext_lazy("Agendas"),
        table="meetings_agendaline",
        key="a.id",
        rows="meetings_agendaline a JOIN meetings_meeting m ON m.id = a.meeting_id",
        words="a.title",
        where=ANNOUNCED,
        columns={"group_id": "m.group_id"},
        shown=agenda_found,
        watched=(
            Watched("meetings_agendaline", "NEW.id", columns=("title",)),
            Watched(
                "meetings_meeting",
                "SELECT id FROM meetings_agendaline WHERE meeting_id = NEW.id",
                columns=("announced_at",),
                when_added=False,
            ),
        ),
    )
)
