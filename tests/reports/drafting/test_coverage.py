"""Views and their answers: what waits, what was said, and that nothing of a caucus moves a figure."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.standing import standing
from parley.audit.models import Entry
from parley.desk.turns import views_to_answer
from parley.notifications.models import Notice
from reports.actions.coverage import (
    AlreadyAnswered,
    NotAView,
    mark_points,
    name_points,
    state_no_reply,
    take_back_no_reply,
)
from reports.actions.passages import save_passage, table_passage
from reports.coverage import coverage_of, no_reply_wished
from reports.models import NoReply, Passage, Point, PointAnswer, Voice
from reports.points import lines_of, marked_in
from tests.factories import passage_of, text
from tests.factories.counting import statements

from .conftest import browser_of
from .hands import at, words_of

pytestmark = pytest.mark.django_db

SECRET = "quarnelbuth"


@pytest.fixture
def view(made):
    """A view of A with three paragraphs before all sides."""
    words = "The river rises with us.\n\nThe dam is ours.\n\nThe bridge is old."
    return passage_of(made.section, made.member_a, words, voice=Voice.VIEW, side=made.a, tabled_by=made.co_chair_a)


def stated(made, view, point=None):
    return state_no_reply(view, point=point, sha256=view.tabled.sha256, by=made.co_chair_b)


def reply_of_b(made, view, words="We see it otherwise.", *, tabled=True):
    return passage_of(
        made.section, made.member_b, words, voice=Voice.REPLY, side=made.b, answers=view,
        tabled_by=made.co_chair_b if tabled else None,
    )  # fmt: skip


def found(made, reader):
    return coverage_of(made.document, standing(made.people[reader], made.group))


def cell(made, view, reader="facilitator", point=None):
    """B's answer to the view, or to its point of this number."""
    rows = [row for part in found(made, reader).parts for row in part.rows if row.view == view]
    row = next(row for row in rows if (row.point.number if row.point else None) == point)
    return next(cell for cell in row.cells if cell.side == made.b)


def marked(made, view, *numbers):
    """The points of these paragraphs."""
    view.refresh_from_db()
    lines = lines_of(view, [])
    places = [lines[number - 1].place for number in numbers]
    mark_points(view, drop=[], places=places, sha256=view.tabled.sha256, by=made.member_a)
    return list(view.points.present())


# ---- the matrix ----------------------------------------------------------------------------------------------------


def test_a_view_waits_for_the_other_side_until_its_reply_is_tabled(made, view):
    before = cell(made, view)
    reply = reply_of_b(made, view)

    after = cell(made, view)

    assert (before.waits, before.is_answered) == (True, False)
    assert [one.passage for one in after.tabled] == [reply]
    assert not after.waits


def test_a_reply_in_caucus_shows_to_its_own_side_only_and_is_counted_for_nobody(made, view):
    figures = [(c.replied, c.none_wished, c.waiting, c.total.shares) for c in (found(made, "member_b"),)]
    reply = reply_of_b(made, view, SECRET, tabled=False)

    own, other = cell(made, view, "member_b"), cell(made, view, "member_a")

    assert [one.passage for one in own.replies] == [reply]
    assert (own.waits, other.waits, other.replies) == (True, True, [])
    assert figures == [(c.replied, c.none_wished, c.waiting, c.total.shares) for c in (found(made, "member_b"),)]


def test_nothing_of_a_caucus_stands_on_the_page_of_another_side_or_a_facilitator(made, view):
    reply = reply_of_b(made, view, SECRET, tabled=False)
    name_points(reply, add=[marked(made, view, 1)[0].public_id], drop=[], by=made.member_b)

    pages = {role: words_of(browser_of(made.people[role]).get(at("coverage", document=made.document)))
             for role in ("member_a", "facilitator", "member_b")}  # fmt: skip

    assert reply.public_id in pages["member_b"]
    assert reply.public_id not in pages["member_a"] + pages["facilitator"]
    assert SECRET not in "".join(pages.values())


def test_a_reply_to_words_that_were_revised_since_says_so(made, view):
    reply_of_b(made, view)
    save_passage(view, text=text("The river has changed its bed."), version=view.caucus_version, by=made.member_a)
    view.refresh_from_db()
    table_passage(view, sha256=view.caucus_copy.sha256, by=made.co_chair_a)

    view.refresh_from_db()
    assert cell(made, view).tabled[0].is_earlier


