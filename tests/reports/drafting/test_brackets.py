"""Words that are not agreed: one side puts them into a bracket, all sides' keys close it."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from groups.actions import propose, turn_key
from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.models import Motion
from groups.motions import MayNotBeMoved
from reports import final_text
from reports.actions.agreement import DROP, FREEZE, RELEASE, SETTLE, text_hash
from reports.actions.brackets import (
    CLOSE,
    AlreadyBracketed,
    BracketIsClosed,
    WordsAmbiguous,
    WordsNotFound,
    closing_facts,
    closing_hash,
    make_alternative,
    open_bracket,
    withdraw_bracket,
)
from reports.actions.passages import NotYourVoice, PassageIsSettled, restore_passage, save_passage
from reports.models import Alternative, Bracket, Outcome, Passage, PassageState
from reports.text import brackets, markup
from reports.text.limits import TextRefused
from reports.text.places import Quote
from tests.factories import World, passage_of, text

from .hands import settle

pytestmark = pytest.mark.django_db

REASON = "Our side drinks from wells as well."


def bracketed(made: World, words: str = "one river", by: str = "member_a", passage: Passage | None = None) -> Bracket:
    return open_bracket(passage=passage or made.joint, quote=Quote(words), reason=REASON, by=made.people[by])


def said(passage: Passage) -> str:
    """As the plain form shows it."""
    return markup.from_doc(Passage.objects.with_texts().get(pk=passage.pk).tabled.text)


def proposed(made: World, bracket: Bracket, facts: dict[str, Any]) -> Motion:
    """By the co-chair of A, whose key turns with it."""
    sha256 = closing_hash(bracket, facts)
    return propose(CLOSE.name, bracket.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)


def close(made: World, bracket: Bracket, outcome: Outcome, words: Any = None, side: Any = None) -> Motion:
    """Both co-chairs' keys."""
    facts = closing_facts(outcome, words, side)
    motion = propose(
        CLOSE.name, bracket.public_id, sha256=closing_hash(bracket, facts), facts=facts, by=made.co_chair_a
    )
    return turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)


# ---- opened ----------------------------------------------------------------------------------------------------------


def test_a_member_puts_words_into_a_bracket_of_their_side(made: World) -> None:
    bracket = bracketed(made)

    made.joint.refresh_from_db()
    made.section.refresh_from_db()
    assert said(made.joint) == "Both sides drink from [[1: one river]]."
    assert (bracket.side, bracket.person, bracket.reason) == (made.a, made.member_a, REASON)
    assert (made.joint.state, made.joint.version, made.section.open_brackets) == (PassageState.BRACKETED, 2, 1)


def test_opening_a_bracket_lapses_what_was_proposed_over_the_words(made: World) -> None:
    made.joint.refresh_from_db()
    motion = propose(SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_a)

    bracketed(made, by="member_b")

    motion.refresh_from_db()
    assert motion.state == Motion.State.LAPSED


@pytest.mark.parametrize("role", ["facilitator", "observer", "other_group_member", "ex_member_a", "outsider"])
def test_nobody_without_a_side_in_the_group_opens_one(made: World, role: str) -> None:
    with pytest.raises(NotYourVoice):
        bracketed(made, by=role)


def test_a_view_takes_no_bracket(made: World) -> None:
    with pytest.raises(NotYourVoice):
        bracketed(made, "The river", passage=made.view_a)


def test_a_settled_passage_takes_no_bracket(made: World) -> None:
    settle(made, made.joint)

    with pytest.raises(PassageIsSettled):
        bracketed(made)


def test_words_that_the_passage_does_not_say_are_refused(made: World) -> None:
    with pytest.raises(WordsNotFound):
        bracketed(made, "two rivers")


