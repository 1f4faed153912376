"""Authorising under every side's key, publishing, hiding, withdrawing; and the files that are printed."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.models import Motion
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register
from groups.standing import standing_now
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import forget, page_changed, remind
from reports import links
from reports.explained import explain_authorising, explain_withdrawal, final_text_preview
from reports.locks import locked
from reports.models import Document, DocumentState, FinalText, Publication, Rendition
from reports.models.documents import CLOSED_STATES
from reports.notices import authorised, page_hidden, page_shown, published, withdrawn
from reports.renditions import render_input_of, request_prints

from .agreement import facts_digest
from .register import enter
from .signing import sides_without_signature

EMBARGO_OPENS = "reports.embargo_opens"


class NotAuthorised(Exception):
    """Every side's key authorises exactly this text and the earliest hour; a facilitator publishes within that."""


class AlreadyPublished(Exception):
    """The text is published."""


def lock_final_text(public_id: str) -> FinalText:
    text = FinalText.objects.select_related("document").get(public_id=public_id)
    text.document = locked(text.document)
    return text


def find_final_text(public_id: str) -> FinalText | None:
    return FinalText.objects.select_related("document__group__programme").filter(public_id=public_id).first()


def text_hash(text: FinalText, facts: dict[str, Any]) -> str:
    return facts_digest(text.sha256, facts)


def moment_of(facts: dict[str, Any], name: str) -> dt.datetime | None:
    """An instant with its zone from what a motion says beside its text; None for anything else."""
    try:
        moment = parse_datetime(str(facts.get(name) or ""))
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def may_authorise(text: FinalText, facts: dict[str, Any]) -> None:
    if text.voided_at is not None or text.document.state not in CLOSED_STATES:
        raise MayNotBeMoved(_("Publication is authorised when signing has closed or the text is adopted."))
    if moment_of(facts, "earliest") is None:
        raise MayNotBeMoved(_("Give the earliest hour of publication, with its zone."))
    missing = [] if text.document.state == DocumentState.ADOPTED else sides_without_signature(text)
    if missing:
        names = ", ".join(signatory.name for signatory in missing)
        raise MayNotBeMoved(_("Not signed by every side’s key holder: %(names)s.") % {"names": names})


def authorise(text: FinalText, *, motion: Motion, by: User) -> None:
    """The carried motion is the authorisation; the file to be published, or each side's copy, is printed now."""
    request_prints(text.document, render_input_of(text), final_text=text)
    authorised.announce(text, by=by, key=motion.public_id)
    page_changed(text.document.topic())


AUTHORISE = register(
    MotionKind(
        name="text.publish",
        words=gettext_lazy("Authorise publication"),
        lock=lock_final_text,
        find=find_final_text,
        group=lambda text: text.document.group,
        sha256=text_hash,
        sides=lambda text: all_sides(text.document.group),
        carry=authorise,
        check=may_authorise,
        may_propose=lambda standing, text: standing.holds_key,
        url=lambda text: links.publish(text.document),
        title=lambda text: text.document.title,
        explain=explain_authorising,
        preview=final_text_preview,
    )
)


def authorisation(text: FinalText) -> Motion | None:
    """The latest motion by which every side's key authorised this text."""
    motions = Motion.objects.filter(kind=AUTHORISE.name, target_id=text.public_id, state=Motion.State.CARRIED)
    return motions.order_by("-closed_at").first()


def earliest_hour(text: FinalText) -> dt.datetime | None:
    motion = authorisation(text)
    return moment_of(motion.facts, "earliest") if motion else None


@transaction.atomic
def publish(text: FinalText, *, opens_at: dt.datetime | None = None, by: User) -> Publication:
    """Open the authorised text to the world, not before the authorised hour nor in the past.

    An embargo opens by itself. Raises AlreadyPublished, NotAuthorised.
    """
    document = locked(text.document)
    text = FinalText.objects.get(pk=text.pk)
    text.document = document
    if document.state in (DocumentState.PUBLISHED, DocumentState.WITHDRAWN):
        raise AlreadyPublished
    opens_at = _opening(text, opens_at, by)
    files = request_prints(document, render_input_of(text), final_text=text)
    publication = Publication.objects.create(final_text=text, published_by=by, opens_at=opens_at)
    Rendition.objects.filter(pk__in=[file.pk for file in files]).update(publication=publication)
    enter(publication)
    document.move_to(DocumentState.PUBLISHED)
    _record("document.published", publication, by, opens_at=opens_at.isoformat())
    if opens_at > timezone.now():
        remind(EMBARGO_OPENS, publication.public_id, at=opens_at)
    else:
        published.announce(publication, by=by)
    page_changed(document.topic())
    return publication


