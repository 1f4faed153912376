"""Two people at one bracket at once: no word is bracketed twice, no edit slips under one, nothing is closed twice."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from groups.actions import propose, turn_key
from groups.actions.keys import MotionIsClosed
from reports.actions.brackets import CLOSE, AlreadyBracketed, closing_facts, closing_hash, open_bracket
from reports.actions.passages import EditConflict, save_passage
from reports.models import Bracket, Outcome, Passage, PassageState
from reports.text import brackets
from reports.text.limits import TextRefused
from reports.text.places import Quote
from tests.factories import World, text

from .test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def tried(act: Callable[[], Any], *refusals: type[Exception]) -> Callable[[], str]:
    """What came of it in one word."""

    def try_it() -> str:
        try:
            act()
        except refusals as refusal:
            return type(refusal).__name__
        return "done"

    return try_it


def opening(made: World, words: str, by: str) -> Callable[[], Any]:
    return partial(open_bracket, passage=made.joint, quote=Quote(words), reason="We see two.", by=made.people[by])


def consistent(passage: Passage) -> bool:
    """The marks in the text are those of the open brackets, and the state says whether there are any."""
    fresh = Passage.objects.with_texts().get(pk=passage.pk)
    found = set(brackets.ids_of(fresh.tabled.text))
    held = set(Bracket.objects.open().filter(passage=passage).values_list("public_id", flat=True))
    return found == held and (fresh.state == PassageState.BRACKETED) == bool(found)


def test_of_two_brackets_on_the_same_words_one_is_opened(made):
    results = at_once(
        tried(opening(made, "one river", "member_a"), AlreadyBracketed),
        tried(opening(made, "from one", "member_b"), AlreadyBracketed),
    )

    assert sorted(results) == ["AlreadyBracketed", "done"]
    assert Bracket.objects.count() == 1
    assert consistent(made.joint)


def test_an_edit_and_a_bracket_at_once_leave_the_words_that_one_of_them_saw(made):
    made.joint.refresh_from_db()
    words = text("Both sides drink from one river, and both know it.")
    edit = partial(save_passage, made.joint, text=words, version=made.joint.version, by=made.member_b)

    results = at_once(
        tried(opening(made, "one river", "member_a")),
        tried(edit, EditConflict, TextRefused),
    )

    assert results[0] == "done"
    assert results[1] in ("done", "EditConflict")
    assert consistent(made.joint)


def test_the_last_key_turned_twice_at_once_closes_a_bracket_once(made):
    bracket = opening(made, "one river", "member_a")()
    facts = closing_facts(Outcome.KEPT, bracket.words)
    sha256 = closing_hash(bracket, facts)
    motion = propose(CLOSE.name, bracket.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)
    turn = partial(turn_key, motion, sha256=sha256, by=made.co_chair_b)

    results = at_once(tried(turn, MotionIsClosed), tried(turn, MotionIsClosed))

    assert sorted(results) == ["MotionIsClosed", "done"]
    assert consistent(made.joint)
    assert made.joint.revisions.for_all_sides().count() == 3
