"""The register of recommendations: what is entered at publication, and follow-up entries over time."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.actions.keys import AlreadyProposed, lapse_on, propose
from groups.models import Motion
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register
from groups.standing import standing_now
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.audit.canonical import sha256
from parley.notifications import page_changed
from reports import links
from reports.models import FollowUp, Label, Publication, Recommendation
from reports.notices_register import follow_up_added, follow_up_confirmed
from reports.register import explain_follow_up, recommendations_of

MOST_LABELS = 8


class NotAFacilitator(Exception):
    """Entries are written by facilitators of the programme."""


class AlreadyCorrected(Exception):
    """Another correction stands in the place of the entry, or waits for the sides' keys."""


class NotWaiting(Exception):
    """The entry is confirmed, corrected or speaks for no side."""


def enter(publication: Publication) -> None:
    """What it recommends, as it was signed; in the transaction of the publication."""
    Recommendation.objects.bulk_create(recommendations_of(publication))


@once(FollowUp)
@transaction.atomic
def add_follow_up(
    recommendation: Recommendation,
    *,
    on: dt.date,
    status: str,
    words: str,
    for_sides: bool,
    submission: str | None = None,
    by: User,
) -> FollowUp:
    """The facilitators' own word is shown at once; one that speaks for the sides is put to their keys.

    Raises NotAFacilitator, AlreadySubmitted.
    """
    recommendation = _locked(recommendation, by)
    entry = FollowUp.objects.create(
        recommendation=recommendation,
        on=on,
        status=status,
        words=words,
        for_sides=for_sides,
        written_by=by,
        submission=submission,
    )
    _entered(entry, by)
    return entry


@once(FollowUp)
@transaction.atomic
def correct_follow_up(
    entry: FollowUp, *, on: dt.date, status: str, words: str, submission: str | None = None, by: User
) -> FollowUp:
    """It takes the place of the entry; of the sides' words, when every side's key has confirmed it.

    Raises NotAFacilitator, AlreadyCorrected, AlreadySubmitted.
    """
    recommendation = _locked(entry.recommendation, by)
    entry = FollowUp.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.replaced_at is not None or entry.corrections.filter(replaced_at=None).exists():
        raise AlreadyCorrected
    correction = FollowUp.objects.create(
        recommendation=recommendation,
        corrects=entry,
        on=on,
        status=status,
        words=words,
        for_sides=entry.for_sides,
        written_by=by,
        submission=submission,
    )
    if not entry.is_confirmed:
        _replace(entry)
        lapse_on(entry, by=by)
    _entered(correction, by)
    return correction


def _entered(entry: FollowUp, by: User) -> None:
    _record("recommendation.followed_up", entry, by)
    if entry.for_sides:
        propose(CONFIRM.name, entry.public_id, sha256=entry_hash(entry, {}), by=by)
    else:
        follow_up_added.announce(entry, by=by)
    page_changed(entry.group.topic())


@transaction.atomic
def ask_for_keys(entry: FollowUp, *, by: User) -> None:
    """Put it to the sides' keys again, when its proposal lapsed or was withdrawn.

    Raises NotAFacilitator, NotWaiting, AlreadyProposed.
    """
    _locked(entry.recommendation, by)
    entry = FollowUp.objects.with_origin().get(pk=entry.pk)
    if not entry.waits:
        raise NotWaiting
    if Motion.objects.open().on(entry.public_id).exists():
        raise AlreadyProposed
    propose(CONFIRM.name, entry.public_id, sha256=entry_hash(entry, {}), by=by)


@transaction.atomic
def give_labels(recommendation: Recommendation, *, labels: Sequence[str], by: User) -> None:
    """Themes beside that of the group: all of them anew. Raises NotAFacilitator."""
    recommendation = _locked(recommendation, by)
    wanted = list(dict.fromkeys(labels))[:MOST_LABELS]
    recommendation.labels.exclude(words__in=wanted).delete()
    held = set(recommendation.labels.values_list("words", flat=True))
    Label.objects.bulk_create(
        Label(recommendation=recommendation, words=words) for words in wanted if words not in held
    )
    facts = {"recommendation": recommendation.public_id, "labels": wanted}
    record("recommendation.labelled", chain=recommendation.group.chain, by=by, facts=facts)


def _locked(recommendation: Recommendation, by: User) -> Recommendation:
    found = Recommendation.objects.select_for_update(of=("self",)).with_origin().get(pk=recommendation.pk)
    if not standing_now(by, found.group).facilitates:
        raise NotAFacilitator
    return found


def _replace(entry: FollowUp) -> None:
    entry.replaced_at = timezone.now()
    entry.save(update_fields=["replaced_at"])


def _record(kind: str, entry: FollowUp, by: User) -> None:
    facts = {
        "recommendation": entry.recommendation.public_id,
        "entry": entry.public_id,
        "sha256": entry_hash(entry, {}),
    }
    record(kind, chain=entry.group.chain, by=by, facts=facts)


# ---- the sides' confirmation --------------------------------------------------------------------------------------


def lock_entry(public_id: str) -> FollowUp:
    entry = FollowUp.objects.with_origin().get(public_id=public_id)
    Recommendation.objects.select_for_update(of=("self",)).get(pk=entry.recommendation_id)
    fresh = FollowUp.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    fresh.recommendation, fresh.corrects = entry.recommendation, entry.corrects
    return fresh


def find_entry(public_id: str) -> FollowUp | None:
    return FollowUp.objects.with_origin().filter(public_id=public_id).first()


def entry_hash(entry: FollowUp, facts: dict[str, Any]) -> str:
    return sha256(entry.record)


def must_wait(entry: FollowUp, facts: dict[str, Any]) -> None:
    if not entry.waits:
        raise MayNotBeMoved(_("This entry was confirmed or corrected meanwhile."))


def confirm(entry: FollowUp, *, motion: Motion, by: User) -> None:
    """Shown as the sides' own from now on, in the place of what it corrects."""
    entry.confirmed_at = timezone.now()
    entry.save(update_fields=["confirmed_at"])
    corrected = entry.corrects
    while corrected is not None:
        if corrected.replaced_at is None:
            _replace(corrected)
        corrected = corrected.corrects
    _record("recommendation.follow_up_confirmed", entry, by)
    follow_up_confirmed.announce(entry, by=by)


CONFIRM = register(
    MotionKind(
        name="follow_up.confirm",
        words=gettext_lazy("Confirm what became of a recommendation"),
        lock=lock_entry,
        find=find_entry,
        group=lambda entry: entry.group,
        sha256=entry_hash,
        sides=lambda entry: all_sides(entry.group),
        carry=confirm,
        check=must_wait,
        may_propose=lambda standing, entry: standing.facilitates or standing.holds_key,
        url=lambda entry: links.recommendation(entry.recommendation),
        title=lambda entry: f"{entry.document.title} · {entry.recommendation}",
        explain=explain_follow_up,
    )
)
