"""Other words themselves: over the words of today, and as the next state of their proposal. Callers hold the locks."""

from dataclasses import dataclass
from typing import Any

from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed

from .models import Document, Passage, Proposal, ProposalRevision, Revision
from .revising import checked_for
from .text import plain, schema
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


def words_before_all(proposal: Proposal) -> ProposalRevision:
    words: ProposalRevision = proposal.offered  # type: ignore[assignment]  # of offered proposals
    return words


def newest_words(proposal: Proposal) -> ProposalRevision:
    words: ProposalRevision = proposal.newest  # type: ignore[assignment]  # each has words from its first hour
    return words


def fit(passage: Passage, text: dict[str, Any], base: Revision) -> dict[str, Any]:
    """The checked text; what stands in a bracket in the words that it set out from stays as it is there."""
    return checked_for(passage.voice, text, bracketed=base.text)


def written(proposal: Proposal, text: dict[str, Any], base: Revision, by: User) -> ProposalRevision:
    """The proposal's next immutable state; the caller has checked the words."""
    proposal.newest = ProposalRevision.objects.create(
        proposal=proposal,
        base=base,
        text=text,
        sha256=schema.digest(text),
        plain=plain.text_of(text),
        made_by=by,
    )
    proposal.version += 1
    proposal.save(update_fields=["newest", "version"])
    return proposal.newest


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
