"""Proposed words in agreed text: under the keys that agreed on it, which settle the new words at once."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.actions.keys import lapse_on
from groups.models import Motion
from groups.motions import MayNotBeMoved, MotionKind, register
from parley.accounts.models import User
from parley.programmes.models import Side
from reports import links
from reports.locks import locked_proposal
from reports.models import Proposal, ProposalState
from reports.models.proposals import AMENDING
from reports.other_words import Rebased, rebased, words_before_all
from reports.previews import amendment_preview
from reports.proposing import answer, offered_on
from reports.revising import put_before_all, told

from .agreement import (
    facts_digest,
    holds_one_of,
    lock_passage,
    must_fit,
    passage_title,
    settling_sides,
    take_in_passage,
)
from .referrals import hold


def lock_proposal(public_id: str) -> Proposal:
    """With its passage under its own lock first."""
    proposal = Proposal.objects.select_related("passage").get(public_id=public_id)
    passage = lock_passage(proposal.passage.public_id)
    proposal = locked_proposal(proposal)
    proposal.passage = passage
    return proposal


def find_proposal(public_id: str) -> Proposal | None:
    """Only what lies before all sides: a draft is nobody's to move."""
    return (
        Proposal.objects.filter(public_id=public_id, offered__isnull=False)
        .with_words()
        .select_related("passage__side", "passage__tabled", "passage__section__document__group__programme")
        .first()
    )


def over_today(proposal: Proposal) -> Rebased:
    return rebased(words_before_all(proposal), proposal.passage.tabled)  # type: ignore[arg-type]  # on tabled passages


def amendment_hash(proposal: Proposal, facts: dict[str, Any]) -> str:
    """Over the new words and those that they replace."""
    if proposal.offered is None:
        return ""
    found = over_today(proposal)
    return facts_digest(found.sha256, {"replaces": found.over.sha256, "proposal": proposal.public_id})


def may_amend(proposal: Proposal, facts: dict[str, Any]) -> None:
    passage = proposal.passage
    if not passage.document.is_drafted:
        raise MayNotBeMoved(_("The document is frozen: its text does not change any more."))
    if not proposal.is_offered:
        raise MayNotBeMoved(_("These words were taken, declined or withdrawn meanwhile, or the passage was dropped."))
    if passage.dropped_at or not passage.is_held:
        raise MayNotBeMoved(_("The passage is open again: these words can be taken into it without a key."))
    found = over_today(proposal)
    if found.text is None:
        raise MayNotBeMoved(_("The passage and the proposal changed the same words: it must be revised first."))
    if found.says_nothing_new:
        raise MayNotBeMoved(_("The passage says these words already."))
    must_fit(passage)


def amend(proposal: Proposal, *, motion: Motion, by: User) -> None:
    """The new words are agreed with the last key: the passage is open at no moment in between."""
    passage, document = proposal.passage, proposal.passage.document
    text = over_today(proposal).text
    if text is None:
        raise MayNotBeMoved(_("The passage and the proposal changed the same words: it must be revised first."))
    put_before_all(passage, text, by=by)
    hold(passage, motion, by=by)
    passage.proposed_for_side = False
    passage.save()
    answer(document, proposal, ProposalState.TAKEN, by=by)
    lapse_on(passage, document, *offered_on(passage), by=by)
    told(document, passage, "passage.amended", by, in_caucus=False)


def amending_sides(proposal: Proposal) -> list[Side]:
    return settling_sides(proposal.passage)


AMEND = register(
    MotionKind(
        name=AMENDING,
        words=gettext_lazy("Change agreed words"),
        lock=lock_proposal,
        prepare=lambda public_id: take_in_passage(Proposal.objects.get(public_id=public_id).passage.public_id),
        find=find_proposal,
        group=lambda proposal: proposal.group,
        sha256=amendment_hash,
        sides=amending_sides,
        carry=amend,
        check=may_amend,
        may_propose=lambda standing, proposal: holds_one_of(standing, amending_sides(proposal)),
        takes_ad_referendum=True,
        url=links.proposal,
        title=lambda proposal: passage_title(proposal.passage),
        preview=amendment_preview,
    )
)
