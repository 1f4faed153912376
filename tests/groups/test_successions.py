"""A side decides about its key (DOMAIN, agreement 1)."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.utils import timezone

from groups.actions import (
    KeyIsResting,
    NotAKeyHolder,
    appoint_deputy,
    ask_for_succession,
    confirm_succession,
    designate,
    end_membership,
    found_group,
    propose,
    reset_second_factor,
    seat,
    turn_key,
    withdraw_succession,
)
from groups.actions.seats import MayNotReset
from groups.actions.successions import AlreadyAsked, NothingToDecide
from groups.models import GroupKind, Motion, Role, Succession, SuccessionKind
from groups.standing import key_holders, standing_now
from parley.audit import entries
from parley.programmes.actions import appoint_facilitator
from tests.factories import PersonFactory, World

from .hands import give_app
from .kinds import NAME, sha256_of

pytestmark = pytest.mark.django_db

SUCCESSOR, FACTOR = SuccessionKind.SUCCESSOR, SuccessionKind.SECOND_FACTOR


def holder_a(made: World):
    return key_holders(made.group)[made.a.pk].person


def motion_of(made: World, by) -> Motion:
    sha256 = sha256_of(made.group, "Peace")
    return propose(NAME, made.group.public_id, sha256=sha256, facts={"purpose": "Peace"}, by=by)


def test_the_outgoing_co_chair_hands_the_key_over_by_their_word_alone(seated: World):
    ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.co_chair_a)

    assert holder_a(seated) == seated.member_a
    assert seated.membership("co_chair_a").role == Role.MEMBER


def test_a_majority_of_the_other_members_names_a_successor(seated: World):
    succession = ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.member_a)
    before = holder_a(seated)

    carried = confirm_succession(succession, by=seated.deputy_a)

    assert (before, carried, holder_a(seated)) == (seated.co_chair_a, True, seated.member_a)


def test_nobody_takes_a_key_by_their_own_word_alone(seated: World):
    end_membership(seated.membership("deputy_a"), by=seated.co_chair_a)

    ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.member_a)

    assert holder_a(seated) == seated.co_chair_a


def test_one_member_does_not_make_another_one_co_chair(seated: World):
    ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.deputy_a)

    assert holder_a(seated) == seated.co_chair_a


@pytest.mark.parametrize("role", ["co_chair_b", "member_b", "facilitator", "observer"])
def test_nobody_outside_the_side_has_a_say(seated: World, role: str):
    succession = ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.member_a)

    with pytest.raises(NotAKeyHolder):
        confirm_succession(succession, by=seated.people[role])
    with pytest.raises(NotAKeyHolder):
        ask_for_succession(kind=FACTOR, membership=seated.membership("co_chair_a"), by=seated.people[role])


def test_a_successors_key_rests_48_hours_while_all_are_told(seated: World):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.co_chair_a)
        motion = motion_of(seated, seated.co_chair_b)
        with pytest.raises(KeyIsResting):
            turn_key(motion, sha256=motion.sha256, by=seated.member_a)

    with time_machine.travel(now + timedelta(hours=47, minutes=59), tick=False):
        resting = standing_now(seated.member_a, seated.group).holds_key
    with time_machine.travel(now + timedelta(hours=48, seconds=1), tick=False):
        turned = turn_key(motion, sha256=motion.sha256, by=seated.member_a)

    assert (resting, turned.state) == (False, Motion.State.CARRIED)


def test_a_resting_key_is_not_lent_to_a_deputy(seated: World):
    ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.co_chair_a)
    now = timezone.now()

    with pytest.raises(KeyIsResting):
        appoint_deputy(
            membership=seated.membership("deputy_a"), starts=now, ends=now + timedelta(days=1), by=seated.member_a
        )

    assert not standing_now(seated.deputy_a, seated.group).holds_key


def test_a_deputy_is_never_of_another_side(seated: World):
    now = timezone.now()

    with pytest.raises(NotAKeyHolder):
        appoint_deputy(
            membership=seated.membership("member_b"), starts=now, ends=now + timedelta(days=1), by=seated.co_chair_a
        )


def test_a_deputy_acts_between_its_dates_only(seated: World):
    now = timezone.now()
    appoint_deputy(
        membership=seated.membership("member_a"),
        starts=now + timedelta(days=2),
        ends=now + timedelta(days=3),
        by=seated.co_chair_a,
    )

    days = []
    for day in (1, 2.5, 4):
        with time_machine.travel(now + timedelta(days=day), tick=False):
            days.append(standing_now(seated.member_a, seated.group).capacity)

    assert days == [None, "deputy", None]


def test_open_motions_lapse_when_the_key_changes_hands(seated: World):
    motion = motion_of(seated, seated.co_chair_b)

    ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.co_chair_a)

    motion.refresh_from_db()
    assert motion.state == Motion.State.LAPSED


def test_a_sides_deliberation_is_recorded_in_its_own_caucus_until_it_is_decided(seated: World):
    succession = ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.member_a)
    asked = [entry.kind for entry in entries(seated.group.chain)]

    confirm_succession(succession, by=seated.deputy_a)

    assert "group.succession_asked" not in asked
    assert [entry.kind for entry in entries(seated.group.caucus_chain(seated.a))] == [
        "group.succession_asked",
        "group.succession_confirmed",
    ]
    assert [entry.kind for entry in entries(seated.group.chain)][-1] == "group.succession_carried"


def test_a_side_decides_one_thing_at_a_time(seated: World):
    ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.member_a)

    with pytest.raises(AlreadyAsked):
        ask_for_succession(kind=SUCCESSOR, membership=seated.membership("deputy_a"), by=seated.deputy_a)


def test_a_withdrawn_question_decides_nothing(seated: World):
    succession = ask_for_succession(kind=SUCCESSOR, membership=seated.membership("member_a"), by=seated.member_a)

    withdraw_succession(succession, by=seated.member_a)

    assert confirm_succession(succession, by=seated.deputy_a) is False
    assert holder_a(seated) == seated.co_chair_a


def test_a_key_holders_lost_second_factor_is_made_anew_by_their_side_and_the_key_rests(seated: World):
    give_app(seated.co_chair_a)
    succession = ask_for_succession(kind=FACTOR, membership=seated.membership("co_chair_a"), by=seated.member_a)
    before = Authenticator.objects.filter(user=seated.co_chair_a).count()

    confirm_succession(succession, by=seated.deputy_a)

    assert (before, Authenticator.objects.filter(user=seated.co_chair_a).count()) == (1, 0)
    assert seated.membership("co_chair_a").key_rests
    assert holder_a(seated) == seated.co_chair_a


def test_a_second_factor_is_the_holders_or_a_deputys(seated: World):
    with pytest.raises(NothingToDecide):
        ask_for_succession(kind=FACTOR, membership=seated.membership("member_a"), by=seated.co_chair_a)
    with pytest.raises(NothingToDecide):
        ask_for_succession(kind=SUCCESSOR, membership=seated.membership("co_chair_a"), by=seated.co_chair_a)


@pytest.mark.parametrize("role", ["co_chair_a", "deputy_a"])
def test_no_facilitator_resets_the_second_factor_of_whoever_turns_a_key(seated: World, role: str):
    give_app(seated.people[role])

    with pytest.raises(MayNotReset):
        reset_second_factor(person=seated.people[role], programme=seated.programme, by=seated.facilitator)

    assert Authenticator.objects.filter(user=seated.people[role]).exists()


def test_another_facilitator_resets_a_facilitators_second_factor_never_the_own(seated: World):
    second = PersonFactory(name="Second Facilitator")
    appoint_facilitator(programme=seated.programme, person=second, by=seated.facilitator)
    give_app(second)

    with pytest.raises(MayNotReset):
        reset_second_factor(person=seated.facilitator, programme=seated.programme, by=seated.facilitator)
    with pytest.raises(MayNotReset):
        reset_second_factor(person=second, programme=seated.programme, by=seated.other_facilitator)
    reset_second_factor(person=second, programme=seated.programme, by=seated.facilitator)

    assert not Authenticator.objects.filter(user=second).exists()


def test_a_platforms_side_designates_its_first_key_holder_without_rest_and_a_second_with(seated: World):
    platform = found_group(programme=seated.programme, name="P", kind=GroupKind.PLATFORM, by=seated.facilitator)
    first = seat(group=platform, person=seated.member_a, role=Role.MEMBER, side=seated.a, by=seated.facilitator)
    second = seat(group=platform, person=seated.deputy_a, role=Role.MEMBER, side=seated.a, by=seated.member_a)

    confirm_succession(designate(first, by=seated.member_a), by=seated.deputy_a)
    first.refresh_from_db()
    at_first = (first.designated, first.key_rests)
    designate(second, by=seated.member_a)
    second.refresh_from_db()

    assert at_first == (True, False)
    assert (second.designated, second.key_rests) == (True, True)
    assert key_holders(platform)[seated.a.pk].person == seated.deputy_a


def test_an_outside_successor_is_seated_by_the_sides_majority_and_rests(seated: World):
    end_membership(seated.membership("co_chair_a"), by=seated.co_chair_a)
    newcomer = PersonFactory()
    proposed = seat(group=seated.group, person=newcomer, role=Role.CO_CHAIR, side=seated.a, by=seated.facilitator)
    succession = Succession.objects.get(membership=proposed)

    halfway = confirm_succession(succession, by=seated.member_a)
    confirm_succession(succession, by=seated.deputy_a)

    proposed.refresh_from_db()
    assert (halfway, proposed.is_open, proposed.key_rests) == (False, True, True)
    assert holder_a(seated) == newcomer