def test_words_that_stand_twice_need_what_stands_beside_them(made: World) -> None:
    passage = passage_of(made.section, made.member_a, "A river here, and a river there.")

    with pytest.raises(WordsAmbiguous):
        bracketed(made, "river", passage=passage)

    open_bracket(passage=passage, quote=Quote("river", after=" there"), reason=REASON, by=made.member_a)
    assert said(passage) == "A river here, and a [[1: river]] there."


def test_words_in_a_bracket_take_no_second_one(made: World) -> None:
    bracket = bracketed(made)

    with pytest.raises(AlreadyBracketed) as refusal:
        bracketed(made, "from one", by="member_b")

    assert refusal.value.bracket == bracket


def test_a_bracket_stands_in_one_paragraph_and_in_no_heading(made: World) -> None:
    passage = passage_of(made.section, made.member_a, "One end.\n\nAnother start.")
    headed = passage_of(made.section, made.member_a, "# Trade\n\nOpen the road.", voice="recommendation")

    with pytest.raises(TextRefused):
        bracketed(made, "end. Another", passage=passage)
    with pytest.raises(TextRefused):
        bracketed(made, "Trade", passage=headed)


# ---- words in it are changed by nobody alone -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "Both sides drink from [[1: two rivers]].",
        "Both sides drink from one river.",
        "Both sides drink from .",
        "Both sides drink from [[1: one **river**]].",
        "Both sides drink from [[1: one]] [[1: river]].",
        "Both sides drink from [[1: one river]].\n\nAgain: [[1: one river]].",
    ],
)
def test_no_edit_touches_the_words_in_a_bracket(made: World, source: str) -> None:
    bracket = bracketed(made)
    made.joint.refresh_from_db()

    with pytest.raises(TextRefused) as refusal:
        words = markup.to_doc(source, [bracket.public_id])
        save_passage(made.joint, text=words, version=made.joint.version, by=made.co_chair_a)

    assert "“one river”" in refusal.value.reason
    assert said(made.joint) == "Both sides drink from [[1: one river]]."


def test_all_around_the_words_is_written_on(made: World) -> None:
    bracket = bracketed(made)
    made.joint.refresh_from_db()

    words = markup.to_doc("Each day.\n\nBoth drink [[1: one river]] empty.", [bracket.public_id])
    save_passage(made.joint, text=words, version=made.joint.version, by=made.member_b)

    assert said(made.joint) == "Each day.\n\nBoth drink [[1: one river]] empty."


def test_a_mark_that_no_bracket_stands_behind_is_no_bracket(made: World) -> None:
    made.joint.refresh_from_db()

    words = markup.to_doc("A [[1: forged]] bracket.", ["k3m9x2abcdef"])
    save_passage(made.joint, text=words, version=made.joint.version, by=made.member_a)

    assert said(made.joint) == "A forged bracket."


# ---- answered --------------------------------------------------------------------------------------------------------


def test_each_side_has_one_alternative_and_the_earlier_ones_are_kept(made: World) -> None:
    bracket = bracketed(made)

    make_alternative(bracket, words=text("many wells"), by=made.member_a)
    make_alternative(bracket, words=text("one river and many wells"), by=made.co_chair_a)
    make_alternative(bracket, words=None, by=made.member_b)

    standing = Bracket.objects.with_alternatives().get(pk=bracket.pk).standing
    assert [(one.side, str(one)) for one in standing] == [(made.a, "one river and many wells"), (made.b, "")]
    assert bracket.alternatives.count() == 3


def test_two_alternatives_of_a_side_cannot_stand(made: World) -> None:
    bracket = bracketed(made)
    make_alternative(bracket, words=None, by=made.member_a)

    with pytest.raises(IntegrityError), transaction.atomic():
        Alternative.objects.create(bracket=bracket, side=made.a, person=made.member_a)


