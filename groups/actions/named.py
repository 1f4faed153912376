"""People named in an imported text: printed in its list of members, without an account until they are invited."""

from django.db import transaction

from groups.models import Membership, Seat, ThematicGroup
from parley.access import new_id
from parley.accounts.models import User
from parley.audit import record
from parley.programmes.actions import take_part
from parley.programmes.models import Participant, Side

from .seats import give_seat, refuse_a_second


def is_placeholder(person: User) -> bool:
    """A name without an account; RFC 2606 keeps `.invalid` from ever being an address."""
    return person.email.endswith("@named.invalid")


@transaction.atomic
def name_in_roster(*, group: ThematicGroup, name: str, role: str, side: Side | None, by: User | None) -> Membership:
    """A line of the list of members: a name, a role, a side; nobody can sign in as it."""
    person = User.objects.create_user(f"{new_id()}@named.invalid", name=name, is_active=False)
    take_part(programme=group.programme, person=person, side=side)
    membership = Membership.objects.create(group=group, person=person, role=role, side=side, seat=Seat.NAMED)
    facts = {"seat": membership.public_id, "role": role}
    record("group.named", chain=group.chain, by=by, facts=facts, personal={"name": name})
    return membership


def take_named_place(membership: Membership, *, person: User, by: User) -> Membership:
    """The invited person takes the place of the name; the seat opens as every seat does."""
    group = membership.group = ThematicGroup.objects.locked(membership.group_id)
    refuse_a_second(group, person, membership.role, membership.side)
    take_part(programme=group.programme, person=person, side=membership.side)
    name = membership.person
    if not person.name:
        person.name = name.name
        person.save(update_fields=["name"])
    membership.person = person
    give_seat(membership, by=by)
    Participant.objects.filter(person=name).delete()
    name.delete()
    return membership
