"""Threads: begun for one's own side or for all, answered, disposed of, never lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.standing import standing_and_owners
from parley.accounts.models import Device, User
from parley.notifications.models import Notice
from reports.actions.comments import dispose_of_thread, start_thread
from reports.models import Comment, Thread
from reports.notices import who_owns_the_voice, who_took_part
from tests.factories.counting import statements
from tests.factories.world import CANARY_A

from .conftest import browser_of
from .hands import KEY, at, many_comments, words_of

pytestmark = pytest.mark.django_db


def comment(browser, passage, source="Is it so?", readers="own", kind="question", **more):
    sent = {"source": source, "readers": readers, "kind": kind, **more}
    return browser.post(at("comment", passage=passage), sent)


def a_thread(made, **more):
    told = {
        "passage": made.joint,
        "kind": "question",
        "source": "Is it so?",
        "own_side_only": False,
        "by": made.member_b,
    }
    return start_thread(**told | more)


def test_a_comment_is_for_ones_own_side_unless_one_says_otherwise(made):
    form = browser_of(made.member_a).get(at("comment", passage=made.joint)).context["form"]

    comment(browser_of(made.member_a), made.joint)
    comment(browser_of(made.member_a), made.joint, readers="all")

    assert form.fields["readers"].initial == "own"
    assert [thread.caucus for thread in Thread.objects.all()] == [made.a, None]


def test_on_a_caucus_text_only_ones_own_side_can_be_chosen(made):
    form = browser_of(made.member_a).get(at("comment", passage=made.caucus_a)).context["form"]

    refused = comment(browser_of(made.member_a), made.caucus_a, readers="all")

    assert [value for value, _words in form.fields["readers"].choices] == ["own"]
    assert list(refused.context["form"].errors) == ["readers"]


def test_a_facilitator_speaks_to_all(made):
    form = browser_of(made.facilitator).get(at("comment", passage=made.joint)).context["form"]

    comment(browser_of(made.facilitator), made.joint, readers="all")

    assert [value for value, _words in form.fields["readers"].choices] == ["all"]
    assert Thread.objects.get().caucus is None


def test_the_form_sent_twice_makes_one_comment(made):
    browser = browser_of(made.member_a)

    answers = [comment(browser, made.joint, idempotency_key=KEY) for _time in range(2)]

    assert Comment.objects.count() == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


@pytest.mark.parametrize(
    ("source", "field"), [("", "source"), ("*open", "source"), ("# Heading", "source"), ("\u200b", "source")]
)
def test_a_comment_that_cannot_be_kept_is_refused_at_its_field(made, source, field):
    answer = comment(browser_of(made.member_a), made.joint, source=source)

    assert list(answer.context["form"].errors) == [field]
    assert not Comment.objects.exists()


def test_markup_in_a_comment_is_shown_and_html_is_not(made):
    comment(browser_of(made.member_a), made.joint, source='See *this* <script>alert("x")</script>', readers="all")

    page = words_of(browser_of(made.member_b).get(at("thread", thread=Thread.objects.get())))

    assert "See <em>this</em> &lt;script&gt;" in page


def test_a_thread_is_answered_by_all_who_read_it(made):
    thread = a_thread(made)

    browser_of(made.facilitator).post(at("answer", thread=thread), {"source": "It is so."})

    assert list(thread.comments.values_list("source", flat=True)) == ["Is it so?", "It is so."]


def test_what_became_of_a_comment_is_recorded_and_not_taken_says_why(made):
    thread, browser = a_thread(made), browser_of(made.co_chair_a)

    refused = browser.post(at("dispose", thread=thread), {"disposition": "not-taken"})
    browser.post(at("dispose", thread=thread), {"disposition": "not-taken", "note": "The gauge says otherwise."})

    thread.refresh_from_db()
    made.section.refresh_from_db()
    assert refused.context["disposition"].errors == {"note": ["Say why it is not taken: whoever asked will read it."]}
    assert (thread.disposition, thread.disposition_note) == ("not-taken", "The gauge says otherwise.")
    assert made.section.open_threads == 0


def test_a_second_disposition_changes_nothing_until_the_thread_is_open_again(made):
    thread, browser = a_thread(made), browser_of(made.co_chair_a)
    dispose_of_thread(thread, disposition="taken", by=made.member_b)

    browser.post(at("dispose", thread=thread), {"disposition": "in-part"})
    kept = Thread.objects.get().disposition
    browser.post(at("reopen", thread=thread))

    assert (kept, Thread.objects.get().disposition) == ("taken", "")


def test_another_sides_member_does_not_dispose_of_a_comment_on_a_view(made):
    thread = a_thread(made, passage=made.view_a, by=made.facilitator)

    answers = [
        browser_of(person).post(at("dispose", thread=thread), {"disposition": "taken"}).status_code
        for person in (made.member_b, made.facilitator)
    ]

    assert answers == [403, 302]


def test_a_caucus_threads_comment_is_tabled_as_a_thread_of_its_own(made):
    thread = a_thread(made, source="Ours first.", own_side_only=True, by=made.member_a)
    browser = browser_of(made.co_chair_a)

    page = browser.get(at("table_thread", thread=thread))
    browser.post(at("table_thread", thread=thread), {"idempotency_key": KEY})
    browser.post(at("table_thread", thread=thread), {"idempotency_key": KEY})

    shared = Thread.objects.get(caucus=None)
    assert "Ours first." in words_of(page)
    assert [c.source for c in shared.comments.all()] == ["Ours first."]
    assert Thread.objects.get(pk=thread.pk).caucus == made.a


def test_the_queue_shows_open_threads_that_one_sees_the_oldest_first(made):
    first = a_thread(made, source="First.")
    a_thread(made, source=f"Ours {CANARY_A}.", own_side_only=True, by=made.member_a)
    last = a_thread(made, source="Last.")
    dispose_of_thread(a_thread(made, source="Closed."), disposition="taken", by=made.member_a)

    page = browser_of(made.co_chair_b).get(at("comment_queue", document=made.document))

    assert [thread for thread, _comments in page.context["threads"]] == [first, last]
    assert CANARY_A not in words_of(page)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_queue_needs_the_same_queries_for_every_number_of_threads(made, count):
    for n in range(count):
        a_thread(made, source=f"Question {n}?")
    browser = browser_of(made.co_chair_a)

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(at("comment_queue", document=made.document))

    assert len(page.context["threads"]) == count
    assert len(queries) == 9


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 500])
def test_a_comment_needs_the_same_queries_beside_one_and_beside_five_hundred(made, count):
    many_comments(made.joint, count, made.member_b)
    browser = browser_of(made.member_a)
    Device.objects.create(user=made.member_a, session_key=browser.session.session_key)

    with CaptureQueriesContext(connection) as queries:
        comment(browser, made.joint, readers="all")

    assert len(statements(queries)) == {"postgresql": 8, "sqlite": 10}[connection.vendor]


@pytest.mark.parametrize("own_side_only", [False, True])
@pytest.mark.parametrize("text", ["joint", "view_a", "caucus_a"])
def test_who_is_told_of_a_new_comment_is_who_took_part_in_it(made, text, own_side_only):
    passage = getattr(made, text)
    _, owners = standing_and_owners(made.member_a, made.group, passage.side)

    thread = a_thread(made, passage=passage, own_side_only=own_side_only, by=made.member_a)

    told = {owner.pk for owner in who_owns_the_voice(thread, owners)} | {made.member_a.pk}
    assert told == {person.pk for person in who_took_part(thread, {})} | {made.member_a.pk}


def told_by_name():
    return set(Notice.objects.filter(kind="reports.named").values_list("reader__name", flat=True))


def test_whoever_is_named_with_an_at_is_told_that_and_nothing_else_of_the_comment(made):
    a_thread(made, source="@Co Chair A, is it so? And @member c?")

    others = set(Notice.objects.filter(kind="reports.commented").values_list("reader__name", flat=True))
    assert told_by_name() == {"Co Chair A", "Member C"}
    assert others == {"Co Chair B"}


def test_the_longer_of_two_names_is_meant(made):
    User.objects.filter(pk=made.member_a.pk).update(name="Member")

    a_thread(made, source="@Member C knows.")

    assert told_by_name() == {"Member C"}


def test_in_a_caucus_nobody_of_another_side_is_found_by_naming_them(made):
    a_thread(made, source="@Member B and @Facilitator, and @Deputy A", own_side_only=True, by=made.member_a)

    assert told_by_name() == {"Deputy A"}


def test_looking_for_names_costs_one_question_where_an_at_stands_and_none_elsewhere(made):
    with CaptureQueriesContext(connection) as plain:
        a_thread(made, source="Is it so?")
    with CaptureQueriesContext(connection) as named:
        a_thread(made, source="Write to us at x@example.org.")

    assert len(named) == len(plain) + 1
    assert told_by_name() == set()
