"""The way in for the invited: the browser holds the token, and the sign-in of its address accepts the invitation."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.accounts import invitations
from parley.accounts.models import User
from parley.programmes.actions import OnAnotherSide
from parley.programmes.models import Programme

from .actions.invitations import InvitationNotUsable, accept_invitation, note_contacts_read
from .actions.seats import SeatTaken
from .models import Invitation, Membership

HELD = "invitation"
READING = "contacts_read"


def invitation_with(token: str) -> Invitation | None:
    found = Invitation.objects.with_token(token)
    return found.select_related("programme__host", "group", "side", "invited_by").first()


def hold(request: HttpRequest, token: str) -> None:
    request.session[HELD] = token


def open_for(request: HttpRequest, email: str) -> bool:
    found = invitation_with(request.session.get(HELD, ""))
    return found is not None and found.is_usable and found.email == email


def accepted(request: HttpRequest, user: User) -> None:
    """After each sign-in: what this browser holds for exactly this person is accepted; nothing of another's."""
    found = invitation_with(request.session.get(HELD, ""))
    if found is None or found.email != user.email:
        return
    del request.session[HELD]
    answer(request, found, user)


def answer(request: HttpRequest, invitation: Invitation, person: User) -> bool:
    """Accept, and say on the next page what came of it; whether it was accepted."""
    sentence = accept(invitation, person)
    if sentence:
        messages.error(request, sentence)
    elif Membership.objects.proposed().filter(group=invitation.group, person=person).exists():
        messages.info(request, _("Accepted. Your side now confirms the seat; you are told when it opens."))
    return not sentence


def accept(invitation: Invitation, person: User) -> str:
    """Empty when accepted; else a sentence that says why not, and what to do."""
    try:
        accept_invitation(invitation, by=person)
    except (InvitationNotUsable, SeatTaken) as because:
        return str(because)
    except OnAnotherSide:
        return _("You already have another place in this programme. Ask the facilitator who invited you.")
    return ""


def page_of(invitation: Invitation) -> str:
    """Where the invited go on: a proposed seat opens no group yet."""
    membership = invitation.group and invitation.group.memberships.acting().filter(person__email=invitation.email)
    if membership and invitation.group:
        return reverse("group", kwargs={"group": invitation.group.public_id})
    return reverse("programmes")


def note_reading(request: HttpRequest, programme: Programme) -> None:
    """Whoever reads people's addresses leaves a line in the record, once an hour."""
    hour = f"{programme.public_id} {int(timezone.now().timestamp()) // 3600}"
    if request.session.get(READING) != hour:
        request.session[READING] = hour
        note_contacts_read(programme=programme, by=request.user)  # type: ignore[arg-type]  # signed in


invitations.register(open_for=open_for, accepted=accepted)
