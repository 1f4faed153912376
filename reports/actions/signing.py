"""Initialling, signing, reserving, declining: one proof, one act, over the hash of the text that the person saw."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.actions.keys import TextHasChanged
from groups.models import Key
from groups.standing import standing_now
from parley.accounts.models import User
from parley.accounts.stepup import Proof
from parley.audit import head, record
from parley.notifications import forget, page_changed, remind
from reports.locks import locked
from reports.models import Act, Document, DocumentState, FinalText, Reservation, ReservationWithdrawal, Signatory
from reports.notices import (
    answered,
    initialled,
    reservation_made,
    signed_reservation_withdrawn,
    signing_closed,
    to_initial,
    to_sign,
)
from reports.signed_places import name_of_place

SIGNING_ENDS = "reports.signing_ends"
SIGNING_ENDS_SOON = "reports.signing_ends_soon"
REMINDED_BEFORE = timedelta(days=1)


class NotASignatory(Exception):
    """Who signs was fixed at the freeze."""


class NotOpenForThis(Exception):
    """Not to be initialled or signed now; the message says why and whose turn it is."""


class UnknownPlace(Exception):
    """The text has no such passage to make a reservation to."""


class AlreadyDone(Exception):
    """One act for each: this one is recorded."""


@transaction.atomic
def initial(text: FinalText, *, sha256: str, proof: Proof, by: User) -> Act:
    """A side's key holder (or deputy) authenticates the text; with the last side's initials it opens for signature."""
    document, text, signatory = _ready(text, sha256, by)
    if not _initials_for_its_side(signatory, by):
        raise NotASignatory
    if document.state != DocumentState.FROZEN:
        raise NotOpenForThis(_("The text is not waiting for initials."))
    if text.silences.open().exists():
        raise NotOpenForThis(_("A silence procedure is held over this text. It is initialled when that has ended."))
    if _time_has_passed(document):
        raise NotOpenForThis(_("The time for signing has passed. Undo the freeze and give a later one."))
    if signatory.acts.filter(kind=Act.Kind.INITIAL).exists():
        raise AlreadyDone
    act = _act(signatory, Act.Kind.INITIAL, proof=proof, purpose="initial")
    _record("document.initialled", text, by, act=act.public_id, signatory=signatory.public_id, method=act.method)
    to_initial.settle(text, reader=by)
    initialled.announce(text, by=by, key=act.public_id)
    if not sides_to_initial(text):
        _open_for_signature(document, text, by)
    return act


def _initials_for_its_side(signatory: Signatory, by: User) -> bool:
    """Named at the freeze, or that side's deputy now: a co-chair who falls ill holds nobody up."""
    return signatory.initials or standing_now(by, signatory.group).capacity == Key.Capacity.DEPUTY


def sides_to_initial(text: FinalText) -> set[int]:
    """Keys of the sides for which nobody has initialled yet."""
    wanted = text.signatories.filter(initials=True).values_list("side", flat=True)
    return set(wanted) - set(text.signatories.filter(acts__kind=Act.Kind.INITIAL).values_list("side", flat=True))


def _open_for_signature(document: Document, text: FinalText, by: User) -> None:
    text.signing_opened_at = timezone.now()
    text.save(update_fields=["signing_opened_at"])
    document.move_to(DocumentState.SIGNING)
    if document.signing_ends_at:
        remind(SIGNING_ENDS, text.public_id, at=document.signing_ends_at)
        _remind_before(text, document.signing_ends_at - REMINDED_BEFORE)
    _record("document.signing_opened", text, by)
    to_initial.settle(text)
    to_sign.announce(text, by=by)
    page_changed(document.topic())


def _remind_before(text: FinalText, at: datetime) -> None:
    if at > timezone.now():
        remind(SIGNING_ENDS_SOON, text.public_id, at=at)


@transaction.atomic
def remind_signatories(text: FinalText, *, by: User | None) -> None:
    """Ask again whoever has not answered: once a day at the most, however often the button is pressed."""
    document = locked(text.document)
    text = FinalText.objects.get(pk=text.pk)
    if document.state != DocumentState.SIGNING or text.voided_at is not None:
        raise NotOpenForThis(_("The text is not open for signature."))
    to_sign.announce(text, by=by, key=f"reminder:{timezone.now().date().isoformat()}")


