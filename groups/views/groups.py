"""A group's page and its work plan."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groups import actions, panels
from groups.actions.groups import NameTaken, SecondConference
from groups.forms import FoundGroupForm, GroupForm, MilestoneForm
from groups.keyboard import keys_wanted
from groups.models import Milestone, ThematicGroup
from groups.notices import plan_moved
from groups.roster import roster_of, standing_in
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.requests import PersonsRequest
from parley.programmes.models import Programme


@require_safe
@needs("groups.see", ThematicGroup)
def group(request: PersonsRequest, group: ThematicGroup) -> HttpResponse:
    roster = roster_of(group)
    here = standing_in(roster, request.user)
    context = {
        "group": group,
        "programme": group.programme,
        "here": here,
        "roster": roster,
        "benches": roster.benches,
        "seats_waiting": roster.waiting_for(request.user) if here.has_a_side else [],
        "keys_wanted": keys_wanted(group, here) if here.holds_key else [],
        "vacant": ", ".join(bench.side.name for bench in roster.benches if not bench.holder) if here.sees_texts else "",
        "plans": here.facilitates or here.is_co_chair,
        "panels": panels.drawn(request, group),
    }
    return render(request, "groups/group.html", context | _plan(group))


def _plan(group: ThematicGroup) -> dict:
    """Its lines, and which of them comes next."""
    lines = list(group.milestones.all())
    coming = next((line for line in lines if line.done_at is None), None)
    return {"milestones": lines, "next_milestone": coming, "today": timezone.localdate()}


@needs("programmes.manage", Programme)
def found(request: PersonsRequest, programme: Programme) -> HttpResponse:
    form = FoundGroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = actions.found_group(programme=programme, **form.cleaned_data, by=request.user)
            return redirect("group", group=group.public_id)
        except NameTaken:
            form.add_error("name", _("A group of this programme has this name. Choose another one."))
        except SecondConference:
            form.add_error("kind", _("This programme has its co-chairs’ conference already."))
    return render(request, "groups/found.html", {"programme": programme, "form": form})


@needs("groups.plan", ThematicGroup)
def edit(request: PersonsRequest, group: ThematicGroup) -> HttpResponse:
    form = GroupForm(request.POST or None, initial={"name": group.name, "purpose": group.purpose})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_group(group, **form.cleaned_data, by=request.user)
            return redirect("group", group=group.public_id)
        except NameTaken:
            form.add_error("name", _("A group of this programme has this name. Choose another one."))
    return render(request, "groups/edit.html", {"group": group, "programme": group.programme, "form": form})


@needs("groups.plan", ThematicGroup)
def add_milestone(request: PersonsRequest, group: ThematicGroup) -> HttpResponse:
    form = MilestoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with suppress(AlreadySubmitted):
            actions.add_milestone(group=group, **form.cleaned_data, submission=submission_of(request), by=request.user)
        return _to_plan(group)
    return render(request, "groups/milestone.html", {"group": group, "programme": group.programme, "form": form})


@needs("groups.plan", Milestone)
def change_milestone(request: PersonsRequest, milestone: Milestone) -> HttpResponse:
    group = milestone.group
    initial = {"title": milestone.title, "due": milestone.due, "responsible": milestone.responsible}
    form = MilestoneForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_milestone(milestone, **form.cleaned_data, by=request.user)
        return _to_plan(group)
    context = {"group": group, "programme": group.programme, "milestone": milestone, "form": form}
    told = len(plan_moved.told(milestone, {}, request.user))
    return render(request, "groups/milestone.html", context | {"told": told})


@require_POST
@needs("groups.plan", Milestone)
def complete_milestone(request: PersonsRequest, milestone: Milestone) -> HttpResponse:
    """Reached (`done=yes`), or open again."""
    actions.complete_milestone(milestone, done=request.POST.get("done") == "yes", by=request.user)
    return _to_plan(milestone.group)


@require_POST
@needs("groups.plan", Milestone)
def remove_milestone(request: PersonsRequest, milestone: Milestone) -> HttpResponse:
    actions.remove_milestone(milestone, by=request.user)
    messages.success(request, _("The line is removed from the work plan."))
    return _to_plan(milestone.group)


def _to_plan(group: ThematicGroup) -> HttpResponse:
    answer = redirect("group", group=group.public_id)
    answer["Location"] += "#plan"
    return answer
