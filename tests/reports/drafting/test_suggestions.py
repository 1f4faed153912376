"""Suggested words: shown as a difference, taken by those who own the text, or declined with a reason."""

import pytest

from groups.models import Motion
from reports.actions.agreement import withdraw_agreement
from reports.actions.comments import dispose_of_thread, start_thread
from reports.anchoring import Wording
from reports.models import Passage, Thread
from reports.text.places import Quote
from tests.factories import passage_of

from .conftest import browser_of
from .hands import at, settle, words_of
from .test_words import RIVER, save

pytestmark = pytest.mark.django_db


def suggestion(passage, words, replacement, by, *, own=False):
    wording = Wording(Quote(words), replacement)
    return start_thread(passage=passage, kind="wording", source="", own_side_only=own, wording=wording, by=by)


def take(thread, person):
    return browser_of(person).post(at("take_suggestion", thread=thread))


def plain(passage):
    passage = Passage.objects.with_texts().get(pk=passage.pk)
    return passage.tabled.plain


@pytest.fixture
def river(made):
    return passage_of(made.section, made.member_a, "Both *sides drink* from the **river**^[A source.], and fish.")


def test_other_words_are_suggested_in_the_form_without_further_reasons(made, river):
    browser_of(made.member_b).post(
        at("comment", passage=river),
        {"words": "the river", "replacement": "one river", "kind": "question", "source": "", "readers": "all"},
    )

    thread = Thread.objects.get()
    page = words_of(browser_of(made.member_a).get(at("thread", thread=thread)))
    assert (thread.kind, thread.anchor.replacement) == ("wording", "one river")
    assert "<del>" in page
    assert "<ins>" in page
    assert "Put these words into the text" in page


def test_taken_words_stand_in_the_text_with_its_formats_and_notes_and_the_comment_is_answered(made, river):
    thread = suggestion(river, "drink from the river", "drink from one stream", made.member_b)

    take(thread, made.member_a)

    thread.refresh_from_db()
    river.refresh_from_db()
    line = river.tabled.text["content"][0]["content"]
    assert [(piece.get("text"), [mark["type"] for mark in piece.get("marks", [])]) for piece in line] == [
        ("Both ", []),
        ("sides drink", ["italic"]),
        (" from one ", []),
        ("stream", ["bold"]),
        (None, []),
        (", and fish.", []),
    ]
    assert (thread.disposition, thread.disposed_by, river.tabled.number) == ("taken", made.member_a, 2)


def test_words_may_be_left_out(made, river):
    thread = suggestion(river, ", and fish", "", made.member_b)

    take(thread, made.member_a)

    assert plain(river).startswith("Both sides drink from the river.")


def test_a_suggestion_on_words_that_have_changed_changes_nothing_and_shows_both(made, river):
    thread = suggestion(river, "drink from the river", "drink from one stream", made.member_b)
    save(river, "Both sides drink from the lake, and fish.", made.member_a)

    answer = take(thread, made.member_a)

    thread.refresh_from_db()
    assert answer.status_code == 409
    assert "drink from the lake" in words_of(answer)
    assert "stream" in words_of(answer)
    assert (plain(river), thread.disposition) == ("Both sides drink from the lake, and fish.", "")


def test_a_suggestion_is_taken_wherever_its_words_were_moved(made, river):
    thread = suggestion(river, "drink from", "live by", made.member_b)
    save(river, "New words first.\n\nBoth sides drink from the river.", made.member_a)

    take(thread, made.member_b)

    assert plain(river) == "New words first.\n\nBoth sides live by the river."


def test_a_second_press_takes_nothing_twice(made, river):
    thread = suggestion(river, "fish", "fish and fish", made.member_b)

    answers = [take(thread, made.member_a).status_code for _time in range(2)]

    assert answers[0] == 302
    assert plain(river).count("fish") == 2


def test_what_was_answered_already_is_not_taken(made, river):
    thread = suggestion(river, "fish", "swim", made.member_b)
    dispose_of_thread(thread, disposition="not-taken", note="They fish.", by=made.member_a)

    take(thread, made.member_a)

    thread.refresh_from_db()
    assert (thread.disposition, "swim" in plain(river)) == ("not-taken", False)


def test_on_agreed_words_nothing_is_taken_until_the_agreement_is_withdrawn(made, river):
    thread = suggestion(river, "fish", "swim", made.member_b)
    settle(made, river)

    refused = take(thread, made.member_a)
    withdraw_agreement(river, reason="We swim.", by=made.co_chair_a)
    take(thread, made.member_a)

    assert refused.status_code == 409
    assert "withdraws their side’s agreement first" in words_of(refused)
    assert "swim" in plain(river)


def test_taking_a_suggestion_lapses_the_keys_on_the_old_words(made, river):
    from groups.actions import propose
    from reports.actions.agreement import SETTLE

    motion = propose(SETTLE.name, river.public_id, sha256=river.tabled.sha256, by=made.co_chair_a)
    thread = suggestion(river, "fish", "swim", made.member_b)

    take(thread, made.member_a)

    assert Motion.objects.get(pk=motion.pk).state == Motion.State.LAPSED


def test_a_suggestion_for_a_view_goes_into_its_own_sides_copy(made):
    thread = suggestion(made.view_a, "rises with us", "rises with all", made.member_b)

    refused = take(thread, made.member_b)
    take(thread, made.member_a)

    view = Passage.objects.with_texts().get(pk=made.view_a.pk)
    assert refused.status_code == 403
    assert view.tabled.plain == "The river rises with us."
    assert view.caucus_copy.plain.startswith("The river rises with all.")
    assert Thread.objects.get().disposition == "taken"


@pytest.mark.parametrize(("role", "offered"), [("member_a", True), ("member_b", True), ("facilitator", False)])
def test_the_words_are_offered_to_those_who_own_the_text(made, role, offered):
    thread = suggestion(passage_of(made.section, made.member_a, RIVER), "fish", "swim", made.member_b)

    page = words_of(browser_of(made.people[role]).get(at("thread", thread=thread)))

    assert ("Put these words into the text" in page) == offered


def test_words_over_several_paragraphs_are_commented_on_and_not_replaced(made):
    passage = passage_of(made.section, made.member_a, "One river.\n\nTwo banks.")
    filled = {"words": "river. Two", "kind": "wording", "source": "Join them.", "readers": "all"}
    browser = browser_of(made.member_b)

    refused = browser.post(at("comment", passage=passage), {**filled, "replacement": "river and two"})
    browser.post(at("comment", passage=passage), filled)

    assert list(refused.context["form"].errors) == ["words"]
    assert Thread.objects.get().anchor.words == "river.\nTwo"


def test_nothing_is_left_of_a_passage_by_a_suggestion(made):
    passage = passage_of(made.section, made.member_a, "One river.")
    thread = suggestion(passage, "One river.", "", made.member_b)

    refused = take(thread, made.member_a)

    assert (refused.status_code, plain(passage)) == (409, "One river.")


def test_the_queue_shows_quotes_and_suggestions(made, river):
    suggestion(river, "fish", "swim", made.member_b)

    page = words_of(browser_of(made.member_a).get(at("comment_queue", document=made.document)))

    assert "swim" in page
    assert "<del>" in page