def test_order_and_balance_are_figures_of_tabled_text(made, view):
    reply = reply_of_b(made, view, "One two three.")
    Passage.objects.filter(pk=reply.pk).update(position=0)
    Passage.objects.filter(pk=view.pk).update(position=50)

    coverage = found(made, "member_a")

    shares = {share.side: (share.views, share.replies, share.words) for share in coverage.total.shares}
    assert shares == {made.a: (2, 0, 18), made.b: (0, 1, 3)}
    assert [one.passage for one in coverage.before_their_views] == [reply]
    assert coverage.firsts == [(made.a, 1), (made.b, 0)]


def test_the_page_asks_the_same_for_one_view_and_for_three(made, view):
    marked(made, view, 1, 2)
    browser, address = browser_of(made.member_b), at("coverage", document=made.document)
    browser.get(address)

    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        counts.append(len(statements(captured)))
        other = passage_of(made.section, made.member_a, "Another.\n\nView.", voice=Voice.VIEW, side=made.a,
                           tabled_by=made.co_chair_a)  # fmt: skip
        reply = reply_of_b(made, other)
        name_points(reply, add=[marked(made, other, 1)[0].public_id], drop=[], by=made.member_b)
        stated(made, other, marked(made, other, 2)[-1])

    assert counts == [10, 10]


# ---- no reply wished -----------------------------------------------------------------------------------------------


def test_no_reply_wished_is_an_answer_seen_by_all_and_recorded(made, view):
    Notice.objects.all().delete()

    stated(made, view)

    answer = cell(made, view)
    assert (answer.waits, answer.stated.stated_by) == (False, made.co_chair_b)
    assert no_reply_wished(made.document) == {view.public_id}
    assert Entry.objects.filter(kind="view.no_reply_stated").count() == 1
    told = set(Notice.objects.filter(kind="reports.no_reply_stated").values_list("reader__name", flat=True))
    assert {"Member A", "Member B", "Co Chair A"} <= told and "Observer" not in told


def test_it_stands_under_the_view_on_the_page_of_its_section_at_once(made, view):
    browser, address = browser_of(made.member_a), at("section", section=made.section)
    before = words_of(browser.get(address))

    stated(made, view)

    assert "wishes no reply to this view" not in before
    assert words_of(browser.get(address)).count("Southland wishes no reply to this view") == 1


def test_it_takes_the_view_from_what_its_members_are_asked(made, view):
    asked = len(list(views_to_answer(made.member_b)))

    stated(made, view)

    assert len(list(views_to_answer(made.member_b))) == asked - 1
    page = words_of(browser_of(made.member_b).get(at("document", document=made.document)))
    assert "2 views of other sides" not in page


def test_a_tabled_reply_ends_it_and_one_in_caucus_does_not(made, view):
    statement = stated(made, view)
    reply = reply_of_b(made, view, tabled=False)
    still = NoReply.objects.standing().count()

    table_passage(reply, sha256=reply.caucus_copy.sha256, by=made.co_chair_b)

    statement.refresh_from_db()
    assert (still, statement.outcome) == (1, NoReply.Outcome.ANSWERED)
    assert no_reply_wished(made.document) == set()


def test_its_key_holder_takes_it_back(made, view):
    statement = stated(made, view)

    with pytest.raises(NotAKeyHolder):
        take_back_no_reply(statement, by=made.co_chair_a)
    take_back_no_reply(statement, by=made.co_chair_b)
    take_back_no_reply(statement, by=made.co_chair_b)

    assert cell(made, view).waits
    assert Entry.objects.filter(kind="view.no_reply_ended").count() == 1
    stated(made, view)


@pytest.mark.parametrize(
    ("person", "refusal"),
    [("member_b", NotAKeyHolder), ("facilitator", NotAKeyHolder), ("co_chair_a", NotAView)],
)
def test_only_the_key_holder_of_another_side_says_it(made, view, person, refusal):
    with pytest.raises(refusal):
        state_no_reply(view, sha256=view.tabled.sha256, by=made.people[person])


def test_it_is_said_once_over_the_words_that_were_read_and_not_beside_a_reply(made, view):
    with pytest.raises(TextHasChanged):
        state_no_reply(view, sha256="0" * 64, by=made.co_chair_b)
    stated(made, view)
    with pytest.raises(AlreadyAnswered):
        stated(made, view)
    replied = made.view_a
    reply_of_b(made, replied)
    with pytest.raises(AlreadyAnswered):
        stated(made, replied)