def test_a_bracket_says_why_and_what_became_of_it(made: World) -> None:
    bracket = bracketed(made)

    for wrong in ({"reason": ""}, {"outcome": Outcome.KEPT}, {"closed_at": bracket.opened_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bracket.objects.filter(pk=bracket.pk).update(**wrong)


# ---- closed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "words", "after"),
    [
        (Outcome.KEPT, "one river", "Both sides drink from one river."),
        (Outcome.MERGED, "one river and **its** wells", "Both sides drink from one river and **its** wells."),
        (Outcome.LEFT_OUT, None, "Both sides drink from ."),
    ],
)
def test_all_keys_close_a_bracket(made: World, outcome: Outcome, words: str | None, after: str) -> None:
    bracket = bracketed(made)

    motion = close(made, bracket, outcome, text(words) if words else None)

    bracket.refresh_from_db()
    made.joint.refresh_from_db()
    made.section.refresh_from_db()
    assert motion.state == Motion.State.CARRIED
    assert said(made.joint) == after
    assert (bracket.outcome, made.joint.state, made.section.open_brackets) == (outcome, PassageState.OPEN, 0)


def test_one_key_closes_nothing(made: World) -> None:
    bracket = bracketed(made)
    facts = closing_facts(Outcome.KEPT, bracket.words)

    proposed(made, bracket, facts)

    bracket.refresh_from_db()
    assert bracket.is_open
    assert said(made.joint) == "Both sides drink from [[1: one river]]."


def test_an_alternative_is_chosen_as_it_stands(made: World) -> None:
    bracket = bracketed(made)
    make_alternative(bracket, words=text("two rivers"), by=made.member_b)

    close(made, bracket, Outcome.ALTERNATIVE, text("two rivers"), made.b)

    bracket.refresh_from_db()
    assert said(made.joint) == "Both sides drink from two rivers."
    assert bracket.settled_words == text("two rivers")


def test_a_choice_lapses_when_its_side_says_other_words(made: World) -> None:
    bracket = bracketed(made)
    make_alternative(bracket, words=text("two rivers"), by=made.member_b)
    facts = closing_facts(Outcome.ALTERNATIVE, text("two rivers"), made.b)
    motion = propose(
        CLOSE.name, bracket.public_id, sha256=closing_hash(bracket, facts), facts=facts, by=made.co_chair_a
    )

    make_alternative(bracket, words=text("three rivers"), by=made.member_b)

    motion.refresh_from_db()
    assert motion.state == Motion.State.LAPSED


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": "kept", "words": text("other words")},
        {"outcome": "alternative", "words": text("never said"), "side": "b"},
        {"outcome": "merged", "words": text("one\n\ntwo")},
        {"outcome": "merged", "words": None},
        {"outcome": "withdrawn", "words": None},
        {"outcome": "left-out", "words": text("words")},
    ],
)
def test_a_bracket_is_closed_in_no_other_way(made: World, facts: dict[str, Any]) -> None:
    bracket = bracketed(made)

    with pytest.raises(MayNotBeMoved):
        proposed(made, bracket, facts)


def test_the_hash_names_the_bracket_and_exactly_what_will_stand(made: World) -> None:
    bracket = bracketed(made)
    facts = closing_facts(Outcome.MERGED, text("wells"))

    with pytest.raises(TextHasChanged):
        propose(
            CLOSE.name,
            bracket.public_id,
            sha256=closing_hash(bracket, closing_facts(Outcome.MERGED, text("springs"))),
            facts=facts,
            by=made.co_chair_a,
        )


def test_what_a_closing_hashes_never_changes() -> None:
    bracket = Bracket(public_id="k3m9x2abcdef", words=text("shall"))

    found = closing_hash(bracket, closing_facts(Outcome.MERGED, text("will")))

    assert found == "4ad80a49c19e72a44b182fb37944ba3e8c0b59e0af14b7081a8116cf18349988"


