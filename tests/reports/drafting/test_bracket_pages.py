"""Brackets on pages: opened from words, answered, closed, counted, printed."""

import pytest

from groups.actions import propose
from groups.models import Motion
from reports.actions.brackets import CLOSE, closing_facts, closing_hash, make_alternative, open_bracket
from reports.models import Bracket, Outcome
from reports.publishing.composition import compose
from reports.renditions import render_input_now
from reports.text.places import Quote
from tests.factories import World, text

from .hands import KEY, at, save, words_of

pytestmark = pytest.mark.django_db


def bracketed(made: World) -> Bracket:
    return open_bracket(passage=made.joint, quote=Quote("one river"), reason="We see two.", by=made.member_a)


def test_words_of_a_selection_become_a_bracket(made, browser):
    """The selection is filled in by the page itself: an address would carry the words into logs."""
    person = browser(made.member_b)
    page = person.get(at("open_bracket", passage=made.joint))

    answer = person.post(
        at("open_bracket", passage=made.joint),
        {"words": "one river", "before": "from ", "after": ".", "reason": "We see two.", "idempotency_key": KEY},
    )

    bracket = Bracket.objects.get()
    assert [words_of(page).count(f'data-quote="{name}"') for name in ("words", "before", "after")] == [1, 1, 1]
    assert answer.headers["Location"] == at("bracket", bracket=bracket)
    assert person.post(
        at("open_bracket", passage=made.joint),
        {"words": "one river", "reason": "We see two.", "idempotency_key": KEY},
    ).headers["Location"] == at("bracket", bracket=bracket)
    assert bracket.side == made.b


def test_words_that_are_not_there_are_named_on_the_form(made, browser):
    answer = browser(made.member_b).post(
        at("open_bracket", passage=made.joint), {"words": "two rivers", "reason": "We see two."}
    )

    assert answer.status_code in (200, 422)
    assert "does not say these words" in words_of(answer)


def test_a_bracket_is_seen_where_its_words_stand_and_counted(made, browser):
    bracket = bracketed(made)
    make_alternative(bracket, words=text("two rivers"), by=made.member_b)
    person = browser(made.facilitator)

    section = words_of(person.get(at("section", section=made.section)))
    document = words_of(person.get(at("document", document=made.document)))
    ledger = words_of(person.get(at("ledger", document=made.document), {"waiting": "bracketed"}))

    assert f'data-bracket="{bracket.public_id}"' in section
    assert f"bracket of {made.a}:" in section
    assert "We see two." in section
    assert ">two rivers</q>" in section
    assert section.count("1 open bracket") == 1
    assert "1 open bracket" in document
    assert "[one river]" in ledger
    assert "With brackets (1)" in ledger


def test_the_plain_form_names_the_words_that_nobody_changes(made, browser):
    bracketed(made)
    made.joint.refresh_from_db()
    person = browser(made.member_b)

    page = words_of(person.get(at("write", passage=made.joint)))
    refused = words_of(save(person, made.joint, "Both sides drink from [[1: two rivers]].", made.joint.version))
    saved = save(person, made.joint, "We drink from [[1: one river]].", made.joint.version)

    assert "[[1: one river]]" in page
    assert "only the keys of all sides change them" in refused
    assert saved.status_code == 302


def test_two_co_chairs_close_a_bracket_on_its_pages(made, browser):
    bracket = bracketed(made)
    make_alternative(bracket, words=text("two rivers"), by=made.member_b)

    proposed = browser(made.co_chair_a).post(
        at("close_bracket", bracket=bracket), {"how": f"alternative:{made.b.public_id}"}
    )
    motion = Motion.objects.get(kind="bracket.close")
    shown = words_of(browser(made.co_chair_b).get(proposed.headers["Location"]))
    browser(made.co_chair_b).post(at("motion_turn", motion=motion), {"sha256": motion.sha256})

    bracket.refresh_from_db()
    made.joint.refresh_from_db()
    assert "two rivers" in shown
    assert bracket.outcome == "alternative"
    assert made.joint.tabled.plain == "Both sides drink from two rivers."


def test_a_draft_prints_with_its_brackets_or_with_their_words_alone(made):
    bracket = bracketed(made)
    make_alternative(bracket, words=None, by=made.member_b)

    with_them = compose(render_input_now(made.document)).html
    without = compose(render_input_now(made.document, brackets=False)).html

    assert '<span class="bracket">[</span>one river<span class="bracket">]</span>' in with_them
    assert "We see two." in with_them
    assert "brackets left out" not in with_them
    assert "Both sides drink from one river." in without
    assert "We see two." not in without
    assert "brackets left out" in without


def turn_of(made: World, browser, who: str):
    return browser(made.people[who]).get(at("document", document=made.document)).context["overview"].turn


def test_the_documents_page_asks_for_the_words_of_a_side_that_has_said_nothing(made, browser):
    bracket = bracketed(made)
    before = turn_of(made, browser, "member_b")

    make_alternative(bracket, words=text("two rivers"), by=made.member_b)

    assert (before.what, before.yours) == ("1 bracket waits for what your side would say.", True)
    assert before.url.endswith(f"#p-{made.joint.public_id}")
    assert "bracket" not in turn_of(made, browser, "member_b").what
    assert "bracket" not in turn_of(made, browser, "facilitator").what


def test_the_documents_page_asks_a_key_holder_for_the_key_to_close_a_bracket(made, browser):
    bracket = bracketed(made)
    facts = closing_facts(Outcome.KEPT, bracket.words)
    motion = propose(
        CLOSE.name, bracket.public_id, sha256=closing_hash(bracket, facts), facts=facts, by=made.co_chair_a
    )

    turn = turn_of(made, browser, "co_chair_b")

    assert (turn.yours, turn.url) == (True, f"/motions/{motion.public_id}/")
    assert "close a bracket" in turn.what
    assert "close a bracket" not in turn_of(made, browser, "co_chair_a").what
    assert "close a bracket" not in turn_of(made, browser, "member_b").what


def test_what_the_sides_would_say_stands_in_their_order_and_ones_own_is_at_hand_for_a_change(made, browser):
    bracket = bracketed(made)
    make_alternative(bracket, words=text("**one** valley"), by=made.member_a)
    make_alternative(bracket, words=text("two rivers"), by=made.member_b)

    page = words_of(browser(made.member_a).get(at("bracket", bracket=bracket)))

    assert page.index("</strong> valley") < page.index("two rivers")
    assert "**one** valley</textarea>" in page
    assert "Say something else for your side" in page


def test_who_has_said_nothing_finds_an_empty_form(made, browser):
    bracket = bracketed(made)
    make_alternative(bracket, words=text("two rivers"), by=made.member_b)

    page = words_of(browser(made.member_a).get(at("bracket", bracket=bracket)))

    assert "What would your side say?" in page
    assert "two rivers</textarea>" not in page


def test_neither_of_two_fields_is_optional_where_one_is_filled_in(made, browser):
    bracket = bracketed(made)

    page = words_of(browser(made.member_b).get(at("bracket", bracket=bracket)))

    assert "What your side would say there" in page
    assert "(optional)" not in page
