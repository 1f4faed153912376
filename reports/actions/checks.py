"""Waiving findings of the checks: under the key of every side, with a reason, for exactly their words."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups.actions.keys import propose
from groups.models import Motion
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register, resting_on
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit.canonical import sha256
from parley.notifications import page_changed
from reports import links
from reports.checks.findings import WAIVING, Found, passages_of, report_of
from reports.explained import explain_waiving, waiving_preview
from reports.locks import locked, locked_draft
from reports.models import Document, WaivedFinding, Waiving
from reports.revising import recorded


class NothingToWaive(Exception):
    """None of them was found, or all are waived or proposed already."""


@once(Waiving)
@transaction.atomic
def propose_waiving(
    document: Document, *, fingerprints: Collection[str], reason: str, submission: str | None = None, by: User
) -> Motion:
    """Propose that these findings stand as they are; the proposer's key turns with it.

    Raises NothingToWaive, NotAKeyHolder, NotDrafted.
    """
    document = locked_draft(document)
    chosen = [one for one in report_of(document).found if one.fingerprint in fingerprints and one.may_be_waived]
    if not chosen:
        raise NothingToWaive
    waiving = Waiving.objects.create(document=document, reason=reason, submission=submission, proposed_by=by)
    _hold(waiving, chosen)
    return propose(WAIVING, waiving.public_id, sha256=waiving_hash(waiving, {}), by=by)


def _hold(waiving: Waiving, chosen: Sequence[Found]) -> None:
    rows = WaivedFinding.objects.bulk_create(
        WaivedFinding(
            waiving=waiving,
            fingerprint=one.fingerprint,
            rule=one.finding.rule,
            case=one.finding.case,
            places=[[place.passage, place.words] for place in one.finding.places],
            values=one.finding.values,
        )
        for one in chosen
    )
    passages = {passage.public_id: passage.pk for passage in passages_of(chosen)}
    through = WaivedFinding.passages.through
    through.objects.bulk_create(
        through(waivedfinding_id=row.pk, passage_id=passages[passage])
        for row in rows
        for passage in dict.fromkeys(passage for passage, _words in row.places)
        if passage in passages
    )


# ---- the motion -----------------------------------------------------------------------------------------------------


def lock_waiving(public_id: str) -> Waiving:
    waiving = Waiving.objects.select_related("document").get(public_id=public_id)
    waiving.document = locked(waiving.document)
    return waiving


def find_waiving(public_id: str) -> Waiving | None:
    return Waiving.objects.select_related("document__group__programme").filter(public_id=public_id).first()


def waiving_hash(waiving: Waiving, facts: dict[str, Any]) -> str:
    """Of the reason and of each finding in exactly its words."""
    found = sorted(waiving.findings.values_list("fingerprint", flat=True))
    return sha256({"document": waiving.document.public_id, "reason": waiving.reason, "findings": found})


def may_be_waived(waiving: Waiving, facts: dict[str, Any]) -> None:
    """All of them still stand in the text, word for word."""
    if not waiving.document.is_drafted:
        raise MayNotBeMoved(_("The document is frozen: its text does not change any more."))
    standing = {one.fingerprint for one in report_of(waiving.document).open}
    if not standing.issuperset(waiving.findings.values_list("fingerprint", flat=True)):
        raise MayNotBeMoved(
            _("Some of these findings are mended by now, or their words have changed. Withdraw this, and propose anew.")
        )


def waive(waiving: Waiving, *, motion: Motion, by: User) -> None:
    waiving.carried_at = timezone.now()
    waiving.save(update_fields=["carried_at"])
    found = list(waiving.findings.values_list("fingerprint", flat=True))
    recorded(waiving.document, "document.findings_waived", by, waiving=waiving.public_id, findings=found)
    page_changed(waiving.document.topic())


def waiving_title(waiving: Waiving) -> str:
    """ "Report on water · 3 findings"."""
    count = waiving.findings.count()
    words = ngettext("%(count)d finding", "%(count)d findings", count) % {"count": count}
    return f"{waiving.document.title} · {words}"


WAIVE = register(
    MotionKind(
        name=WAIVING,
        words=gettext_lazy("Let findings of the checks stand"),
        lock=lock_waiving,
        find=find_waiving,
        group=lambda waiving: waiving.document.group,
        sha256=waiving_hash,
        sides=lambda waiving: all_sides(waiving.document.group),
        carry=waive,
        check=may_be_waived,
        may_propose=lambda standing, waiving: standing.holds_key,
        url=lambda waiving: links.checks(waiving.document),
        title=waiving_title,
        explain=explain_waiving,
        preview=waiving_preview,
    )
)


def waivings_on(changed: Sequence[str]) -> QuerySet[Waiving, Any]:
    """Those about words of passages that changed: their open motions lapse."""
    return Waiving.objects.filter(carried_at=None, findings__passages__public_id__in=changed).values("public_id")


resting_on.append(waivings_on)


# ---- the freeze -----------------------------------------------------------------------------------------------------


def refuse_findings(document: Document) -> None:
    """A freeze takes every finding mended or waived; figures never hold it."""
    count = len(report_of(document).holding)
    if count:
        words = ngettext(
            "%(count)d finding of the checks is neither mended nor waived. Look at it under “Checks”.",
            "%(count)d findings of the checks are neither mended nor waived. Look at them under “Checks”.",
            count,
        )
        raise MayNotBeMoved(words % {"count": count})
