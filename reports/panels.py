"""What a group's page shows of its texts."""

from django.http import HttpRequest

from groups.models import ThematicGroup
from groups.panels import Shown, register
from groups.standing import standing
from parley.accounts.requests import PersonsRequest
from parley.programmes import panels as programme_panels
from parley.programmes.models import Programme

from .models import Document

SHOWN = 10


def documents_panel(request: HttpRequest, group: ThematicGroup) -> Shown:
    """The group's documents; a co-chair may start one, an observer sees those of which a draft was released."""
    here = standing(request.user, group)  # type: ignore[arg-type]  # signed in
    found = list(Document.objects.listed_for(request.user).filter(group=group)[:SHOWN])  # type: ignore[arg-type]
    return "reports/parts/documents_panel.html", {"documents": found, "here": here, "group": group}


def register_panel(request: PersonsRequest, programme: Programme) -> Shown:
    """The way to the register of recommendations, and to its public page where there is one."""
    return "reports/register/panel.html", {"programme": programme}


register(10, documents_panel)
programme_panels.register(20, register_panel)
