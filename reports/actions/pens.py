"""The pen: given and taken by the key of every side; what its holder drafts is released to all at one instant.

Its holder writes proposals of their own, which nobody else sees, and releases them together. So nobody holds two kinds
of draft, and what is not released when the pen ends stays theirs, to be offered like any other words.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.actions.keys import NotAKeyHolder, TextHasChanged, propose
from groups.models import Motion
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register
from groups.standing import read_standings, standing_now
from parley.accounts.models import User
from reports import links
from reports.explained import explain_pen
from reports.live import branching, cutting, store
from reports.locks import locked_draft, locked_passage, locked_proposal
from reports.models import Document, Ending, LiveText, Passage, Pen, Proposal, ProposalState
from reports.models.passages import SHARED_VOICES
from reports.notices_pens import pen_draft_released, pen_given
from reports.other_words import newest_words, rebased
from reports.penning import drafts_under
from reports.proposing import close, told_to_all
from reports.revising import revise

from .agreement import facts_digest
from .pens_ending import PenIsBack, end_pen, lock_pen, told_of_pen
from .proposals import WordsOverlap

GIVING, TAKING = "pen.give", "pen.take"


class NothingToRelease(Exception):
    """No draft was chosen, or none says anything new."""


# ---- given and taken by all keys ------------------------------------------------------------------------------------


@transaction.atomic
def propose_pen(*, document: Document, passage: Passage | None, holder: User, by: User) -> Motion:
    """Propose that this person drafts the passage or, without one, all joint passages of the document.

    Raises NotAKeyHolder, MayNotBeMoved.
    """
    if not standing_now(by, document.group).holds_key:
        raise NotAKeyHolder
    pen = Pen.objects.create(document=document, passage=passage, holder=holder, proposed_by=by)
    return propose(GIVE.name, pen.public_id, sha256=pen_hash(pen, {"pen": "given"}), facts={"pen": "given"}, by=by)


def find_pen(public_id: str) -> Pen | None:
    return Pen.objects.with_place().filter(public_id=public_id).first()


def pen_hash(pen: Pen, facts: dict[str, Any]) -> str:
    """Over who holds it and over what: words that are typed meanwhile change nothing about that."""
    over = pen.passage.public_id if pen.passage else pen.document.public_id
    return facts_digest(pen.public_id, {"holder": pen.holder.public_id, "over": over, **facts})


def may_give(pen: Pen, facts: dict[str, Any]) -> None:
    document, passage = pen.document, pen.passage
    if not document.is_drafted:
        raise MayNotBeMoved(_("The document is frozen: its text does not change any more."))
    if pen.given_at is not None:
        raise MayNotBeMoved(_("This pen was given already."))
    if passage is not None and (passage.dropped_at or not passage.is_shared or not passage.is_tabled):
        raise MayNotBeMoved(_("A pen is given over joint passages only, and this one left the text."))
    if passage is not None and passage.is_held:
        raise MayNotBeMoved(_("These words are agreed: withdraw the agreement first."))
    others = document.pens.out().exclude(pk=pen.pk)
    beside = others.filter(Q(passage=None) | Q(passage=passage)) if passage else others
    if other := beside.select_related("holder").first():
        words = _("%(name)s holds a pen there already. It is given back or taken back first.")
        raise MayNotBeMoved(words % {"name": other.holder})
    if not read_standings(pen.holder).within(document.group).sees_texts:
        raise MayNotBeMoved(_("%(name)s has no part in this group any more.") % {"name": pen.holder})


def give(pen: Pen, *, motion: Motion, by: User) -> None:
    """From now on nobody writes in these passages; what is typed live ends as a revision, for all to read."""
    pen.given_at = timezone.now()
    pen.save(update_fields=["given_at"])
    under = _shared_of(pen)
    open_ones = LiveText.objects.open().filter(passage__in=under)
    store.hold(open_ones)
    for passage in Passage.objects.filter(pk__in=open_ones.values("passage")).order_by("pk"):
        held = locked_passage(passage)
        held.section.document = pen.document
        cutting.catch_up_if_fit(held)
        cutting.end(held, Ending.PENNED)
    under.update(pen=pen)
    if pen.passage is None:
        Document.objects.filter(pk=pen.document.pk).update(pen=pen)
    told_of_pen(pen, "pen.given", by)
    pen_given.announce(pen, by=by, key=pen.public_id)


def _shared_of(pen: Pen) -> Any:
    if pen.passage is not None:
        return Passage.objects.filter(pk=pen.passage.pk)
    return Passage.objects.filter(section__document=pen.document, voice__in=SHARED_VOICES)


def may_take(pen: Pen, facts: dict[str, Any]) -> None:
    if not pen.is_out:
        raise MayNotBeMoved(_("The pen is back already."))


def _pen_kind(name: str, words: Any, **parts: Any) -> MotionKind:
    common = {
        "lock": lock_pen,
        "find": find_pen,
        "group": lambda pen: pen.document.group,
        "sha256": pen_hash,
        "sides": lambda pen: all_sides(pen.document.group),
        "may_propose": lambda standing, pen: standing.holds_key,
        "url": links.pen,
        "title": lambda pen: f"{pen.document.title} · {pen.holder}",
        "explain": explain_pen,
    }
    return register(MotionKind(name=name, words=words, **{**common, **parts}))


GIVE = _pen_kind(GIVING, gettext_lazy("Give the pen"), carry=give, check=may_give)
TAKE = _pen_kind(
    TAKING,
    gettext_lazy("Take the pen back"),
    carry=lambda pen, motion, by: end_pen(pen, Pen.Because.TAKEN, by=by),
    check=may_take,
)


# ---- released to all at one instant ---------------------------------------------------------------------------------


@transaction.atomic
def release_drafts(pen: Pen, *, hashes: Mapping[str, str], reason: str, by: User) -> int:
    """The drafts with these public ids become the words of their passages, all in this transaction; how many.

    `hashes`: of each, that of its words over those of today. No key is turned with it. Raises PenIsBack,
    NothingToRelease, WordsOverlap, TextHasChanged, TextRefused.
    """
    document = locked_draft(pen.document)
    chosen = [draft for draft in drafts_under(pen) if draft.public_id in hashes]
    for key in sorted({draft.passage_id for draft in chosen}):
        locked_passage(Passage(pk=key))
    pen = lock_pen(pen.public_id)
    if not pen.is_out or pen.holder_id != by.pk or not standing_now(by, document.group).sees_texts:
        raise PenIsBack
    if not chosen:
        raise NothingToRelease
    store.hold(LiveText.objects.open().filter(proposal__in=chosen))
    for draft in chosen:
        _release(document, draft, hashes[draft.public_id], reason, by)
    pen.released_at = timezone.now()
    pen.save(update_fields=["released_at"])
    told_of_pen(pen, "pen.released", by)
    pen_draft_released.announce(pen, by=by, key=pen.released_at.isoformat())
    return len(chosen)


def _release(document: Document, draft: Proposal, sha256: str, reason: str, by: User) -> None:
    """Offered and taken at one stroke: its trail is that of any words that came into the text."""
    passage = locked_passage(draft.passage)
    passage.section.document = document
    proposal = locked_proposal(draft)
    proposal.passage = passage
    branching.catch_up(proposal)
    words = newest_words(proposal)
    found = rebased(words, passage.tabled)  # type: ignore[arg-type]  # a pen is over tabled passages
    if found.text is None:
        raise WordsOverlap(found.overlaps)
    if passage.is_held or proposal.state != ProposalState.DRAFTED or found.sha256 != sha256:
        raise TextHasChanged
    now = timezone.now()
    words.offered_at, words.offered_by, words.reason = now, by, reason
    words.save(update_fields=["offered_at", "offered_by", "reason"])
    proposal.offered, proposal.offered_at = words, now
    proposal.move_to(ProposalState.OFFERED)
    proposal.save(update_fields=["state", "offered", "offered_at"])
    revise(document, passage, found.text, by=by)
    close(proposal, ProposalState.TAKEN, by=by)
    told_to_all(document, proposal, "proposal.taken", by)
