"""The silence procedure: proposed over the final text, watched while it runs, broken with a reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from reports.actions import silences
from reports.actions.agreement import facts_digest
from reports.actions.silence_start import SILENCE, adoptions_of, entitled_seats
from reports.forms_silence import BreakForm, SilenceForm
from reports.models import Document, Entitled, FinalText, Silence
from reports.silence_reading import outages_of, reminders_to_come, rows_of

from .frame import page
from .proposals import open_motion, proposed


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.propose_silence", Document, through="opened_by")
@second_factor_needed
def propose(request: PersonsRequest, document: Document) -> HttpResponse:
    """By when whose silence adopts exactly the frozen text: a proposal that takes the key of every side."""
    text = _standing_text(document)
    standing = text.silences.open().first()
    if standing is not None:
        return redirect("silence", silence=standing.public_id)
    form = SilenceForm(
        request.POST or None,
        seats=entitled_seats(document.group, {}),
        adoptions=adoptions_of(text),
        zone=request.user.time_zone,
    )
    if request.method == "POST" and form.is_valid():
        sha256 = facts_digest(request.POST.get("sha256", ""), form.facts)
        return proposed(
            request,
            SILENCE,
            text.public_id,
            sha256=sha256,
            facts=form.facts,
            back=lambda: _form_page(request, text, form, status=409),
        )
    return _form_page(request, text, form, status=422 if form.errors else 200)


def _standing_text(document: Document) -> FinalText:
    text: FinalText = document.final_text
    text.document = document
    return text


def _form_page(request: HttpRequest, text: FinalText, form: SilenceForm, *, status: int) -> HttpResponse:
    return page(
        request,
        "silence/propose",
        text.document,
        status=status,
        text=text,
        form=form,
        adopted=text.adopted_by,
        motion=open_motion(SILENCE, text.public_id),
    )


@require_safe
@needs("reports.see_silence", Silence, through="opened_by")
def silence(request: PersonsRequest, silence: Silence) -> HttpResponse:
    """Until when, for whom, who is reached; and what became of it."""
    return _page(request, silence, BreakForm())


def _page(request: PersonsRequest, silence: Silence, form: BreakForm, *, status: int = 200) -> HttpResponse:
    here = silence.entitled.still_there().filter(membership__person=request.user).first()
    return page(
        request,
        "silence/silence",
        silence.document,
        status=status,
        silence=silence,
        text=silence.final_text,
        place=here if silence.is_open else None,
        by_side=rows_of(silence),
        keys=silence.motion.keys.select_related("side", "turned_by"),
        outages=outages_of(silence),
        reminders=reminders_to_come(silence, timezone.now()),
        form=form,
    )


@require_POST
@needs("reports.break_silence", Silence, through="opened_by")
def opened(request: PersonsRequest, silence: Silence) -> HttpResponse:
    """A person says that the announcement is before them: they are reached."""
    return _done(
        request,
        silence,
        lambda: silences.open_announcement(silence, by=request.user),
        _("Noted: the announcement has reached you."),
    )


@require_POST
@needs("reports.break_silence", Silence, through="opened_by")
def broken(request: PersonsRequest, silence: Silence) -> HttpResponse:
    """One click and a reason."""
    form = BreakForm(request.POST)
    if not form.is_valid():
        return _page(request, silence, form, status=422)
    reason = form.cleaned_data["reason"]
    return _done(
        request,
        silence,
        lambda: silences.break_silence(silence, reason=reason, by=request.user),
        _("The silence is broken: the text is not adopted, and all members are told."),
    )


@require_POST
@needs("reports.record_bounce", Entitled)
def came_back(request: PersonsRequest, entitled: Entitled) -> HttpResponse:
    return _done(
        request,
        entitled.silence,
        lambda: silences.mail_came_back(entitled, by=request.user),
        _("Noted: the mail came back, and the key holders are told."),
    )


def _done(request: PersonsRequest, silence: Silence, act: Callable[[], Any], words: str) -> HttpResponse:
    """Do it and show the page anew; or say why nothing was done."""
    try:
        act()
    except silences.SilenceIsOver as why:
        messages.error(request, _("%(why)s Nothing was changed.") % {"why": why})
    except silences.NotEntitled:
        messages.error(request, _("You may not object in this silence procedure. Nothing was changed."))
    except silences.MailIsNotOut:
        messages.info(request, _("No mail to this person is out, or it is noted already that it came back."))
    else:
        messages.success(request, words)
    return redirect("silence", silence=silence.public_id)
