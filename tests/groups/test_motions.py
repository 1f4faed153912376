"""The page of a motion: what is proposed, whose key is missing, turning one's key over exactly what one saw."""

import pytest
from django.urls import reverse

from groups.actions import end_membership, propose, turn_key, withdraw_motion
from groups.actions.keys import AlreadyProposed, MotionIsClosed, NotAKeyHolder, TextHasChanged
from groups.models import Key, Motion, ThematicGroup
from parley.notifications.models import Notice
from tests.factories import World

from .hands import words_of
from .kinds import NAME, sha256_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def motion(seated: World) -> Motion:
    return proposed(seated)


def proposed(seated: World, purpose: str = "Peace", by: str = "co_chair_a") -> Motion:
    sha256, facts = sha256_of(seated.group, purpose), {"purpose": purpose}
    return propose(NAME, seated.group.public_id, sha256=sha256, facts=facts, by=seated.people[by])


def page(motion: Motion) -> str:
    return reverse("motion", kwargs={"motion": motion.public_id})


def press(client, motion: Motion, sha256: str | None = None):
    address = reverse("motion_turn", kwargs={"motion": motion.public_id})
    return client.post(address, {"sha256": motion.sha256 if sha256 is None else sha256})


def purpose_of(seated: World) -> str:
    return ThematicGroup.objects.get(pk=seated.group.pk).purpose


def test_the_page_says_whose_key_is_turned_and_whose_is_missing(seated: World, as_, motion: Motion):
    words = words_of(as_("member_b").get(page(motion)))

    assert "Co Chair A turned the key," in words
    assert "Held by Co Chair B." in words
    assert "New purpose" in words


def test_the_last_key_carries_the_motion(seated: World, as_, motion: Motion):
    press(as_("co_chair_b"), motion)

    motion.refresh_from_db()
    assert (motion.state, purpose_of(seated)) == (Motion.State.CARRIED, "Peace")


def test_one_key_moves_nothing(seated: World, motion: Motion):
    turn_key(motion, sha256=motion.sha256, by=seated.deputy_a)

    motion.refresh_from_db()
    assert (motion.state, purpose_of(seated)) == (Motion.State.OPEN, "The shared river.")


@pytest.mark.parametrize("role", ["member_b", "member_a", "facilitator"])
def test_nobody_without_a_key_turns_one(seated: World, as_, motion: Motion, role: str):
    answered = press(as_(role), motion)

    assert answered.status_code == 403
    with pytest.raises(NotAKeyHolder):
        turn_key(motion, sha256=motion.sha256, by=seated.people[role])
    assert motion.keys.count() == 1


@pytest.mark.parametrize("role", ["observer", "outsider", "ex_member_a", "other_group_member", "other_facilitator"])
def test_a_motion_is_hidden_from_those_who_see_no_texts(seated: World, as_, motion: Motion, role: str):
    end_membership(seated.membership("ex_member_a"), by=seated.co_chair_a)
    assert [as_(role).get(page(motion)).status_code, press(as_(role), motion).status_code] == [404, 404]


def test_a_key_needs_a_second_factor_and_the_page_is_seen_again(seated: World, as_, motion: Motion):
    client = as_("deputy_a", proved=False)
    Key.objects.all().delete()

    answered = press(client, motion)

    assert answered.status_code == 302
    assert "/account/" in answered["Location"]
    assert motion.keys.count() == 0


def test_a_key_over_another_hash_is_refused_and_the_page_shows_the_motion_again(seated: World, as_, motion: Motion):
    answered = press(as_("co_chair_b"), motion, sha256="0" * 64)

    assert answered.status_code == 409
    assert b"not the one that you saw" in answered.content
    assert motion.keys.count() == 1


@pytest.mark.parametrize("sha256", ["", "x", "\x00", "ё" * 64, "0" * 10_000])
def test_a_hash_that_is_none_is_refused(seated: World, as_, motion: Motion, sha256: str):
    assert press(as_("co_chair_b"), motion, sha256=sha256).status_code == 409


def test_a_target_that_changed_first_is_not_moved(seated: World, as_, motion: Motion):
    ThematicGroup.objects.filter(pk=seated.group.pk).update(purpose="Something else")

    answered = press(as_("co_chair_b"), motion)

    assert (answered.status_code, purpose_of(seated)) == (409, "Something else")


def test_a_proposal_over_a_hash_that_nobody_saw_is_refused(seated: World):
    with pytest.raises(TextHasChanged):
        propose(NAME, seated.group.public_id, sha256="0" * 64, facts={"purpose": "Peace"}, by=seated.co_chair_a)

    assert Motion.objects.count() == 0


def test_one_motion_of_a_kind_is_open_on_a_target(seated: World, motion: Motion):
    with pytest.raises(AlreadyProposed):
        proposed(seated, "War", by="co_chair_b")


def test_a_second_press_of_the_button_changes_nothing(seated: World, as_, motion: Motion):
    client = as_("co_chair_a")

    answers = [press(client, motion).status_code for _press in range(2)]

    assert answers == [302, 302]
    assert motion.keys.count() == 1


def test_a_closed_motion_says_so(seated: World, as_, motion: Motion):
    withdraw_motion(motion, by=seated.co_chair_a)

    answered = press(as_("co_chair_b"), motion)

    assert answered.status_code == 409
    assert b"no longer open" in answered.content
    with pytest.raises(MotionIsClosed):
        turn_key(motion, sha256=motion.sha256, by=seated.co_chair_b)


@pytest.mark.parametrize(("role", "status"), [("co_chair_a", 302), ("co_chair_b", 302), ("member_a", 403)])
def test_a_proposer_or_key_holder_withdraws_with_a_reason(seated: World, as_, motion: Motion, role: str, status: int):
    address = reverse("motion_withdraw", kwargs={"motion": motion.public_id})

    answered = as_(role).post(address, {"reason": "We meet first."})

    motion.refresh_from_db()
    assert answered.status_code == status
    assert motion.reason == ("We meet first." if status == 302 else "")


def test_a_vacant_key_moves_nothing_and_the_page_says_since_when(seated: World, as_):
    end_membership(seated.membership("co_chair_b"), by=seated.co_chair_b)
    motion = proposed(seated)

    words = words_of(as_("member_a").get(page(motion)))

    assert "Key vacant since" in words
    assert motion.state == Motion.State.OPEN


def test_both_the_co_chair_and_the_deputy_are_asked_until_their_side_has_turned_its_key(seated: World):
    Notice.objects.all().delete()
    motion = proposed(seated, by="co_chair_b")

    asked = set(Notice.objects.waiting().values_list("reader__name", flat=True))
    turn_key(motion, sha256=motion.sha256, by=seated.deputy_a)

    assert asked == {"Co Chair A", "Deputy A"}
    assert not Notice.objects.waiting().filter(kind="groups.key_wanted").exists()


def test_the_ledger_keeps_what_was_proposed_even_when_the_target_has_another_name(seated: World, as_, motion: Motion):
    turn_key(motion, sha256=motion.sha256, by=seated.co_chair_b)
    ThematicGroup.objects.filter(pk=seated.group.pk).update(name="Renamed")

    words = words_of(as_("member_a").get(reverse("motions", kwargs={"group": seated.group.public_id})))

    assert "Water, purpose" in words
    assert words.count("key turned") == 2
