"""The ledger of a document: by passage and side, who turned which key when over which words, and what undid it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from groups.models import Key, Motion
from parley.programmes.models import Side

from .models import Bracket, Document, Pen, Proposal, Referral, TextReservation, Withdrawal
from .models.brackets import CLOSING
from .models.passages import DROPPING, SETTLING
from .models.proposals import AMENDING
from .reading import Entry


@dataclass(frozen=True)
class Turned:
    """One side's key as it stands: turned over the present words, or missing."""

    side: Side
    key: Key | None
    referral: Referral | None = None


@dataclass
class Line:
    """A passage in the ledger."""

    entry: Entry
    motions: list[Motion] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    brackets: list[Bracket] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    reservations: list[TextReservation] = field(default_factory=list)

    @property
    def open_brackets(self) -> list[Bracket]:
        return [bracket for bracket in self.brackets if bracket.is_open]

    @property
    def standing(self) -> Motion | None:
        """The motion whose keys stand: the open one or, of a settled passage, the one that agreed on its words."""
        settled = self.entry.passage.is_held
        state = Motion.State.CARRIED if settled else Motion.State.OPEN
        kinds = (SETTLING, AMENDING) if settled else (SETTLING,)
        return next((m for m in self.motions if m.state == state and m.kind in kinds), None)

    @property
    def keys(self) -> list[Turned]:
        motion = self.standing
        held = {key.side_id: key for key in motion.keys.all()} if motion else {}
        waiting = {referral.side_id: referral for referral in self.entry.referrals}
        return [Turned(key.side, held.get(key.side.pk), waiting.get(key.side.pk)) for key in self.entry.keys]

    @property
    def reopened(self) -> "Event | None":
        """Why it is open again, while nothing newer was agreed: what was withdrawn, or principals’ silence."""
        if self.entry.passage.is_held:
            return None
        undid = [Event(w.withdrawn_at, withdrawal=w) for w in self.withdrawals]
        undid += [
            Event(r.closed_at, referral=r)
            for r in self.referrals
            if r.outcome == Referral.Outcome.PASSED and r.closed_at
        ]
        return max(undid, key=lambda event: event.at, default=None)

    @property
    def history(self) -> list["Event"]:
        events = [Event(m.proposed_at, motion=m) for m in self.motions]
        events += [Event(w.withdrawn_at, withdrawal=w) for w in self.withdrawals]
        for bracket in self.brackets:
            events.append(Event(bracket.opened_at, opened=bracket))
            events += [Event(bracket.closed_at, closed=bracket)] if bracket.closed_at else []
        events += [Event(r.closed_at, referral=r) for r in self.referrals if r.closed_at]
        for reservation in self.reservations:
            events.append(Event(reservation.entered_at, entered=reservation))
            at = reservation.withdrawn_at
            events += [Event(at, taken_back=reservation)] if at else []
        return sorted(events, key=lambda event: event.at, reverse=True)

    def waits_for(self, side: Side | None) -> bool:
        return side in self.awaited

    def waits_for_others(self, side: Side | None) -> bool:
        return any(awaited != side for awaited in self.awaited)

    @property
    def awaited(self) -> list[Side]:
        """Whose key is missing, or whose principals have not answered."""
        if self.entry.is_in_motion:
            return self.entry.missing
        return [referral.side for referral in self.entry.referrals]


@dataclass(frozen=True)
class Event:
    at: datetime
    motion: Motion | None = None
    withdrawal: Withdrawal | None = None
    opened: Bracket | None = None
    closed: Bracket | None = None
    referral: Referral | None = None
    entered: TextReservation | None = None
    taken_back: TextReservation | None = None

    @property
    def sha256(self) -> str:
        """Of the words that it was about; "" where it was about none."""
        told = self.withdrawal or self.referral or self.motion
        return told.sha256 if told else ""


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """The ledger's lines with all that happened to each: six queries for any number of passages."""
    lines = {entry.passage.public_id: Line(entry) for entry in entries}
    by_key = {line.entry.passage.pk: line for line in lines.values()}
    targets = dict(lines)
    for bracket in Bracket.objects.filter(passage__in=by_key).select_related("side", "person", "closed_by"):
        by_key[bracket.passage_id].brackets.append(bracket)
        targets[bracket.public_id] = by_key[bracket.passage_id]
    for motion in motions_on(targets):
        targets[motion.about].motions.append(motion)  # type: ignore[attr-defined]  # annotated
    withdrawals = Withdrawal.objects.filter(passage__in=by_key).select_related("side", "withdrawn_by")
    for withdrawal in withdrawals:
        by_key[withdrawal.passage_id].withdrawals.append(withdrawal)
    for referral in Referral.objects.filter(passage__in=by_key).select_related("side", "closed_by"):
        by_key[referral.passage_id].referrals.append(referral)
    for reservation in TextReservation.objects.on(line.entry.passage for line in lines.values()).with_words():
        by_key[reservation.passage_id].reservations.append(reservation)  # type: ignore[index]  # on a passage
    return list(lines.values())


def motions_on(targets: Iterable[str]) -> Iterable[Motion]:
    """On passages and brackets, by public id, and on words proposed for passages; the newest first, with their keys.

    `about` is the public id of the passage or bracket.
    """
    own = Q(target_id__in=list(targets), kind__in=(SETTLING, DROPPING, CLOSING))
    branches = Proposal.objects.filter(passage__public_id__in=list(targets))
    amending = Q(target_id__in=branches.values("public_id"), kind=AMENDING)
    amended = Proposal.objects.filter(public_id=OuterRef("target_id")).values("passage__public_id")
    motions = Motion.objects.filter(own | amending).annotate(about=Coalesce(Subquery(amended[:1]), "target_id"))
    return motions.select_related("proposed_by").prefetch_related("keys__side", "keys__turned_by")


def done_to(document_id: str) -> list[Event]:
    """What the keys of all sides did to the document as a whole: drafts, freezes, what undid them; the newest first."""
    carried = Motion.objects.filter(target_id=document_id, state=Motion.State.CARRIED).with_keys()
    return [Event(m.closed_at or m.proposed_at, motion=m) for m in carried]


def pens_given(document: Document) -> Iterable[Pen]:
    """Who was given the pen over what, the newest first."""
    given = Pen.objects.given().filter(document=document).with_place()
    return given.order_by("-given_at", "-pk")


def motions_beside(document_id: str, sections: Iterable[str]) -> Iterable[Motion]:
    """Open motions on the document itself and on the order of its sections."""
    return (
        Motion.objects.open()
        .filter(target_id__in=[document_id, *sections])
        .select_related("proposed_by")
        .prefetch_related("keys__side", "keys__turned_by")
    )
