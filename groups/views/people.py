"""Seats: proposed, confirmed, ended; deputies; second factors that were lost."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groups import actions, entrance
from groups.actions.keys import KeyIsResting, NotAKeyHolder
from groups.actions.seats import MayNotReset
from groups.actions.successions import may_be_asked
from groups.forms import DeputyForm
from groups.models import Deputy, Invitation, Membership, Succession, SuccessionKind, ThematicGroup
from groups.roster import Roster, roster_of
from groups.standing import standing
from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from parley.programmes.models import Facilitator


@require_safe
@needs("groups.see_people", ThematicGroup)
def people(request: PersonsRequest, group: ThematicGroup) -> HttpResponse:
    here = standing(request.user, group)
    roster = roster_of(group)
    if here.facilitates:
        entrance.note_reading(request, group.programme)
    context = {
        "group": group,
        "programme": group.programme,
        "here": here,
        "roster": roster,
        "benches": roster.benches,
        "mine": {seat.pk for seat in roster.waiting_for(request.user)},
        "confirmers": _confirmers(roster),
        "deputies": Deputy.objects.to_come_or_acting().filter(membership__group=group).with_people(),
        "successions": Succession.objects.visible_to(request.user).open().filter(group=group),
        "invitations": Invitation.objects.visible_to(request.user).waiting().filter(group=group),
    }
    return render(request, "groups/people.html", context)


def _confirmers(roster: Roster) -> list[tuple[Membership, list[Membership]]]:
    """Each proposed seat with those whose word opens it."""
    return [(seat, list(roster.seating(seat.side, seat.role).confirmers)) for seat in roster.proposed]


@require_safe
@needs("groups.see_seat", Membership)
def seat(request: PersonsRequest, membership: Membership) -> HttpResponse:
    """One person's seat: what is proposed, or what may be done about it."""
    group, person = membership.group, request.user
    roster, here = roster_of(group), standing(request.user, membership.group)
    allowed = ("confirm_seat", "take_back_seat", "end_membership", "appoint_deputy", "ask_for_succession")
    context = {
        "group": group,
        "programme": group.programme,
        "here": here,
        "seat": membership,
        "seating": roster.seating(membership.side, membership.role),
        "confirmed": {word.membership_id for word in membership.confirmations.all()},
        "asks": [kind for kind in SuccessionKind if may_be_asked(kind, membership)],
        "may": {name for name in allowed if person.has_perm(f"groups.{name}", membership)},
        "may_reset": person.has_perm("groups.reset_members_factor", membership),
        "deputyships": membership.deputyships.to_come_or_acting(),
        "ends_deputies": here.is_co_chair and here.is_of(membership.side),
        "expected_name": "" if membership.person.name else _invited_as(membership),
    }
    return render(request, "groups/seat.html", context)


def _invited_as(membership: Membership) -> str:
    """Under which name somebody was invited who has not yet said how theirs is printed."""
    taken = Invitation.objects.filter(group=membership.group, accepted_by=membership.person)
    return next((invitation.name for invitation in taken), "")


@require_POST
@needs("groups.confirm_seat", Membership)
@second_factor_needed
def confirm(request: PersonsRequest, membership: Membership) -> HttpResponse:
    try:
        actions.confirm_seat(membership, by=request.user)
    except NotAKeyHolder:
        messages.error(request, _("It is no longer yours to confirm this seat: the key holder has changed."))
        return _to_people(membership.group)
    membership.refresh_from_db()
    opened = _("The seat is open. Everybody in the group is told.")
    messages.success(request, opened if membership.is_open else _("Kept. The seat opens when all have confirmed it."))
    return _to_people(membership.group)


@require_POST
@needs("groups.decline_seat", Membership)
def decline(request: PersonsRequest, membership: Membership) -> HttpResponse:
    actions.decline_seat(membership, by=request.user)
    messages.success(request, _("The seat stays closed."))
    return _to_people(membership.group)


@needs("groups.end_membership", Membership)
def end(request: PersonsRequest, membership: Membership) -> HttpResponse:
    """The check page says what happens at once; POST does it."""
    group, own = membership.group, membership.person_id == request.user.pk
    if request.method == "POST":
        actions.end_membership(membership, by=request.user)
        messages.success(request, _("You have left the group.") if own else _("The seat has ended."))
        return redirect("programmes") if own else _to_people(group)
    holds_key = membership.pk in {holder.pk for holder in roster_of(group).holders.values()}
    context = {"group": group, "programme": group.programme, "seat": membership, "own": own, "holds_key": holds_key}
    return render(request, "groups/end.html", context)


@needs("groups.appoint_deputy", Membership)
@second_factor_needed
def appoint_deputy(request: PersonsRequest, membership: Membership) -> HttpResponse:
    form = DeputyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.appoint_deputy(membership=membership, **form.between(), by=request.user)
            messages.success(request, _("The deputy is appointed, and printed as deputy where they turn your key."))
            return _to_people(membership.group)
        except KeyIsResting:
            form.add_error(None, _("Your key rests. You can appoint a deputy when it has rested 48 hours."))
        except NotAKeyHolder:
            form.add_error(None, _("Only the acting co-chair appoints a deputy, and only a member of their own side."))
    context = {"group": membership.group, "programme": membership.group.programme, "seat": membership, "form": form}
    return render(request, "groups/deputy.html", context)


@require_POST
@needs("groups.end_deputy", Deputy)
def end_deputy(request: PersonsRequest, deputy: Deputy) -> HttpResponse:
    actions.end_deputy(deputy, by=request.user)
    messages.success(request, _("The deputy no longer acts."))
    return _to_people(deputy.membership.group)


@needs("groups.reset_facilitators_factor", Facilitator)
@second_factor_needed
def reset_facilitator(request: PersonsRequest, facilitator: Facilitator) -> HttpResponse:
    return _reset(request, facilitator, redirect("programme", programme=facilitator.programme.public_id))


@needs("groups.reset_members_factor", Membership)
@second_factor_needed
def reset_member(request: PersonsRequest, membership: Membership) -> HttpResponse:
    return _reset(request, membership, _to_people(membership.group))


def _reset(request: PersonsRequest, thing: Facilitator | Membership, back: HttpResponse) -> HttpResponse:
    programme = thing.programme if isinstance(thing, Facilitator) else thing.group.programme
    if request.method != "POST":
        context = {"person": thing.person, "programme": programme, "back": back["Location"]}
        return render(request, "groups/reset.html", context)
    try:
        actions.reset_second_factor(person=thing.person, programme=programme, by=request.user)
        messages.success(request, _("They are signed out and set up a new second factor when they sign in again."))
    except MayNotReset:
        messages.error(request, _("This person holds a key now. Their own side decides about their second factor."))
    return back


def _to_people(group: ThematicGroup) -> HttpResponse:
    return redirect("group_people", group=group.public_id)
