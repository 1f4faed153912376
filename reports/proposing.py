"""How acts on proposed words are done, recorded and told. Callers hold the locks."""

from django.utils import timezone

from groups.actions.keys import lapse_on
from parley.accounts.models import User
from parley.notifications import page_changed

from .live import branching
from .models import Document, Ending, Passage, Proposal, ProposalState, Section
from .notices import proposal_answered, words_proposed
from .other_words import facts_of, rebased, words_before_all
from .revising import recorded


def offered_on(passage: Passage) -> list[Proposal]:
    return list(Proposal.objects.offered_ones().filter(passage=passage))


def close(proposal: Proposal, state: ProposalState, *, reason: str = "", by: User) -> None:
    """The last move of a locked proposal; motions over its words lapse, and nothing waits for an answer any more.

    What its writers type just then becomes its last words, which stay theirs, and no more is typed.
    """
    branching.catch_up_if_fit(proposal)
    branching.end(proposal, Ending(state))
    proposal.move_to(state)
    proposal.closed_by, proposal.closed_at, proposal.closing_reason = by, timezone.now(), reason
    proposal.save(update_fields=["state", "closed_by", "closed_at", "closing_reason"])
    lapse_on(proposal, by=by)
    words_proposed.settle(proposal)


def answer(document: Document, proposal: Proposal, state: ProposalState, *, reason: str = "", by: User) -> None:
    """Taken or declined, before all; its writers hear of it."""
    close(proposal, state, reason=reason, by=by)
    told_to_all(document, proposal, f"proposal.{state}", by)
    proposal_answered.announce(proposal, by=by, key=str(state))


def answer_those_tabled(document: Document, passage: Passage, *, by: User) -> None:
    """Words that a side had taken into its caucus copy are taken before all where its newly tabled text says them."""
    waiting = offered_on(passage) if not passage.is_shared else []
    for proposal in waiting:
        if proposal.taken_in_caucus_id is None:
            continue
        proposal.passage = passage
        if rebased(words_before_all(proposal), passage.tabled).says_nothing_new:  # type: ignore[arg-type]  # just tabled
            answer(document, proposal, ProposalState.TAKEN, by=by)
        else:
            proposal.taken_in_caucus = None
            proposal.save(update_fields=["taken_in_caucus"])


def told_to_all(document: Document, proposal: Proposal, kind: str, by: User) -> None:
    Section.objects.filter(pk=proposal.passage.section_id).update(changed_at=timezone.now())
    recorded(document, kind, by, **facts_of(proposal, proposal.offered))
    page_changed(document.topic())
