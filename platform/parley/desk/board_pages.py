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
    """Late first; what may be asked of whom stands beneath, each line leading to a page that shows it before it is sent."""
    context = {"programme": programme, "cards": board_of(programme), "late": late_in([programme.pk])}
    return render(request, "desk/board.html", context)
