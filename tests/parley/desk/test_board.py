"""The board: whose turn it is in each group and since when, and nothing of any caucus."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups.actions import add_milestone, found_group, propose
from parley.desk.board import board_of
from reports.actions.agreement import SETTLE, passage_hash
from reports.actions.brackets import open_bracket
from reports.actions.comments import start_thread
from reports.actions.coverage import state_no_reply
from reports.actions.passages import drop_passage, save_passage, table_passage
from reports.actions.proposals import begin_proposal
from reports.models import Voice
from reports.text.places import Quote
from tests.factories import document_of, passage_of, text
from tests.factories.browsers import signed_in
from tests.factories.counting import statements
from tests.factories.world import CANARY_A, CANARY_B
from tests.reports.drafting.hands import settle

pytestmark = pytest.mark.django_db


def card_of(made, name="Water"):
    return next(card for card in board_of(made.programme) if card.group.name == name)


def turns(made) -> dict[str, list[str]]:
    return {str(turn.side or "facilitators"): [wait.words for wait in turn.waits] for turn in card_of(made).turns}


def page(made) -> str:
    answer = signed_in(made.facilitator).get(reverse("board", kwargs={"programme": made.programme.public_id}))
    return answer.content.decode()


def figures(made) -> tuple:
    """All that the board says of the group."""
    card = card_of(made)
    return (
        [(turn.side, turn.since, [(wait.kind, wait.count) for wait in turn.waits]) for turn in card.turns],
        [(doc.pk, doc.changed_at, doc.tabled_passages, doc.settled_passages) for doc in card.documents],
        card.open_brackets,
        card.last_change,
        card.order,
    )


def test_it_says_whose_key_and_whose_reply_is_waited_for_and_since_when(made):
    before = turns(made)
    with time_machine.travel(timezone.now() - dt.timedelta(days=12), tick=False):
        propose(SETTLE.name, made.joint.public_id, sha256=passage_hash(made.joint, {}), by=made.co_chair_a)

    card = card_of(made)

    assert before == {"Southland": ["1 view to answer"]}
    assert turns(made) == {"Southland": ["1 key to turn", "1 view to answer"]}
    assert (card.turns[0].days, card.days) == (12, 12)
    assert "for 12 days" in page(made)


def test_a_statement_that_no_reply_is_wished_ends_the_waiting(made):
    state_no_reply(made.view_a, sha256=made.view_a.tabled.sha256, by=made.co_chair_b)

    assert turns(made) == {}


def test_it_counts_open_brackets_and_whose_words_are_missing_in_them(made):
    open_bracket(passage=made.joint, quote=Quote("one river"), reason="We see two.", by=made.member_a)

    assert card_of(made).open_brackets == 1
    assert "1 bracket without its words" in turns(made)["Southland"]


def test_when_all_is_settled_every_side_is_asked_to_freeze(made):
    settle(made, made.joint)
    settle(made, made.view_a)

    assert turns(made)["Northland"] == ["1 text to freeze"]


def test_who_is_late_stands_first(made):
    add_milestone(
        group=made.other_group, title="First draft", due=timezone.localdate() - dt.timedelta(days=1),
        by=made.facilitator,
    )  # fmt: skip

    names = [card.group.name for card in board_of(made.programme)]

    assert names == ["Roads", "Water"]
    assert "1 line of the work plan is late" in page(made)


def test_nothing_of_a_caucus_stands_on_it(made):
    shown = page(made)

    assert "The shared river." not in shown
    assert CANARY_A not in shown and CANARY_B not in shown
    assert made.caucus_a.public_id not in shown


def test_what_is_written_in_a_caucus_moves_neither_turn_nor_days_nor_figures(made):
    before = figures(made)
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=False):
        reply = passage_of(
            made.section, made.member_b, "We answer.", voice=Voice.REPLY, side=made.b, answers=made.view_a
        )
        save_passage(reply, text=text("We answer better."), version=1, by=made.member_b)
        own = passage_of(made.section, made.member_a, "Ours.", voice=Voice.VIEW, side=made.a)
        drop_passage(own, by=made.member_a)
        start_thread(passage=made.joint, kind="question", source="Hm?", own_side_only=True, by=made.member_a)
        begin_proposal(passage=made.joint, text=text("Other words."), base=made.joint.tabled, side=made.a,
                       by=made.member_a)  # fmt: skip

    in_caucus = figures(made)
    reply.refresh_from_db()
    table_passage(reply, sha256=reply.caucus_copy.sha256, by=made.co_chair_b)

    assert in_caucus == before
    assert turns(made) != {"Southland": ["1 view to answer"]}


def asked(browser, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(statements(captured))


def test_the_board_asks_the_same_for_one_group_and_for_three_for_three_documents_and_for_thirty(made):
    browser = signed_in(made.facilitator)
    address = reverse("board", kwargs={"programme": made.programme.public_id})
    propose(SETTLE.name, made.joint.public_id, sha256=passage_hash(made.joint, {}), by=made.co_chair_a)
    browser.get(address)
    counts = [asked(browser, address)]
    for n in range(2):
        found_group(programme=made.programme, name=f"Group {n}", by=made.facilitator)
        add_milestone(group=made.group, title=f"Line {n}", due=dt.date(2030, 1, 1), by=made.facilitator)
    counts.append(asked(browser, address))
    for n in range(30):
        document = document_of(made.group, made.co_chair_a, f"Text {n}")
        if n % 10 == 0:
            passage_of(document.sections.first(), made.member_a, "A view.", voice=Voice.VIEW, side=made.a,
                       tabled_by=made.co_chair_a)  # fmt: skip
    counts.append(asked(browser, address))

    assert counts == [29, 29, 29]
