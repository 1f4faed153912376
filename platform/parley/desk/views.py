"""Home: whose turn it is. And help."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups.models import Membership, ThematicGroup
from groups.standing import standings
from meetings.models import Meeting
from parley.access import open_to_anyone, signed_in
from parley.programmes.models import Programme
from reports.models import Publication

from .late import late_in
from .news import news_of
from .turns import turns_of

SEVEN = 7


@require_safe
@open_to_anyone("Who is not signed in is told what this is and where to sign in")
def home(request: HttpRequest) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return render(request, "desk/welcome.html", {"publications": Publication.objects.public()[:SEVEN]})
    return your_turn(request)


@signed_in("One's own turn")
def your_turn(request: HttpRequest) -> HttpResponse:
    """Cards by deadline, the next meeting, what happened meanwhile in seven lines, one's groups."""
    user = request.user
    held = standings(user)  # type: ignore[arg-type]  # signed in
    context = {
        "nav": "home",
        "cards": turns_of(user),  # type: ignore[arg-type]
        "next_meeting": Meeting.objects.visible_to(user).upcoming().not_cancelled().select_related("group").first(),  # type: ignore[arg-type]
        "late": late_in(held.programmes),
        "news": news_of(user),
        "groups": ThematicGroup.objects.visible_to(user).select_related("programme"),  # type: ignore[arg-type]
        # Asked by the page only where there is no group to show.
        "seats_to_come": Membership.objects.awaited_by(user),  # type: ignore[arg-type]
        "programmes": Programme.objects.filter(pk__in=held.programmes),
    }
    return render(request, "desk/home.html", context)


@require_safe
@open_to_anyone("Help is for everybody")
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/help.html", {"telephone": settings.HELP_TELEPHONE, "mail": settings.HELP_MAIL})
