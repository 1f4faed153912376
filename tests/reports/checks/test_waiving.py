"""A finding stands as it is by the keys of all sides, with a reason, and only as long as its words do."""

import pytest

from groups.actions import propose, turn_key
from groups.actions.keys import NotAKeyHolder
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.audit.models import Entry
from reports.actions.agreement import FREEZE, may_freeze, text_hash
from reports.actions.checks import NothingToWaive, propose_waiving
from reports.actions.passages import save_passage
from reports.checks.findings import report_of
from reports.models import DocumentState, WaivedFinding
from tests.factories import passage_of, text
from tests.reports.checking import let_stand
from tests.reports.drafting.hands import settle

from .test_keeping import document_of, told

pytestmark = pytest.mark.django_db


def proposed(made, by=None, only=None) -> Motion:
    found = [one for one in report_of(document_of(made)).holding if only in (None, one.finding.rule)]
    fingerprints = {one.fingerprint for one in found}
    return propose_waiving(made.document, fingerprints=fingerprints, reason="So we mean it.", by=by or made.co_chair_a)


def states(made) -> dict[str, str]:
    found = report_of(document_of(made)).found
    return {one.finding.case: "waived" if one.waived else "proposed" if one.proposed else "open" for one in found}


@pytest.fixture
def torn(made):
    """A finding more, over joint words."""
    made.torn = passage_of(made.section, made.member_a, "and torn from the rest.")
    return made


def test_one_key_lets_nothing_stand_and_the_last_one_does(torn):
    motion = proposed(torn)
    after_one = states(torn)
    turn_key(motion, sha256=motion.sha256, by=torn.co_chair_b)

    assert after_one == {"begins": "proposed", "no-reply": "proposed"}
    assert states(torn) == {"begins": "waived", "no-reply": "waived"}
    entry = Entry.objects.get(kind="document.findings_waived")
    assert len(entry.facts["findings"]) == 2


def test_two_proposals_on_different_findings_stand_beside_each_other(torn):
    proposed(torn, only="broken")
    proposed(torn, only="unanswered", by=torn.co_chair_b)

    assert states(torn) == {"begins": "proposed", "no-reply": "proposed"}
    with pytest.raises(NothingToWaive):
        proposed(torn)


@pytest.mark.parametrize("role", ["member_a", "facilitator", "observer", "ex_member_a", "outsider"])
def test_nobody_but_a_key_holder_proposes_it(torn, role):
    with pytest.raises(NotAKeyHolder):
        proposed(torn, by=torn.people[role])

    assert not WaivedFinding.objects.exists()


def test_a_waiver_ends_with_the_words_that_it_was_about_and_others_stay(torn):
    let_stand(torn.document, torn.co_chair_a, torn.co_chair_b, reason="So we mean it.")

    save_passage(torn.torn, text=text("and torn from all the rest."), version=1, by=torn.member_a)

    report = report_of(document_of(torn))
    lapsed = {one.finding.case: one.lapsed.waiving.reason if one.lapsed else None for one in report.holding}
    assert states(torn) == {"begins": "open", "no-reply": "waived"}
    assert lapsed == {"begins": "So we mean it."}


def test_an_open_motion_lapses_with_the_words_it_is_about_and_with_no_others(torn):
    motion = proposed(torn, only="broken")
    save_passage(torn.joint, text=text("Both sides drink from it."), version=1, by=torn.member_a)
    motion.refresh_from_db()
    meanwhile = motion.state
    save_passage(torn.torn, text=text("It is whole now."), version=1, by=torn.member_a)
    motion.refresh_from_db()

    assert (meanwhile, motion.state) == (Motion.State.OPEN, Motion.State.LAPSED)


def test_the_last_key_waives_nothing_that_is_mended_by_now(torn):
    """The view gets its reply: no word of the finding has changed, and it is gone."""
    motion = proposed(torn, only="unanswered")
    passage_of(
        torn.section, torn.member_b, "We see it so.", voice="reply", side=torn.b, answers=torn.view_a,
        tabled_by=torn.co_chair_b,
    )  # fmt: skip

    with pytest.raises(MayNotBeMoved, match="mended by now"):
        turn_key(motion, sha256=motion.sha256, by=torn.co_chair_b)


def test_a_freeze_waits_for_findings_and_figures_hold_nothing(made):
    settle(made, made.joint)
    settle(made, made.view_a)
    document = document_of(made)
    with pytest.raises(MayNotBeMoved, match="1 finding of the checks is neither mended nor waived"):
        may_freeze(document, {})

    let_stand(document, made.co_chair_a, made.co_chair_b)
    motion = propose(FREEZE.name, document.public_id, sha256=text_hash(document, {}), by=made.co_chair_a)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    document.refresh_from_db()
    assert document.state == DocumentState.FROZEN
    assert told(report_of(document)) == [("unanswered", "no-reply")]
