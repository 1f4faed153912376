"""The list of documents, a new one, its task list, its sections and its details."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groups.actions import propose
from groups.models import Motion
from reports.actions.agreement import ORDER_SECTIONS, SETTLE
from reports.actions.documents import add_section
from reports.models import Document, DocumentKind, Section
from tests.factories import document_of, passage_of

from .conftest import browser_of
from .hands import KEY, at, settle, words_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_needs_the_same_queries_for_every_number_of_documents(made, count):
    for n in range(count - 1):
        document_of(made.group, made.co_chair_a, title=f"Report {n}")
    browser = browser_of(made.member_b)

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/documents/")

    assert words_of(answer).count('<span class="name"><a href="/documents/') == count
    assert len(queries) == 6


def test_a_page_of_the_list_holds_thirty(made):
    for n in range(31):
        document_of(made.group, made.co_chair_a, title=f"Report {n}")

    answer = browser_of(made.member_b).get("/documents/?page=2")

    assert words_of(answer).count('<span class="name"><a href="/documents/') == 2


def test_nobody_sees_a_document_of_a_group_without_them(made):
    for person in (made.other_group_member, made.outsider, made.installer, made.other_facilitator, made.ex_member_a):
        assert made.document.title not in words_of(browser_of(person).get("/documents/"))


def test_a_co_chair_starts_a_report_with_the_sections_of_its_kind(made):
    answer = browser_of(made.co_chair_b).post(
        at("start_document", group=made.group), {"kind": DocumentKind.REPORT, "title": "Report on the  river"}
    )

    document = Document.objects.get(title="Report on the river")
    assert answer.headers["Location"] == at("document", document=document)
    assert [section.title for section in document.sections.all()] == [
        "Introduction",
        "Perspectives",
        "Regional and international dimension",
        "Recommendations",
    ]


def test_the_form_sent_twice_starts_one_document(made):
    browser, sent = browser_of(made.co_chair_a), {"kind": "joint_statement", "title": "S", "idempotency_key": KEY}

    first, second = (browser.post(at("start_document", group=made.group), sent) for _time in range(2))

    assert Document.objects.filter(kind=DocumentKind.STATEMENT).count() == 1
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("", "This field is required."),
        ("\u200b\u200d\u2060", "No visible letter stands here. Write some words."),
        ("River\x00", "Null characters are not allowed."),
        ("x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
    ],
)
def test_a_title_that_nobody_can_read_is_refused_at_its_field(made, title, said):
    answer = browser_of(made.co_chair_a).post(
        at("start_document", group=made.group), {"kind": "joint_report", "title": title}
    )

    assert answer.context["form"].errors["title"] == [said]
    assert Document.objects.count() == 1


def test_a_soft_break_of_a_word_processor_becomes_a_space_in_a_title(made):
    browser_of(made.co_chair_a).post(
        at("start_document", group=made.group), {"kind": "joint_report", "title": "The river\x0band its banks"}
    )

    assert Document.objects.first().title == "The river and its banks"


def test_the_task_list_says_what_each_section_waits_for(made):
    perspectives, recommendations = made.document.sections.all()[1], made.document.sections.all()[3]
    settle(made, passage_of(perspectives, made.member_a))
    waiting = passage_of(recommendations, made.member_a, "Together.")
    propose(SETTLE.name, waiting.public_id, sha256=waiting.tabled.sha256, by=made.co_chair_a)

    overview = browser_of(made.co_chair_b).get(at("document", document=made.document)).context["overview"]

    assert [(row.status, row.notes) for row in overview.rows] == [
        (("doing", "0 of 2 agreed"), []),
        (("done", "Agreed"), []),
        (("todo", "Not begun"), []),
        (("yours", "Your turn"), ["Waiting for Southland"]),
    ]
    assert overview.turn.what == "1 passage waits for your side’s key."
    assert (overview.settled, overview.tabled) == (1, 4)


def test_a_side_alone_reads_how_much_lies_in_its_caucus(made):
    own, theirs, hosts = (
        browser_of(person).get(at("document", document=made.document)).context["overview"].rows[0].own_notes
        for person in (made.member_a, made.member_b, made.facilitator)
    )

    assert own == ["2 texts in your caucus"]
    assert theirs == ["1 text in your caucus"]
    assert hosts == []


@pytest.mark.parametrize(
    ("role", "what"),
    [
        ("co_chair_a", "2 texts of your side are in caucus. Table them when they are ready."),
        ("member_a", "2 passages are not settled yet."),
        ("member_b", "1 view of another side has no reply of yours yet."),
        ("facilitator", "2 passages are not settled yet."),
    ],
)
def test_the_page_says_whose_turn_it_is(made, role, what):
    answer = browser_of(made.people[role]).get(at("document", document=made.document))

    assert answer.context["overview"].turn.what == what


def test_an_empty_document_leads_whoever_may_write_to_its_first_section(made):
    empty = document_of(made.group, made.co_chair_a, title="Second report")
    first = at("section", section=empty.sections.first())

    members, hosts = (
        browser_of(person).get(at("document", document=empty)) for person in (made.member_b, made.facilitator)
    )

    assert (members.context["overview"].turn.yours, members.context["overview"].turn.url) == (True, first)
    assert (hosts.context["overview"].turn.yours, hosts.context["overview"].turn.url) == (False, "")
    assert "0 of 0" not in members.content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_task_list_needs_the_same_queries_for_every_number_of_sections(made, count):
    for n in range(count):
        passage_of(add_section(document=made.document, title=f"Section {n}", by=made.co_chair_a), made.member_a)
    browser = browser_of(made.member_b)

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(at("document", document=made.document))

    assert len(answer.context["overview"].rows) == 4 + count
    assert len(queries) == 10


@pytest.mark.parametrize("count", [1, 30])
def test_the_whole_text_needs_the_same_queries_for_every_length(made, count):
    for n in range(count):
        passage_of(made.section, made.member_a, f"Number {n}.")
    browser = browser_of(made.member_b)

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(at("whole_text", document=made.document))

    assert words_of(answer).count('id="p-') == 2 + count
    assert len(queries) == 9


def test_a_section_is_added_renamed_and_dropped(made):
    browser = browser_of(made.co_chair_a)

    browser.post(at("arrange", document=made.document), {"title": "Anex"})
    added = Section.objects.get(title="Anex")
    browser.post(at("rename_section", section=added), {"title": "Annex"})
    added.refresh_from_db()
    browser.post(at("drop_section", section=added))

    assert added.title == "Annex"
    assert list(made.document.sections.present().values_list("title", flat=True))[-1] == "Recommendations"


def test_sections_are_ordered_by_drag_and_by_button(made):
    browser = browser_of(made.co_chair_a)
    first, second, third, fourth = (s.public_id for s in made.document.sections.all())

    browser.post(at("order_sections", document=made.document), {"order": [second, first, third, fourth]})
    browser.post(at("order_sections", document=made.document), {"item": fourth, "move": "up"})

    assert list(made.document.sections.values_list("public_id", flat=True)) == [second, first, fourth, third]


def test_an_order_of_sections_that_are_not_there_any_more_is_refused(made):
    answer = browser_of(made.co_chair_a).post(at("order_sections", document=made.document), {"order": ["no", "such"]})

    assert answer.status_code == 409


def test_once_text_is_agreed_the_order_of_sections_takes_every_key(made):
    settle(made, made.joint)
    browser = browser_of(made.co_chair_a)
    order = [s.public_id for s in made.document.sections.all()][::-1]

    refused = browser.post(at("order_sections", document=made.document), {"order": order})
    proposed = browser.post(at("propose_section_order", document=made.document), {"order": order})

    motion = Motion.objects.get(kind=ORDER_SECTIONS.name)
    assert refused.status_code == 409
    assert proposed.headers["Location"] == at("motion", motion=motion)
    assert motion.facts == {"order": order}


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-13", "Write a month as 2026-11 or a day as 2026-11-28."),
        ("0001-01", "The year lies outside of what can be printed."),
    ],
)
def test_a_date_that_cannot_be_printed_is_refused(made, date, said):
    answer = browser_of(made.co_chair_a).post(
        at("document_details", document=made.document), {"title": "Report", "date": date}
    )

    assert answer.context["form"].errors == {"date": [said]}


def test_the_details_are_saved(made):
    browser_of(made.co_chair_a).post(
        at("document_details", document=made.document),
        {"title": "Report of 2026", "date": "2026-11", "prints_declined": "on"},
    )

    made.document.refresh_from_db()
    assert (made.document.title, made.document.date, made.document.prints_declined) == (
        "Report of 2026",
        "2026-11",
        True,
    )


def test_signing_closes_at_an_hour_of_the_persons_own_zone(made):
    made.co_chair_a.time_zone = "Asia/Yerevan"
    made.co_chair_a.save()
    tomorrow = timezone.now().date() + timedelta(days=1)
    sent = {"title": "Report", "closes_on": tomorrow.isoformat(), "closes_at": "18:00"}

    browser_of(made.co_chair_a).post(at("document_details", document=made.document), sent)

    made.document.refresh_from_db()
    assert made.document.signing_ends_at.isoformat() == f"{tomorrow}T14:00:00+00:00"


@pytest.mark.parametrize(
    ("on", "hour", "said"),
    [
        ("2020-01-01", "", "Signing closes on a day to come, within three years."),
        ("9999-12-31", "23:59", "Signing closes on a day to come, within three years."),
        ("", "18:00", "An hour needs its day."),
    ],
)
def test_an_hour_at_which_signing_cannot_close_is_refused(made, on, hour, said):
    answer = browser_of(made.co_chair_a).post(
        at("document_details", document=made.document), {"title": "Report", "closes_on": on, "closes_at": hour}
    )

    assert answer.context["form"].errors == {"closes_on": [said]}


def test_an_observer_reads_no_text_before_a_draft_is_released(made):
    assert browser_of(made.observer).get(at("document", document=made.document)).status_code == 404
