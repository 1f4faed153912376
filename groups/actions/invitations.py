"""Inviting people to a programme or a group; accepting once, by the person whose address it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.models import Invitation, Membership, Role, ThematicGroup
from groups.standing import standing_now
from parley.accounts.models import User, normal_address
from parley.audit import record
from parley.notifications import send_account_mail
from parley.programmes.actions import appoint_facilitator
from parley.programmes.models import Facilitator, Programme, Side

from .named import take_named_place
from .seats import SeatTaken, seat


class InvitationNotUsable(Exception):
    """Used, revoked, expired, or for another address; the message says which and what to do."""


class AlreadyInvited(Exception):
    """An invitation of this address to this group waits already."""


class NotYoursToInvite(Exception):
    """Facilitators invite to everything of their programme, a co-chair members to their own side."""


@dataclass(frozen=True)
class Guest:
    """One line of a list of people to invite."""

    email: str
    group: ThematicGroup
    role: str
    side: Side | None = None
    name: str = ""


def may_invite(person: User, programme: Programme, group: ThematicGroup | None, side: Side | None, role: str) -> bool:
    if Facilitator.objects.acting().filter(programme=programme, person=person).exists():
        return True
    if group is None or role != Role.MEMBER:
        return False
    here = standing_now(person, group)
    return here.is_co_chair and here.is_of(side)


@transaction.atomic
def invite(
    *,
    programme: Programme,
    email: str,
    group: ThematicGroup | None = None,
    side: Side | None = None,
    role: str = "",
    name: str = "",
    named: Membership | None = None,
    by: User,
) -> Invitation:
    """One invitation to one address: to a group in a role or, without a group, to facilitate the programme.

    `named`: the place in an imported list of members that the person is to take; found by the name when left out.
    Raises NotYoursToInvite, AlreadyInvited and SeatTaken.
    """
    if not may_invite(by, programme, group, side, role) or not _of_programme(programme, group, side):
        raise NotYoursToInvite
    address = normal_address(email)
    _refuse_a_second(programme, group, address)
    invitation = Invitation(
        programme=programme,
        group=group,
        side=side,
        role=role,
        email=address,
        name=name,
        named=named or _place_of(group, side, role, name),
        invited_by=by,
    )
    _send(invitation)
    _record("invitation.sent", invitation, by)
    return invitation


def _place_of(group: ThematicGroup | None, side: Side | None, role: str, name: str) -> Membership | None:
    """The line of an imported list of members that bears exactly this name, if it is still free."""
    if group is None or not name:
        return None
    places = group.memberships.named().filter(person__name=name, side=side, role=role)
    return places.exclude(invitations__in=Invitation.objects.usable()).first()


def _of_programme(programme: Programme, group: ThematicGroup | None, side: Side | None) -> bool:
    parts = [part.programme_id for part in (group, side) if part is not None]
    return all(part == programme.pk for part in parts)


def _refuse_a_second(programme: Programme, group: ThematicGroup | None, address: str) -> None:
    Programme.objects.select_for_update().get(pk=programme.pk)
    waiting = Invitation.objects.waiting().filter(programme=programme, group=group, email__iexact=address)
    if waiting.exists():
        raise AlreadyInvited(_("%(email)s has been invited already.") % {"email": address})
    if group is None:
        taken = Facilitator.objects.acting().filter(programme=programme, person__email=address).exists()
    else:
        taken = group.memberships.filter(seat__in=["open", "proposed"], person__email=address).exists()
    if taken:
        raise SeatTaken(_("%(email)s already has a seat there.") % {"email": address})


@transaction.atomic
def invite_all(*, programme: Programme, guests: Sequence[Guest], by: User) -> tuple[list[Invitation], list[Guest]]:
    """The invitations made, and the guests who were invited or seated meanwhile: a list sent twice changes nothing."""
    made, known = [], []
    for guest in guests:
        try:
            made.append(invite(programme=programme, by=by, **vars(guest)))
        except (AlreadyInvited, SeatTaken):
            known.append(guest)
    return made, known


@transaction.atomic
def renew_invitation(invitation: Invitation, *, by: User) -> None:
    """A fresh link by a new mail, in the name of whoever renews it; the old one opens nothing any more."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationNotUsable(_("This invitation was used or withdrawn meanwhile."))
    if not may_invite(by, invitation.programme, invitation.group, invitation.side, invitation.role):
        raise NotYoursToInvite
    invitation.invited_by = by
    _send(invitation)
    _record("invitation.renewed", invitation, by)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    """Its link opens nothing from this commit on. Nothing happens to one that was accepted meanwhile."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        return
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    _record("invitation.revoked", invitation, by)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Membership | None:
    """The seat (open or proposed) that the invitation leads to; None for a facilitator.

    Raises InvitationNotUsable for another address, a second use, after its time, or when whoever invited may no longer
    invite; SeatTaken and OnAnotherSide when the person's place is another one. The invitation is then unused.
    """
    invitation = _locked(invitation)
    if by.email != normal_address(invitation.email):
        raise InvitationNotUsable(_("This invitation is for another address. Sign in with the address it was sent to."))
    inviter = invitation.invited_by
    stands = may_invite(inviter, invitation.programme, invitation.group, invitation.side, invitation.role)
    if not invitation.is_usable or not stands:
        raise InvitationNotUsable(_("This invitation was used, withdrawn or has expired. Ask for a new one."))
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record("invitation.accepted", invitation, by)
    if invitation.group is None:
        appoint_facilitator(programme=invitation.programme, person=by, by=invitation.invited_by)
        return None
    if invitation.named is not None:
        return take_named_place(invitation.named, person=by, by=invitation.invited_by)
    return seat(group=invitation.group, person=by, role=invitation.role, side=invitation.side, by=invitation.invited_by)


@transaction.atomic
def note_contacts_read(*, programme: Programme, by: User) -> None:
    """Reading people's addresses is recorded."""
    record("programme.contacts_read", chain=programme.chain, by=by, facts={})


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("programme", "group__programme", "side", "invited_by", "named__person", "named__side")
        .get(pk=invitation.pk)
    )


def _send(invitation: Invitation) -> None:
    """The link stands in the mail alone; the mail dies with the link. A safe mail says neither to what nor by whom."""
    token = invitation.new_token()
    invitation.save()
    safe = invitation.programme.safe_mail
    send_account_mail(
        "invitation",
        to=invitation.email,
        context={
            "language": invitation.programme.language,
            "token": token,
            "programme": "" if safe else invitation.programme.name,
            "by": "" if safe else str(invitation.invited_by),
        },
        expires_at=invitation.expires_at,
    )


def _record(kind: str, invitation: Invitation, by: User) -> None:
    chain = invitation.group.chain if invitation.group else invitation.programme.chain
    facts = {"invitation": invitation.public_id, "role": invitation.role}
    record(kind, chain=chain, by=by, facts=facts, personal={"email": invitation.email})
