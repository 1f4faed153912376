"""Proposals as pages show them: beside the words of today, what they change there, and what one may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Value, When
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from rules.permissions import has_perm

from groups.standing import Standing
from parley.accounts.models import User

from .models import Document, Proposal, ProposalRevision
from .models.proposals import PENDING, ProposalQuerySet
from .other_words import Rebased, owners_words, rebased, words_before_all
from .reading import Entry
from .text import difference
from .text.html import render
from .text.merging import Merged

# What a reader may do with a proposal, by the rule that says so.
ACTS = {
    "write": "reports.write_proposal",
    "offer": "reports.offer_proposal",
    "take": "reports.take_proposal",
    "amend": "reports.amend",
    "decline": "reports.decline_proposal",
    "withdraw": "reports.withdraw_proposal",
}
TONES = {"drafted": "plain", "offered": "todo", "taken": "done", "declined": "closed", "withdrawn": "closed"}


@dataclass(frozen=True)
class Branch:
    """One state of a proposal over certain words; where both changed the same ones, over those it set out from."""

    words: ProposalRevision
    found: Rebased
    prefix: str

    @cached_property
    def difference(self) -> SafeString:
        return difference.html(*self._texts)

    @property
    def original(self) -> SafeString:
        return render(self._texts[0], footnotes=f"{self.prefix}-now")

    @property
    def proposed(self) -> SafeString:
        return render(self._texts[1], footnotes=f"{self.prefix}-new")

    @property
    def needs_revision(self) -> bool:
        return self.found.text is None

    @property
    def has_moved(self) -> bool:
        """Whether the passage says something else than when this was written."""
        return self.words.base_id != self.found.over.pk

    @property
    def _texts(self) -> tuple[dict, dict]:
        if self.found.text is None:
            return self.words.base.text, self.words.text
        return self.found.over.text, self.found.text


@dataclass(frozen=True)
class Shown:
    """A proposal as one person sees it."""

    proposal: Proposal
    here: Standing
    reader: User

    @cached_property
    def may(self) -> frozenset[str]:
        return frozenset(act for act, rule in ACTS.items() if has_perm(rule, self.reader, self.proposal))

    @property
    def status(self) -> tuple[str, str]:
        state = self.proposal.state
        return TONES[state], str(self.proposal.get_state_display()).capitalize()

    @property
    def is_writer(self) -> bool:
        return has_perm("reports.have_words_of_proposal", self.reader, self.proposal)

    @cached_property
    def offered(self) -> Branch | None:
        """What all read; once it is answered, over the words that it was written on."""
        if self.proposal.offered is None:
            return None
        return self._branch(words_before_all(self.proposal), "offer")

    @cached_property
    def draft(self) -> Branch | None:
        """What its writers have not offered yet; nobody else gets it."""
        if not self.is_writer or self.proposal.newest is None or not self.has_draft:
            return None
        return self._branch(self.proposal.newest, "draft")

    @property
    def has_draft(self) -> bool:
        return self.proposal.has_newer_draft or not self.proposal.was_offered

    @cached_property
    def in_own_copy(self) -> Branch | None:
        """What it changes in the newer words of the reader's own side, where the passage speaks for that side."""
        passage = self.proposal.passage
        copy = owners_words(passage)
        if not self.proposal.is_offered or copy.caucus_id is None or not self.here.is_of(passage.side):
            return None
        words = words_before_all(self.proposal)
        return Branch(words, rebased(words, copy), "own")

    @property
    def taking(self) -> Branch | None:
        """Exactly what this reader's side would take."""
        return self.in_own_copy or self.offered

    @property
    def is_taken_in_own_copy(self) -> bool:
        return self.proposal.taken_in_caucus_id is not None and self.here.is_of(self.proposal.passage.side)

    def _branch(self, words: ProposalRevision, prefix: str) -> Branch:
        if not self.proposal.is_pending:
            return Branch(words, Rebased(words.base, Merged(words.text)), prefix)
        return Branch(words, rebased(words, self.proposal.passage.tabled), prefix)  # type: ignore[arg-type]


def put_proposals(entries: Sequence[Entry], *, reader: User) -> None:
    """Give each entry the pending proposals that the reader sees: one query, none where there are none."""
    by_passage = {entry.passage.pk: entry for entry in entries if entry.passage.proposals_seen}  # type: ignore[attr-defined]
    if not by_passage:
        return
    seen = Proposal.objects.filter(passage__in=by_passage).seen_in_text_by(reader)
    for proposal in seen.select_related("side", "begun_by").in_order():
        by_passage[proposal.passage_id].proposals.append(proposal)


def listed(document: Document, *, reader: User) -> ProposalQuerySet:
    """Of a document, what the reader sees: what waits for an answer first, the newest answers after it."""
    open_first = Case(When(state__in=PENDING, then=Value(0)), default=Value(1))
    found = Proposal.objects.visible_to(reader).filter(passage__section__document=document)
    return (
        found.with_words()
        .select_related("passage__section", "passage__side", "closed_by")
        .order_by(open_first, "-closed_at", "offered_at", "pk")
    )


def shown_each(proposals: Iterable[Proposal], *, reader: User, here: Standing) -> list[Shown]:
    return [Shown(proposal, here, reader) for proposal in proposals]
