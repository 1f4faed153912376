"""A review: its writer's alone until all of it is sent at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.actions import end_membership
from parley.audit.models import Entry
from parley.notifications.models import Delivery, Notice
from reports.actions.passages import drop_passage
from reports.actions.reviews import send_review
from reports.models import Comment, Review, Thread, UnsentComment, Voice
from tests.factories import passage_of
from tests.factories.counting import statements

from .conftest import browser_of
from .hands import KEY, at, settle, words_of
from .test_words import RIVER, hangs_on, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def river(made):
    return passage_of(made.section, made.member_a, RIVER)


def keep(browser, passage, source="Is it so?", readers="all", **more):
    filled = {"kind": "fact", "source": source, "readers": readers, "later": "1", **more}
    return browser.post(at("comment", passage=passage), filled)


def send(browser, made, **more):
    return browser.post(at("review", document=made.document), more)


def test_what_waits_in_a_review_is_its_writers_alone(made, river):
    others = {person: browser_of(made.people[person]) for person in ("member_a", "deputy_a", "member_b", "facilitator")}
    before = {person: browser.get(at("section", section=made.section)) for person, browser in others.items()}
    records, notices = Entry.objects.count(), Notice.objects.count()

    for readers in ("all", "own"):
        keep(others["member_a"], river, "Not yet said.", readers, words="drink from the river")

    after = {
        person: browser.get(
            at("section", section=made.section), headers={"If-None-Match": before[person].headers["ETag"]}
        )
        for person, browser in others.items()
    }
    assert {person: answer.status_code for person, answer in after.items()} == {
        "member_a": 200,
        "deputy_a": 304,
        "member_b": 304,
        "facilitator": 304,
    }
    assert "My review (2)" in " ".join(words_of(after["member_a"]).split())
    assert (Thread.objects.count(), Entry.objects.count(), Notice.objects.count()) == (0, records, notices)


def test_a_review_is_sent_at_once_with_one_notice_to_each_reader(made, river):
    browser = browser_of(made.member_a)
    for n in range(3):
        keep(browser, river, f"Question {n}.", words="drink from the river")

    page = words_of(browser.get(at("review", document=made.document)))
    send(browser, made)

    told = Notice.objects.filter(kind__startswith="reports.").exclude(kind="reports.passage_tabled")
    assert "Send my review (3)" in " ".join(page.split())
    assert [comment.source for comment in Comment.objects.order_by("pk")] == [f"Question {n}." for n in range(3)]
    assert {thread.review for thread in Thread.objects.all()} == {Review.objects.get()}
    assert sorted((notice.reader.name, notice.kind, notice.facts) for notice in told) == [
        ("Co Chair A", "reports.review_sent", {"count": 3}),
        ("Co Chair B", "reports.review_sent", {"count": 3}),
    ]
    assert not UnsentComment.objects.exists()


def test_each_reader_is_told_of_as_many_comments_as_concern_them(made, river):
    browser = browser_of(made.member_a)
    keep(browser, river, "For all.")
    keep(browser, river, "For us.", "own")
    keep(browser, river, "For us again.", "own")

    send(browser, made)

    told = Notice.objects.filter(kind="reports.review_sent")
    assert {notice.reader.name: notice.facts["count"] for notice in told} == {"Co Chair A": 3, "Co Chair B": 1}
    bell = words_of(browser_of(made.co_chair_b).get("/updates/"))
    assert "There is 1 new comment." in bell


def test_the_button_pressed_twice_sends_once(made, river):
    browser = browser_of(made.member_a)
    keep(browser, river)

    answers = [send(browser, made, idempotency_key=KEY).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert (Review.objects.count(), Thread.objects.count()) == (1, 1)


def test_a_comment_is_kept_once_for_a_form_sent_twice(made, river):
    browser = browser_of(made.member_a)

    for _time in range(2):
        keep(browser, river, idempotency_key=KEY)

    assert UnsentComment.objects.count() == 1


def test_what_lost_its_words_meanwhile_is_sent_without_a_place_and_with_its_quote(made, river):
    browser = browser_of(made.member_a)
    keep(browser, river, words="drink from the river", replacement="drink of it")
    save(river, "Both sides fish.", made.member_b)

    send(browser, made)

    thread = Thread.objects.get()
    assert hangs_on(thread) is None
    assert (thread.anchor.words, thread.anchor.replacement) == ("drink from the river", "drink of it")


def test_a_comment_on_a_dropped_passage_waits_on_and_can_be_copied(made):
    own = passage_of(made.section, made.member_a, "Ours.", voice=Voice.VIEW, side=made.a)
    browser = browser_of(made.member_a)
    keep(browser, own, "About ours.", "own")
    keep(browser, made.joint, "About all.")
    drop_passage(own, by=made.member_a)

    page = " ".join(words_of(browser.get(at("review", document=made.document))).split())
    send(browser, made)

    assert "Send my review (1)" in page
    assert "This passage was dropped" in page
    assert [comment.source for comment in UnsentComment.objects.all()] == ["About ours."]


def test_a_waiting_comment_is_written_anew_or_discarded(made, river):
    browser = browser_of(made.member_a)
    keep(browser, river, "First words.", words="fish")
    keep(browser, river, "Away.")
    first, second = UnsentComment.objects.order_by("pk")

    shown = browser.get(at("unsent", unsent=first)).context["form"]
    filled = {"kind": "question", "source": "Better.", "readers": "own", "words": "drink", "replacement": "sip"}
    browser.post(at("unsent", unsent=first), filled)
    browser.post(at("discard_unsent", unsent=second))

    first = UnsentComment.objects.get()
    assert (shown["words"].value(), shown["source"].value(), shown["readers"].value()) == (
        "fish",
        "First words.",
        "all",
    )
    assert (first.source, first.words, first.replacement, first.kind) == ("Better.", "drink", "sip", "wording")
    assert first.caucus == made.a


def test_words_that_have_gone_are_kept_when_the_comment_on_them_is_written_anew(made, river):
    browser = browser_of(made.member_a)
    keep(browser, river, "First words.", words="fish in it")
    save(river, "Both sides drink.", made.member_b)
    filled = {"kind": "fact", "source": "Better.", "readers": "all"}

    kept = browser.post(at("unsent", unsent=UnsentComment.objects.get()), {**filled, "words": "fish in it"})
    other = browser.post(at("unsent", unsent=UnsentComment.objects.get()), {**filled, "words": "swim in it"})

    assert (kept.status_code, list(other.context["form"].errors)) == (302, ["words"])
    assert (UnsentComment.objects.get().source, UnsentComment.objects.get().words) == ("Better.", "fish in it")


def test_who_left_the_group_sends_nothing_and_reads_nothing_of_their_review(made, river):
    browser = browser_of(made.member_a)
    keep(browser, river)
    unsent = UnsentComment.objects.get()

    end_membership(made.membership("member_a"), by=made.co_chair_a)

    answers = [browser.get(at("unsent", unsent=unsent)), send(browser, made)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Thread.objects.exists()


def test_a_review_can_be_sent_on_agreed_words(made, river):
    browser = browser_of(made.member_a)
    keep(browser, river, words="fish")
    settle(made, river)

    send(browser, made)

    assert hangs_on(Thread.objects.get()) == "fish"


@pytest.mark.parametrize("count", [1, 30])
def test_telling_of_a_review_costs_the_same_for_every_number_of_comments(made, river, count):
    browser = browser_of(made.member_a)
    for n in range(count):
        keep(browser, river, f"Question {n}.")

    with CaptureQueriesContext(connection) as queries:
        send_review(made.document, by=made.member_a)

    about_telling = [sql for sql in statements(queries) if "notifications_" in sql]
    assert len(about_telling) == (1 if connection.vendor == "postgresql" else 2)
    assert Delivery.objects.filter(kind="reports.review_sent").count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_the_review_needs_the_same_queries_for_every_number_of_comments(made, river, count):
    browser = browser_of(made.member_a)
    for n in range(count):
        keep(browser, river, f"Question {n}.")

    with CaptureQueriesContext(connection) as queries:
        browser.get(at("review", document=made.document))

    assert len(queries) == 6
