"""Whose word opens a seat (DOMAIN "seating"), and who decides about a side's key (DOMAIN "Agreement" 1)."""

from django.db.models import Q

from parley.accounts.models import User
from parley.programmes.models import Side

from .models import Deputy, Membership, Role, Succession, SuccessionKind, ThematicGroup
from .roster import Roster, Seating, roster_of
from .standing import key_holders


def seating_of(group: ThematicGroup, side: Side | None, role: str) -> Seating:
    return roster_of(group).seating(side, role)


def who_confirms(group: ThematicGroup, side: Side | None, role: str) -> list[User]:
    """Whose word opens this seat."""
    return [seat.person for seat in seating_of(group, side, role).confirmers]


def key_was_held(group: ThematicGroup, side: Side) -> bool:
    return roster_of(group).key_was_held(side)


def holds_a_key_anywhere(person: User) -> bool:
    """A co-chair, a designated member or a deputy in any group: their second factor is their side's affair."""
    seats = Membership.objects.acting().filter(person=person)
    deputyships = Deputy.objects.to_come_or_acting().filter(membership__person=person)
    return seats.filter(Q(role=Role.CO_CHAIR) | Q(designated=True)).exists() or deputyships.exists()


def electorate(succession: Succession) -> list[Membership]:
    """The side's other members: about a key, all but who holds it now; about a second factor, all but who lost it."""
    return _voters(roster_of(succession.group), succession)


def _voters(roster: Roster, succession: Succession) -> list[Membership]:
    holder = roster.holders.get(succession.side_id)
    aside = succession.membership_id if succession.kind == SuccessionKind.SECOND_FACTOR else holder and holder.pk
    return [seat for seat in roster.of(succession.side) if seat.pk != aside]


def outgoing_holder(succession: Succession) -> Membership | None:
    """Who may hand the key over by their word alone: the acting key holder, to somebody else."""
    if succession.kind != SuccessionKind.SUCCESSOR:
        return None
    holder = key_holders(succession.group).get(succession.side_id)
    return holder if holder is not None and holder.pk != succession.membership_id else None


def with_a_say(succession: Succession) -> list[Membership]:
    outgoing = outgoing_holder(succession)
    return [*electorate(succession), *([outgoing] if outgoing else [])]


def is_decided(succession: Succession) -> bool:
    """By the outgoing holder's word, or by a majority of the others: never by one's own word alone.

    Only the last member of a side whose key is vacant has nobody else to ask.
    """
    confirmed = set(succession.confirmations.values_list("membership", flat=True))
    outgoing = outgoing_holder(succession)
    if outgoing is not None and outgoing.pk in confirmed:
        return True
    voters = {seat.pk for seat in electorate(succession)}
    in_favour = voters & confirmed
    alone = in_favour == {succession.membership_id} and not (outgoing is None and voters == in_favour)
    return len(in_favour) * 2 > len(voters) and not alone