def test_edits_around_a_bracket_let_the_proposal_stand(made: World) -> None:
    bracket = bracketed(made)
    facts = closing_facts(Outcome.KEPT, bracket.words)
    motion = propose(
        CLOSE.name, bracket.public_id, sha256=closing_hash(bracket, facts), facts=facts, by=made.co_chair_a
    )
    made.joint.refresh_from_db()
    words = markup.to_doc("We drink from [[1: one river]].", [bracket.public_id])
    save_passage(made.joint, text=words, version=made.joint.version, by=made.member_b)

    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    assert said(made.joint) == "We drink from one river."


def test_the_last_words_of_a_passage_are_not_left_out(made: World) -> None:
    passage = passage_of(made.section, made.member_a, "All of it.")
    bracket = bracketed(made, "All of it.", passage=passage)

    with pytest.raises(MayNotBeMoved, match="no words left"):
        close(made, bracket, Outcome.LEFT_OUT)


# ---- withdrawn, dropped, settled, released, frozen -------------------------------------------------------------------


def test_the_side_that_opened_it_withdraws_it_with_its_key(made: World) -> None:
    bracket = bracketed(made)

    withdraw_bracket(bracket, by=made.co_chair_a)

    bracket.refresh_from_db()
    assert bracket.outcome == Outcome.WITHDRAWN
    assert said(made.joint) == "Both sides drink from one river."
    with pytest.raises(BracketIsClosed):
        make_alternative(bracket, words=None, by=made.member_b)


@pytest.mark.parametrize("role", ["member_a", "co_chair_b", "facilitator"])
def test_nobody_else_withdraws_it(made: World, role: str) -> None:
    bracket = bracketed(made)

    with pytest.raises(NotAKeyHolder):
        withdraw_bracket(bracket, by=made.people[role])


def test_a_passage_with_a_bracket_is_not_settled(made: World) -> None:
    bracketed(made)
    made.joint.refresh_from_db()

    with pytest.raises(MayNotBeMoved, match="close its brackets first"):
        propose(SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_a)


def test_a_dropped_passage_closes_its_brackets_and_brings_them_back(made: World) -> None:
    bracket = bracketed(made)
    made.joint.refresh_from_db()
    motion = propose(DROP.name, made.joint.public_id, sha256=DROP.sha256(made.joint, {}), by=made.co_chair_a)

    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    bracket.refresh_from_db()
    made.section.refresh_from_db()
    assert (bracket.outcome, made.section.open_brackets) == (Outcome.DROPPED, 0)

    restore_passage(made.joint, by=made.member_b)

    bracket.refresh_from_db()
    made.section.refresh_from_db()
    assert (bracket.is_open, made.section.open_brackets) == (True, 1)


def test_a_text_with_a_bracket_is_not_frozen_and_the_refusal_names_it(made: World) -> None:
    bracketed(made)

    with pytest.raises(MayNotBeMoved, match=r"1 bracket is open: \[one river\]"):
        propose(FREEZE.name, made.document.public_id, sha256=text_hash(made.document, {}), by=made.co_chair_a)


def test_a_draft_carries_its_brackets_whole(made: World) -> None:
    bracket = bracketed(made)
    make_alternative(bracket, words=text("many wells"), by=made.member_a)
    make_alternative(bracket, words=None, by=made.member_b)

    motion = propose(RELEASE.name, made.document.public_id, sha256=text_hash(made.document, {}), by=made.co_chair_a)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    model = json.loads(made.document.drafts.get().canonical)
    [item] = [item for section in model["sections"] for item in section["items"] if "brackets" in item]
    assert brackets.ids_of(item["text"]) == [bracket.public_id]
    assert item["brackets"] == [
        {
            "id": bracket.public_id,
            "side": made.a.code.lower(),
            "reason": REASON,
            "alternatives": [
                {"side": made.a.code.lower(), "text": text("many wells")},
                {"side": made.b.code.lower(), "text": None},
            ],
        }
    ]


def test_a_text_without_brackets_says_nothing_of_them(made: World) -> None:
    bracket = bracketed(made)
    withdraw_bracket(bracket, by=made.co_chair_a)

    assert b"bracket" not in final_text.canonical(final_text.build(made.document))
