"""Around a meeting: its agenda built from open matters, what travellers say, and their letters."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from groups.standing import standing
from meetings import letters
from meetings.actions import IsOver, add_points, give_particulars
from meetings.actions.letters import make_letter
from meetings.forms import AGENDA_LINES, ParticularsForm
from meetings.models import Meeting
from meetings.suggestions import chosen, suggestions_for
from parley.access import needs
from parley.accounts.models import User
from parley.accounts.requests import PersonsRequest
from reports.publishing import RenderFailed

from .frame import page, typed

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@needs("meetings.change", Meeting, through="opened_by")
def build_agenda(request: PersonsRequest, meeting: Meeting) -> HttpResponse:
    sorts = suggestions_for(meeting.group)
    held = {line.paper for line in meeting.agenda.all()}
    if request.method == "POST":
        return _added(request, meeting, chosen(sorts, request.POST.getlist("point")))
    return page(request, "agenda", meeting.group, meeting=meeting, sorts=sorts, held=held)


def _added(request: PersonsRequest, meeting: Meeting, points: list[Any]) -> HttpResponse:
    if not points:
        messages.error(request, _("Choose at least one point."))
        return redirect("build_agenda", meeting=meeting.public_id)
    if meeting.agenda.count() + len(points) > AGENDA_LINES:
        messages.error(request, _("An agenda holds at most 40 points. Choose fewer, or join some of them."))
        return redirect("build_agenda", meeting=meeting.public_id)
    try:
        add_points(meeting, points, by=request.user)
    except IsOver:
        messages.error(request, _("The meeting is over or cancelled: it can’t be changed any more."))
    else:
        words = ngettext("%(count)d point is added.", "%(count)d points are added.", len(points))
        messages.success(request, words % {"count": len(points)})
    return redirect("meeting", meeting=meeting.public_id)


@require_http_methods(FORMS)
@needs("meetings.travel", Meeting, through="opened_by")
def travel(request: PersonsRequest, meeting: Meeting) -> HttpResponse:
    """What stands in one's own passport, and one's letters; for facilitators what everybody said."""
    mine = meeting.particulars.filter(person=request.user).first()
    form = ParticularsForm(typed(request), initial=mine.held if mine else {})
    if request.method == "POST" and form.is_valid():
        give_particulars(meeting, said=form.said, by=request.user)
        messages.success(
            request, _("Kept. Only the facilitators read it, and it is deleted thirty days after the meeting.")
        )
        return redirect("travel", meeting=meeting.public_id)
    here = standing(request.user, meeting.group)
    travellers = letters.travellers(meeting) if here.facilitates else []
    return page(request, "travel", meeting.group, meeting=meeting, form=form, here=here, travellers=travellers)


@require_POST
@needs("meetings.travel", Meeting, through="opened_by")
def letter(request: PersonsRequest, meeting: Meeting) -> HttpResponse:
    """A letter of invitation, or to those who issue visas, as PDF: one's own; a facilitator makes anybody's."""
    kind, person = request.POST.get("kind", ""), _person(request, meeting)
    if kind not in letters.KINDS or person is None:
        messages.error(request, _("Choose whose letter it is, and which."))
        return redirect("travel", meeting=meeting.public_id)
    try:
        content = make_letter(meeting, kind=kind, person=person, by=request.user)
    except letters.Lacking as lacking:
        messages.error(request, lacking.sentence)
    except RenderFailed as failed:
        messages.error(request, letters.failure_words(failed))
    else:
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{kind}-{meeting.public_id}.pdf"'
        return answer
    return redirect("travel", meeting=meeting.public_id)


def _person(request: PersonsRequest, meeting: Meeting) -> User | None:
    wanted = request.POST.get("person", "")
    if not wanted or not standing(request.user, meeting.group).facilitates:
        return request.user
    return next((seat.person for seat in letters.invited(meeting) if seat.public_id == wanted), None)