def test_the_database_holds_one_statement_of_a_side_and_its_end_with_its_outcome(made, view):
    statement = stated(made, view)
    facts = {"view": view, "side": made.b, "revision": view.tabled, "stated_by": made.co_chair_b}

    for wrong in (facts, {**facts, "outcome": NoReply.Outcome.TAKEN_BACK}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoReply.objects.create(**wrong)

    assert list(NoReply.objects.all()) == [statement]


def test_on_its_page_it_is_stated_and_after_a_revision_nothing_is(made, view):
    browser, address = browser_of(made.co_chair_b), at("no_reply", passage=view)
    shown = browser.get(address)

    late = browser.post(address, {"sha256": "0" * 64})
    done = browser.post(address, {"sha256": view.tabled.sha256}, follow=True)

    assert "The dam is ours." in words_of(shown)
    assert late.status_code == 409
    assert "No reply wished" in words_of(done) and "Co Chair B" in words_of(done)


# ---- points --------------------------------------------------------------------------------------------------------


def test_a_view_is_answered_point_by_point_where_its_writer_marks_points(made, view):
    first, second, _third = marked(made, view, 1, 2, 3)
    reply = reply_of_b(made, view)
    name_points(reply, add=[first.public_id], drop=[], by=made.member_b)
    stated(made, view, second)

    cells = [cell(made, view, point=number) for number in (1, 2, 3)]

    assert [bool(one.tabled) for one in cells] == [True, False, False]
    assert [one.waits for one in cells] == [False, False, True]
    assert cell(made, view).is_optional


def test_points_stay_with_their_words_when_the_view_is_revised(made, view):
    marked(made, view, 2, 3)
    words = "Long before all this.\n\nThe bridge is very old.\n\nThe dam is ours."
    save_passage(view, text=text(words), version=view.caucus_version, by=made.member_a)
    view.refresh_from_db()
    table_passage(view, sha256=view.caucus_copy.sha256, by=made.co_chair_a)
    view.refresh_from_db()

    now = marked_in(view, Point.objects.of(made.document))

    assert [one.words for one in now] == ["The bridge is very old.", "The dam is ours."]


def test_a_point_whose_words_are_gone_keeps_what_answers_it(made, view):
    (point,) = marked(made, view, 2)
    reply = reply_of_b(made, view)
    name_points(reply, add=[point.public_id], drop=[], by=made.member_b)
    save_passage(view, text=text("Nothing of before."), version=view.caucus_version, by=made.member_a)
    view.refresh_from_db()
    table_passage(view, sha256=view.caucus_copy.sha256, by=made.co_chair_a)
    view.refresh_from_db()

    page = words_of(browser_of(made.member_b).get(at("coverage", document=made.document)))

    assert [one.passage for one in cell(made, view, point=1).tabled] == [reply]
    assert "The dam is ours." in page and "These words are no longer in the view." in page


def test_two_who_mark_at_once_both_keep_their_marks(made, view):
    browser, address = browser_of(made.member_a), at("mark_points", passage=view)
    lines = lines_of(view, [])
    marked(made, view, 1)

    browser.post(address, {"sha256": view.tabled.sha256, "line": [lines[1].value]})
    (first, _second) = view.points.present()
    browser.post(address, {"sha256": view.tabled.sha256, "shown": first.public_id})

    assert [point.words for point in view.points.present()] == ["The dam is ours."]


def test_points_are_marked_by_the_views_own_side_and_named_by_the_replys(made, view):
    reply = reply_of_b(made, view)

    with pytest.raises(NotAView):
        mark_points(view, drop=[], places=[], sha256=view.tabled.sha256, by=made.member_b)
    with pytest.raises(NotAView):
        name_points(reply, add=[], drop=[], by=made.member_a)


def test_naming_a_point_in_caucus_goes_into_the_caucus_record_alone(made, view):
    (point,) = marked(made, view, 1)
    reply = reply_of_b(made, view, tabled=False)

    name_points(reply, add=[point.public_id], drop=[], by=made.member_b)

    chains = set(Entry.objects.filter(kind="reply.points_named").values_list("chain__name", flat=True))
    assert chains == {made.group.caucus_chain(made.b)}
    assert [PointAnswer.objects.seen_by(side).count() for side in (made.a, made.b, None)] == [0, 1, 0]
