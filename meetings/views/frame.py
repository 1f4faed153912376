"""What all pages of meetings share."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from groups.models import ThematicGroup


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; a form of boxes that are all empty is sent, too."""
    return request.POST if request.method == "POST" else None


def page(request: HttpRequest, template: str, group: ThematicGroup, **context: Any) -> HttpResponse:
    around = {"group": group, "programme": group.programme, "nav": "meetings"}
    return render(request, f"meetings/{template}.html", around | context)
