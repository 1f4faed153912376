"""The list of meetings, one address per meeting, and answering it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.models import ThematicGroup
from groups.standing import standing, standings
from parley.access import needs, signed_in
from parley.access.submissions import AlreadySubmitted, submission_of

from .actions import (
    IsOver,
    announce_meeting,
    answer_meeting,
    cancel_meeting,
    change_meeting,
    remind_of_meeting,
)
from .answers import silent_in
from .calendars import calendar_file
from .forms import AnswerForm, CancelForm, MeetingForm, initial_of
from .models import Answer, Meeting

PER_PAGE = 30


def _page(request: HttpRequest, template: str, group: ThematicGroup, **context: Any) -> HttpResponse:
    around = {"group": group, "programme": group.programme, "nav": "meetings"}
    return render(request, f"meetings/{template}.html", around | context)


@require_safe
@signed_in("One's own meetings")
def meetings(request: HttpRequest) -> HttpResponse:
    """What is to come first, then what is past; over all groups of the person."""
    visible = Meeting.objects.visible_to(request.user).select_related("group__programme")  # type: ignore[arg-type]
    past = Paginator(visible.past(), PER_PAGE).get_page(request.GET.get("page"))
    held = standings(request.user)  # type: ignore[arg-type]  # signed in
    may_announce = [s.membership.group for s in held.by_group.values() if s.membership and s.is_co_chair]
    context = {"upcoming": visible.upcoming(), "past": past, "may_announce": may_announce, "nav": "meetings"}
    return render(request, "meetings/list.html", context)


@require_safe
@needs("meetings.see", Meeting, through="opened_by")
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One address before, during and after."""
    mine = meeting.answers.filter(person=request.user).first()  # type: ignore[misc]  # signed in
    return _page(
        request,
        "meeting",
        meeting.group,
        meeting=meeting,
        agenda=meeting.agenda.all(),
        mine=mine,
        outdated=mine is not None and mine.sequence != meeting.sequence,
        form=AnswerForm(instance=mine, meeting=meeting),
        here=standing(request.user, meeting.group),  # type: ignore[arg-type]
        answers=_answers(request, meeting),
    )


def _answers(request: HttpRequest, meeting: Meeting) -> list[dict[str, Any]] | None:
    """Who answered what, by side, for those who prepare the meeting; nothing for others."""
    if not request.user.has_perm("meetings.see_answers", meeting):
        return None
    given = {a.person_id: a for a in meeting.answers.all()}
    seats = meeting.group.memberships.acting().with_a_side().select_related("person", "side")
    seats = seats.order_by("side__position", "role", "person__name")
    by_side: dict[Any, list[tuple[Any, Answer | None]]] = {}
    for seat in seats:
        by_side.setdefault(seat.side, []).append((seat.person, given.get(seat.person_id)))
    return [{"side": side, "people": people} for side, people in by_side.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.announce", ThematicGroup)
def announce(request: HttpRequest, group: ThematicGroup) -> HttpResponse:
    form = MeetingForm(request.POST or None, zone=timezone.get_current_timezone_name())
    if request.method == "POST" and form.is_valid():
        return _announced(request, group, form)
    return _page(request, "announce", group, form=form)


def _announced(request: HttpRequest, group: ThematicGroup, form: MeetingForm) -> HttpResponse:
    submission = submission_of(request)
    try:
        made = announce_meeting(group=group, submission=submission, by=request.user, **form.details)  # type: ignore[arg-type]
    except AlreadySubmitted:
        made = Meeting.objects.get(submission=submission)
    messages.success(request, _("The meeting is announced. Members get a mail with a calendar file."))
    return redirect("meeting", meeting=made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.change", Meeting, through="opened_by")
def change(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = MeetingForm(request.POST or None, initial=initial_of(meeting), zone=meeting.zone)
    if request.method == "POST" and form.is_valid():
        try:
            change_meeting(meeting, by=request.user, **form.details)  # type: ignore[arg-type]
        except IsOver:
            messages.error(request, _("The meeting is over or cancelled: it can’t be changed any more."))
        else:
            messages.success(request, _("The meeting is changed. Those invited are told."))
        return redirect("meeting", meeting=meeting.public_id)
    return _page(request, "change", meeting.group, meeting=meeting, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.change", Meeting, through="opened_by")
def cancel(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_meeting(meeting, because=form.cleaned_data["because"], by=request.user)  # type: ignore[arg-type]
        except IsOver:
            messages.info(request, _("The meeting is over or cancelled already."))
        else:
            messages.success(request, _("The meeting is cancelled. All who were invited are told."))
        return redirect("meeting", meeting=meeting.public_id)
    return _page(request, "cancel", meeting.group, meeting=meeting, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.change", Meeting, through="opened_by")
def remind(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Shows whom the reminder goes to and what it says; POST sends it."""
    if request.method == "POST":
        try:
            remind_of_meeting(meeting, by=request.user)  # type: ignore[arg-type]
        except IsOver:
            messages.info(request, _("The meeting is over or cancelled already."))
        else:
            messages.success(request, _("Whoever has not answered is reminded, once a day at the most."))
        return redirect("meeting", meeting=meeting.public_id)
    return _page(request, "remind", meeting.group, meeting=meeting, silent=silent_in(meeting))


@require_POST
@needs("meetings.answer", Meeting, through="opened_by")
def answer(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = AnswerForm(request.POST, meeting=meeting)
    if not form.is_valid():
        messages.error(request, _("Choose whether you come, then send your answer."))
        return redirect("meeting", meeting=meeting.public_id)
    try:
        answer_meeting(meeting, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except IsOver:
        messages.error(request, _("The meeting is over or cancelled: there is nothing to answer any more."))
    else:
        messages.success(request, _("Your answer is kept. You may change it until the meeting."))
    return redirect("meeting", meeting=meeting.public_id)


@require_safe
@needs("meetings.see", Meeting, through="opened_by")
def calendar(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The calendar file, the same as in the mail."""
    answer = HttpResponse(calendar_file(meeting), content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.public_id}.ics"'
    return answer
