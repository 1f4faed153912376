"""Polls of dates: opening, reading, answering (by a signed link too), and choosing the date."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.models import Membership, ThematicGroup
from groups.standing import standing
from meetings import links
from meetings.actions import (
    PollIsClosed,
    answer_poll,
    cancel_poll,
    change_poll,
    choose_date,
    enter_answer,
    open_poll,
)
from meetings.forms import MeetingForm
from meetings.forms_polls import DatesForm, PollForm, PollSheet, PollWordsForm, TelephoneForm, words_as_they_are
from meetings.models import Meeting, Poll, PollAnswer, Slot
from meetings.notices import people_of
from meetings.overlaps import overlaps_of
from meetings.tallies import Tally, dates_of, sees_answers, tally_of
from parley.access import needs, open_to_anyone
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.models import User
from parley.accounts.requests import PersonsRequest

from .frame import page

FORMS = ["GET", "HEAD", "POST"]


def _seats(group: ThematicGroup) -> list[Membership]:
    seats = Membership.objects.acting().with_a_side().filter(group=group).select_related("person", "side")
    return list(seats.order_by("side__position", "role", "person__name", "pk"))


@require_http_methods(FORMS)
@needs("meetings.announce", ThematicGroup)
def open(request: PersonsRequest, group: ThematicGroup) -> HttpResponse:  # noqa: A001 (the verb of this page)
    make = partial(PollForm, zone=timezone.get_current_timezone_name(), seats=_seats(group))
    sheet = PollSheet(request.POST if request.method == "POST" else None, make=make)
    if request.method == "POST" and sheet.is_valid():
        submission = submission_of(request)
        try:
            poll = open_poll(group=group, submission=submission, by=request.user, **sheet.details)
        except AlreadySubmitted:
            poll = Poll.objects.get(submission=submission)
        messages.success(request, _("The date poll is open. Members are asked by mail and in the bell."))
        return redirect("poll", poll=poll.public_id)
    return page(request, "polls/open", group, sheet=sheet)


@require_safe
@needs("meetings.see_poll", Poll, through="opened_by")
def poll(request: PersonsRequest, poll: Poll) -> HttpResponse:
    return _poll_page(request, poll)


def _poll_page(request: PersonsRequest, poll: Poll, form: DatesForm | None = None, status: int = 200) -> HttpResponse:
    here, tally = standing(request.user, poll.group), tally_of(poll)
    sides = list(dict.fromkeys(seat.side for seat in tally.seats if seat.side))
    dates = dates_of(poll, tally.slots, timezone.get_current_timezone_name(), sides)
    by_slot, sees = {date.slot.pk: date for date in dates}, sees_answers(poll, here)
    if form is None and here.has_a_side and poll.takes_answers:
        form = DatesForm(dates=dates, said=_said(tally, request.user), initial=_note(tally, request.user))
    shown = page(
        request,
        "polls/poll",
        poll.group,
        poll=poll,
        here=here,
        tally=tally,
        dates=dates,
        form=form,
        mine=tally.answers.get(request.user.pk),
        sees_answers=sees,
        best=[(weighed, by_slot[weighed.slot.pk]) for weighed in tally.best] if sees else [],
        rows=[(row, list(zip(dates, row.words, strict=True))) for row in tally.rows()] if sees else [],
        prepares=request.user.has_perm("meetings.change_poll", poll),
    )
    shown.status_code = status
    return shown


def _said(tally: Tally, person: User) -> dict[str, str]:
    return {
        slot.public_id: tally.choices[slot.pk, person.pk]
        for slot in tally.slots
        if (slot.pk, person.pk) in tally.choices
    }


def _note(tally: Tally, person: User) -> dict[str, str]:
    mine = tally.answers.get(person.pk)
    return {"note": mine.note} if mine else {}


def _dates_in(poll: Poll, zone: str) -> list[Any]:
    sides = list(poll.group.programme.sides.all())
    return dates_of(poll, poll.slots.all(), zone, sides)


@require_POST
@needs("meetings.answer_poll", Poll, through="opened_by")
def answer(request: PersonsRequest, poll: Poll) -> HttpResponse:
    form = DatesForm(request.POST, dates=_dates_in(poll, timezone.get_current_timezone_name()))
    if not form.is_valid():
        return _poll_page(request, poll, form, status=422)
    try:
        answer_poll(poll, choices=form.choices, note=form.cleaned_data["note"], by=request.user)
    except PollIsClosed:
        messages.error(request, _("The poll takes no answers any more. Tell a facilitator what you would have said."))
    else:
        messages.success(request, _("Your answer is kept. You may change it until the poll ends."))
    return redirect("poll", poll=poll.public_id)


@never_cache
@require_http_methods(FORMS)
@open_to_anyone("One person’s answer to one poll, by the link in their own mail, where the programme allows it")
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Shows nothing but the dates and this person's own answer; only the button writes."""
    found = links.opened_by(token)
    if found is None:
        raise Http404
    asked, person = found
    with translation.override(person.language), timezone.override(person.time_zone):
        return _answered_by_link(request, asked, person)


