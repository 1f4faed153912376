"""What a group's page shows of its texts."""

from django.http import HttpRequest

from groups.models import ThematicGroup
from groups.panels import Shown, register
from groups.standing import standing

from .models import Document

SHOWN = 10


def documents_panel(request: HttpRequest, group: ThematicGroup) -> Shown:
    """The group's documents; a co-chair may start one, an observer sees those of which a draft was released."""
    here = standing(request.user, group)  # type: ignore[arg-type]  # signed in
    found = list(Document.objects.listed_for(request.user).filter(group=group)[:SHOWN])  # type: ignore[arg-type]
    return "reports/parts/documents_panel.html", {"documents": found, "here": here, "group": group}


register(10, documents_panel)
