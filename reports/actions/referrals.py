"""Agreed ad referendum: held for a side until its principals have answered, never agreed by their silence."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.actions.keys import KeyIsResting, NotAKeyHolder, TextHasChanged, lapse_on
from groups.models import Motion, ThematicGroup
from groups.motions import MayNotBeMoved
from groups.notices import holders_of
from groups.standing import standing_now
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import forget, page_changed, remind
from parley.programmes.models import Side
from reports.locks import locked, locked_passage
from reports.models import Document, Passage, PassageState, Referral
from reports.notices import (
    confirmation_due,
    confirmation_wanted,
    referral_confirmed,
    referral_passed,
    referral_prolonged,
)
from reports.proposing import offered_on
from reports.revising import count_passages

REFERRAL_ENDS, REFERRAL_ENDS_SOON = "reports.referral_ends", "reports.referral_ends_soon"
# Its key holders are reminded so long before the day.
REMINDED_BEFORE = (timedelta(days=3), timedelta(days=1))


class ReferralIsClosed(Exception):
    """It was confirmed, withdrawn or ended meanwhile."""


# ---- with the last key ----------------------------------------------------------------------------------------------


def hold(passage: Passage, motion: Motion, *, by: User) -> None:
    """Every key is turned on the words of a locked passage: agreed, or ad referendum where a key says so.

    Under the package rule it waits for the rest of the document too. The caller saves the passage and counts it.
    """
    close_referrals(passage, Referral.Outcome.REPLACED, by=by)
    referrals = [_refer(passage, key) for key in motion.keys.exclude(until=None).select_related("side")]
    waits = bool(referrals) or passage.document.package
    passage.state = PassageState.AD_REFERENDUM if waits else PassageState.AGREED
    passage.settled_at = None if waits else timezone.now()
    for referral in referrals:
        confirmation_wanted.announce(referral, by=None)


def _refer(passage, key) -> Referral:
    sha256 = passage.tabled.sha256
    referral = Referral.objects.create(passage=passage, side=key.side, key=key, sha256=sha256, until=key.until)
    _watch(referral)
    return referral


def _watch(referral: Referral) -> None:
    # In a zone of people's, three days earlier is the same hour on the clock: an hour off where that changes.
    until = referral.until.astimezone(UTC)
    remind(REFERRAL_ENDS, referral.public_id, at=until)
    for number, before in enumerate(REMINDED_BEFORE):
        key = f"{referral.public_id}:{number}"
        if until - before > timezone.now():
            remind(REFERRAL_ENDS_SOON, key, at=until - before)
        else:
            forget(REFERRAL_ENDS_SOON, key)


def close_referrals(passage: Passage, outcome: Referral.Outcome, *, by: User | None) -> None:
    """What still waits on a locked passage."""
    for referral in passage.referrals.pending():
        _close(referral, outcome, by)


def _close(referral: Referral, outcome: Referral.Outcome, by: User | None) -> None:
    referral.outcome, referral.closed_at, referral.closed_by = outcome, timezone.now(), by
    referral.save(update_fields=["outcome", "closed_at", "closed_by"])
    forget(REFERRAL_ENDS, referral.public_id)
    for number in range(len(REMINDED_BEFORE)):
        forget(REFERRAL_ENDS_SOON, f"{referral.public_id}:{number}")
    confirmation_wanted.settle(referral)


# ---- the side's answer ----------------------------------------------------------------------------------------------


@transaction.atomic
def confirm_referral(referral: Referral, *, sha256: str, by: User) -> None:
    """The principals agree: by the side's key holder, over exactly the words with this hash.

    Raises NotAKeyHolder, KeyIsResting, ReferralIsClosed, TextHasChanged.
    """
    document, passage, referral = _locked_for_its_side(referral, by)
    if passage.tabled is None or not sha256 == referral.sha256 == passage.tabled.sha256:
        raise TextHasChanged
    _close(referral, Referral.Outcome.CONFIRMED, by)
    if not document.package and not passage.referrals.pending().exists():
        passage.move_to(PassageState.AGREED)
        passage.settled_at = timezone.now()
        passage.save(update_fields=["state", "settled_at"])
    _told(document, passage, "passage.confirmed", referral, by)
    referral_confirmed.announce(referral, by=by)


@transaction.atomic
def prolong_referral(referral: Referral, *, until: datetime, by: User) -> None:
    """Another day, told to all: later than now, by the side's key holder. Raises what confirm_referral does."""
    document, passage, referral = _locked_for_its_side(referral, by)
    if until <= timezone.now():
        raise MayNotBeMoved(_("The day by which your principals answer has passed. Choose a later one."))
    referral.until = until
    referral.save(update_fields=["until"])
    _watch(referral)
    _told(document, passage, "passage.referral_prolonged", referral, by)
    referral_prolonged.announce(referral, by=by, key=until.isoformat())


