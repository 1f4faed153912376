"""Who may put whom on a side (DOMAIN, seating)."""

import pytest

from groups.actions import NotAKeyHolder, confirm_seat, decline_seat, end_membership, found_group, seat
from groups.actions.seats import SeatTaken, who_confirms
from groups.models import Deputy, GroupKind, Membership, Motion, Role, Seat
from parley.audit import entries, verify_chain
from parley.notifications.models import Notice
from parley.programmes.actions import OnAnotherSide, SideToBe
from tests.factories import PersonFactory, World, programme_of

from .kinds import NAME, sha256_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def trio():
    """A programme of three sides and a new group in it."""
    facilitator = PersonFactory(name="Faye Facilitator")
    sides = [SideToBe("Northland", "Northern", "N"), SideToBe("Southland", "Southern", "S"), SideToBe("East", "E", "E")]
    programme = programme_of(facilitator, sides=sides)
    return found_group(programme=programme, name="Water", by=facilitator), list(programme.sides.all()), facilitator


def told(person, kind: str) -> int:
    return Notice.objects.filter(reader=person, kind=kind).count()


def test_a_facilitator_only_proposes_and_the_sides_co_chair_opens_the_seat(seated: World):
    person = PersonFactory()

    proposed = seat(group=seated.group, person=person, role=Role.MEMBER, side=seated.a, by=seated.facilitator)
    before = proposed.seat
    confirm_seat(proposed, by=seated.co_chair_a)
    proposed.refresh_from_db()

    assert (before, proposed.seat, proposed.confirmed_by) == (Seat.PROPOSED, Seat.OPEN, seated.co_chair_a)


@pytest.mark.parametrize("role", ["co_chair_b", "member_a", "deputy_a", "facilitator", "observer"])
def test_nobody_else_opens_a_seat_on_a_side(seated: World, role: str):
    proposed = seat(group=seated.group, person=PersonFactory(), role=Role.MEMBER, side=seated.a, by=seated.facilitator)

    with pytest.raises(NotAKeyHolder):
        confirm_seat(proposed, by=seated.people[role])

    proposed.refresh_from_db()
    assert proposed.seat == Seat.PROPOSED


def test_a_co_chairs_own_proposal_opens_at_once(seated: World):
    opened = seat(group=seated.group, person=PersonFactory(), role=Role.MEMBER, side=seated.a, by=seated.co_chair_a)

    assert opened.seat == Seat.OPEN


def test_the_first_co_chair_of_all_opens_at_once_and_is_shown_to_every_later_one(trio):
    group, (north, south, east), facilitator = trio
    first, second, third = PersonFactory(), PersonFactory(), PersonFactory()

    opened = seat(group=group, person=first, role=Role.CO_CHAIR, side=north, by=facilitator)
    confirm_seat(seat(group=group, person=second, role=Role.CO_CHAIR, side=south, by=facilitator), by=first)
    waits = seat(group=group, person=third, role=Role.CO_CHAIR, side=east, by=facilitator)
    for chair in (first, second):
        confirm_seat(waits, by=chair)

    assert opened.opened_unconfirmed
    assert [told(person, "groups.unconfirmed_chair") for person in (first, second, third)] == [0, 1, 1]


def test_a_first_co_chair_takes_the_word_of_every_co_chair_acting(trio):
    group, (north, south, east), facilitator = trio
    first, second = PersonFactory(), PersonFactory()
    seat(group=group, person=first, role=Role.CO_CHAIR, side=north, by=facilitator)
    confirm_seat(seat(group=group, person=second, role=Role.CO_CHAIR, side=south, by=facilitator), by=first)
    third = seat(group=group, person=PersonFactory(), role=Role.CO_CHAIR, side=east, by=facilitator)

    confirm_seat(third, by=first)
    halfway = Membership.objects.get(pk=third.pk).seat
    confirm_seat(third, by=second)

    assert [halfway, Membership.objects.get(pk=third.pk).seat] == [Seat.PROPOSED, Seat.OPEN]


def test_a_first_co_chair_who_waited_for_somebody_who_left_waits_no_longer(trio):
    group, (north, south, east), facilitator = trio
    first, second = PersonFactory(), PersonFactory()
    seat(group=group, person=first, role=Role.CO_CHAIR, side=north, by=facilitator)
    leaving = seat(group=group, person=second, role=Role.CO_CHAIR, side=south, by=facilitator)
    confirm_seat(leaving, by=first)
    third = seat(group=group, person=PersonFactory(), role=Role.CO_CHAIR, side=east, by=facilitator)
    confirm_seat(third, by=first)

    end_membership(leaving, by=second)

    third.refresh_from_db()
    assert (third.seat, third.confirmed_by) == (Seat.OPEN, first)


def test_members_wait_until_their_side_has_a_co_chair_who_then_hears_of_them(trio):
    group, (north, _south, _east), facilitator = trio
    waiting = seat(group=group, person=PersonFactory(), role=Role.MEMBER, side=north, by=facilitator)
    chair = PersonFactory()

    nobody = who_confirms(group, north, Role.MEMBER)
    seat(group=group, person=chair, role=Role.CO_CHAIR, side=north, by=facilitator)

    assert nobody == []
    assert who_confirms(group, north, Role.MEMBER) == [chair]
    assert list(Notice.objects.filter(reader=chair, asks=True).values_list("subject", flat=True)) == [waiting.public_id]


