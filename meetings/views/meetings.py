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
from meetings.actions import (
    IsOver,
    announce_draft,
    announce_meeting,
    answer_meeting,
    cancel_meeting,
    change_meeting,
    remind_of_meeting,
)
from meetings.agendas import timed
from meetings.answers import silent_in
from meetings.calendars import calendar_file, method_of_meeting
from meetings.forms import AnswerForm, CancelForm, MeetingForm, initial_of
from meetings.models import Answer, Meeting, Particulars, Poll
from meetings.notices import people_of
from meetings.overlaps import overlaps_of
from parley.access import needs, signed_in
from parley.access.submissions import AlreadySubmitted, submission_of

from .frame import page as _page

PER_PAGE = 30


@require_safe
@signed_in("One's own meetings")
def meetings(request: HttpRequest) -> HttpResponse:
    """What is to come first, then what is past; over all groups of the person."""
    visible = Meeting.objects.visible_to(request.user).select_related("group__programme")  # type: ignore[arg-type]
    past = Paginator(visible.past(), PER_PAGE).get_page(request.GET.get("page"))
    held = standings(request.user)  # type: ignore[arg-type]  # signed in
    may_announce = [s.membership.group for s in held.by_group.values() if s.membership and s.is_co_chair]
    polls = Poll.objects.visible_to(request.user).not_closed().select_related("group")  # type: ignore[arg-type]
    context = {
        "upcoming": visible.upcoming(),
        "past": past,
        "polls": polls.order_by("deadline", "pk"),
        "may_announce": may_announce,
        "nav": "meetings",
    }
    return render(request, "meetings/list.html", context)


@require_safe
@needs("meetings.see", Meeting, through="opened_by")
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One address before, during and after."""
    mine = meeting.answers.filter(person=request.user).first()  # type: ignore[misc]  # signed in
    here = standing(request.user, meeting.group)  # type: ignore[arg-type]
    prepares = request.user.has_perm("meetings.see_answers", meeting)
    particulars = _particulars(request, meeting, all_of_them=here.facilitates)
    own = particulars.get(request.user.pk or 0)
    return _page(
        request,
        "meeting",
        meeting.group,
        meeting=meeting,
        agenda=timed(meeting, meeting.first_zone(timezone.get_current_timezone_name())),
        agenda_zone=meeting.first_zone(timezone.get_current_timezone_name()),
        mine=mine,
        outdated=mine is not None and mine.sequence != meeting.sequence,
        form=AnswerForm(instance=mine, meeting=meeting, initial={"needs": own.held.get("needs", "") if own else ""}),
        here=here,
        prepares=prepares,
        answers=_answers(meeting, particulars) if prepares and not meeting.is_draft else None,
        overlaps=_overlaps(request, meeting) if prepares else [],
    )


def _particulars(request: HttpRequest, meeting: Meeting, *, all_of_them: bool) -> dict[int, Particulars]:
    """By person: one's own, and everybody's for facilitators."""
    found = meeting.particulars.all()
    if not all_of_them:
        found = found.filter(person=request.user)  # type: ignore[misc]  # signed in
    return {each.person_id: each for each in found}


def _overlaps(request: HttpRequest, meeting: Meeting) -> list[Any]:
    if meeting.is_over or meeting.is_cancelled:
        return []
    return overlaps_of(meeting.group, meeting.starts, meeting.ends, request.user, but=meeting)  # type: ignore[arg-type]


def _answers(meeting: Meeting, particulars: dict[int, Particulars]) -> list[dict[str, Any]]:
    """Who answered what and needs what, by side, for those who prepare the meeting."""
    given = {a.person_id: a for a in meeting.answers.all()}
    seats = meeting.group.memberships.acting().with_a_side().select_related("person", "side")
    seats = seats.order_by("side__position", "role", "person__name")
    by_side: dict[Any, list[tuple[Any, Answer | None, str]]] = {}
    for seat in seats:
        said = particulars.get(seat.person_id)
        needs_what = said.held.get("needs", "") if said else ""
        by_side.setdefault(seat.side, []).append((seat.person, given.get(seat.person_id), needs_what))
    return [{"side": side, "people": people} for side, people in by_side.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.announce", ThematicGroup)
def announce(request: HttpRequest, group: ThematicGroup) -> HttpResponse:
    """Announced, or kept as a draft by its button."""
    draft = "draft" in request.POST
    form = MeetingForm(request.POST or None, zone=timezone.get_current_timezone_name(), draft=draft)
    if request.method == "POST" and form.is_valid():
        return _announced(request, group, form)
    return _page(request, "announce", group, form=form)


def _announced(request: HttpRequest, group: ThematicGroup, form: MeetingForm) -> HttpResponse:
    submission = submission_of(request)
    try:
        made = announce_meeting(
            group=group,
            draft=form.draft,
            submission=submission,
            by=request.user,  # type: ignore[arg-type]  # signed in
            **form.details,
        )
    except AlreadySubmitted:
        made = Meeting.objects.get(submission=submission)
    if made.is_draft:
        messages.success(request, _("The draft is kept. Co-chairs and facilitators see it; nobody is told."))
    else:
        messages.success(request, _("The meeting is announced. Members get a mail with a calendar file."))
    return redirect("meeting", meeting=made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.change", Meeting, through="opened_by")
def announce_it(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """A draft: who will get a mail, and what is missing still; POST announces it."""
    lacks = lacking(meeting)
    if request.method == "POST" and not lacks:
        try:
            announce_draft(meeting, by=request.user)  # type: ignore[arg-type]
        except IsOver:
            messages.error(request, _("This moment has passed. Change the time first."))
        else:
            messages.success(request, _("The meeting is announced. Members get a mail with a calendar file."))
        return redirect("meeting", meeting=meeting.public_id)
    return _page(
        request,
        "announce_it",
        meeting.group,
        meeting=meeting,
        lacks=lacks,
        told=people_of(meeting.group),
        reader_zone=timezone.get_current_timezone_name(),
        overlaps=_overlaps(request, meeting),
    )


def lacking(meeting: Meeting) -> str:
    """What a draft needs before it can be announced, in a sentence."""
    if meeting.meets_in_person and not meeting.venue:
        return _("Say where you meet.")
    if meeting.meets_online and not meeting.link:
        return _("Give the link by which people join.")
    return _("This moment has passed. Give a later one.") if meeting.starts <= timezone.now() else ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.change", Meeting, through="opened_by")
def change(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = MeetingForm(request.POST or None, initial=initial_of(meeting), zone=meeting.zone, draft=meeting.is_draft)
    if request.method == "POST" and form.is_valid():
        try:
            change_meeting(meeting, by=request.user, **form.details)  # type: ignore[arg-type]
        except IsOver:
            messages.error(request, _("The meeting is over or cancelled: it can’t be changed any more."))
        else:
            told = _("The draft is kept.") if meeting.is_draft else _("The meeting is changed. Those invited are told.")
            messages.success(request, told)
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
            told = (
                _("The draft is given up. Nobody is told.")
                if meeting.is_draft
                else _("The meeting is cancelled. All who were invited are told.")
            )
            messages.success(request, told)
        return redirect("meeting", meeting=meeting.public_id)
    return _page(request, "cancel", meeting.group, meeting=meeting, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.remind", Meeting, through="opened_by")
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
    """The calendar file, as in the mail, and with its title and place: whoever reads the page may know them."""
    kind = f"text/calendar; charset=utf-8; method={method_of_meeting(meeting)}"
    answer = HttpResponse(calendar_file(meeting, request.user), content_type=kind)  # type: ignore[arg-type]
    answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.public_id}.ics"'
    return answer
