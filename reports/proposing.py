"""Proposed words over the words of today, and how acts on them are recorded and told. Callers hold the locks."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from groups.actions.keys import lapse_on
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed

from .models import Document, Passage, Proposal, ProposalRevision, ProposalState, Revision, Section
from .notices import proposal_answered, words_proposed
from .revising import recorded
from .text import schema
from .text.merging import Merged, Overlap, merge


@dataclass(frozen=True)
class Rebased:
    """A branch's words, with what it changed applied to the words of today (`over`).

    `text` is None where both changed the same words (`overlaps`): nothing is guessed, its writers revise it.
    """

    over: Revision
    merged: Merged

    @property
    def text(self) -> dict[str, Any] | None:
        return self.merged.text

    @property
    def overlaps(self) -> tuple[Overlap, ...]:
        return self.merged.overlaps

    @property
    def sha256(self) -> str:
        """Of exactly what would be taken; "" where nothing can be."""
        return schema.digest(self.text) if self.text else ""

    @property
    def says_nothing_new(self) -> bool:
        return self.text == self.over.text


def rebased(words: ProposalRevision, over: Revision) -> Rebased:
    if words.base_id == over.pk:
        return Rebased(over, Merged(words.text))
    return Rebased(over, merge(words.base.text, over.text, words.text))


def owners_words(passage: Passage) -> Revision:
    """What the voice's owners would change by taking: the words before all, or an open view's caucus copy."""
    tabled: Revision = passage.tabled  # type: ignore[assignment]  # proposals stand on tabled passages
    if passage.is_shared or passage.is_held:
        return tabled
    return passage.caucus_copy or tabled


def offered_on(passage: Passage) -> list[Proposal]:
    return list(Proposal.objects.offered_ones().filter(passage=passage))


def close(proposal: Proposal, state: ProposalState, *, reason: str = "", by: User) -> None:
    """The last move of a locked proposal; motions over its words lapse, and nothing waits for an answer any more."""
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
        if rebased(words_before_all(proposal), passage.tabled).says_nothing_new:  # type: ignore[arg-type]  # just tabled
            answer(document, proposal, ProposalState.TAKEN, by=by)
        else:
            proposal.taken_in_caucus = None
            proposal.save(update_fields=["taken_in_caucus"])


def words_before_all(proposal: Proposal) -> ProposalRevision:
    words: ProposalRevision = proposal.offered  # type: ignore[assignment]  # of offered proposals
    return words


def told_to_all(document: Document, proposal: Proposal, kind: str, by: User) -> None:
    Section.objects.filter(pk=proposal.passage.section_id).update(changed_at=timezone.now())
    recorded(document, kind, by, **facts_of(proposal, proposal.offered))
    page_changed(document.topic())


def told_to_writers(document: Document, proposal: Proposal, kind: str, by: User) -> None:
    """Into the record of its side's caucus or of the one person, and to no other page."""
    group = document.group
    chain = group.caucus_chain(proposal.side) if proposal.side else group.private_chain(proposal.begun_by)
    facts = facts_of(proposal, proposal.newest)
    record(kind, chain=chain, by=by, facts={"document": document.public_id, **facts})
    if proposal.side:
        page_changed(document.topic(proposal.side))


def facts_of(proposal: Proposal, words: ProposalRevision | None) -> dict[str, str]:
    return {
        "proposal": proposal.public_id,
        "passage": proposal.passage.public_id,
        "sha256": words.sha256 if words else "",
    }
