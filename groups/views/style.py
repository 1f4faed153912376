"""The house style of a programme: what holds, what is proposed, and whose keys are missing."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groups import actions
from groups.actions.keys import AlreadyProposed
from groups.actions.style import NothingToChange
from groups.forms import StyleForm
from groups.models import Style, StyleChange
from groups.style import other_orders, page_of_change, progress_of_all
from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from parley.programmes.models import Programme

SHOWN = 20


@require_safe
@needs("groups.see_style", Programme)
def house_style(request: PersonsRequest, programme: Programme) -> HttpResponse:
    changes = programme.style_changes.exclude(what=Style.GLOSSARY).select_related("programme", "proposed_by")
    proposed = list(changes.open())
    settings = {change.what for change in proposed}
    context = {
        "programme": programme,
        "sides": programme.sides_in_order(),
        "proposed": progress_of_all(proposed, request.user),
        "past": changes.exclude(state=StyleChange.State.OPEN)[:SHOWN],
        "may_propose": request.user.has_perm("groups.propose_style", programme),
        "orders": [] if Style.PRECEDENCE in settings else other_orders(programme),
        "safe_mail_is_proposed": Style.SAFE_MAIL in settings,
        "register_is_proposed": Style.REGISTER in settings,
    }
    return render(request, "groups/house_style.html", context)


@require_POST
@needs("groups.propose_style", Programme)
@second_factor_needed
def propose(request: PersonsRequest, programme: Programme) -> HttpResponse:
    form = StyleForm(request.POST)
    if form.is_valid():
        _told(request, lambda: actions.propose_style(programme=programme, by=request.user, **form.cleaned_data))
    else:
        messages.error(request, _("Choose what it is to be."))
    return redirect("house_style", programme=programme.public_id)


def _told(request: PersonsRequest, act: Callable[[], object]) -> None:
    try:
        act()
    except AlreadyProposed:
        messages.info(request, _("A change of this is proposed already. Withdraw it first, or wait for its keys."))
    except NothingToChange:
        messages.info(request, _("Nothing was proposed: it is so already, or no group has been founded yet."))
    else:
        messages.success(request, _("Proposed. It takes effect when every group concerned has turned its keys."))


@require_POST
@needs("groups.change_style", StyleChange)
@second_factor_needed
def ask(request: PersonsRequest, change: StyleChange) -> HttpResponse:
    actions.ask_again(change, by=request.user)
    messages.success(request, _("Put to the groups that were not asked or whose proposal had lapsed."))
    return redirect(page_of_change(change))


@require_POST
@needs("groups.change_style", StyleChange)
@second_factor_needed
def withdraw(request: PersonsRequest, change: StyleChange) -> HttpResponse:
    actions.withdraw_style(change, by=request.user)
    messages.success(request, _("Withdrawn. Keys that were turned for it have no effect."))
    return redirect(page_of_change(change))


@require_POST
@needs("groups.propose_style", Programme)
@second_factor_needed
def safe_mail_on(request: PersonsRequest, programme: Programme) -> HttpResponse:
    actions.turn_safe_mail_on(programme, by=request.user)
    messages.success(request, _("Safe mail is on."))
    return redirect("house_style", programme=programme.public_id)


@require_POST
@needs("groups.propose_style", Programme)
@second_factor_needed
def register_off(request: PersonsRequest, programme: Programme) -> HttpResponse:
    actions.close_register(programme, by=request.user)
    messages.success(request, _("The public register is closed."))
    return redirect("house_style", programme=programme.public_id)