def _answered_by_link(request: HttpRequest, poll: Poll, person: User) -> HttpResponse:
    mine = PollAnswer.objects.filter(poll=poll, person=person).first()
    said = dict(mine.choices.values_list("slot__public_id", "word")) if mine else {}
    dates, kept = _dates_in(poll, person.time_zone), False
    form = DatesForm(request.POST or None, dates=dates, said=said, initial={"note": mine.note if mine else ""})
    if request.method == "POST" and form.is_valid():
        try:
            answer_poll(poll, choices=form.choices, note=form.cleaned_data["note"], by=person)
            kept = True
        except PollIsClosed:
            poll.refresh_from_db()
    context = {"poll": poll, "form": form, "mine": mine, "kept": kept, "zone": person.time_zone}
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "meetings/polls/by_link.html", context, status=status)


@require_http_methods(FORMS)
@needs("meetings.enter_answer", Poll, through="opened_by")
def enter(request: PersonsRequest, poll: Poll) -> HttpResponse:
    """What somebody said by telephone."""
    dates = _dates_in(poll, timezone.get_current_timezone_name())
    form = TelephoneForm(request.POST or None, dates=dates, seats=_seats(poll.group))
    if request.method == "POST" and form.is_valid():
        person = form.seats[form.cleaned_data["person"]].person
        try:
            enter_answer(poll, person=person, choices=form.choices, note=form.cleaned_data["note"], by=request.user)
        except PollIsClosed:
            messages.error(request, _("The poll takes no answers any more."))
        else:
            messages.success(request, _("The answer is kept, and the person is told that you entered it."))
        return redirect("poll", poll=poll.public_id)
    return page(request, "polls/enter", poll.group, poll=poll, form=form)


@require_http_methods(FORMS)
@needs("meetings.change_poll", Poll, through="opened_by")
def change(request: PersonsRequest, poll: Poll) -> HttpResponse:
    form = PollWordsForm(request.POST or None, initial=words_as_they_are(poll))
    if request.method == "POST" and form.is_valid() and (deadline := form.deadline_in(poll.zone)):
        typed = form.cleaned_data
        try:
            change_poll(poll, title=typed["title"], note=typed["note"], deadline=deadline, by=request.user)
        except PollIsClosed:
            messages.error(request, _("The poll is closed already."))
        else:
            messages.success(request, _("The poll is changed. Members are told."))
        return redirect("poll", poll=poll.public_id)
    return page(request, "polls/change", poll.group, poll=poll, form=form)


@require_http_methods(FORMS)
@needs("meetings.change_poll", Poll, through="opened_by")
def cancel(request: PersonsRequest, poll: Poll) -> HttpResponse:
    if request.method == "POST":
        try:
            cancel_poll(poll, by=request.user)
        except PollIsClosed:
            messages.info(request, _("The poll is closed already."))
        else:
            messages.success(request, _("The poll is cancelled. Members are told."))
        return redirect("poll", poll=poll.public_id)
    return page(request, "polls/cancel", poll.group, poll=poll)


@require_http_methods(FORMS)
@needs("meetings.choose_date", Slot)
def choose(request: PersonsRequest, slot: Slot) -> HttpResponse:
    """The date, why it is good or not, who gets a mail, and what the meeting still needs: then it is announced."""
    poll = slot.poll
    form = MeetingForm(
        request.POST or None,
        zone=poll.zone,
        chosen=slot,
        initial={"title": poll.title, "zone": poll.zone, "notes": poll.note},
    )
    if request.method == "POST" and form.is_valid():
        return _chosen(request, slot, form)
    tally = tally_of(poll)
    (date,) = dates_of(poll, [slot], timezone.get_current_timezone_name(), list(poll.group.programme.sides.all()))
    sees = sees_answers(poll, standing(request.user, poll.group))
    return page(
        request,
        "polls/choose",
        poll.group,
        poll=poll,
        slot=slot,
        date=date,
        form=form,
        reader_zone=timezone.get_current_timezone_name(),
        is_past=slot.starts <= timezone.now(),
        why=next(w.explained for w in tally.weighed if w.slot == slot) if sees and tally.answers else "",
        silent=tally.silent,
        told=people_of(poll.group),
        overlaps=overlaps_of(poll.group, slot.starts, slot.ends, request.user),
    )


def _chosen(request: PersonsRequest, slot: Slot, form: MeetingForm) -> HttpResponse:
    submission = submission_of(request)
    if slot.starts <= timezone.now():
        messages.error(request, _("This date has passed. Choose another one."))
        return redirect("poll", poll=slot.poll.public_id)
    try:
        made = choose_date(slot, submission=submission, by=request.user, **form.details)
    except AlreadySubmitted:
        made = Meeting.objects.get(submission=submission)
    except PollIsClosed:
        messages.error(request, _("A date was chosen meanwhile, or the poll was cancelled."))
        return redirect("poll", poll=slot.poll.public_id)
    messages.success(request, _("The meeting is announced. Members get a mail with a calendar file."))
    return redirect("meeting", meeting=made.public_id)
