"""Programme-wide motions: precedence and safe mail take the keys of the conference, or else of every group."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.actions import (
    NotAKeyHolder,
    ask_again,
    confirm_seat,
    end_membership,
    found_group,
    propose_style,
    seat,
    turn_key,
    turn_safe_mail_on,
    withdraw_style,
)
from groups.actions.keys import AlreadyProposed
from groups.actions.style import NothingToChange
from groups.models import GroupKind, Motion, Role, StyleChange
from parley.notifications.models import Notice
from parley.programmes.models import Programme
from tests.factories import PersonFactory
from tests.factories.browsers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_group(made):
    """Water alone: the other group has no co-chairs and could never turn its keys."""
    made.other_group.memberships.all().delete()
    made.other_group.delete()
    return made


def safe_mail_off(made, by=None) -> StyleChange:
    return propose_style(programme=made.programme, what="safe_mail", after="off", by=by or made.facilitator)


def motions_of(change: StyleChange) -> list[Motion]:
    targets = change.consents.values("public_id")
    return list(Motion.objects.filter(target_id__in=targets).order_by("pk"))


def turn(motion: Motion, *people) -> None:
    for person in people:
        turn_key(motion, sha256=motion.sha256, by=person)


def state(thing) -> str:
    return str(type(thing).objects.get(pk=thing.pk).state)


def safe_mail(made) -> bool:
    return bool(Programme.objects.get(pk=made.programme.pk).safe_mail)


def test_safe_mail_is_off_with_the_last_key_and_not_before(one_group):
    made = one_group
    change = safe_mail_off(made)
    (motion,) = motions_of(change)

    turn(motion, made.co_chair_a)
    after_one = safe_mail(made)
    turn(motion, made.co_chair_b)

    assert (after_one, safe_mail(made)) == (True, False)
    assert state(change) == "carried"


def test_a_co_chair_who_proposes_has_turned_their_key_with_it(one_group):
    change = safe_mail_off(one_group, by=one_group.co_chair_a)

    (motion,) = motions_of(change)
    assert [key.side for key in motion.keys.all()] == [one_group.a]


def chaired(made, name: str, kind: str = GroupKind.THEMATIC):
    """One more group with a co-chair for each side."""
    group = found_group(programme=made.programme, name=name, kind=kind, by=made.facilitator)
    chairs = []
    for side in (made.a, made.b):
        person = PersonFactory(name=f"{name} {side}", email=f"{name}-{side.code}@example.org".lower())
        membership = seat(group=group, person=person, role=Role.CO_CHAIR, side=side, by=made.facilitator)
        if membership.seat == "proposed":
            confirm_seat(membership, by=chairs[0])
        chairs.append(person)
    return group, chairs


def test_without_a_conference_every_group_turns_its_own_keys(one_group):
    made = one_group
    _roads, chairs = chaired(made, "Roads")
    change = propose_style(programme=made.programme, what="precedence", after="alternat", by=made.facilitator)
    by_group = {motion.group.name: motion for motion in motions_of(change)}

    turn(by_group["Water"], made.co_chair_a, made.co_chair_b)
    between = Programme.objects.get(pk=made.programme.pk).precedence
    turn(by_group["Roads"], *chairs)

    assert (between, Programme.objects.get(pk=made.programme.pk).precedence) == ("alphabetical", "alternat")
    assert state(by_group["Water"]) == "carried"


def test_with_a_conference_its_keys_alone_decide(made):
    _conference, chairs = chaired(made, "Conference", GroupKind.CONFERENCE)
    change = safe_mail_off(made)

    (motion,) = motions_of(change)
    turn(motion, *chairs)

    assert safe_mail(made) is False


def test_a_key_holder_who_changes_lapses_that_groups_motion_and_it_can_be_asked_again(one_group):
    made = one_group
    change = safe_mail_off(made)
    (motion,) = motions_of(change)
    turn(motion, made.co_chair_a)

    end_membership(made.membership("co_chair_b"), by=made.facilitator)
    lapsed = state(motion)
    ask_again(change, by=made.facilitator)

    assert lapsed == "lapsed"
    assert [state(each) for each in motions_of(change)] == ["lapsed", "open"]
    assert safe_mail(made) is True


def test_withdrawn_it_closes_for_every_group(one_group):
    change = safe_mail_off(one_group)

    withdraw_style(change, by=one_group.co_chair_b)

    assert (state(change), [state(motion) for motion in motions_of(change)]) == ("withdrawn", ["withdrawn"])


def test_a_second_change_of_the_same_setting_waits_for_the_first(one_group):
    safe_mail_off(one_group)

    with pytest.raises(AlreadyProposed):
        safe_mail_off(one_group, by=one_group.co_chair_a)


def test_what_is_so_already_is_not_proposed(made):
    with pytest.raises(NothingToChange):
        propose_style(programme=made.programme, what="precedence", after="alphabetical", by=made.facilitator)


@pytest.mark.parametrize("role", ["member_a", "observer", "outsider", "other_facilitator", "ex_member_a"])
def test_nobody_else_proposes(made, role):
    with pytest.raises(NotAKeyHolder):
        safe_mail_off(made, by=made.people[role])


def test_to_say_less_in_mails_takes_one_person(made):
    Programme.objects.filter(pk=made.programme.pk).update(safe_mail=False)

    turn_safe_mail_on(made.programme, by=made.co_chair_a)

    assert safe_mail(made) is True


def test_everybody_who_sits_for_a_side_is_told_when_it_has_changed(one_group):
    made = one_group
    (motion,) = motions_of(safe_mail_off(made))
    turn(motion, made.co_chair_a, made.co_chair_b)

    told = {notice.reader for notice in Notice.objects.filter(kind="groups.style_changed")}
    assert {made.member_a, made.member_b, made.co_chair_a} <= told
    assert made.observer not in told


def page_of(made, role: str) -> str:
    answer = signed_in(made.people[role]).get(reverse("house_style", kwargs={"programme": made.programme.public_id}))
    return " ".join(answer.content.decode().split())


def test_the_page_says_what_is_proposed_and_whose_keys_are_missing(one_group):
    made = one_group
    (motion,) = motions_of(safe_mail_off(made, by=made.co_chair_a))

    page = page_of(made, "co_chair_b")

    assert "Groups concerned that have turned every key: 0 of 1." in page
    assert reverse("motion", kwargs={"motion": motion.public_id}) in page
    assert "<b>Northland</b> key turned" in page
    assert "<b>Southland</b> key missing" in page


def test_groups_that_a_reader_does_not_see_are_counted_and_not_named(made):
    safe_mail_off(made)

    page = page_of(made, "member_a")

    assert "Groups concerned that have turned every key: 0 of 2." in page
    assert made.other_group.name not in page


def test_the_forms_do_what_their_buttons_say(one_group):
    made = one_group
    browser = signed_in(made.co_chair_a)
    address = reverse("style_propose", kwargs={"programme": made.programme.public_id})

    refused = browser.post(address, {"what": "precedence", "after": "red"}, follow=True).content.decode()
    done = browser.post(address, {"what": "safe_mail", "after": "off"}, follow=True).content.decode()

    assert "Choose what it is to be." in refused
    assert "Proposed. It takes effect when every group concerned has turned its keys." in done
    assert StyleChange.objects.get().after == "off"


def test_a_group_that_has_consented_reads_that_the_change_waits_for_others(one_group):
    made = one_group
    chaired(made, "Roads")
    change = safe_mail_off(made)
    motion = next(motion for motion in motions_of(change) if motion.group == made.group)
    turn(motion, made.co_chair_a, made.co_chair_b)

    page = signed_in(made.member_a).get(reverse("motion", kwargs={"motion": motion.public_id})).content.decode()

    assert "This group has consented; it takes effect with the last group’s keys" in page


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_needs_the_same_queries_for_every_number_of_groups(made, count):
    for number in range(count):
        found_group(programme=made.programme, name=f"Group {number}", by=made.facilitator)
    safe_mail_off(made)
    browser = signed_in(made.facilitator)

    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("house_style", kwargs={"programme": made.programme.public_id}))

    assert len(queries) == 17
