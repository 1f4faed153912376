"""The glossary: terms in the words of every side, agreed by the keys that the house style takes."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.actions import NotAKeyHolder, propose_term, turn_key, withdraw_style
from groups.actions.keys import AlreadyProposed
from groups.actions.style import NothingToChange
from groups.glossary import agreed_terms
from groups.models import Motion, Term
from groups.motions import MayNotBeMoved
from tests.factories.browsers import signed_in
from tests.factories.counting import statements

from .test_house_style import motions_of, one_group, turn

__all__ = ["one_group"]

pytestmark = pytest.mark.django_db

AVOID = {"kind": "avoid", "name": "the war party", "names": {}, "others": [], "instead": "the army", "reason": "No."}


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def proposed(made, term=None, by=None, **contents):
    return propose_term(programme=made.programme, term=term, contents=AVOID | contents, by=by or made.facilitator)


def agreed(made, **contents) -> Term:
    change = proposed(made, **contents)
    turn(*motions_of(change), made.co_chair_a, made.co_chair_b)
    return Term.objects.agreed().get(public_id=change.about)


def named(made) -> list[str]:
    return [term["name"] for term in agreed_terms(made.programme)]


def test_a_term_is_agreed_with_the_last_key_and_not_before(one_group):
    change = proposed(one_group)
    (motion,) = motions_of(change)

    turn(motion, one_group.co_chair_a)
    after_one = named(one_group)
    turn(motion, one_group.co_chair_b)

    assert (after_one, named(one_group)) == ([], ["the war party"])


def test_where_there_is_no_conference_every_group_is_asked(made):
    change = proposed(made)

    assert {motion.group for motion in motions_of(change)} == {made.group, made.other_group}


@pytest.mark.parametrize("role", ["member_a", "observer", "outsider", "ex_member_a", "other_facilitator"])
def test_nobody_proposes_a_term_but_key_holders_and_facilitators(made, role):
    with pytest.raises(NotAKeyHolder):
        proposed(made, by=made.people[role])

    assert not Motion.objects.exists()


def test_a_term_says_other_words_and_leaves_by_the_same_keys(one_group):
    made = one_group
    term = agreed(made)

    for contents in (AVOID | {"instead": "the garrison"}, None):
        change = propose_term(programme=made.programme, term=term, contents=contents, by=made.co_chair_a)
        turn(*motions_of(change), made.co_chair_b)
        term.refresh_from_db()
        told = [one["instead"] for one in agreed_terms(made.programme)]
        assert told == (["the garrison"] if contents else [])
    assert term.retired_at is not None


def test_one_change_of_a_term_at_a_time_and_of_two_terms_beside_each_other(one_group):
    made = one_group
    term = agreed(made)
    proposed(made, term, reason="It blames.")
    proposed(made, name="the peace party")

    with pytest.raises(AlreadyProposed):
        proposed(made, term, reason="It wounds.")
    with pytest.raises(NothingToChange):
        propose_term(programme=made.programme, term=term, contents=term.contents, by=made.facilitator)
    with pytest.raises(MayNotBeMoved, match="has a term of this name already"):
        proposed(made, name="The war party")


def test_of_two_new_terms_of_one_name_the_second_is_not_carried(one_group):
    made = one_group
    first, second = proposed(made), proposed(made)
    turn(*motions_of(first), made.co_chair_a, made.co_chair_b)
    (motion,) = motions_of(second)
    turn(motion, made.co_chair_a)

    with pytest.raises(MayNotBeMoved, match="has a term of this name already"):
        turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)
    assert named(made) == ["the war party"]


def test_a_withdrawn_term_is_none(one_group):
    change = proposed(one_group)
    withdraw_style(change, by=one_group.co_chair_b)

    assert named(one_group) == [] and motions_of(change)[0].state == Motion.State.WITHDRAWN


def test_the_database_knows_one_agreed_term_of_a_name(made):
    Term.objects.create(programme=made.programme, **AVOID)

    with pytest.raises(IntegrityError, match=r"one_agreed_term_of_a_name|UNIQUE"), transaction.atomic():
        Term.objects.create(programme=made.programme, **AVOID)


# ---- pages ----------------------------------------------------------------------------------------------------------


def glossary(made, role="member_a"):
    return signed_in(made.people[role]).get(reverse("glossary", args=[made.programme.public_id]))


def test_the_page_shows_the_words_of_both_sides_and_what_is_proposed(one_group):
    made = one_group
    names = {made.a.public_id: "Weir of Tash", made.b.public_id: "Tashan"}
    agreed(made, kind="contested", name="Upper Weir", names=names, instead="", reason="Each town has its own.")
    proposed(made)

    said = words_of(glossary(made))

    for words in ("Upper Weir", "Weir of Tash", "Tashan", "Contested", "Each town has its own.", "the war party"):
        assert words in said
    assert "Propose a term" not in said


def test_a_glossary_without_terms_says_how_to_begin(made):
    assert "No terms are agreed yet." in words_of(glossary(made))
    assert "Propose the first one" in words_of(glossary(made, "co_chair_a"))


def test_a_term_is_proposed_on_its_page_and_the_motion_says_what_changes(one_group):
    made = one_group
    chair = signed_in(made.co_chair_a)
    form = {"kind": "preferred", "name": "Lake Orla", "others": "Orla Sea\nSea of Orla", "reason": "It is a lake."}

    chair.post(reverse("term_add", args=[made.programme.public_id]), form)

    said = words_of(chair.get(reverse("motion", args=[Motion.objects.get().public_id])))
    assert "not in the glossary" in said
    assert "“Lake Orla” (preferred); instead of “Orla Sea”, “Sea of Orla”. It is a lake." in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "preferred"}, "Name at least one word that is not to be used for it."),
        ({"kind": "contested"}, "Of a contested term, give the word of every side."),
        ({"name": ""}, "This field is required."),
        ({"others": "x" * 121}, "At most 20 lines, each of at most 120 characters."),
        ({"name": "\u202eparty"}, "Type the name anew."),
    ],
)
def test_what_is_filled_in_wrongly_is_named_at_its_field(made, fields, said):
    form = {"kind": "avoid", "name": "party", "reason": "It blames."} | fields

    answer = signed_in(made.co_chair_a).post(reverse("term_add", args=[made.programme.public_id]), form)

    assert said in words_of(answer) and "It blames." in words_of(answer)
    assert not Motion.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_any_number_of_terms(made, count):
    for number in range(count):
        Term.objects.create(programme=made.programme, **AVOID | {"name": f"party {number}"})
        proposed(made, name=f"side {number}")
        withdraw_style(proposed(made, name=f"front {number}"), by=made.facilitator)
    browser = signed_in(made.member_a)

    with CaptureQueriesContext(connection) as captured:
        browser.get(reverse("glossary", args=[made.programme.public_id]))

    assert len(statements(captured)) == 15