def _locked_for_its_side(referral: Referral, by: User) -> tuple[Document, Passage, Referral]:
    document, passage, referral = _locked(referral)
    here = standing_now(by, document.group)
    if not (here.holds_key and here.is_of(referral.side)):
        raise NotAKeyHolder
    if here.membership is not None and here.membership.key_rests:
        raise KeyIsResting
    if not referral.is_pending or not document.is_drafted:
        raise ReferralIsClosed
    return document, passage, referral


def _locked(referral: Referral) -> tuple[Document, Passage, Referral]:
    document = locked(referral.passage.section.document)
    passage = locked_passage(referral.passage)
    passage.section.document = document
    found = Referral.objects.select_for_update(of=("self",)).select_related("side").get(pk=referral.pk)
    found.passage = passage
    return document, passage, found


def _told(document: Document, passage: Passage, kind: str, referral: Referral, by: User | None) -> None:
    count_passages(document, passage.section)
    facts = {"passage": passage.public_id, "side": referral.side.public_id, "sha256": referral.sha256}
    record(kind, chain=document.group.chain, by=by, facts=facts | {"until": referral.until.isoformat()})
    page_changed(document.topic())


# ---- when a key changes hands ---------------------------------------------------------------------------------------


@transaction.atomic
def ask_who_holds_the_key(group: ThematicGroup, side: Side) -> None:
    """What waits for this side's word waits for whoever may say it now, and for nobody else."""
    holders = holders_of(group, side)
    waiting = Referral.objects.pending().filter(side=side, passage__section__document__group=group)
    for referral in waiting.select_related("side", "passage__section__document__group"):
        asked = confirmation_wanted.asked(referral)
        for person in asked:
            if person not in holders:
                confirmation_wanted.settle(referral, reader=person)
        confirmation_wanted.announce(referral, by=None, readers=[p for p in holders if p not in asked])


# ---- when the day comes ---------------------------------------------------------------------------------------------


def remind_of_referral(public_id: str) -> None:
    referral = Referral.objects.pending().filter(public_id=public_id).first()
    if referral is not None:
        confirmation_due.announce(referral, by=None, key=timezone.localdate().isoformat())


@transaction.atomic
def end_referral(public_id: str) -> None:
    """Nobody answered: silence confirms nothing, so the passage is open again, and all are told."""
    referral = (
        Referral.objects.pending().filter(public_id=public_id).select_related("passage__section__document").first()
    )
    if referral is None:
        return
    document, passage, referral = _locked(referral)
    if not referral.is_pending or referral.until > timezone.now():
        return
    _close(referral, Referral.Outcome.PASSED, None)
    reopen(passage, Referral.Outcome.PASSED, by=None)
    _told(document, passage, "passage.referral_passed", referral, None)
    referral_passed.announce(referral, by=None)


def reopen(passage: Passage, outcome: Referral.Outcome, *, by: User | None) -> None:
    """A locked passage that was agreed, ad referendum or wholly, is open; what waited on its words ends."""
    close_referrals(passage, outcome, by=by)
    passage.move_to(PassageState.OPEN)
    passage.settled_at = None
    passage.save(update_fields=["state", "settled_at"])
    lapse_on(passage.document, *offered_on(passage), by=by)
