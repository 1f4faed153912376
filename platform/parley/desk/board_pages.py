"""The board of a programme, for its facilitators."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.programmes.models import Programme

from .board import board_of
from .late import late_in


@require_safe
@needs("programmes.manage", Programme)
def board(request: PersonsRequest, programme: Programme) -> HttpResponse:
    """Late first. Beneath it who may be asked again: each line leads to a page that shows the words before."""
    context = {"programme": programme, "cards": board_of(programme), "late": late_in([programme.pk])}
    return render(request, "desk/board.html", context)
