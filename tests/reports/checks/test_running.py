"""What has not changed is not worked out again, and what was kept finds the same."""

from dataclasses import replace

from reports.checks import running
from reports.checks.registry import rules
from reports.checks.running import Kept, check, whole_key

from .pieces import piece, whole

TEXT = whole(
    "The second challenge is the ice.",
    "The lack of boats between the two towns has made the price of tickets unimportant so far.",
    "The absence of boats between the two towns has so far made the price of tickets unimportant.",
)


def test_an_edit_reads_the_edited_passage_alone(monkeypatch):
    _found, kept = check(TEXT)
    read = []
    gathered = running._gathered
    monkeypatch.setattr(running, "_gathered", lambda one, ground: read.append(one.id) or gathered(one, ground))
    edited = replace(TEXT, pieces=(piece("The first challenge is the ice.", "p1"), *TEXT.pieces[1:]))

    found, _kept = check(edited, kept)

    assert read == ["p1"]
    assert [one.rule for one in found] == ["duplicate"]
    assert found == check(edited)[0]


def test_a_passage_that_becomes_a_duplicate_is_compared_with_all_others():
    before = replace(TEXT, pieces=TEXT.pieces[:2])
    _found, kept = check(before)

    assert check(TEXT, kept)[0] == check(TEXT)[0]


def test_another_ground_has_everything_read_again():
    _found, kept = check(TEXT)
    roster = replace(TEXT, ground=replace(TEXT.ground, roster=("Anna Nersisyan",)))

    assert check(roster, kept)[1].ground != kept.ground
    assert whole_key(roster) != whole_key(TEXT)


def test_the_key_moves_with_every_thing_that_a_finding_rests_on():
    moved = replace(TEXT, pieces=TEXT.pieces[::-1])
    retitled = replace(TEXT, sections={"one": "Another title"})
    rewritten = replace(TEXT, pieces=(replace(TEXT.pieces[0], sha256="other"), *TEXT.pieces[1:]))

    assert len({whole_key(one) for one in (TEXT, moved, retitled, rewritten)}) == 4


def test_what_is_kept_begins_empty_and_is_left_as_it_was():
    kept = Kept()
    check(TEXT, kept)

    assert kept == Kept()


def test_every_case_of_every_rule_has_a_sentence_and_a_remedy_in_words():
    for rule in rules().values():
        assert str(rule.title)
        assert all(str(says) and str(remedy) for says, remedy in rule.says.values())
