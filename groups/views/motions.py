"""Motions: what is proposed, whose key is turned, whose is missing and since when; turning one's side's key."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groups import actions
from groups.forms import AgreeingForm, WithdrawForm
from groups.keyboard import key_rows, ledger_lines
from groups.models import Motion, ThematicGroup
from groups.motions import MayNotBeMoved, kind_of
from groups.roster import roster_of
from groups.standing import standing
from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed

PER_PAGE = 30


@require_safe
@needs("groups.see_ledger", ThematicGroup)
def motions(request: PersonsRequest, group: ThematicGroup) -> HttpResponse:
    """The group's ledger: open motions first, then all that were, newest first."""
    found = Motion.objects.filter(group=group).open_first().with_keys()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": group,
        "programme": group.programme,
        "page": page,
        "lines": ledger_lines(page.object_list, roster_of(group)),
    }
    return render(request, "groups/motions.html", context)


@require_safe
@needs("groups.see_motion", Motion)
def motion(request: PersonsRequest, motion: Motion) -> HttpResponse:
    return _page(request, motion)


def _page(
    request: PersonsRequest, motion: Motion, status: int = 200, agreeing: AgreeingForm | None = None
) -> HttpResponse:
    kind, group = kind_of(motion.kind), motion.group
    target, here = kind.find(motion.target_id), standing(request.user, group)
    rows = key_rows(motion, roster_of(group))
    context = {
        "group": group,
        "programme": group.programme,
        "here": here,
        "motion": motion,
        "words": kind.words,
        "target": target,
        "title": kind.title(target) if target is not None else "",
        "target_url": kind.url(target) if target is not None else "",
        "explained": kind.explain(target, motion.facts) if target is not None else (),
        "outcome": kind.outcome_of(target),
        "preview": _preview(motion, target, here.side),
        "rows": rows,
        "may_turn": _may_turn(request, motion, rows),
        "may_withdraw": request.user.has_perm("groups.withdraw_motion", motion),
        "withdraw_form": WithdrawForm(),
        "form": (agreeing or AgreeingForm()) if kind.takes_ad_referendum else None,
    }
    return render(request, "groups/motion.html", context, status=status)


def _may_turn(request: PersonsRequest, motion: Motion, rows: list) -> bool:
    """Once for a side: whose key is turned already has nothing left to do."""
    here = standing(request.user, motion.group)
    turned = any(row.key and here.is_of(row.side) for row in rows)
    return not turned and request.user.has_perm("groups.turn_key", motion)


def _preview(motion: Motion, target: object, side: object) -> dict:
    shown = kind_of(motion.kind).preview(target, motion, side) if target is not None else None  # type: ignore[arg-type]
    if isinstance(shown, tuple):
        return {"template": shown[0], "context": shown[1]}
    return {"html": shown} if shown else {}


@require_POST
@needs("groups.try_key", Motion)
@second_factor_needed
def turn(request: PersonsRequest, motion: Motion) -> HttpResponse:
    """Turns the key over the hash that the page displayed. Every refusal shows the motion again as it stands now."""
    agreeing = AgreeingForm(request.POST)
    if not agreeing.is_valid():
        return _page(request, motion, agreeing=agreeing)
    sentence = _turned(request, motion, agreeing.cleaned_data["until"])
    if sentence is None:
        messages.success(request, _("Your side’s key is turned."))
        return redirect("motion", motion=motion.public_id)
    messages.error(request, sentence)
    motion.refresh_from_db()
    return _page(request, motion, status=409)


def _turned(request: PersonsRequest, motion: Motion, until: datetime | None) -> str | None:
    """None when the key is turned; else a sentence that says why not."""
    try:
        actions.turn_key(motion, sha256=request.POST.get("sha256", ""), until=until, by=request.user)
    except actions.TextHasChanged:
        return _("The text is not the one that you saw. Nothing was turned. Read it again.")
    except actions.MotionIsClosed:
        return _("This is no longer open: it was carried, lapsed or withdrawn meanwhile.")
    except actions.KeyIsResting:
        return _("Your key rests for 48 hours while all members are told. Nothing was turned.")
    except actions.NotAKeyHolder:
        return _("You do not hold a key that this takes. Nothing was turned.")
    except MayNotBeMoved as because:
        return str(because)
    return None


@require_POST
@needs("groups.withdraw_motion", Motion)
def withdraw(request: PersonsRequest, motion: Motion) -> HttpResponse:
    form = WithdrawForm(request.POST)
    try:
        actions.withdraw_motion(motion, reason=form.cleaned_data["reason"] if form.is_valid() else "", by=request.user)
        messages.success(request, _("Withdrawn. Keys that were turned for it have no effect."))
    except actions.MotionIsClosed:
        messages.error(request, _("This is no longer open: it was carried, lapsed or withdrawn meanwhile."))
    return redirect("motion", motion=motion.public_id)
