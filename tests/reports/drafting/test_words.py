"""Comments on words: hung on them, carried with them, in the tray when they have gone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.actions.comments import dispose_of_thread, start_thread
from reports.actions.passages import save_passage, table_passage
from reports.anchoring import Wording
from reports.models import Anchor, Passage, Thread
from reports.text.places import Quote, run_on
from tests.factories import passage_of, text
from tests.factories.counting import statements
from tests.factories.world import CANARY_A

from .conftest import browser_of
from .hands import at, words_of

pytestmark = pytest.mark.django_db

RIVER = "Both sides drink from the river, and both sides fish in it."


def on(words, before="", after="", replacement=None):
    return Wording(Quote(words, before, after), replacement)


def a_thread(passage, words, by, *, own=False, replacement=None):
    wording = on(words, replacement=replacement)
    return start_thread(passage=passage, kind="fact", source="Is it?", own_side_only=own, wording=wording, by=by)


def river(made):
    return passage_of(made.section, made.member_a, RIVER)


def save(passage, words, by):
    passage.refresh_from_db()
    version = passage.version if passage.is_shared else passage.caucus_version
    save_passage(passage, text=text(words), version=version, by=by)
    passage.refresh_from_db()


def hangs_on(thread):
    """What the thread's words are in the text that its readers see; None when they have lost their place."""
    anchor = Anchor.objects.select_related("thread__caucus").get(thread=thread)
    shown = Passage.objects.with_texts().get(pk=anchor.thread.passage_id).text_for(anchor.thread.caucus)
    return anchor.place and run_on(shown.text)[anchor.start : anchor.end]


def section_of(person, made):
    return words_of(browser_of(person).get(at("section", section=made.section)))


def test_a_comment_hangs_on_the_words_that_its_form_names(made):
    passage = river(made)

    browser_of(made.facilitator).post(
        at("comment", passage=passage),
        {"words": "both  sides", "before": "and ", "kind": "fact", "source": "Are they two?", "readers": "all"},
    )

    thread = Thread.objects.get()
    assert hangs_on(thread) == "both sides"
    assert thread.anchor.after == " fish in it."


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"words": "no such words"}, "words"),
        ({"words": "both sides", "before": ""}, None),
        ({"words": "sides"}, "words"),
        ({"words": "drink", "replacement": "drink"}, "replacement"),
        ({"words": "", "replacement": "sip"}, "words"),
        ({"words": "drink", "replacement": "sip", "leave_out": "on"}, "leave_out"),
        ({"words": "drink", "replacement": "\u200b"}, "replacement"),
        ({"words": "drink", "replacement": "sip" * 900}, "replacement"),
        ({"words": "x" * 5000}, "words"),
    ],
)
def test_words_that_cannot_be_hung_on_are_refused_at_their_field_and_kept(made, sent, field):
    passage = river(made)
    filled = {"kind": "fact", "source": "Are they two?", "readers": "all", **sent}

    page = browser_of(made.member_b).post(at("comment", passage=passage), filled)

    assert list(page.context["form"].errors) == [field] if field else page.status_code == 302
    if field:
        assert "Are they two?" in words_of(page)
        assert not Thread.objects.exists()


def test_a_comment_stays_on_its_words_through_edits_and_moves(made):
    passage = river(made)
    thread = a_thread(passage, "drink from the river", made.member_b)

    save(passage, f"Much is new.\n\nBoth sides *drink* from the river, and swim.\n\n{'More. ' * 20}", made.member_a)
    moved = hangs_on(thread)
    save(passage, f"{'More. ' * 20}\n\nBoth sides drink from the river, and swim.", made.member_b)

    assert (moved, hangs_on(thread)) == ("drink from the river", "drink from the river")


def test_words_that_went_leave_the_comment_in_the_tray_with_its_quote_and_take_it_back_when_they_return(made):
    passage = river(made)
    thread = a_thread(passage, "drink from the river", made.member_b)

    save(passage, "Both sides fish.", made.member_a)
    page = section_of(made.member_a, made)
    lost = hangs_on(thread)
    save(passage, RIVER, made.member_a)

    assert lost is None
    assert "These comments have lost their place" in page
    assert page.index("These comments have lost their place") < page.index("drink from the river")
    assert f"w-{thread.public_id}" not in page
    assert hangs_on(thread) == "drink from the river"


def test_the_page_shows_the_words_and_leads_from_them_to_the_comment_and_back(made):
    passage = river(made)
    thread = a_thread(passage, "drink from the river", made.member_b)

    page = section_of(made.member_a, made)

    assert f'<mark class="commented" data-thread="{thread.public_id}">drink from the river</mark>' in page
    assert f'id="w-{thread.public_id}" href="#t-{thread.public_id}"' in page
    assert f'href="#w-{thread.public_id}"' in page


