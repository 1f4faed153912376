"""A side's own decisions about its key: seen by that side alone until they are made."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groups import actions
from groups.actions.keys import NotAKeyHolder
from groups.actions.successions import AlreadyAsked, NothingToDecide
from groups.models import Membership, Succession, SuccessionKind
from groups.seating import outgoing_holder, with_a_say
from groups.standing import standing
from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed


@needs("groups.ask_for_succession", Membership)
@second_factor_needed
def ask(request: PersonsRequest, membership: Membership, kind: str) -> HttpResponse:
    """About a person's becoming the holder of the key, or about the second factor of one who turns it."""
    if kind not in SuccessionKind.values:
        raise Http404
    if request.method == "POST":
        return _asked(request, membership, kind)
    draft = Succession(group=membership.group, side=membership.side, kind=kind, membership=membership)
    context = {"succession": draft, "voices": with_a_say(draft), "outgoing": outgoing_holder(draft)}
    return render(request, "groups/succession_ask.html", context | _about(request, draft))


def _asked(request: PersonsRequest, membership: Membership, kind: str) -> HttpResponse:
    try:
        succession = actions.ask_for_succession(kind=kind, membership=membership, by=request.user)
    except AlreadyAsked as asked:
        messages.error(request, str(asked))
        return redirect("group_people", group=membership.group.public_id)
    except (NotAKeyHolder, NothingToDecide):
        messages.error(request, _("Somebody’s seat has changed meanwhile. Look again."))
        return redirect("group_people", group=membership.group.public_id)
    return redirect("succession", succession=succession.public_id)


@require_safe
@needs("groups.see_succession", Succession)
def succession(request: PersonsRequest, succession: Succession) -> HttpResponse:
    here = standing(request.user, succession.group)
    confirmed = set(succession.confirmations.values_list("membership", flat=True))
    context = {
        "succession": succession,
        "voices": with_a_say(succession),
        "outgoing": outgoing_holder(succession),
        "confirmed": confirmed,
        "has_confirmed": here.membership is not None and here.membership.pk in confirmed,
        "may_confirm": request.user.has_perm("groups.confirm_succession", succession),
        "may_withdraw": request.user.has_perm("groups.withdraw_succession", succession),
    }
    return render(request, "groups/succession.html", context | _about(request, succession))


@require_POST
@needs("groups.confirm_succession", Succession)
@second_factor_needed
def confirm(request: PersonsRequest, succession: Succession) -> HttpResponse:
    try:
        carried = actions.confirm_succession(succession, by=request.user)
    except NotAKeyHolder:
        messages.error(request, _("Your seat has changed meanwhile: you have no say in this any more."))
    else:
        messages.success(request, _("It is decided. All members are told.") if carried else _("Your word is kept."))
    return redirect("succession", succession=succession.public_id)


@require_POST
@needs("groups.withdraw_succession", Succession)
def withdraw(request: PersonsRequest, succession: Succession) -> HttpResponse:
    actions.withdraw_succession(succession, by=request.user)
    messages.success(request, _("Withdrawn. Nothing has changed."))
    return redirect("group_people", group=succession.group.public_id)


def _about(request: PersonsRequest, succession: Succession) -> dict:
    group = succession.group
    return {
        "group": group,
        "programme": group.programme,
        "here": standing(request.user, group),
        "resets": succession.kind == SuccessionKind.SECOND_FACTOR,
    }