def test_in_a_platform_without_a_key_holder_a_sides_members_open_its_seats(trio):
    group, (north, _south, _east), facilitator = trio
    platform = found_group(programme=group.programme, name="Platform", kind=GroupKind.PLATFORM, by=facilitator)
    first = PersonFactory()

    opened = seat(group=platform, person=first, role=Role.MEMBER, side=north, by=facilitator)
    second = seat(group=platform, person=PersonFactory(), role=Role.MEMBER, side=north, by=facilitator)
    confirm_seat(second, by=first)

    second.refresh_from_db()
    assert (opened.seat, second.seat) == (Seat.OPEN, Seat.OPEN)


def test_a_side_that_had_a_co_chair_decides_about_the_next_one_itself(seated: World):
    end_membership(seated.membership("co_chair_a"), by=seated.co_chair_a)

    successor = seat(
        group=seated.group, person=PersonFactory(), role=Role.CO_CHAIR, side=seated.a, by=seated.facilitator
    )

    assert successor.seat == Seat.PROPOSED
    assert who_confirms(seated.group, seated.a, Role.CO_CHAIR) == []
    with pytest.raises(NotAKeyHolder):
        confirm_seat(successor, by=seated.co_chair_b)


def test_a_successor_where_no_member_is_left_is_confirmed_by_the_others_and_the_key_rests(trio):
    group, (north, south, _east), facilitator = trio
    chair = PersonFactory()
    seat(group=group, person=chair, role=Role.CO_CHAIR, side=north, by=facilitator)
    first = seat(group=group, person=PersonFactory(), role=Role.CO_CHAIR, side=south, by=facilitator)
    confirm_seat(first, by=chair)
    end_membership(first, by=first.person)

    second = seat(group=group, person=PersonFactory(), role=Role.CO_CHAIR, side=south, by=facilitator)
    confirm_seat(second, by=chair)

    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.seat, second.key_rests, first.key_rests) == (Seat.OPEN, True, False)


def test_declining_keeps_the_seat_closed(seated: World):
    proposed = seat(group=seated.group, person=PersonFactory(), role=Role.MEMBER, side=seated.a, by=seated.facilitator)

    decline_seat(proposed, by=seated.co_chair_a)
    confirm_seat(proposed, by=seated.co_chair_a)

    proposed.refresh_from_db()
    assert proposed.seat == Seat.DECLINED
    assert not Notice.objects.waiting().filter(reader=seated.co_chair_a, kind="groups.seat_to_confirm").exists()


def test_one_person_sits_on_one_side_of_a_programme(seated: World):
    with pytest.raises(OnAnotherSide):
        seat(group=seated.other_group, person=seated.member_b, role=Role.MEMBER, side=seated.a, by=seated.facilitator)

    assert not seated.other_group.memberships.filter(person=seated.member_b).exists()


def test_a_side_has_one_co_chair_in_a_group(seated: World):
    with pytest.raises(SeatTaken):
        seat(group=seated.group, person=PersonFactory(), role=Role.CO_CHAIR, side=seated.a, by=seated.facilitator)


def test_every_seating_and_ending_is_told_to_all_members_but_not_to_observers(seated: World):
    Notice.objects.all().delete()
    members = [seated.people[role] for role in ("co_chair_b", "member_a", "member_b", "member_c", "deputy_a")]

    opened = seat(group=seated.group, person=PersonFactory(), role=Role.MEMBER, side=seated.a, by=seated.co_chair_a)
    end_membership(opened, by=seated.co_chair_a)

    assert [told(person, "groups.seat_opened") for person in members] == [1, 1, 1, 1, 1]
    assert [told(person, "groups.seating_ended") for person in members] == [1, 1, 1, 1, 1]
    assert Notice.objects.filter(reader=seated.observer).count() == 0


def test_ending_a_key_holders_seat_lapses_what_waits_and_ends_the_sides_deputies(seated: World):
    from groups.actions import propose

    facts = {"purpose": "Peace"}
    motion = propose(
        NAME, seated.group.public_id, sha256=sha256_of(seated.group, "Peace"), facts=facts, by=seated.co_chair_b
    )

    end_membership(seated.membership("co_chair_a"), by=seated.co_chair_a)

    motion.refresh_from_db()
    assert (motion.state, motion.lapsed_because) == (Motion.State.LAPSED, Motion.Because.KEY_HOLDER_CHANGED)
    assert not Deputy.objects.acting().exists()


def test_ending_a_seat_raises_the_epoch_so_that_sockets_ask_again(seated: World):
    seated.member_a.refresh_from_db()
    before = seated.member_a.access_epoch

    end_membership(seated.membership("member_a"), by=seated.co_chair_a)

    seated.member_a.refresh_from_db()
    assert seated.member_a.access_epoch == before + 1


def test_the_record_of_seats_names_nobody_and_verifies(seated: World):
    kinds = [entry.kind for entry in entries(seated.group.chain)]

    assert kinds.count("group.seat_opened") == 8
    assert seated.member_a.name not in str([entry.facts for entry in entries(seated.group.chain)])
    assert verify_chain(seated.group.chain) == []
