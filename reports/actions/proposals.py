"""Other words for a passage: drafted by a side or a person, offered to all, taken, declined or withdrawn."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from groups.actions.keys import NotAKeyHolder, TextHasChanged, lapse_on
from groups.standing import standing_now
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports.live import branching, cutting
from reports.locks import locked, locked_draft, locked_passage, locked_proposal
from reports.models import Document, Ending, Passage, Proposal, ProposalRevision, ProposalState, Revision
from reports.notices import words_proposed
from reports.other_words import (
    facts_of,
    fit,
    newest_words,
    owners_words,
    rebased,
    told_to_writers,
    words_before_all,
    written,
)
from reports.proposing import answer, close, told_to_all
from reports.revising import revise
from reports.rules import is_writer
from reports.text import schema
from reports.text.merging import Overlap

from .passages import EditConflict, NotYourVoice, PassageIsGone, PassageIsSettled, PenIsGiven


class NothingProposed(Exception):
    """The passage says these words already, or they are offered already."""


class ProposalIsClosed(Exception):
    """It was taken, declined or withdrawn meanwhile, or its passage was dropped."""


class WordsOverlap(Exception):
    """The passage and the proposal changed the same words since they parted: its writers revise it first."""

    def __init__(self, overlaps: tuple[Overlap, ...] = ()) -> None:
        super().__init__(len(overlaps))
        self.overlaps = overlaps


@once(Proposal)
@transaction.atomic
def begin_proposal(
    *,
    passage: Passage,
    side: Side | None,
    text: dict[str, Any],
    base: Revision,
    submission: str | None = None,
    by: User,
) -> Proposal:
    """A draft that sets out from the tabled revision `base`: the side's (its members write it), or `by`'s own."""
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    here = standing_now(by, document.group)
    if not here.sees_texts or (side is not None and not here.is_of(side)):
        raise NotYourVoice
    if passage.dropped_at or not passage.is_tabled:
        raise PassageIsGone
    proposal = Proposal.objects.create(passage=passage, side=side, begun_by=by, submission=submission)
    written(proposal, _changed(passage, text, base), base, by)
    told_to_writers(document, proposal, "proposal.begun", by)
    return proposal


def _changed(passage: Passage, text: dict[str, Any], base: Revision) -> dict[str, Any]:
    checked = fit(passage, text, base)
    if checked == base.text:
        raise NothingProposed
    return checked


@branching.with_live_words
@transaction.atomic
def save_proposal(
    proposal: Proposal, *, text: dict[str, Any], base: Revision, version: int, by: User
) -> ProposalRevision:
    """Store an edit that began from `version`, of a draft or as the newer draft of an offer.

    `base` is the tabled revision that its writer had before them. What was typed live counts as saved. Raises
    EditConflict, NothingProposed, ProposalIsClosed, NotYourVoice, TextRefused.
    """
    document, _passage, proposal = _locked(proposal)
    _may_write(proposal, document, by)
    live = branching.catch_up(proposal)
    newest = newest_words(proposal)
    if proposal.version != version:
        raise EditConflict(newest, proposal.version)
    checked = _changed(proposal.passage, text, base)
    if (newest.sha256, newest.base_id) == (schema.digest(checked), base.pk):
        return newest
    words = written(proposal, checked, base, by)
    told_to_writers(document, proposal, "proposal.written", by)
    branching.follow(live, proposal, by=by)
    return words


def _locked(proposal: Proposal) -> tuple[Document, Passage, Proposal]:
    """All three under their locks, of a document that is drafted."""
    document = locked_draft(proposal.passage.section.document)
    passage = locked_passage(proposal.passage)
    proposal = locked_proposal(proposal)
    proposal.passage = passage
    if passage.dropped_at:
        raise ProposalIsClosed
    return document, passage, proposal


def _may_write(proposal: Proposal, document: Document, by: User) -> None:
    if not is_writer(by, standing_now(by, document.group), proposal):
        raise NotYourVoice
    if not proposal.is_pending:
        raise ProposalIsClosed


def _may_speak(proposal: Proposal, document: Document, by: User) -> None:
    """What a side says to all it says by its key holder, as it tables its texts."""
    _may_write(proposal, document, by)
    if proposal.side_id is not None and not standing_now(by, document.group).holds_key:
        raise NotAKeyHolder


@branching.with_live_words
@transaction.atomic
def offer_proposal(proposal: Proposal, *, sha256: str, reason: str, by: User) -> ProposalRevision:
    """Put exactly the words with this hash before all who read the passage, with a reason.

    It can't be taken back from sight, only revised by a new offer or withdrawn. What was typed live ends with it: its
    rows are never part of the offer, and who writes on begins a newer draft. Raises TextHasChanged when its writers
    wrote on meanwhile, WordsOverlap when it must be revised first, NothingProposed when it lies before all already,
    TextRefused when the live words are no text of ours yet.
    """
    document, passage, proposal = _locked(proposal)
    _may_speak(proposal, document, by)
    branching.catch_up(proposal)
    words = newest_words(proposal)
    if words.sha256 != sha256:
        raise TextHasChanged
    _must_say_something(words, passage)
    branching.end(proposal, Ending.OFFERED)
    now = timezone.now()
    words.offered_at, words.offered_by, words.reason = now, by, reason
    words.save(update_fields=["offered_at", "offered_by", "reason"])
    if not proposal.is_offered:
        proposal.move_to(ProposalState.OFFERED)
    proposal.offered, proposal.offered_at, proposal.taken_in_caucus = words, now, None
    proposal.save(update_fields=["state", "offered", "offered_at", "taken_in_caucus"])
    lapse_on(proposal, by=by)
    told_to_all(document, proposal, "proposal.offered", by)
    words_proposed.announce(proposal, by=by, key=str(words.pk))
    return words


def _must_say_something(words: ProposalRevision, passage: Passage) -> None:
    found = rebased(words, passage.tabled)  # type: ignore[arg-type]  # proposals stand on tabled passages
    if found.text is None:
        raise WordsOverlap(found.overlaps)
    if found.says_nothing_new or words.offered_at is not None:
        raise NothingProposed


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, reason: str = "", by: User) -> None:
    """By its writers: a draft goes without a trace for others, an offer stays readable as withdrawn."""
    document = locked(proposal.passage.section.document)
    passage = locked_passage(proposal.passage)
    proposal = locked_proposal(proposal)
    proposal.passage = passage
    if proposal.was_offered:
        _may_speak(proposal, document, by)
    else:
        _may_write(proposal, document, by)
    close(proposal, ProposalState.WITHDRAWN, reason=reason, by=by)
    told = told_to_all if proposal.was_offered else told_to_writers
    told(document, proposal, "proposal.withdrawn", by)


@transaction.atomic
def decline_proposal(proposal: Proposal, *, reason: str, by: User) -> None:
    """By a key holder of the passage's own side, of shared voices by a key holder of any, with a reason for all."""
    document, passage, proposal = _locked(proposal)
    here = standing_now(by, document.group)
    if not here.holds_key or not (passage.side is None or here.is_of(passage.side)):
        raise NotAKeyHolder
    if not proposal.is_offered:
        raise ProposalIsClosed
    answer(document, proposal, ProposalState.DECLINED, reason=reason, by=by)


