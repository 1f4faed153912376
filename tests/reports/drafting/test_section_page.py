"""The page of a section: what stands where, for whom, in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parley.accounts.models import User
from reports.actions.comments import answer_thread, start_thread
from reports.actions.passages import add_passage, save_passage
from reports.actions.reading import mark_read
from reports.fragments import kept
from reports.models import SectionReading, Voice
from reports.text import schema
from tests.factories import passage_of, text
from tests.factories.world import CANARY_A

from .conftest import browser_of
from .hands import at, many_comments, many_passages, settle, words_of

pytestmark = pytest.mark.django_db


def browser_after_another_page(made, person):
    """The sides of a programme are asked for once by each process, not by each page."""
    browser = browser_of(person)
    browser.get(at("section", section=made.document.sections.last()))
    return browser


def blocks(made, person):
    return browser_of(person).get(at("section", section=made.section)).context["blocks"]


def test_what_is_printed_of_a_view_is_read_in_the_language_of_the_text(made):
    User.objects.filter(pk=made.member_b.pk).update(language="ru")

    page = words_of(browser_of(User.objects.get(pk=made.member_b.pk)).get(at("section", section=made.section)))

    assert '<p class="attribution">From Northland’s perspective:</p>' in page
    assert '<html lang="ru"' in page


def test_views_stand_beside_each_other_with_the_replies_beneath(made):
    view_b = passage_of(
        made.section, made.member_b, "It sinks.", voice=Voice.VIEW, side=made.b, tabled_by=made.co_chair_b
    )
    reply = passage_of(
        made.section,
        made.member_b,
        "It rises with all.",
        voice=Voice.REPLY,
        side=made.b,
        answers=made.view_a,
        tabled_by=made.co_chair_b,
    )

    joint, views = blocks(made, made.facilitator)

    assert joint.entry.passage == made.joint
    assert [[entry.passage for entry in column.entries] for column in views.columns] == [[made.view_a], [view_b]]
    assert [entry.passage for entry in views.columns[0].entries[0].replies] == [reply]


def test_paragraphs_are_numbered_through_the_document_and_caucus_texts_have_no_number(made):
    later = made.document.sections.all()[1]
    passage_of(later, made.member_a)

    here = blocks(made, made.member_a)
    there = browser_of(made.member_b).get(at("section", section=later)).context["blocks"]

    assert [entry.number for entry in here[1].columns[0].entries] == [2, None]
    assert [block.entry.number for block in there] == [3]


def test_recommendations_are_numbered_with_heading_addressee_and_horizon(made):
    last = made.document.sections.all()[3]
    for heading in ("A gauge", "A bridge"):
        words = schema.with_heading(
            text("We ask to\n\na) measure;\nb) publish."), heading, addressee="Both", horizon="2027"
        )
        add_passage(section=last, voice=Voice.RECOMMENDATION, text=words, by=made.member_b)

    shown = browser_of(made.member_a).get(at("section", section=last))

    assert [
        (b.entry.heading.number, b.entry.heading.text, b.entry.heading.addressee) for b in shown.context["blocks"]
    ] == [
        ("R1", "A gauge", "Both"),
        ("R2", "A bridge", "Both"),
    ]
    assert '<ol class="options"' in words_of(shown)


def test_a_side_reads_its_caucus_copy_beside_the_tabled_words_and_the_others_only_those(made):
    own, theirs = (
        words_of(browser_of(person).get(at("section", section=made.section)))
        for person in (made.member_a, made.member_b)
    )

    assert "The river rises with us." in own
    assert f"The river rises with us. {CANARY_A}" in own
    assert "The river rises with us." in theirs
    assert CANARY_A not in theirs


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        ("co_chair_a", {"comment", "drop", "propose", "reply", "reserve", "settle", "table", "write"}),
        ("member_a", {"comment", "drop", "propose", "reply", "reserve", "write"}),
        ("deputy_a", {"comment", "drop", "propose", "reply", "reserve", "settle", "table", "write"}),
        ("co_chair_b", {"comment", "no_reply", "propose", "reply", "reserve"}),
        ("member_b", {"comment", "propose", "reply", "reserve"}),
        ("facilitator", {"comment", "propose"}),
    ],
)
def test_what_one_may_do_with_a_view_follows_from_standing(made, role, acts):
    views = next(block for block in blocks(made, made.people[role]) if block.columns)

    assert views.columns[0].entries[0].may == acts


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_needs_six_queries_for_every_number_of_passages(made, count):
    many_passages(made.section, count, made.member_a)
    browser = browser_after_another_page(made, made.member_b)

    with CaptureQueriesContext(connection) as queries:
        browser.get(at("section", section=made.section))

    assert len(queries) == 6


@pytest.mark.parametrize("comments", [1, 500])
def test_the_page_needs_seven_queries_for_every_number_of_comments_and_six_once_kept(made, comments):
    many_comments(made.joint, comments, made.member_b)
    browser = browser_after_another_page(made, made.member_a)

    with CaptureQueriesContext(connection) as first:
        browser.get(at("section", section=made.section))
    with CaptureQueriesContext(connection) as again:
        browser.get(at("section", section=made.section))

    assert (len(first), len(again)) == (7, 6)


def test_a_long_thread_shows_its_first_and_last_comments_and_opens_on_demand(made):
    thread = many_comments(made.joint, 12, made.member_b)

    page = words_of(browser_of(made.member_a).get(at("section", section=made.section)))
    whole = words_of(browser_of(made.member_a).get(at("thread", thread=thread)))

    assert page.count('<article class="comment">') == 3
    assert "9 more comments in between" in page
    assert whole.count('<article class="comment">') == 12


def test_an_answer_is_shown_at_once_although_comments_are_kept(made):
    thread = start_thread(passage=made.joint, kind="fact", source="Is it?", own_side_only=False, by=made.member_b)
    browser = browser_of(made.member_a)
    browser.get(at("section", section=made.section))

    answer_thread(thread, source="It is.", by=made.member_c)

    assert "<p>It is.</p>" in words_of(browser.get(at("section", section=made.section)))


def test_comments_kept_for_one_side_are_not_shown_to_another(made):
    start_thread(passage=made.joint, kind="fact", source=f"Ours {CANARY_A}.", own_side_only=True, by=made.member_a)

    own, theirs = (
        words_of(browser_of(person).get(at("section", section=made.section)))
        for person in (made.member_a, made.member_b)
    )

    assert f"Ours {CANARY_A}." in own
    assert "Ours" not in theirs
    assert kept.get(("threads", made.joint.public_id)) is None


def test_an_unchanged_page_is_answered_without_its_body(made):
    browser = browser_of(made.member_b)
    etag = browser.get(at("section", section=made.section)).headers["ETag"]

    unchanged = browser.get(at("section", section=made.section), headers={"If-None-Match": etag})
    save_passage(made.joint, text=text("One river, two banks."), version=1, by=made.member_a)
    changed = browser.get(at("section", section=made.section), headers={"If-None-Match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200


def test_what_happens_in_the_others_caucus_changes_nothing_that_can_be_compared(made):
    browser = browser_of(made.member_b)
    etag = browser.get(at("section", section=made.section)).headers["ETag"]

    view = passage_of(made.section, made.member_a, "A second view.", voice=Voice.VIEW, side=made.a)
    save_passage(view, text=text("A third view."), version=1, by=made.member_a)
    start_thread(passage=made.joint, kind="fact", source="Ours.", own_side_only=True, by=made.member_a)

    assert browser.get(at("section", section=made.section)).headers["ETag"] == etag


def test_the_page_says_what_changed_since_one_marked_it_as_read(made):
    browser = browser_of(made.member_b)
    browser.post(at("read_section", section=made.section))
    nothing = browser.get(at("section", section=made.section)).context["news"]
    seen = made.joint.tabled

    save_passage(made.joint, text=text("One river, two banks."), version=1, by=made.member_a)
    start_thread(passage=made.view_a, kind="fact", source="Is it?", own_side_only=False, by=made.member_a)
    page = browser.get(at("section", section=made.section))

    assert nothing == []
    assert [(e.passage, e.text_is_new, e.comments_are_new) for e in page.context["news"]] == [
        (made.joint, True, False),
        (made.view_a, False, True),
    ]
    assert f"older={seen.public_id}" in words_of(page)


def test_opening_a_page_marks_nothing_as_read(made):
    browser_of(made.member_b).get(at("section", section=made.section))

    assert not SectionReading.objects.exists()


def test_a_mark_is_ones_own_and_moves_forward(made):
    mark_read(made.section, by=made.member_b)
    first = SectionReading.objects.get().read_at
    mark_read(made.section, by=made.member_b)

    page = browser_of(made.member_c).get(at("section", section=made.section))

    assert first < SectionReading.objects.get().read_at <= timezone.now()
    assert page.context["section"].read_at is None


def test_passages_are_ordered_by_button_and_a_caucus_text_keeps_its_place_unseen(made):
    browser = browser_of(made.co_chair_b)
    before = list(made.section.passages.order_by("position"))

    browser.post(at("order_passages", section=made.section), {"item": made.view_a.public_id, "move": "up"})

    assert before == [made.joint, made.view_a, made.caucus_a, made.caucus_b]
    assert list(made.section.passages.order_by("position")) == [made.view_a, made.caucus_a, made.joint, made.caucus_b]


def test_agreed_text_moves_by_a_proposal_alone(made):
    settle(made, made.joint)
    settle(made, made.view_a)
    browser = browser_of(made.co_chair_b)
    order = [made.view_a.public_id, made.joint.public_id]

    moved = browser.post(at("order_passages", section=made.section), {"order": [*order, made.caucus_b.public_id]})
    shown = browser.get(at("arrange_passages", section=made.section), {"order": [*order, made.caucus_b.public_id]})
    proposed = browser.post(at("propose_passage_order", section=made.section), {"order": shown.context["tabled"]})

    assert moved.status_code == 409
    assert shown.context["tabled"] == order
    assert proposed.status_code == 302


def test_a_dropped_caucus_text_is_brought_back_by_its_side_and_unseen_by_the_other(made):
    own, theirs = browser_of(made.co_chair_a), browser_of(made.co_chair_b)
    own.post(at("drop_passage", passage=made.caucus_a))

    seen = own.get(at("arrange_passages", section=made.section)).context["dropped"]
    hidden = theirs.get(at("arrange_passages", section=made.section)).context["dropped"]
    refused = theirs.post(at("restore_passage", section=made.section), {"passage": made.caucus_a.public_id})
    own.post(at("restore_passage", section=made.section), {"passage": made.caucus_a.public_id})

    made.caucus_a.refresh_from_db()
    assert (list(seen), list(hidden), refused.status_code) == ([made.caucus_a], [], 409)
    assert made.caucus_a.dropped_at is None