def _opening(text: FinalText, wanted: dt.datetime | None, by: User) -> dt.datetime:
    earliest, now = earliest_hour(text), timezone.now()
    signed = text.voided_at is None and text.document.state in CLOSED_STATES
    if not signed or earliest is None or not standing_now(by, text.document.group).facilitates:
        raise NotAuthorised
    if wanted is not None and wanted < earliest:
        raise NotAuthorised
    return max(now, wanted or earliest)


@transaction.atomic
def announce_opening(publication: Publication) -> None:
    """At the hour at which the embargo opens."""
    published.announce(publication, by=None, key="opened")
    page_changed(publication.final_text.document.topic())


@transaction.atomic
def hide_publication(publication: Publication, *, reason: str, by: User) -> None:
    """At once, for danger to a person; told to all members. Hidden already: nothing more happens."""
    publication = _locked(publication)
    if publication.hidden_at is not None:
        return
    publication.hidden_at, publication.hidden_reason = timezone.now(), reason
    publication.save(update_fields=["hidden_at", "hidden_reason"])
    _record("document.hidden", publication, by)
    page_hidden.announce(publication, by=by, key=f"hidden:{publication.hidden_at.isoformat()}")
    page_changed(publication.document.topic())


@transaction.atomic
def show_publication(publication: Publication, *, by: User) -> None:
    publication = _locked(publication)
    if publication.hidden_at is None:
        return
    publication.hidden_at, publication.hidden_reason = None, ""
    publication.save(update_fields=["hidden_at", "hidden_reason"])
    _record("document.shown_again", publication, by)
    page_shown.announce(publication, by=by)
    page_changed(publication.document.topic())


def _locked(publication: Publication) -> Publication:
    locked(publication.final_text.document)
    return Publication.objects.select_related("final_text__document__group").get(pk=publication.pk)


def may_withdraw(text: FinalText, facts: dict[str, Any]) -> None:
    if text.document.state != DocumentState.PUBLISHED:
        raise MayNotBeMoved(_("Only a published document is withdrawn."))
    if not str(facts.get("reason", "")).strip():
        raise MayNotBeMoved(_("Say why it is withdrawn: the public page shows the reason."))
    if facts.get("successor") and successor_of(text, facts) is None:
        raise MayNotBeMoved(_("What replaces it must be published by this group and open to everybody."))


def successor_of(text: FinalText, facts: dict[str, Any]) -> Publication | None:
    """The publication that the proposal names in the place of this one, if any."""
    named = Publication.objects.could_replace(text.publication)
    return named.filter(final_text__public_id=str(facts.get("successor", ""))).first()


def withdraw(text: FinalText, *, motion: Motion, by: User) -> None:
    publication = text.publication
    publication.withdrawn_at, publication.withdrawn_reason = timezone.now(), motion.facts["reason"]
    publication.replaced_by = successor_of(text, motion.facts)
    publication.save(update_fields=["withdrawn_at", "withdrawn_reason", "replaced_by"])
    text.document.move_to(DocumentState.WITHDRAWN)
    forget(EMBARGO_OPENS, publication.public_id)
    _record("document.withdrawn", publication, by)
    withdrawn.announce(publication, by=by)
    page_changed(text.document.topic())


WITHDRAW = register(
    MotionKind(
        name="text.withdraw",
        words=gettext_lazy("Withdraw a publication"),
        lock=lock_final_text,
        find=find_final_text,
        group=lambda text: text.document.group,
        sha256=text_hash,
        sides=lambda text: all_sides(text.document.group),
        carry=withdraw,
        check=may_withdraw,
        may_propose=lambda standing, text: standing.holds_key,
        url=lambda text: links.publish(text.document),
        title=lambda text: text.document.title,
        explain=explain_withdrawal,
        preview=final_text_preview,
    )
)


def _record(kind: str, publication: Publication, by: User | None, **facts: str) -> None:
    document: Document = publication.final_text.document
    record(
        kind,
        chain=document.group.chain,
        by=by,
        facts={"document": document.public_id, "sha256": publication.final_text.sha256, **facts},
    )
