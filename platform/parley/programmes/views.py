"""Programmes: started, described and staffed by facilitators; ground rules accepted by everybody."""

from contextlib import suppress
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parley.access import needs, signed_in
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.requests import PersonsRequest

from . import actions, panels
from .forms import (
    AddressFormSet,
    GroundRulesForm,
    HostForm,
    KnownHostForm,
    PhaseForm,
    PhaseFormSet,
    ProgrammeForm,
    Sheet,
    SideFormSet,
    StartForm,
    host_of,
    phases_of,
)
from .models import Facilitator, GroundRules, Phase, Programme


@require_safe
@signed_in("a person's own programmes")
def programmes(request: PersonsRequest) -> HttpResponse:
    mine = Programme.objects.visible_to(request.user).select_related("host").prefetch_related("sides")
    context = {"programmes": mine, "may_start": request.user.has_perm("programmes.start")}
    return render(request, "programmes/programmes.html", context)


@signed_in("starting a programme: refused below to all but those named by the first facilitator's command")
def start(request: PersonsRequest) -> HttpResponse:
    if not request.user.has_perm("programmes.start"):
        raise PermissionDenied
    sheet = _start_sheet(request)
    if request.method == "POST" and sheet.is_valid():
        return _started(request, sheet)
    return render(request, "programmes/start.html", {"sheet": sheet})


def _start_sheet(request: PersonsRequest) -> Sheet:
    """The host's own fields are wanted only where no known host is chosen."""
    chosen = request.POST.get("known-host", "")
    return Sheet(
        request.POST if request.method == "POST" else None,
        forms={
            "programme": StartForm,
            "known": partial(KnownHostForm, person=request.user),
            "host": partial(HostForm, use_required_attribute=False, empty_permitted=bool(chosen)),
        },
        lists={"addresses": AddressFormSet, "sides": SideFormSet, "phases": PhaseFormSet},
    )


def _started(request: PersonsRequest, sheet: Sheet) -> HttpResponse:
    about = sheet["programme"].cleaned_data
    try:
        programme = actions.start_programme(
            host=sheet["known"].cleaned_data["host"] or host_of(sheet["host"], sheet["addresses"]),
            sides=sheet["sides"].sides(),
            phases=phases_of(sheet["phases"]),
            **about,
            submission=submission_of(request),
            by=request.user,
        )
    except AlreadySubmitted:
        return redirect("programmes")
    messages.success(request, _("The programme has begun. Found its groups, then invite people to them."))
    return redirect("programme", programme=programme.public_id)


@require_safe
@needs("programmes.see", Programme)
def programme(request: PersonsRequest, programme: Programme) -> HttpResponse:
    context = {
        "programme": programme,
        "host": programme.host,
        "sides": programme.sides_in_order(),
        "phases": list(programme.phases.all()),
        "rules": programme.ground_rules.first(),
        "manages": request.user.has_perm("programmes.manage", programme),
        "facilitators": programme.facilitators.acting().select_related("person"),
        "panels": panels.drawn(request, programme),
    }
    return render(request, "programmes/programme.html", context)


@needs("programmes.manage", Programme)
def edit(request: PersonsRequest, programme: Programme) -> HttpResponse:
    initial = {"name": programme.name, "language": programme.language}
    form = ProgrammeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_programme(programme, **form.cleaned_data, by=request.user)
        return redirect("programme", programme=programme.public_id)
    return render(request, "programmes/edit.html", {"programme": programme, "form": form})


@needs("programmes.manage", Programme)
def host(request: PersonsRequest, programme: Programme) -> HttpResponse:
    sheet = Sheet(
        request.POST if request.method == "POST" else None,
        forms={"host": HostForm},
        lists={"addresses": AddressFormSet},
        initial=_host_as_it_is(programme),
    )
    if request.method == "POST" and sheet.is_valid():
        details = host_of(sheet["host"], sheet["addresses"])
        actions.change_host(programme=programme, details=details, by=request.user)
        messages.success(request, _("Saved. Texts that are frozen already keep the words they were frozen with."))
        return redirect("programme", programme=programme.public_id)
    return render(request, "programmes/host.html", {"programme": programme, "sheet": sheet})


