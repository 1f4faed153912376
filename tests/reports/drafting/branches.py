"""Other words for a passage, as people propose them: through the real verbs."""

from typing import Any

from parley.accounts.models import User
from parley.programmes.models import Side
from reports.actions.proposals import begin_proposal, offer_proposal, take_proposal
from reports.models import Passage, Proposal, Revision
from reports.other_words import owners_words, rebased
from tests.factories import text

WHY = "It is clearer so."


def drafted(passage: Passage, by: User, source: str, *, side: Side | None = None) -> Proposal:
    passage.refresh_from_db()
    return begin_proposal(passage=passage, side=side, text=text(source), base=passage.tabled, by=by)


def offered(
    passage: Passage, by: User, source: str, *, side: Side | None = None, offered_by: User | None = None
) -> Proposal:
    """A person's own words, or with `side` and its key holder `offered_by` those of a side."""
    proposal = drafted(passage, by, source, side=side)
    offer_proposal(proposal, sha256=proposal.newest.sha256, reason=WHY, by=offered_by or by)
    return fresh(proposal)


def fresh(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.with_words()
        .select_related("passage__tabled", "passage__caucus_copy", "passage__side", "passage__section__document__group")
        .get(pk=proposal.pk)
    )


def sha_to_take(proposal: Proposal) -> str:
    """What the page of it shows to those who take it."""
    proposal = fresh(proposal)
    return rebased(proposal.offered, owners_words(proposal.passage)).sha256


def taken(proposal: Proposal, by: User) -> Revision:
    return take_proposal(fresh(proposal), sha256=sha_to_take(proposal), by=by)


def events(**chain: Any) -> list[str]:
    from parley.audit.models import Entry

    return list(Entry.objects.filter(**chain).order_by("pk").values_list("kind", flat=True))