@transaction.atomic
def sign(text: FinalText, *, sha256: str, proof: Proof, reservation: str = "", place: str = "", by: User) -> Act:
    """Sign exactly this text, with a reservation or without; to one passage of it by its id there (`place`)."""
    document, text, signatory = _to_answer(text, sha256, by)
    kind = Act.Kind.RESERVE if reservation else Act.Kind.SIGN
    act = _act(signatory, kind, proof=proof, purpose="sign")
    _answered(act, text, by)
    if reservation:
        _reserve(signatory, reservation, place, by)
    _close_when_all_answered(document, text)
    return act


@transaction.atomic
def decline(text: FinalText, *, sha256: str, reason: str, by: User) -> Act:
    """The reason is recorded and never printed."""
    document, text, signatory = _to_answer(text, sha256, by)
    act = _act(signatory, Act.Kind.DECLINE, proof=None, purpose="decline", reason=reason)
    _answered(act, text, by)
    _close_when_all_answered(document, text)
    return act


def _answered(act: Act, text: FinalText, by: User) -> None:
    """All learn who has answered, and not what until signing closes: the answer stands in the sealed part."""
    signatory = act.signatory
    _record(
        "document.answered",
        text,
        by,
        act=act.public_id,
        signatory=signatory.public_id,
        personal={"name": signatory.name, "answer": act.kind, "method": act.method, "reason": act.reason},
    )
    to_sign.settle(text, reader=by)
    answered.announce(text, by=by, key=act.public_id)


@transaction.atomic
def add_reservation(
    text: FinalText, *, sha256: str, proof: Proof, reservation: str, place: str = "", by: User
) -> Reservation:
    """Until signing closes, also by somebody who signed without one before."""
    document, text, signatory = _ready(text, sha256, by)
    if document.state != DocumentState.SIGNING or not signatory.acts.filter(kind__in=Act.SIGNATURES).exists():
        raise NotOpenForThis(_("A reservation is added after signing and before signing closes."))
    if _time_has_passed(document):
        raise NotOpenForThis(_("The time for signing has passed."))
    if Reservation.objects.filter(signatory=signatory).exists():
        raise AlreadyDone
    proof.spend(purpose="reserve", sha256=text.sha256, by=by)
    return _reserve(signatory, reservation, place, by)


@transaction.atomic
def withdraw_reservation(text: FinalText, *, sha256: str, proof: Proof, by: User) -> ReservationWithdrawal:
    """By who made it, at any time after: a record of its own beside the other, which stays and is printed with it.

    Raises TextHasChanged, NotASignatory, NotOpenForThis, AlreadyDone.
    """
    document, text, signatory = _ready(text, sha256, by)
    made = Reservation.objects.filter(signatory=signatory).select_related("signatory", "final_text__document").first()
    if made is None:
        raise NotOpenForThis(_("You made no reservation when you signed this text."))
    if ReservationWithdrawal.objects.filter(reservation=made).exists():
        raise AlreadyDone
    proof.spend(purpose="unreserve", sha256=text.sha256, by=by)
    withdrawal = ReservationWithdrawal(reservation=made, withdrawn_by=by, method=proof.method)
    withdrawal.sha256 = hashlib.sha256(rfc8785.dumps(withdrawal.record)).hexdigest()
    withdrawal.save()
    _record(
        "document.reservation_withdrawn",
        text,
        by,
        reservation=made.public_id,
        withdrawal=withdrawal.public_id,
        withdrawal_sha256=withdrawal.sha256,
    )
    signed_reservation_withdrawn.announce(made, by=by, key=withdrawal.public_id)
    page_changed(document.topic())
    return withdrawal


@transaction.atomic
def close_signing(text: FinalText) -> None:
    """At the deadline, by itself. Safe to run twice."""
    document = locked(text.document)
    text = FinalText.objects.get(pk=text.pk)
    if document.state == DocumentState.SIGNING and text.voided_at is None:
        _close(document, text)


def _ready(text: FinalText, sha256: str, by: User) -> tuple[Document, FinalText, Signatory]:
    """The text and the person's place among its signatories, under the document's lock."""
    document = locked(text.document)
    text = FinalText.objects.get(pk=text.pk)
    if text.voided_at is not None or text.sha256 != sha256:
        raise TextHasChanged
    signatory = (
        text.signatories.in_the_group().filter(person=by).select_related("final_text__document__group", "side").first()
    )
    if signatory is None:
        raise NotASignatory
    return document, text, signatory


