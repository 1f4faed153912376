"""The next meetings on a group's page."""

from django.http import HttpRequest

from groups.models import ThematicGroup
from groups.panels import Shown, register

from .models import Meeting

SHOWN = 3


def next_meetings(request: HttpRequest, group: ThematicGroup) -> Shown:
    """Nothing for observers, who never see meetings."""
    if not request.user.has_perm("meetings.see", group):
        return None
    upcoming = list(Meeting.objects.filter(group=group).upcoming()[:SHOWN])
    may_announce = request.user.has_perm("meetings.announce", group)
    return "meetings/panel.html", {"meetings": upcoming, "may_announce": may_announce, "group": group}


register(20, next_meetings)
