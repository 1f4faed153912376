"""Other words for a passage: drafted in private, offered to all, taken as one change, declined, withdrawn."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from groups.actions import end_membership, propose, turn_key, withdraw_motion
from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.audit.models import Entry
from parley.notifications.models import Notice
from reports.actions.agreement import withdraw_agreement
from reports.actions.amending import AMEND, amendment_hash
from reports.actions.passages import (
    EditConflict,
    NotYourVoice,
    PassageIsGone,
    PassageIsSettled,
    save_passage,
    table_passage,
)
from reports.actions.proposals import (
    NothingProposed,
    ProposalIsClosed,
    WordsOverlap,
    begin_proposal,
    decline_proposal,
    offer_proposal,
    save_proposal,
    take_proposal,
    withdraw_proposal,
)
from reports.locks import NotDrafted
from reports.models import Document, DocumentState, Passage, PassageState, Proposal, ProposalRevision, ProposalState
from reports.models.documents import ForbiddenMove
from reports.models.proposals import PROPOSAL_MOVES
from tests.factories import text

from .branches import drafted, fresh, offered, sha_to_take, taken
from .hands import settle

pytestmark = pytest.mark.django_db
RIVER = "Both sides drink from one river."
ORLA = "Both sides drink from the Orla."


def seen_by(made, role) -> list[Proposal]:
    return list(Proposal.objects.visible_to(made.people[role]))


def told(made, kind) -> set[str]:
    by_key = {person.pk: role for role, person in made.people.items()}
    return {by_key[n.reader_id] for n in Notice.objects.filter(kind=f"reports.{kind}")}


EVERYBODY = ("co_chair_a", "deputy_a", "member_a", "co_chair_b", "member_b", "member_c", "facilitator")


# ---- who sees what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*EVERYBODY, "observer", "ex_member_a", "outsider", "other_group_member", "installer"])
def test_a_sides_draft_is_seen_by_its_members_alone(made, role):
    proposal = drafted(made.joint, made.member_a, ORLA, side=made.a)

    assert seen_by(made, role) == ([proposal] if role in ("co_chair_a", "deputy_a", "member_a") else [])


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_persons_own_draft_is_seen_by_nobody_else(made, role):
    proposal = drafted(made.joint, made.member_a, ORLA)

    assert seen_by(made, role) == ([proposal] if role == "member_a" else [])


@pytest.mark.parametrize("role", [*EVERYBODY, "observer", "ex_member_a", "outsider", "other_group_member", "installer"])
def test_what_is_offered_is_seen_by_all_who_read_the_passage(made, role):
    proposal = offered(made.joint, made.member_a, ORLA, side=made.a, offered_by=made.co_chair_a)

    assert seen_by(made, role) == ([proposal] if role in EVERYBODY else [])


def test_who_leaves_the_group_loses_sight_of_their_own_draft(made):
    drafted(made.joint, made.member_a, ORLA)

    end_membership(made.membership("member_a"), by=made.co_chair_a)

    assert seen_by(made, "member_a") == []


def test_a_draft_moves_nothing_that_others_read(made):
    def seen():
        made.section.refresh_from_db()
        made.document.refresh_from_db()
        made.joint.refresh_from_db()
        entries = Entry.objects.filter(chain__name=made.group.chain).count()
        return made.section.changed_at, made.document.changed_at, made.joint.changed_at, entries, Notice.objects.count()

    before = seen()
    proposal = drafted(made.joint, made.member_a, ORLA, side=made.a)
    save_proposal(proposal, text=text("Both drink."), base=made.joint.tabled, version=1, by=made.co_chair_a)
    own = drafted(made.joint, made.member_a, ORLA)
    withdraw_proposal(own, by=made.member_a)

    assert seen() == before
    caucus = Entry.objects.filter(chain__name=made.group.caucus_chain(made.a), kind__startswith="proposal")
    private = Entry.objects.filter(chain__name=made.group.private_chain(made.member_a))
    assert [entry.kind for entry in caucus.order_by("seq")] == ["proposal.begun", "proposal.written"]
    assert [entry.kind for entry in private.order_by("seq")] == ["proposal.begun", "proposal.withdrawn"]


# ---- writing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["observer", "outsider", "ex_member_a", "installer", "other_group_member"])
def test_who_does_not_read_the_text_proposes_nothing(made, role):
    with pytest.raises(NotYourVoice):
        drafted(made.joint, made.people[role], ORLA)


def test_nobody_writes_for_another_side(made):
    with pytest.raises(NotYourVoice):
        drafted(made.joint, made.member_a, ORLA, side=made.b)
    with pytest.raises(NotYourVoice):
        drafted(made.joint, made.facilitator, ORLA, side=made.a)


def test_a_facilitator_proposes_as_a_person(made):
    """A pen gives words, never a key."""
    proposal = offered(made.joint, made.facilitator, ORLA)

    with pytest.raises(NotYourVoice):
        take_proposal(proposal, sha256=sha_to_take(proposal), by=made.facilitator)
    with pytest.raises(NotAKeyHolder):
        decline_proposal(proposal, reason="No.", by=made.facilitator)


def test_the_words_that_stand_already_are_no_proposal(made):
    with pytest.raises(NothingProposed):
        drafted(made.joint, made.member_a, RIVER)


def test_a_second_writer_is_told_what_the_first_one_saved(made):
    proposal = drafted(made.joint, made.member_a, ORLA, side=made.a)
    save_proposal(proposal, text=text("First."), base=made.joint.tabled, version=1, by=made.member_a)

    with pytest.raises(EditConflict) as conflict:
        save_proposal(proposal, text=text("Second."), base=made.joint.tabled, version=1, by=made.co_chair_a)

    assert (conflict.value.theirs.plain, conflict.value.version) == ("First.", 2)


def test_other_members_of_the_side_write_a_sides_draft_and_nobody_anothers_own(made):
    ours = drafted(made.joint, made.member_a, ORLA, side=made.a)
    mine = drafted(made.joint, made.member_a, ORLA)

    save_proposal(ours, text=text("Ours."), base=made.joint.tabled, version=1, by=made.deputy_a)

    for person, proposal in ((made.member_b, ours), (made.co_chair_a, mine), (made.facilitator, mine)):
        with pytest.raises(NotYourVoice):
            save_proposal(proposal, text=text("Theirs."), base=made.joint.tabled, version=1, by=person)


# ---- offering -----------------------------------------------------------------------------------------------------


def test_a_sides_words_are_offered_by_its_key_holder(made):
    proposal = drafted(made.joint, made.member_a, ORLA, side=made.a)

    with pytest.raises(NotAKeyHolder):
        offer_proposal(proposal, sha256=proposal.newest.sha256, reason="Why.", by=made.member_a)
    with pytest.raises(NotYourVoice):
        offer_proposal(proposal, sha256=proposal.newest.sha256, reason="Why.", by=made.co_chair_b)
    offer_proposal(proposal, sha256=proposal.newest.sha256, reason="Why.", by=made.deputy_a)

    assert fresh(proposal).offered.plain == ORLA


def test_words_that_changed_since_they_were_read_are_not_offered(made):
    proposal = drafted(made.joint, made.member_a, ORLA)
    read = proposal.newest.sha256
    save_proposal(proposal, text=text("Newer."), base=made.joint.tabled, version=1, by=made.member_a)

    with pytest.raises(TextHasChanged):
        offer_proposal(proposal, sha256=read, reason="Why.", by=made.member_a)


def test_those_whose_voice_it_is_are_told_and_those_who_proposed_it_are_not(made):
    offered(made.joint, made.member_b, ORLA, side=made.b, offered_by=made.co_chair_b)

    assert told(made, "words_proposed") == {"co_chair_a"}


def test_of_a_view_its_own_side_is_told(made):
    offered(made.view_a, made.member_b, "The river rises with you.")

    assert told(made, "words_proposed") == {"co_chair_a", "deputy_a", "member_a"}


def test_a_newer_draft_of_an_offer_is_its_writers_until_it_is_offered(made):
    proposal = offered(made.joint, made.member_a, ORLA, side=made.a, offered_by=made.co_chair_a)

    save_proposal(proposal, text=text("Both drink."), base=made.joint.tabled, version=1, by=made.member_a)
    before = fresh(proposal).offered.plain
    newest = fresh(proposal).newest
    offer_proposal(proposal, sha256=newest.sha256, reason="Shorter.", by=made.co_chair_a)

    assert (before, fresh(proposal).offered.plain) == (ORLA, "Both drink.")
    assert [words.reason for words in proposal.revisions.offered_ones()] == ["Shorter.", "It is clearer so."]


# ---- over the words of today --------------------------------------------------------------------------------------


def test_taken_it_is_one_new_revision_that_keeps_what_was_written_meanwhile(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    save_passage(made.joint, text=text(RIVER.replace("drink", "live")), version=1, by=made.member_a)

    revision = taken(proposal, made.member_a)

    made.joint.refresh_from_db()
    assert made.joint.tabled == revision
    assert (revision.plain, revision.number) == ("Both sides live from the Orla.", 3)
    assert (fresh(proposal).state, fresh(proposal).closed_by) == (ProposalState.TAKEN, made.member_a)
    assert told(made, "proposal_answered") == {"member_b"}


def test_what_changed_since_it_was_read_is_not_taken(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    read = sha_to_take(proposal)
    save_passage(made.joint, text=text(RIVER.replace("drink", "live")), version=1, by=made.member_a)

    with pytest.raises(TextHasChanged):
        take_proposal(proposal, sha256=read, by=made.member_a)

    assert fresh(proposal).is_offered


def test_where_both_changed_the_same_words_nothing_is_taken_until_it_is_revised(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    save_passage(made.joint, text=text("Both sides drink from one lake."), version=1, by=made.member_a)

    with pytest.raises(WordsOverlap) as refusal:
        take_proposal(proposal, sha256="", by=made.member_a)
    made.joint.refresh_from_db()
    save_proposal(
        proposal, text=text("Both sides drink from a lake."), base=made.joint.tabled, version=1, by=made.member_b
    )
    offer_proposal(proposal, sha256=fresh(proposal).newest.sha256, reason="Over the new words.", by=made.member_b)

    assert [(place.one, place.other) for place in refusal.value.overlaps] == [("one lake", "the Orla")]
    assert taken(proposal, made.member_a).plain == "Both sides drink from a lake."


def test_words_that_must_be_revised_first_are_not_offered(made):
    proposal = drafted(made.joint, made.member_b, ORLA)
    save_passage(made.joint, text=text("Both sides drink from one lake."), version=1, by=made.member_a)

    with pytest.raises(WordsOverlap):
        offer_proposal(proposal, sha256=proposal.newest.sha256, reason="Why.", by=made.member_b)


def test_a_taken_proposal_leaves_the_others_standing_over_the_new_words(made):
    first = offered(made.joint, made.member_b, ORLA)
    second = offered(made.joint, made.member_c, RIVER.replace("Both", "All"))

    taken(first, made.member_a)
    revision = taken(second, made.member_a)

    assert revision.plain == "All sides drink from the Orla."


def test_a_passage_dropped_or_in_caucus_takes_no_other_words(made):
    with pytest.raises(PassageIsGone):
        begin_proposal(passage=made.caucus_b, side=None, text=text("X."), base=made.joint.tabled, by=made.member_b)


# ---- a view: its own side decides, in its caucus ------------------------------------------------------------------


VIEW = "The river rises with us."
BETTER = "The river rises with you."


def test_a_view_is_changed_in_its_caucus_copy_and_the_others_learn_of_it_when_that_is_tabled(made):
    proposal = offered(made.view_a, made.member_b, "The Orla rises with us.")
    entries = Entry.objects.filter(chain__name=made.group.chain).count()
    made.section.refresh_from_db()
    changed = made.section.changed_at

    revision = taken(proposal, made.member_a)

    made.section.refresh_from_db()
    assert revision.caucus == made.a
    assert revision.plain.startswith("The Orla rises with us. canary")
    assert fresh(proposal).is_offered
    assert told(made, "proposal_answered") == set()
    assert (Entry.objects.filter(chain__name=made.group.chain).count(), made.section.changed_at) == (entries, changed)

    made.view_a.refresh_from_db()
    table_passage(made.view_a, sha256=made.view_a.caucus_copy.sha256, by=made.co_chair_a)

    assert fresh(proposal).state == ProposalState.TAKEN
    assert told(made, "proposal_answered") == {"member_b"}


def test_words_that_left_the_caucus_copy_again_are_not_called_taken(made):
    proposal = offered(made.view_a, made.member_b, "The Orla rises with us.")
    taken(proposal, made.member_a)
    made.view_a.refresh_from_db()
    save_passage(made.view_a, text=text(VIEW + " So."), version=made.view_a.caucus_version, by=made.member_a)
    made.view_a.refresh_from_db()

    table_passage(made.view_a, sha256=made.view_a.caucus_copy.sha256, by=made.co_chair_a)

    assert (fresh(proposal).state, fresh(proposal).taken_in_caucus) == (ProposalState.OFFERED, None)


def test_nobody_takes_words_into_another_sides_view_or_declines_them_there(made):
    proposal = offered(made.view_a, made.member_b, BETTER)

    with pytest.raises(NotYourVoice):
        take_proposal(proposal, sha256=sha_to_take(proposal), by=made.co_chair_b)
    with pytest.raises(NotAKeyHolder):
        decline_proposal(proposal, reason="No.", by=made.co_chair_b)
    with pytest.raises(NotAKeyHolder):
        decline_proposal(proposal, reason="No.", by=made.member_a)
    decline_proposal(proposal, reason="We see it otherwise.", by=made.co_chair_a)

    assert fresh(proposal).closing_reason == "We see it otherwise."


# ---- declined, withdrawn, frozen -----------------------------------------------------------------------------------


def test_joint_words_are_declined_by_any_sides_key_holder_and_their_writers_hear_why(made):
    proposal = offered(made.joint, made.member_a, ORLA, side=made.a, offered_by=made.co_chair_a)

    with pytest.raises(NotAKeyHolder):
        decline_proposal(proposal, reason="No.", by=made.member_b)
    decline_proposal(proposal, reason="The treaty says river.", by=made.co_chair_b)

    assert fresh(proposal).state == ProposalState.DECLINED
    assert told(made, "proposal_answered") == {"co_chair_a", "deputy_a", "member_a"}
    with pytest.raises(ProposalIsClosed):
        take_proposal(proposal, sha256=sha_to_take(proposal), by=made.member_a)
    with pytest.raises(ProposalIsClosed):
        save_proposal(proposal, text=text("X."), base=made.joint.tabled, version=1, by=made.member_a)


def test_an_offer_is_withdrawn_by_who_speaks_in_it_and_stays_readable(made):
    proposal = offered(made.joint, made.member_a, ORLA, side=made.a, offered_by=made.co_chair_a)

    with pytest.raises(NotAKeyHolder):
        withdraw_proposal(proposal, by=made.member_a)
    with pytest.raises(NotYourVoice):
        withdraw_proposal(proposal, by=made.co_chair_b)
    withdraw_proposal(proposal, reason="We think again.", by=made.co_chair_a)

    assert fresh(proposal).state == ProposalState.WITHDRAWN
    assert seen_by(made, "member_b") == [proposal]


def test_while_the_document_is_frozen_nothing_is_offered_taken_or_written_and_drafts_stay_readable(made):
    proposal, draft = offered(made.joint, made.member_b, ORLA), drafted(made.joint, made.member_b, "Newer.")
    sha256 = sha_to_take(proposal)
    Document.objects.filter(pk=made.document.pk).update(state=DocumentState.FROZEN)

    for act in (
        lambda: take_proposal(proposal, sha256=sha256, by=made.member_a),
        lambda: offer_proposal(draft, sha256=draft.newest.sha256, reason="Why.", by=made.member_b),
        lambda: save_proposal(draft, text=text("X."), base=made.joint.tabled, version=1, by=made.member_b),
        lambda: decline_proposal(proposal, reason="No.", by=made.co_chair_a),
        lambda: drafted(made.joint, made.member_a, "Y."),
    ):
        with pytest.raises(NotDrafted):
            act()

    assert seen_by(made, "member_b") == [proposal, draft]


# ---- agreed words ---------------------------------------------------------------------------------------------------


def amendment(proposal) -> dict[str, str]:
    return {"sha256": amendment_hash(fresh(proposal), {})}


def test_agreed_joint_words_change_with_the_last_key_and_are_agreed_at_once(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    settle(made, made.joint)

    motion = propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.co_chair_b)
    made.joint.refresh_from_db()
    between = (made.joint.state, made.joint.tabled.plain)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_a)

    made.joint.refresh_from_db()
    assert between == (PassageState.AGREED, RIVER)
    assert (made.joint.state, made.joint.tabled.plain, made.joint.tabled.number) == (PassageState.AGREED, ORLA, 2)
    assert fresh(proposal).state == ProposalState.TAKEN
    assert told(made, "proposal_answered") == {"member_b"}


def test_agreed_words_are_not_changed_without_keys(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    settle(made, made.joint)

    with pytest.raises(PassageIsSettled):
        take_proposal(proposal, sha256=sha_to_take(proposal), by=made.member_a)
    with pytest.raises(NotAKeyHolder):
        propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.member_a)
    with pytest.raises(NotAKeyHolder):
        propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.facilitator)


def test_a_settled_view_takes_its_own_sides_key_alone(made):
    proposal = offered(made.view_a, made.member_b, BETTER)
    settle(made, made.view_a)

    with pytest.raises(NotAKeyHolder):
        propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.co_chair_b)
    motion = propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.co_chair_a)

    made.view_a.refresh_from_db()
    assert motion.state == Motion.State.CARRIED
    assert (made.view_a.state, made.view_a.tabled.plain) == (PassageState.AGREED, BETTER)
    assert made.view_a.caucus_copy is not None


def test_a_change_of_agreed_words_lapses_when_another_is_carried_first(made):
    first, second = offered(made.joint, made.member_b, ORLA), offered(made.joint, made.member_c, "All drink.")
    settle(made, made.joint)
    waiting = propose(AMEND.name, second.public_id, **amendment(second), by=made.co_chair_b)

    motion = propose(AMEND.name, first.public_id, **amendment(first), by=made.co_chair_b)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_a)

    waiting.refresh_from_db()
    assert (waiting.state, fresh(second).state) == (Motion.State.LAPSED, ProposalState.OFFERED)


@pytest.mark.parametrize("act", ["withdrawn agreement", "withdrawn proposal", "declined", "offered anew"])
def test_a_change_of_agreed_words_lapses_when_what_it_is_about_changes(made, act):
    proposal = offered(made.joint, made.member_b, ORLA)
    settle(made, made.joint)
    made.joint.refresh_from_db()
    motion = propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.co_chair_b)

    if act == "withdrawn agreement":
        withdraw_agreement(made.joint, reason="New facts.", by=made.co_chair_a)
    elif act == "withdrawn proposal":
        withdraw_proposal(proposal, by=made.member_b)
    elif act == "declined":
        decline_proposal(proposal, reason="No.", by=made.co_chair_a)
    else:
        save_proposal(proposal, text=text("All."), base=made.joint.tabled, version=1, by=made.member_b)
        offer_proposal(proposal, sha256=fresh(proposal).newest.sha256, reason="Why.", by=made.member_b)

    motion.refresh_from_db()
    assert motion.state == Motion.State.LAPSED


def test_an_open_passage_is_not_amended(made):
    proposal = offered(made.joint, made.member_b, ORLA)

    with pytest.raises(MayNotBeMoved):
        propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.co_chair_a)


def test_a_withdrawn_motion_leaves_the_agreed_words_and_the_proposal(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    settle(made, made.joint)
    motion = propose(AMEND.name, proposal.public_id, **amendment(proposal), by=made.co_chair_b)

    withdraw_motion(motion, by=made.co_chair_b)

    assert fresh(proposal).is_offered
    assert Passage.objects.get(pk=made.joint.pk).tabled.plain == RIVER


# ---- what the database refuses ---------------------------------------------------------------------------------------


def test_no_move_leads_out_of_an_answer(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    withdraw_proposal(proposal, by=made.member_b)

    with pytest.raises(ForbiddenMove):
        fresh(proposal).move_to(ProposalState.TAKEN)
    assert set(PROPOSAL_MOVES) == set(ProposalState)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "taken"}, "nothing_is_answered_before_it_was_offered"),
        ({"state": "declined", "closing_reason": "No."}, "nothing_is_answered_before_it_was_offered"),
        ({"offered_at": "2030-01-01T00:00:00Z"}, "an_offer_has_its_hour"),
    ],
)
def test_the_database_refuses_an_answer_to_what_was_not_offered(made, change, constraint):
    proposal = drafted(made.joint, made.member_b, ORLA)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**change)


def test_the_database_refuses_to_decline_without_a_reason(made):
    proposal = offered(made.joint, made.member_b, ORLA)

    with pytest.raises(IntegrityError, match="declined_words_say_why"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state="declined")


def test_the_database_refuses_an_offer_without_a_reason(made):
    proposal = drafted(made.joint, made.member_b, ORLA)
    words = ProposalRevision.objects.filter(pk=proposal.newest_id)

    with pytest.raises(IntegrityError, match="whoever_offers_words_says_why"), transaction.atomic():
        words.update(offered_at="2030-01-01T00:00:00Z", offered_by=made.member_b)


@pytest.mark.parametrize("change", [{"sha256": "0"}, {"plain": "x"}, {"reason": "Another."}])
def test_the_database_keeps_what_was_offered_as_it_was(made, change):
    proposal = offered(made.joint, made.member_b, ORLA)

    with pytest.raises(DatabaseError), transaction.atomic():
        ProposalRevision.objects.filter(pk=proposal.offered_id).update(**change)