def _to_answer(text: FinalText, sha256: str, by: User) -> tuple[Document, FinalText, Signatory]:
    document, text, signatory = _ready(text, sha256, by)
    if document.state != DocumentState.SIGNING:
        raise NotOpenForThis(_("The text is not open for signature."))
    if _time_has_passed(document):
        raise NotOpenForThis(_("The time for signing has passed."))
    if signatory.acts.filter(kind__in=Act.ANSWERS).exists():
        raise AlreadyDone
    if document.sign_in_order and _waits_for_others(signatory):
        raise NotOpenForThis(_("This text is signed one after the other, and it is not your turn yet."))
    return document, text, signatory


def _time_has_passed(document: Document) -> bool:
    return document.signing_ends_at is not None and timezone.now() >= document.signing_ends_at


def _waits_for_others(signatory: Signatory) -> bool:
    """In the printed order; nobody waits for somebody who has left the group."""
    return signatory.final_text.signatories.awaited().filter(position__lt=signatory.position).exists()


def _act(signatory: Signatory, kind: Act.Kind, *, proof: Proof | None, purpose: str, reason: str = "") -> Act:
    sha256 = signatory.final_text.sha256
    if proof is not None:
        proof.spend(purpose=purpose, sha256=sha256, by=signatory.person)
    act = Act.objects.create(
        signatory=signatory,
        kind=kind,
        sha256=sha256,
        method=proof.method if proof is not None else "session",
        reason=reason,
    )
    page_changed(signatory.final_text.document.topic())
    return act


def _reserve(signatory: Signatory, text: str, place: str, by: User) -> Reservation:
    """A record of its own with a hash, naming the text's hash; those who signed before are told."""
    final = signatory.final_text
    if place and not name_of_place(json.loads(final.canonical), place):
        raise UnknownPlace
    last = final.reservations.aggregate(last=Max("number"))["last"] or 0
    reservation = Reservation(final_text=final, signatory=signatory, number=last + 1, place=place, text=text)
    reservation.sha256 = hashlib.sha256(rfc8785.dumps(reservation.record)).hexdigest()
    reservation.save()
    _record("document.reservation", final, by, reservation=reservation.public_id, reservation_sha256=reservation.sha256)
    reservation_made.announce(reservation, by=by)
    return reservation


def _close_when_all_answered(document: Document, text: FinalText) -> None:
    if not text.signatories.awaited().exists():
        _close(document, text)


@transaction.atomic
def close_if_all_answered(text: FinalText) -> None:
    """After somebody left the group: nobody may be waited for any more. Safe to run twice."""
    document = locked(text.document)
    text = FinalText.objects.get(pk=text.pk)
    if document.state == DocumentState.SIGNING and text.voided_at is None:
        _close_when_all_answered(document, text)


def _close(document: Document, text: FinalText) -> None:
    """The head of the record at this moment is printed beside the signatures."""
    _record("document.signing_closed", text, None, signatures=[_told(act) for act in signatures_of(text)])
    top = head(document.group.chain)
    text.signing_closed_at, text.chain_seq, text.chain_hash = timezone.now(), top.seq, top.hash
    text.save(update_fields=["signing_closed_at", "chain_seq", "chain_hash"])
    document.move_to(DocumentState.SIGNED)
    for due in (SIGNING_ENDS, SIGNING_ENDS_SOON):
        forget(due, text.public_id)
    to_sign.settle(text)
    signing_closed.announce(text, by=None)
    page_changed(document.topic())


def _told(act: Act) -> dict[str, str]:
    return {"act": act.public_id, "signatory": act.signatory.public_id, "kind": act.kind, "method": act.method}


def signatures_of(text: FinalText) -> list[Act]:
    """In the order in which they were given."""
    acts = Act.objects.filter(signatory__final_text=text, kind__in=Act.SIGNATURES).order_by("pk")
    return list(acts.select_related("signatory__side", "signatory__reservation"))


def _record(kind: str, text: FinalText, by: User | None, personal: dict[str, str] | None = None, **facts: Any) -> None:
    facts = {"document": text.document.public_id, "final_text": text.public_id, "sha256": text.sha256, **facts}
    record(kind, chain=text.document.group.chain, by=by, facts=facts, personal=personal)


def sides_without_signature(text: FinalText) -> list[Signatory]:
    """Key holders of the sides for which none has signed: without each side nothing is published."""
    acts = Act.objects.filter(signatory__final_text=text)
    initialled_by = acts.filter(kind=Act.Kind.INITIAL).values("signatory")
    holders = text.signatories.filter(Q(initials=True) | Q(pk__in=initialled_by))
    signed = holders.filter(pk__in=acts.filter(kind__in=Act.SIGNATURES).values("signatory")).values("side")
    return list(text.signatories.filter(initials=True).exclude(side__in=signed))
