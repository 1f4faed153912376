"""Two people at once, on PostgreSQL: nothing is carried twice, lost, or taken by two."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from groups.actions import (
    accept_invitation,
    confirm_seat,
    end_membership,
    found_group,
    invite,
    propose,
    seat,
    turn_key,
)
from groups.actions.invitations import InvitationNotUsable
from groups.actions.keys import MotionIsClosed, NotAKeyHolder
from groups.actions.seats import SeatTaken
from groups.models import Invitation, Key, Membership, Motion, Role, Seat
from groups.standing import key_holders
from parley.audit import entries, verify_chain
from parley.programmes.actions import SideToBe
from tests.factories import PersonFactory, programme_of

from .kinds import NAME, sha256_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS, FEW = 32, 8
PATIENCE = 30


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each act in a thread of its own, begun at the same instant; its result, or the exception that refused it."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(PATIENCE)
            return act()
        except (InvitationNotUsable, MotionIsClosed, NotAKeyHolder, SeatTaken) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


class Pair:
    """A group with a co-chair and a member on each side."""

    def __init__(self) -> None:
        self.facilitator = PersonFactory()
        sides = [SideToBe("Northland", "Northern", "N"), SideToBe("Southland", "Southern", "S")]
        self.programme = programme_of(self.facilitator, sides=sides)
        self.a, self.b = self.programme.sides.all()
        self.chair_a, self.chair_b = PersonFactory(), PersonFactory()
        self.new_group()

    def new_group(self, name: str = "Water") -> None:
        self.group = found_group(programme=self.programme, name=name, by=self.facilitator)
        seat(group=self.group, person=self.chair_a, role=Role.CO_CHAIR, side=self.a, by=self.facilitator)
        second = seat(group=self.group, person=self.chair_b, role=Role.CO_CHAIR, side=self.b, by=self.facilitator)
        confirm_seat(second, by=self.chair_a)

    def motion(self, purpose: str) -> Motion:
        """Proposed, and no key turned yet."""
        motion = propose(
            NAME,
            self.group.public_id,
            sha256=sha256_of(self.group, purpose),
            facts={"purpose": purpose},
            by=self.chair_a,
        )
        Key.objects.filter(motion=motion).delete()
        return motion


def test_two_keys_turned_at_once_carry_a_motion_exactly_once():
    pair = Pair()

    for number in range(ROUNDS):
        motion = pair.motion(f"Purpose {number}")
        at_once(
            lambda m=motion: turn_key(m, sha256=m.sha256, by=pair.chair_a),
            lambda m=motion: turn_key(m, sha256=m.sha256, by=pair.chair_b),
        )

    carried = [entry for entry in entries(pair.group.chain) if entry.kind == "motion.carried"]
    pair.group.refresh_from_db()
    assert set(Motion.objects.values_list("state", flat=True)) == {Motion.State.CARRIED}
    assert (len(carried), pair.group.purpose) == (ROUNDS, f"Purpose {ROUNDS - 1}")
    assert verify_chain(pair.group.chain) == []


def test_no_key_is_turned_by_somebody_whose_seat_ends_at_that_instant():
    pair = Pair()

    for number in range(FEW):
        pair.new_group(f"Group {number}")
        holder = key_holders(pair.group)[pair.b.pk]
        motion = pair.motion(f"Purpose {number}")
        at_once(
            lambda m=motion: turn_key(m, sha256=m.sha256, by=pair.chair_b),
            lambda s=holder: end_membership(s, by=pair.chair_b),
        )
        motion.refresh_from_db()
        assert (motion.state, key_holders(pair.group).get(pair.b.pk)) == (Motion.State.LAPSED, None)


def test_no_motion_stays_open_that_was_proposed_by_somebody_whose_seat_ends_at_that_instant():
    pair = Pair()

    for number in range(FEW):
        pair.new_group(f"Group {number}")
        holder = key_holders(pair.group)[pair.a.pk]
        sha256 = sha256_of(pair.group, "Peace")
        at_once(
            lambda s=sha256: propose(NAME, pair.group.public_id, sha256=s, facts={"purpose": "Peace"}, by=pair.chair_a),
            lambda s=holder: end_membership(s, by=pair.chair_a),
        )

    assert not Motion.objects.open().exists()


def test_an_invitation_accepted_twice_at_once_makes_one_seat():
    pair = Pair()

    results = []
    for _round in range(FEW):
        person = PersonFactory()
        invitation = invite(
            programme=pair.programme, group=pair.group, role=Role.OBSERVER, email=person.email, by=pair.facilitator
        )
        results += at_once(*[lambda i=invitation, p=person: accept_invitation(i, by=p)] * 2)

    assert sum(isinstance(one, Membership) for one in results) == FEW
    assert sum(isinstance(one, InvitationNotUsable) for one in results) == FEW
    assert Membership.objects.filter(role=Role.OBSERVER).count() == FEW


def test_two_co_chairs_of_one_side_at_once_leave_one():
    pair = Pair()

    for number in range(FEW):
        group = found_group(programme=pair.programme, name=f"Group {number}", by=pair.facilitator)
        people = PersonFactory(), PersonFactory()
        results = at_once(
            *[
                lambda p=person, g=group: seat(group=g, person=p, role=Role.CO_CHAIR, side=pair.a, by=pair.facilitator)
                for person in people
            ]
        )
        assert sorted(type(one).__name__ for one in results) == ["Membership", "SeatTaken"]
        assert group.memberships.filter(seat=Seat.OPEN, role=Role.CO_CHAIR).count() == 1


def test_an_invitation_withdrawn_and_accepted_at_once_is_one_of_both():
    from groups.actions import revoke_invitation

    pair = Pair()

    for _round in range(FEW):
        person = PersonFactory()
        invitation = invite(
            programme=pair.programme, group=pair.group, role=Role.OBSERVER, email=person.email, by=pair.facilitator
        )
        at_once(
            lambda i=invitation, p=person: accept_invitation(i, by=p),
            lambda i=invitation: revoke_invitation(i, by=pair.facilitator),
        )
        kept = Invitation.objects.get(pk=invitation.pk)
        seated = Membership.objects.filter(person=person).exists()
        assert (bool(kept.accepted_at), bool(kept.revoked_at)) == (seated, not seated)
