"""Keys on agreed words, edits, withdrawals and takes at once: what is agreed is what both key holders saw."""

from collections import Counter
from contextlib import suppress

import pytest

from groups.actions.keys import AlreadyProposed, MotionIsClosed, TextHasChanged, propose, turn_key
from groups.models import Key, Motion
from groups.motions import MayNotBeMoved
from reports.actions.agreement import NotSettled, withdraw_agreement
from reports.actions.amending import AMEND, amendment_hash
from reports.actions.passages import EditConflict, save_passage
from reports.actions.proposals import ProposalIsClosed, WordsOverlap, take_proposal, withdraw_proposal
from reports.models import Passage, PassageState, ProposalState
from tests.factories import passage_of, text

from .branches import fresh, offered, sha_to_take
from .hands import settle
from .test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROUNDS = pytest.mark.parametrize("rounds", [4, pytest.param(40, marks=pytest.mark.deep)])
REFUSED = (AlreadyProposed, MotionIsClosed, TextHasChanged, MayNotBeMoved, ProposalIsClosed, WordsOverlap)
OLD, NEW = "Both sides agree on this, in round {}.", "Both sides agree on that, in round {}."


def agreed_with_offer(made, n):
    passage = passage_of(made.section, made.member_a, OLD.format(n))
    proposal = offered(passage, made.member_b, NEW.format(n))
    settle(made, passage)
    return passage, fresh(proposal)


def key_on(proposal, sha256, person):
    """As the page does: propose, or turn the key on what another side has proposed at the same moment."""
    try:
        return propose(AMEND.name, proposal.public_id, sha256=sha256, by=person)
    except AlreadyProposed:
        motion = Motion.objects.open().filter(target_id=proposal.public_id).first()
        return turn_key(motion, sha256=sha256, by=person) if motion else None


def tried(act):
    """What came of it: done, or the name of the refusal."""

    def run():
        try:
            act()
        except (*REFUSED, EditConflict, NotSettled) as refusal:
            return type(refusal).__name__
        return "done"

    return run


@ROUNDS
def test_two_keys_at_once_change_agreed_words_once(made, rounds):
    for n in range(rounds):
        passage, proposal = agreed_with_offer(made, n)
        sha256 = amendment_hash(proposal, {})

        at_once(*(lambda p=p, s=sha256, one=proposal: key_on(one, s, p) for p in (made.co_chair_a, made.co_chair_b)))

        passage.refresh_from_db()
        motions = Motion.objects.filter(target_id=proposal.public_id)
        assert (passage.state, passage.tabled.plain) == (PassageState.AGREED, NEW.format(n))
        assert [(m.state, m.keys.count()) for m in motions] == [(Motion.State.CARRIED, 2)]
        assert passage.revisions.count() == 2


@ROUNDS
@pytest.mark.parametrize("meanwhile", ["the agreement", "the proposal"])
def test_of_the_last_key_and_a_withdrawal_one_comes_first_and_the_other_learns_of_it(made, rounds, meanwhile):
    for n in range(rounds):
        passage, proposal = agreed_with_offer(made, n)
        sha256 = amendment_hash(proposal, {})
        motion = propose(AMEND.name, proposal.public_id, sha256=sha256, by=made.co_chair_b)

        def withdraw(passage=passage, proposal=proposal):
            if meanwhile == "the proposal":
                withdraw_proposal(proposal, by=made.member_b)
            else:
                withdraw_agreement(passage, reason="New facts.", by=made.co_chair_a)

        keyed, withdrawn = at_once(
            tried(lambda m=motion, s=sha256: turn_key(m, sha256=s, by=made.co_chair_a)), tried(withdraw)
        )

        passage.refresh_from_db()
        motion.refresh_from_db()
        carried = motion.state == Motion.State.CARRIED
        assert (keyed == "done") is carried
        assert passage.tabled.plain == (NEW if carried else OLD).format(n)
        assert motion.state in (Motion.State.CARRIED, Motion.State.LAPSED)
        if meanwhile == "the proposal":
            assert Counter([keyed, withdrawn])["done"] == 1
            assert passage.state == PassageState.AGREED
        else:
            assert withdrawn == "done"
            assert passage.state == PassageState.OPEN


@ROUNDS
def test_no_key_changes_words_that_were_opened_and_edited_meanwhile(made, rounds):
    for n in range(rounds):
        passage, proposal = agreed_with_offer(made, n)
        sha256 = amendment_hash(proposal, {})
        motion = propose(AMEND.name, proposal.public_id, sha256=sha256, by=made.co_chair_b)

        def opened_and_edited(passage=passage):
            withdraw_agreement(passage, reason="New facts.", by=made.co_chair_a)
            held = Passage.objects.get(pk=passage.pk)
            with suppress(EditConflict):
                save_passage(held, text=text("Edited."), version=held.version, by=made.member_a)

        at_once(tried(lambda m=motion, s=sha256: turn_key(m, sha256=s, by=made.co_chair_a)), tried(opened_and_edited))

        passage.refresh_from_db()
        over = set(Key.objects.filter(motion=motion).values_list("sha256", flat=True))
        assert over == {sha256}
        assert (passage.state, passage.tabled.plain) == (PassageState.OPEN, "Edited.")
        assert fresh(proposal).state in (ProposalState.TAKEN, ProposalState.OFFERED)


@ROUNDS
def test_of_two_who_take_it_at_once_one_takes_it(made, rounds):
    for n in range(rounds):
        passage = passage_of(made.section, made.member_a, OLD.format(n))
        proposal = offered(passage, made.member_b, NEW.format(n))
        sha256 = sha_to_take(proposal)

        answers = at_once(
            *(
                tried(lambda p=p, s=sha256, one=proposal: take_proposal(one, sha256=s, by=p))
                for p in (made.member_a, made.member_b)
            )
        )

        passage.refresh_from_db()
        assert Counter(answers) == {"done": 1, "ProposalIsClosed": 1}
        assert (passage.tabled.plain, passage.revisions.count()) == (NEW.format(n), 2)


@ROUNDS
def test_of_a_take_and_an_edit_at_once_none_is_lost_without_a_word(made, rounds):
    for n in range(rounds):
        passage = passage_of(made.section, made.member_a, OLD.format(n))
        proposal = offered(passage, made.member_b, NEW.format(n))
        sha256 = sha_to_take(proposal)

        took, edited = at_once(
            tried(lambda s=sha256, one=proposal: take_proposal(one, sha256=s, by=made.member_a)),
            tried(lambda p=passage: save_passage(p, text=text("All sides."), version=p.version, by=made.member_c)),
        )

        passage.refresh_from_db()
        assert (took, edited, passage.tabled.plain) in (
            ("done", "EditConflict", NEW.format(n)),
            ("WordsOverlap", "done", "All sides."),
        )
