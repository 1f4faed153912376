"""A branch written against what ends it, on PostgreSQL: nothing after the commit, and an offer holds all before it."""

from typing import Any

import pytest
from django.db import transaction

from groups.actions.keys import TextHasChanged
from reports.actions.proposals import offer_proposal
from reports.live import branching, store
from reports.live.conversion import to_json
from reports.live.opening import open_text as open_passage
from reports.live.store import Write
from reports.locks import locked, locked_passage, locked_proposal
from reports.models import Ending, LiveText, LiveUpdate, Proposal
from reports.text import plain, schema
from tests.factories import World
from tests.reports.drafting import branches
from tests.reports.drafting.test_races import at_once

from .test_races import Hand, let_in, meanwhile

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ORLA = "Both sides drink from the Orla."


def opened(made: World) -> tuple[Proposal, LiveText]:
    proposal = branches.fresh(branches.drafted(made.joint, made.member_a, ORLA, side=made.a))
    text = branching.open_text(proposal, by=made.member_a)
    assert text is not None
    return proposal, text


def test_a_write_waits_for_the_end_of_its_branch_and_is_not_taken(made: World) -> None:
    proposal, text = opened(made)
    hand = Hand(text, let_in(made.member_a))

    with transaction.atomic():
        locked(made.document)
        locked_passage(made.joint)
        branching.end(locked_proposal(proposal), Ending.OFFERED)
        writing = meanwhile(lambda: hand.types("late"))
        assert not writing.done()

    assert writing.result(10) is False
    assert LiveUpdate.objects.filter(text=text).count() == 1


@pytest.mark.parametrize("words", [20, pytest.param(300, marks=pytest.mark.deep)])
def test_offering_in_mid_word_offers_exactly_what_was_stored(made: World, words: int) -> None:
    """Every word that was stored is in the offer, none that was refused."""
    proposal, text = opened(made)
    hands = [Hand(text, let_in(person)) for person in (made.member_a, made.co_chair_a)]

    def type_on(hand: Hand, name: str) -> list[str]:
        return [word for word in (f"{name}{n}" for n in range(words)) if hand.types(word)]

    def offered() -> bool:
        branching.take_in(now := branches.fresh(proposal))
        try:
            offer_proposal(now, sha256=now.newest.sha256, reason=branches.WHY, by=made.co_chair_a)
        except TextHasChanged:
            return False
        return True

    first, second, done = at_once(
        lambda: type_on(hands[0], "a"), lambda: type_on(hands[1], "b"), lambda: any(offered() for _ in range(500))
    )

    assert done
    said = branches.fresh(proposal).offered
    live = schema.check(to_json(store.load(text.pk).update))
    assert schema.digest(live) == said.sha256
    assert {word for word in plain.words_of(live) if word[0] in "ab" and word[1:].isdigit()} == {*first, *second}


def test_batches_for_a_passage_and_its_branch_never_wait_for_a_verb_that_waits_for_them(made: World) -> None:
    """Taking locks both texts in the order in which a batch of writes does: else each may hold what the other needs."""
    offers = [branches.offered(made.joint, made.member_b, f"Both sides drink from {n} rivers.") for n in range(3)]
    person = let_in(made.member_a)
    drafts = [branching.open_text(branches.fresh(offer), by=made.member_b) for offer in offers]
    assert all(drafts)
    passage = open_passage(made.joint, by=made.member_a)
    assert passage is not None
    payload = store.load(passage.pk).update

    def write_on() -> list[Any]:
        texts = [passage.pk, *(draft.pk for draft in drafts if draft)]
        return [store.append([Write(text, payload, person) for text in texts]).sequences for _ in range(60)]

    def take_and_decline() -> bool:
        for offer in offers[1:]:
            branching.take_in(branches.fresh(offer))
        branches.taken(offers[0], made.member_a)
        return True

    written, also_written, taken = at_once(write_on, write_on, take_and_decline)

    assert taken
    assert len(written) == len(also_written) == 60
    assert branches.fresh(offers[0]).state == "taken"
