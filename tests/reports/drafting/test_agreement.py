"""Agreement by passage: exactly these words, one key for each, withdrawn with a reason, all in the ledger."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.actions import propose, turn_key
from groups.models import Key, Motion
from groups.motions import kind_of
from reports.actions.agreement import DROP, ORDER_SECTIONS, SETTLE, facts_digest, withdraw_agreement
from reports.actions.passages import save_passage
from reports.models import PassageState, Withdrawal
from tests.factories import passage_of, text
from tests.factories.world import CANARY_A

from .conftest import browser_of
from .hands import at, settle, words_of

pytestmark = pytest.mark.django_db


def turn(browser, document, *passages, **hashes):
    shas = {f"sha-{p.public_id}": hashes.get(p.public_id, p.tabled.sha256) for p in passages}
    return browser.post(at("settle", document=document), {"p": [p.public_id for p in passages], **shas})


def test_the_check_page_shows_exactly_the_words_and_the_hash_of_each(made):
    page = browser_of(made.co_chair_a).get(
        at("settle", document=made.document), {"p": [made.joint.public_id, made.view_a.public_id]}
    )

    shown = words_of(page)
    assert [entry.passage for entry in page.context["entries"]] == [made.joint, made.view_a]
    assert made.joint.tabled.sha256 in shown
    assert made.view_a.tabled.sha256 in shown
    assert CANARY_A not in shown


def test_joint_words_are_settled_with_the_key_of_every_side_and_a_view_with_its_own(made):
    turn(browser_of(made.co_chair_a), made.document, made.joint, made.view_a)
    made.joint.refresh_from_db()
    made.view_a.refresh_from_db()
    half = (made.joint.state, made.view_a.state)

    turn(browser_of(made.co_chair_b), made.document, made.joint)

    made.joint.refresh_from_db()
    assert half == (PassageState.OPEN, PassageState.AGREED)
    assert made.joint.state == PassageState.AGREED
    assert Motion.objects.filter(state=Motion.State.CARRIED).count() == 2


def test_no_key_is_turned_on_words_that_one_did_not_read(made):
    seen = made.joint.tabled.sha256
    save_passage(made.joint, text=text("Other words."), version=1, by=made.member_b)

    answer = turn(browser_of(made.co_chair_a), made.document, made.joint, made.view_a, **{made.joint.public_id: seen})

    made.view_a.refresh_from_db()
    assert answer.status_code == 409
    assert [entry.passage for entry in answer.context["entries"]] == [made.joint]
    assert made.view_a.state == PassageState.AGREED
    assert Key.objects.filter(motion__target_id=made.joint.public_id).count() == 0


def test_pressing_twice_turns_one_key(made):
    browser = browser_of(made.co_chair_a)

    answers = [turn(browser, made.document, made.joint).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert Key.objects.count() == 1


@pytest.mark.parametrize("chosen", [["nothing"], ["x" * 500], []])
def test_passages_that_are_not_there_are_said_to_be_missed(made, chosen):
    answer = browser_of(made.co_chair_a).post(at("settle", document=made.document), {"p": chosen})

    assert answer.status_code == (409 if chosen else 302)
    assert not Motion.objects.exists()


def test_another_sides_view_is_not_ones_own_to_settle(made):
    answer = turn(browser_of(made.co_chair_b), made.document, made.view_a)

    assert answer.status_code == 409
    assert not Motion.objects.exists()


def test_a_mailed_code_alone_turns_no_key(made):
    answer = turn(browser_of(made.deputy_a, proved=False), made.document, made.joint)

    assert answer.status_code == 302
    assert not Motion.objects.exists()


def test_one_key_withdraws_with_a_reason(made):
    settle(made, made.joint)
    browser = browser_of(made.co_chair_b)

    refused = browser.post(at("withdraw_agreement", passage=made.joint), {"reason": "\u200b"})
    browser.post(at("withdraw_agreement", passage=made.joint), {"reason": "Our ministry reads it otherwise."})

    made.joint.refresh_from_db()
    assert list(refused.context["form"].errors) == ["reason"]
    assert made.joint.state == PassageState.OPEN
    assert Withdrawal.objects.get().reason == "Our ministry reads it otherwise."


def test_the_ledger_says_who_turned_which_key_and_what_undid_it(made):
    settle(made, made.joint)
    withdraw_agreement(made.joint, reason="Not yet.", by=made.co_chair_b)
    made.joint.refresh_from_db()
    propose(SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_a)

    page = browser_of(made.member_b).get(at("ledger", document=made.document))

    joint, view = page.context["lines"]
    assert [(t.side, t.key is not None) for t in joint.keys] == [(made.a, True), (made.b, False)]
    assert [(t.side, t.key is not None) for t in view.keys] == [(made.a, False)]
    assert joint.reopened.withdrawal.reason == "Not yet."
    assert [event.motion.state if event.motion else "withdrawn" for event in joint.history] == [
        "open",
        "withdrawn",
        "carried",
    ]
    assert "Co Chair B" in words_of(page)


@pytest.mark.parametrize(
    ("role", "waiting", "count"),
    [
        ("co_chair_b", "us", 1),
        ("co_chair_a", "us", 0),
        ("co_chair_a", "them", 1),
        ("facilitator", "open", 2),
        ("member_a", "agreed", 0),
    ],
)
def test_the_ledger_shows_what_waits_for_whom(made, role, waiting, count):
    propose(SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_a)

    page = browser_of(made.people[role]).get(at("ledger", document=made.document), {"waiting": waiting})

    assert len(page.context["lines"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_the_ledger_needs_the_same_queries_for_every_number_of_passages(made, count):
    for n in range(count):
        passage = passage_of(made.section, made.member_a, f"Number {n}.")
        motion = propose(SETTLE.name, passage.public_id, sha256=passage.tabled.sha256, by=made.co_chair_a)
        turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)
    browser = browser_of(made.member_b)

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(at("ledger", document=made.document))

    assert len(page.context["lines"]) == 2 + count
    assert len(queries) == 22


def test_a_motions_page_previews_the_proposed_words_and_never_a_caucus_copy(made):
    proposed = propose(SETTLE.name, made.view_a.public_id, sha256=made.view_a.tabled.sha256, by=made.co_chair_a)
    made.view_a.refresh_from_db()

    template, context = kind_of(SETTLE.name).preview(made.view_a, proposed, made.a)

    assert template == "reports/parts/proposed.html"
    assert context["words"] == "<p>The river rises with us.</p>\n"


def test_a_motion_to_drop_previews_the_words_that_would_go(made):
    sha256 = DROP.sha256(made.joint, {})
    motion = propose(DROP.name, made.joint.public_id, sha256=sha256, by=made.co_chair_a)

    _template, context = kind_of(DROP.name).preview(made.joint, motion, None)

    assert context["revision"] == made.joint.tabled


def test_a_motion_on_the_order_previews_the_order(made):
    facts = {"order": [s.public_id for s in made.document.sections.all()][::-1]}
    sha256 = facts_digest(made.document.public_id, facts)
    motion = propose(ORDER_SECTIONS.name, made.document.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)

    _template, context = kind_of(ORDER_SECTIONS.name).preview(made.document, motion, None)

    assert context["order"][0] == "Recommendations"
