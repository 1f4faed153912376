"""Findings are kept with the state of the text they were found in, and hold nothing of a caucus."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.actions.brackets import open_bracket
from reports.actions.comments import dispose_of_thread, start_thread
from reports.actions.passages import save_passage
from reports.anchoring import Wording
from reports.checks import keeping, running
from reports.checks.findings import report_for_side, report_of
from reports.models import CheckedText, Document, Voice
from reports.text.places import Quote
from tests.factories import passage_of, text
from tests.factories.counting import statements
from tests.factories.world import CANARY_A

pytestmark = pytest.mark.django_db


def document_of(made) -> Document:
    return Document.objects.select_related("group__programme").get(pk=made.document.pk)


def told(report) -> list[tuple[str, str]]:
    return [(one.finding.rule, one.finding.case) for one in report.found]


@pytest.fixture
def runs(monkeypatch):
    """How often the rules ran."""
    ran = []
    monkeypatch.setattr(keeping, "check", lambda *given: ran.append(given) or running.check(*given))
    return ran


def test_the_rules_run_once_for_a_state_of_the_text(made, runs):
    first = report_of(document_of(made))
    again = report_of(document_of(made))
    save_passage(made.joint, text=text("Both sides drink from three rivers"), version=1, by=made.member_a)
    after = report_of(document_of(made))

    assert len(runs) == 2
    assert told(first) == told(again) == [("unanswered", "no-reply")]
    assert told(after) == [("broken", "ends"), ("unanswered", "no-reply")]


def test_what_a_side_keeps_to_itself_is_in_nothing_that_is_kept_and_moves_no_key(made):
    before = report_of(document_of(made))
    key = CheckedText.objects.get().key
    passage_of(made.section, made.member_a, f"and {CANARY_A} torn", voice=Voice.VIEW, side=made.a)

    own = report_for_side(document_of(made), made.a)
    after = report_of(document_of(made))

    held = CheckedText.objects.get()
    assert told(before) == told(after)
    assert held.key == key and CANARY_A not in f"{held.findings}{held.kept}"
    assert ("broken", "begins") in told(own)
    assert ("broken", "begins") not in told(report_for_side(document_of(made), made.b))


def test_a_comment_before_all_sides_stands_open_until_it_is_said_what_became_of_it(made):
    for own in (True, False):
        thread = start_thread(passage=made.joint, kind="fact", source="Which?", own_side_only=own, by=made.member_a)
    before = told(report_of(document_of(made)))
    dispose_of_thread(thread, disposition="taken", note="", by=made.co_chair_a)

    assert before.count(("open", "comment")) == 1
    assert ("open", "comment") not in told(report_of(document_of(made)))


def test_a_bracket_is_told_and_never_waived(made):
    open_bracket(passage=made.joint, quote=Quote("one river"), reason="We see two.", by=made.member_a)

    found = {one.finding.case: one.may_be_waived for one in report_of(document_of(made)).found}

    assert found == {"bracket": False, "no-reply": True}


@pytest.mark.parametrize("count", [1, 3])
def test_the_report_takes_the_same_queries_for_any_number_of_findings(made, count):
    for number in range(count):
        passage_of(made.section, made.member_a, f"and torn, number {number}")
    document = document_of(made)
    report_of(document)

    with CaptureQueriesContext(connection) as captured:
        report_of(document)

    assert len(statements(captured)) == 14


def test_a_comment_whose_words_have_gone_says_so(made):
    about = Wording(Quote("one river"), None)
    start_thread(passage=made.joint, kind="fact", source="Which?", own_side_only=False, wording=about, by=made.member_a)
    save_passage(made.joint, text=text("Both sides drink."), version=1, by=made.member_a)

    assert ("open", "unplaced") in told(report_of(document_of(made)))
