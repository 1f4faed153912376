"""Inviting people, one by one or from a list; and the page on which the invited accept."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from groups import actions, entrance, people_lists
from groups.actions.invitations import AlreadyInvited, InvitationNotUsable, NotYoursToInvite
from groups.actions.seats import SeatTaken
from groups.forms import AddresseeForm, InviteForm, ListForm
from groups.models import Invitation, Role, ThematicGroup
from groups.people_lists import NotAList
from groups.standing import standing
from parley.access import needs, open_to_anyone
from parley.accounts.requests import PersonsRequest
from parley.accounts.views.entrance import send_code
from parley.programmes.models import Programme

PER_PAGE = 50


@require_safe
@needs("programmes.manage", Programme)
def invitations(request: PersonsRequest, programme: Programme) -> HttpResponse:
    waiting = Invitation.objects.visible_to(request.user).waiting().filter(programme=programme)
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    entrance.note_reading(request, programme)
    return render(request, "groups/invitations.html", {"programme": programme, "page": page})


@needs("groups.invite", ThematicGroup)
def invite(request: PersonsRequest, group: ThematicGroup) -> HttpResponse:
    """A facilitator invites to any role; a co-chair, members of their own side."""
    here, programme = standing(request.user, group), group.programme
    data = request.POST or None
    form = InviteForm(data, programme=programme) if here.facilitates else AddresseeForm(data)
    if request.method == "POST" and form.is_valid():
        place = {} if here.facilitates else {"role": Role.MEMBER, "side": here.side}
        if _invited(request, form, programme, group=group, **place, **form.cleaned_data):
            return redirect("group_people", group=group.public_id)
    context = {"group": group, "programme": programme, "here": here, "form": form}
    return render(request, "groups/invite.html", context)


@needs("programmes.manage", Programme)
def invite_facilitator(request: PersonsRequest, programme: Programme) -> HttpResponse:
    form = AddresseeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invited(request, form, programme, **form.cleaned_data):
        return redirect("invitations", programme=programme.public_id)
    return render(request, "groups/invite_facilitator.html", {"programme": programme, "form": form})


def _invited(request: PersonsRequest, form: AddresseeForm, programme: Programme, **to: Any) -> bool:
    """Whether it is sent now; a form sent twice finds its own invitation and says so at the address."""
    try:
        actions.invite(programme=programme, **to, by=request.user)
    except (AlreadyInvited, SeatTaken) as refused:
        form.add_error("email", str(refused))
        return False
    except NotYoursToInvite:
        form.add_error(None, _("You cannot invite to this place. A facilitator can."))
        return False
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": to["email"]})
    return True


@needs("programmes.manage", Programme)
def invite_list(request: PersonsRequest, programme: Programme) -> HttpResponse:
    """A CSV file becomes a preview; nothing is stored, and nothing is sent."""
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"programme": programme, "form": form, "groups": programme.groups.all()}
    context["sides"] = programme.sides_in_order()
    if request.method == "POST" and form.is_valid():
        try:
            reading = people_lists.read(_bytes_of(form.cleaned_data["file"]), programme)
        except NotAList as because:
            form.add_error("file", str(because))
        else:
            seal = people_lists.sealed(reading.guests, programme=programme, by=request.user)
            return render(request, "groups/invite_preview.html", context | {"reading": reading, "seal": seal})
    return render(request, "groups/invite_list.html", context)


def _bytes_of(upload: Any) -> bytes:
    """No more than one byte above the limit is read."""
    return upload.read(people_lists.LARGEST + 1)


@require_POST
@needs("programmes.manage", Programme)
def invite_listed(request: PersonsRequest, programme: Programme) -> HttpResponse:
    """Sends exactly what was previewed; sent twice, it changes nothing."""
    try:
        guests = people_lists.unsealed(request.POST.get("list", ""), programme=programme, by=request.user)
    except NotAList as because:
        messages.error(request, str(because))
        return redirect("invite_list", programme=programme.public_id)
    made, known = actions.invite_all(programme=programme, guests=guests, by=request.user)
    if made:
        sent = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", len(made))
        messages.success(request, sent % {"count": len(made)})
    if known:
        names = ", ".join(guest.email for guest in known)
        messages.warning(request, _("Invited or seated already, so nothing was sent: %(names)s.") % {"names": names})
    return redirect("invitations", programme=programme.public_id)


@require_POST
@needs("groups.manage_invitation", Invitation)
def renew(request: PersonsRequest, invitation: Invitation) -> HttpResponse:
    try:
        actions.renew_invitation(invitation, by=request.user)
        sentence = _("A fresh invitation is on its way to %(email)s. The old link opens nothing any more.")
        messages.success(request, sentence % {"email": invitation.email})
    except (InvitationNotUsable, NotYoursToInvite):
        messages.error(request, _("This invitation was used or withdrawn meanwhile, or is not yours to renew."))
    return _back(request, invitation)


@require_POST
@needs("groups.manage_invitation", Invitation)
def revoke(request: PersonsRequest, invitation: Invitation) -> HttpResponse:
    actions.revoke_invitation(invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn. Its link opens nothing any more."))
    return _back(request, invitation)


def _back(request: PersonsRequest, invitation: Invitation) -> HttpResponse:
    if request.user.has_perm("programmes.manage", invitation.programme):
        return redirect("invitations", programme=invitation.programme.public_id)
    return redirect("group_people", group=invitation.group.public_id)  # type: ignore[union-attr]  # a co-chair's has one


@open_to_anyone("the invited have no account yet; the token is the key, and a GET uses nothing up")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows who invites, and to what; POST accepts, or opens the way to an account of that address."""
    found = entrance.invitation_with(token)
    if found is None or not found.is_usable:
        return render(request, "groups/invitation_closed.html", {"invitation": found}, status=410)
    own = request.user.is_authenticated and request.user.email == found.email
    if request.method == "POST" and own:
        return _accept(request, found)
    if request.method == "POST" and not request.user.is_authenticated:
        return _let_in(request, found, token)
    context = {"invitation": found, "own": own, "hide_sign_in": True, "token": token}
    return render(request, "groups/invitation.html", context)


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    if not entrance.answer(request, found, request.user):  # type: ignore[arg-type]  # signed in
        return redirect("programmes")
    request.session["after_welcome"] = entrance.page_of(found)
    return redirect("account_welcome")


def _let_in(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    """A code to the invited address; the invitation is accepted when it has been typed in this browser."""
    if not ratelimit.consume(request, action="request_login_code", key=found.email):
        messages.error(request, get_adapter().error_messages["rate_limited"])
        return redirect("invitation", token=token)
    entrance.hold(request, token)
    return send_code(request, found.email)