def take_proposal(proposal: Proposal, *, sha256: str, by: User) -> Revision:
    """The proposed words, over those of today, become the passage's next revision: exactly the text with this hash.

    An open view's own side takes them into its caucus copy: before all they are taken once that is tabled. Raises
    TextHasChanged, WordsOverlap, PassageIsSettled (then it takes the keys: amending.py), ProposalIsClosed,
    NotYourVoice, TextRefused.
    """
    return _take(proposal.passage, proposal=proposal, sha256=sha256, by=by)


@cutting.with_live_words
@transaction.atomic
def _take(passage: Passage, *, proposal: Proposal, sha256: str, by: User) -> Revision:
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    here = standing_now(by, document.group)
    if not (here.is_of(passage.side) if passage.side else here.has_a_side):
        raise NotYourVoice
    branching.hold(passage, [proposal])
    live = cutting.catch_up(passage)
    proposal = locked_proposal(proposal)
    proposal.passage = passage
    if not proposal.is_offered or passage.dropped_at:
        raise ProposalIsClosed
    if passage.is_held:
        raise PassageIsSettled
    if passage.pen_id:
        raise PenIsGiven
    found = rebased(words_before_all(proposal), owners_words(passage))
    if found.text is None:
        raise WordsOverlap(found.overlaps)
    if found.sha256 != sha256:
        raise TextHasChanged
    revision = revise(document, passage, found.text, by=by)
    cutting.follow(live, passage, by=by)
    _taken(document, passage, proposal, revision, by)
    return revision


def _taken(document: Document, passage: Passage, proposal: Proposal, revision: Revision, by: User) -> None:
    """Of a view its own side knows first; whoever proposed it hears of it with the words, when they are tabled."""
    if passage.side is None or revision.caucus_id is None:
        answer(document, proposal, ProposalState.TAKEN, by=by)
        return
    proposal.taken_in_caucus = revision
    proposal.save(update_fields=["taken_in_caucus"])
    words_proposed.settle(proposal)
    _record_in_caucus(document, passage.side, proposal, by)


def _record_in_caucus(document: Document, side: Side, proposal: Proposal, by: User) -> None:
    facts = {"document": document.public_id, **facts_of(proposal, proposal.offered)}
    record("proposal.taken_in_caucus", chain=document.group.caucus_chain(side), by=by, facts=facts)
    page_changed(document.topic(side))
