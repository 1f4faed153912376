"""What every page of a text shows around it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from groups.models import ThematicGroup
from groups.standing import standing
from reports.models import Document, Section


def page(
    request: HttpRequest,
    template: str,
    within: ThematicGroup | Document | Section,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The template with the programme, group, document and section it stands in, and the reader's standing."""
    around = _around(within)
    group = around["group"]
    around |= {"programme": group.programme, "here": standing(request.user, group), "nav": "documents"}  # type: ignore[arg-type]  # signed in
    return render(request, f"reports/{template}.html", around | context, status=status)


def _around(within: ThematicGroup | Document | Section) -> dict[str, Any]:
    if isinstance(within, Section):
        return {"section": within, **_around(within.document)}
    if isinstance(within, Document):
        return {"document": within, "group": within.group}
    return {"group": within}