def test_words_of_an_answered_comment_are_shown_no_more(made):
    passage = river(made)
    thread = a_thread(passage, "drink from the river", made.member_b)

    dispose_of_thread(thread, disposition="taken", by=made.member_a)

    assert 'class="commented"' not in section_of(made.member_a, made)


def test_of_two_comments_on_crossing_words_each_has_its_way_behind_its_last_word(made):
    passage = river(made)
    first = a_thread(passage, "Both sides drink", made.member_b)
    second = a_thread(passage, "drink from", made.member_b)

    page = section_of(made.member_a, made)

    assert page.index(f"w-{first.public_id}") < page.index(f"w-{second.public_id}")
    outer, inner = (f'<mark class="commented" data-thread="{one.public_id}">' for one in (second, first))
    assert f"{outer}{inner}drink</mark></mark>" in page or f"{inner}{outer}drink</mark></mark>" in page


def test_a_sides_comment_on_its_view_hangs_in_its_copy_and_one_for_all_in_the_tabled_words(made):
    ours = a_thread(made.view_a, CANARY_A, made.member_a, own=True)
    for_all = a_thread(made.view_a, "river rises", made.member_b)
    theirs = a_thread(made.view_a, "with us", made.member_b, own=True)
    save(made.view_a, f"Our river rises with us. {CANARY_A}", made.member_a)

    table_passage(made.view_a, sha256=made.view_a.caucus_copy.sha256, by=made.co_chair_a)

    assert [hangs_on(thread) for thread in (ours, for_all, theirs)] == [CANARY_A, "river rises", "with us"]


def test_what_the_other_side_reads_says_nothing_of_a_caucus_comment_on_words(made):
    passage = river(made)
    browser = browser_of(made.member_b)
    before = browser.get(at("section", section=made.section))

    a_thread(passage, "drink from the river", made.member_a, own=True)
    again = browser.get(at("section", section=made.section), headers={"If-None-Match": before.headers["ETag"]})

    assert again.status_code == 304
    assert 'class="commented"' in section_of(made.member_a, made)
    assert 'class="commented"' not in section_of(made.member_b, made)


def test_a_caucus_comment_is_tabled_with_its_words_where_the_tabled_text_says_them(made):
    held = a_thread(made.view_a, "river rises", made.member_a, own=True, replacement="river swells")
    hidden = a_thread(made.view_a, CANARY_A, made.member_a, own=True, replacement=f"{CANARY_A}!")
    browser = browser_of(made.co_chair_a)

    pages = [words_of(browser.get(at("table_thread", thread=thread))) for thread in (held, hidden)]
    for thread in (held, hidden):
        browser.post(at("table_thread", thread=thread))

    shared = Thread.objects.filter(caucus=None).order_by("pk")
    assert [thread.on_words and thread.on_words.words for thread in shared] == ["river rises", None]
    assert ["stay in your caucus" in page for page in pages] == [False, True]
    assert CANARY_A not in section_of(made.member_b, made)


@pytest.mark.parametrize("count", [1, 30])
def test_the_section_needs_seven_queries_for_every_number_of_comments_on_words(made, count):
    passage = river(made)
    for _n in range(count):
        a_thread(passage, "drink from the river", made.member_b)
    browser = browser_of(made.member_a)
    browser.get(at("section", section=made.document.sections.last()))

    with CaptureQueriesContext(connection) as queries:
        browser.get(at("section", section=made.section))

    assert len(queries) == 7


@pytest.mark.parametrize("count", [1, 30])
def test_an_edit_carries_every_number_of_comments_by_one_question_and_one_answer(made, count):
    passage = river(made)
    for _n in range(count):
        a_thread(passage, "drink from the river", made.member_b)
    passage.refresh_from_db()

    with CaptureQueriesContext(connection) as queries:
        save_passage(passage, text=text(f"New. {RIVER}"), version=passage.version, by=made.member_a)

    about_anchors = [sql for sql in statements(queries) if '"reports_anchor"' in sql]
    assert [sql.split()[0] for sql in about_anchors] == ["SELECT", "UPDATE"]


def test_the_editor_is_told_of_the_words_that_its_person_may_see(made):
    passage = river(made)
    a_thread(passage, "drink from the river", made.member_b)
    a_thread(passage, "fish", made.member_a, own=True)

    told = {
        person: browser_of(made.people[person]).get(at("commented_words", passage=passage)).json()["comments"]
        for person in ("member_a", "member_b", "facilitator")
    }

    assert {person: [one["words"] for one in comments] for person, comments in told.items()} == {
        "member_a": ["drink from the river", "fish"],
        "member_b": ["drink from the river"],
        "facilitator": ["drink from the river"],
    }
    assert told["member_b"][0]["before"] == "Both sides "