def _host_as_it_is(programme: Programme) -> dict:
    host = programme.host
    fields = ("name", "about", "website", "email", "funder")
    return {
        "host": {field: getattr(host, field) for field in fields},
        "addresses": [{"label": each.label, "lines": each.lines} for each in host.addresses.all()] or None,
    }


@needs("programmes.manage", Programme)
def add_phase(request: PersonsRequest, programme: Programme) -> HttpResponse:
    form = PhaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with suppress(AlreadySubmitted):
            actions.add_phase(
                programme=programme, phase=form.phase(), submission=submission_of(request), by=request.user
            )
        return redirect("programme", programme=programme.public_id)
    return render(request, "programmes/phase.html", {"programme": programme, "form": form})


@needs("programmes.change_phase", Phase)
def change_phase(request: PersonsRequest, phase: Phase) -> HttpResponse:
    initial = {field: getattr(phase, field) for field in ("name", "starts", "ends", "aims")}
    form = PhaseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_phase(phase, details=form.phase(), by=request.user)
        return redirect("programme", programme=phase.programme.public_id)
    return render(request, "programmes/phase.html", {"programme": phase.programme, "phase": phase, "form": form})


@require_POST
@needs("programmes.change_phase", Phase)
def remove_phase(request: PersonsRequest, phase: Phase) -> HttpResponse:
    actions.remove_phase(phase, by=request.user)
    messages.success(request, _("The phase is removed."))
    return redirect("programme", programme=phase.programme.public_id)


@require_safe
@needs("programmes.see", Programme)
def ground_rules(request: PersonsRequest, programme: Programme) -> HttpResponse:
    versions = list(programme.ground_rules.select_related("made_by"))
    context = {
        "programme": programme,
        "rules": versions[0] if versions else None,
        "earlier": versions[1:],
        "manages": request.user.has_perm("programmes.manage", programme),
    }
    return render(request, "programmes/ground_rules.html", context)


@needs("programmes.manage", Programme)
def new_ground_rules(request: PersonsRequest, programme: Programme) -> HttpResponse:
    latest = programme.ground_rules.first()
    form = GroundRulesForm(request.POST or None, initial={"text": latest.text if latest else ""})
    if request.method == "POST" and form.is_valid():
        with suppress(AlreadySubmitted):
            actions.publish_ground_rules(
                programme=programme, **form.cleaned_data, submission=submission_of(request), by=request.user
            )
            messages.success(request, _("The new version holds. Everybody is asked to accept it."))
        return redirect("ground_rules", programme=programme.public_id)
    context = {"programme": programme, "form": form, "latest": latest}
    return render(request, "programmes/new_ground_rules.html", context)


@needs("programmes.see_ground_rules", GroundRules)
def accept_ground_rules(request: PersonsRequest, groundrules: GroundRules) -> HttpResponse:
    """GET shows the words, POST accepts exactly this version of them."""
    accepted = groundrules.acceptances.filter(person=request.user).first()
    if request.method == "POST":
        actions.accept_ground_rules(groundrules, by=request.user)
        return redirect("account_welcome")
    context = {"programme": groundrules.programme, "rules": groundrules, "accepted": accepted}
    return render(request, "programmes/accept_ground_rules.html", context)


@needs("programmes.change_facilitator", Facilitator)
def end_facilitator(request: PersonsRequest, facilitator: Facilitator) -> HttpResponse:
    programme = facilitator.programme
    if request.method == "POST":
        try:
            actions.end_facilitator(facilitator, by=request.user)
        except actions.LastFacilitator:
            messages.error(request, _("A programme is never without a facilitator. Invite another one first."))
        own = facilitator.person_id == request.user.pk
        return redirect("programmes") if own else redirect("programme", programme=programme.public_id)
    return render(request, "programmes/end_facilitator.html", {"programme": programme, "facilitator": facilitator})
