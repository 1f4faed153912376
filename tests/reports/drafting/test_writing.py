"""Adding, writing, replying, tabling, dropping: in the right voice, over the right words, and nothing typed is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.models import Motion
from reports.actions.agreement import DROP
from reports.actions.passages import save_passage
from reports.models import Document, DocumentState, Passage, Voice
from reports.text import schema
from tests.factories import passage_of, text
from tests.factories.counting import statements

from .conftest import browser_of
from .hands import KEY, at, save, settle, words_of

pytestmark = pytest.mark.django_db


def add(browser, section, voice, source, **more):
    return browser.post(at("add_passage", section=section), {"voice": voice, "source": source, **more})


def test_joint_words_lie_before_all_sides_at_once(made):
    answer = add(browser_of(made.member_b), made.section, "joint", "We **both** drink.")

    passage = Passage.objects.latest("pk")
    assert answer.headers["Location"] == f"{at('section', section=made.section)}#p-{passage.public_id}"
    assert (passage.voice, passage.state, passage.tabled.plain) == ("joint", "open", "We both drink.")


def test_a_view_begins_in_the_caucus_of_its_writers_side(made):
    add(browser_of(made.member_b), made.section, "view", "We see it otherwise.", attributed_in_text="on")

    passage = Passage.objects.latest("pk")
    assert (passage.side, passage.tabled, passage.caucus_copy.plain) == (made.b, None, "We see it otherwise.")
    assert passage.attributed_in_text


def test_a_recommendation_has_heading_addressee_and_horizon_in_fields_of_their_own(made):
    section = made.document.sections.all()[3]
    add(
        browser_of(made.member_a),
        section,
        "recommendation",
        "We ask to\n\na) measure;\nb) publish.",
        heading="A gauge on the river",
        addressee="Both ministries",
        horizon="2027",
    )

    heading, words = schema.heading_of(Passage.objects.latest("pk").tabled.text)
    assert heading["attrs"] == {"addressee": "Both ministries", "horizon": "2027"}
    assert [block["type"] for block in words["content"]] == ["paragraph", "options"]


def test_a_new_passage_follows_the_one_it_was_added_below(made):
    browser_of(made.member_b).post(
        f"{at('add_passage', section=made.section)}?after={made.joint.public_id}",
        {"voice": "joint", "source": "Second."},
    )

    words = [p.tabled.plain for p in made.section.passages.tabled_ones().order_by("position")]
    assert words == ["Both sides drink from one river.", "Second.", "The river rises with us."]


def test_the_form_sent_twice_adds_one_passage(made):
    browser = browser_of(made.member_b)
    before = Passage.objects.count()

    answers = [add(browser, made.section, "joint", "Once.", idempotency_key=KEY) for _time in range(2)]

    assert Passage.objects.count() == before + 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


@pytest.mark.parametrize("voice", ["", "reply", "boilerplate", "view'--"])
def test_an_unknown_voice_asks_again_who_speaks(made, voice):
    answer = add(browser_of(made.member_b), made.section, voice, "Words.")

    assert answer.templates[0].name == "reports/choose_voice.html"


def test_a_reply_answers_a_named_view_of_another_side(made):
    browser_of(made.member_b).post(at("reply", passage=made.view_a), {"source": "It rises with all."})

    reply = Passage.objects.latest("pk")
    assert (reply.voice, reply.side, reply.answers, reply.is_tabled) == (Voice.REPLY, made.b, made.view_a, False)


def test_nobody_replies_to_their_own_sides_view(made):
    answer = browser_of(made.member_a).post(at("reply", passage=made.view_a), {"source": "To ourselves."})

    assert answer.headers["Location"].startswith(at("section", section=made.section))
    assert not Passage.objects.filter(voice=Voice.REPLY).exists()


def test_a_reply_to_a_view_that_was_dropped_while_writing_comes_back_in_full(made, monkeypatch):
    monkeypatch.setattr("reports.actions.passages._can_be_answered", lambda view, side: False)

    answer = browser_of(made.member_b).post(at("reply", passage=made.view_a), {"source": "Words of an hour."})

    assert answer.status_code == 409
    assert "Words of an hour.</textarea>" in words_of(answer)
    assert not Passage.objects.filter(voice=Voice.REPLY).exists()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "This field is required."),
        ("\u200b\u2060", "No visible letter stands here. Write some words."),
        (
            "One line.\n\nThen **bold",
            "Line 3: Bold or italic words begin here with * or ** and never end. Close them, or write \\* for a star.",
        ),
        (
            "Fine.\n\n# A heading",
            "Line 3: A heading (#) stands only at the very start of a recommendation. Write \\# for the sign itself.",
        ),
        ("# A heading\n\nWords.", "Only a recommendation has a heading. Write \\# for the sign itself."),
        ("A [trap](javascript:alert(1))", None),
        ("x" * 200_000, "The passage is larger than 200 kB. Divide it into several passages."),
        ("Nul \x00 here", "Null characters are not allowed."),
    ],
)
def test_words_that_cannot_be_kept_are_refused_at_their_field_with_the_remedy(made, source, said):
    answer = save(browser_of(made.member_a), made.joint, source, version=1)

    made.joint.refresh_from_db()
    errors = answer.context["form"].errors["source"]
    assert errors == [said] if said else len(errors) == 1
    assert words_of(answer).count('id="errors"') == 1
    assert made.joint.version == 1


def test_the_form_begins_with_what_one_reads(made):
    own = browser_of(made.member_a).get(at("write", passage=made.view_a)).context["form"].initial
    joint = browser_of(made.member_b).get(at("write", passage=made.joint)).context["form"].initial

    assert own == {"source": made.view_a.caucus_copy.plain, "version": 2}
    assert joint == {"source": "Both sides drink from one river.", "version": 1}


def test_a_preview_shows_the_words_and_stores_nothing(made):
    answer = save(browser_of(made.member_a), made.joint, "Both *sides*.", version=1, preview="1")

    made.joint.refresh_from_db()
    assert "<p>Both <em>sides</em>.</p>" in words_of(answer)
    assert made.joint.version == 1


def test_a_tabled_view_is_written_in_its_caucus_copy_while_the_others_read_on(made):
    save(browser_of(made.member_a), made.view_a, "The river is ours to guard.", version=2)

    made.view_a.refresh_from_db()
    assert made.view_a.tabled.plain == "The river rises with us."
    assert made.view_a.caucus_copy.plain == "The river is ours to guard."


def test_two_who_write_at_once_both_keep_their_words(made):
    save_passage(made.joint, text=text("Theirs, saved first."), version=1, by=made.member_b)

    answer = save(browser_of(made.member_a), made.joint, "Mine, of an hour.", version=1)

    page = words_of(answer)
    made.joint.refresh_from_db()
    assert answer.status_code == 409
    assert "data-failed" in page
    assert answer.context["form"].initial == {"source": "Mine, of an hour.", "version": 2}
    assert "Theirs, saved first.</textarea>" in page
    assert "<p>Mine, of an hour.</p>" in page
    assert made.joint.tabled.plain == "Theirs, saved first."


def test_after_a_conflict_ones_own_or_merged_words_are_saved_over_the_newer_version(made):
    save_passage(made.joint, text=text("Theirs."), version=1, by=made.member_b)
    browser = browser_of(made.member_a)
    again = save(browser, made.joint, "Mine.", version=1).context["form"].initial

    answer = save(browser, made.joint, "Theirs. Mine.", version=again["version"])

    made.joint.refresh_from_db()
    assert answer.status_code == 302
    assert made.joint.tabled.plain == "Theirs. Mine."
    assert list(made.joint.revisions.values_list("plain", flat=True)) == [
        "Theirs. Mine.",
        "Theirs.",
        "Both sides drink from one river.",
    ]


def test_the_same_words_from_two_hands_are_no_conflict(made):
    save_passage(made.joint, text=text("The same."), version=1, by=made.member_b)

    assert save(browser_of(made.member_a), made.joint, "The same.", version=1).status_code == 302


def test_a_conflict_in_a_recommendation_keeps_its_heading_too(made):
    section = made.document.sections.all()[3]
    add(browser_of(made.member_a), section, "recommendation", "Ask.", heading="A gauge")
    passage = Passage.objects.latest("pk")
    theirs = schema.with_heading(text("Ask again."), "A tower")
    save_passage(passage, text=theirs, version=1, by=made.member_b)

    answer = save(browser_of(made.member_a), passage, "Ask.", version=1, heading="A great gauge")

    assert answer.context["form"].initial["heading"] == "A great gauge"


def test_words_written_while_the_passage_was_agreed_come_back_in_full(made):
    settle(made, made.joint)

    answer = save(browser_of(made.member_a), made.joint, "Words of an hour.", version=1)

    assert answer.status_code == 409
    assert "The passage was agreed while you wrote" in words_of(answer)
    assert "Words of an hour.</textarea>" in words_of(answer)


@pytest.mark.parametrize("page", ["write", "reply", "add_passage"])
def test_words_written_while_the_text_was_frozen_come_back_in_full(made, page):
    Document.objects.update(state=DocumentState.FROZEN)
    thing = {"add_passage": {"section": made.section}}.get(page, {"passage": made.view_a})
    person = made.member_b if page == "reply" else made.member_a

    answer = browser_of(person).post(
        at(page, **thing), {"voice": "joint", "heading": "H", "source": "Words of an hour."}
    )

    assert answer.status_code == 409
    assert "H\n\nWords of an hour.</textarea>" in words_of(answer)


def test_settled_joint_words_cannot_be_opened_for_writing(made):
    settle(made, made.joint)

    assert browser_of(made.member_a).get(at("write", passage=made.joint)).status_code == 403


def test_the_check_page_shows_exactly_what_will_be_tabled_and_what_changes(made):
    page = browser_of(made.co_chair_a).get(at("table", passage=made.view_a))

    assert made.view_a.caucus_copy.sha256 in words_of(page)
    assert '<ins><span class="unseen">' in words_of(page) or "<ins>" in words_of(page)


def test_tabling_puts_exactly_these_words_before_all_sides(made):
    copy = made.view_a.caucus_copy

    browser_of(made.co_chair_a).post(at("table", passage=made.view_a), {"sha256": copy.sha256})

    made.view_a.refresh_from_db()
    assert (made.view_a.tabled.sha256, made.view_a.tabled.number) == (copy.sha256, 2)
    assert made.view_a.caucus_copy is None


def test_words_that_changed_after_the_check_are_not_tabled(made):
    seen = made.view_a.caucus_copy.sha256
    save_passage(made.view_a, text=text("Newer words."), version=2, by=made.member_a)

    answer = browser_of(made.co_chair_a).post(at("table", passage=made.view_a), {"sha256": seen})

    made.view_a.refresh_from_db()
    assert answer.status_code == 409
    assert made.view_a.tabled.plain == "The river rises with us."


def test_a_mailed_code_alone_tables_nothing(made):
    browser = browser_of(made.deputy_a, proved=False)

    answer = browser.post(at("table", passage=made.caucus_a), {"sha256": made.caucus_a.caucus_copy.sha256})

    made.caucus_a.refresh_from_db()
    assert answer.status_code == 302
    assert not made.caucus_a.is_tabled


def test_a_side_drops_its_caucus_text_alone_and_tabled_text_by_proposal(made):
    browser = browser_of(made.co_chair_a)

    browser.post(at("drop_passage", passage=made.caucus_a))
    refused = browser.post(at("drop_passage", passage=made.joint))
    page = browser.get(at("drop_passage", passage=made.joint))
    browser.post(at("propose_drop", passage=made.joint), {"sha256": page.context["sha256"]})

    made.caucus_a.refresh_from_db()
    made.joint.refresh_from_db()
    assert made.caucus_a.dropped_at is not None
    assert refused.status_code == 409
    assert made.joint.dropped_at is None
    assert Motion.objects.get(kind=DROP.name).target_id == made.joint.public_id


@pytest.mark.parametrize("count", [1, 30])
def test_saving_needs_the_same_queries_for_every_length_of_the_section(made, count):
    for n in range(count):
        passage_of(made.section, made.member_a, f"Number {n}.")
    browser = browser_of(made.member_b)

    with CaptureQueriesContext(connection) as queries:
        save(browser, made.joint, f"Written beside {count}.", version=1)

    made.joint.refresh_from_db()
    assert made.joint.version == 2
    assert len(statements(queries)) == 22
