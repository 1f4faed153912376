"""Who is to act on a final text, who has, and what one person may do with it now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.translation import override

from groups.models import Key
from groups.standing import standing
from parley.accounts.models import User
from parley.programmes.models import Side

from .models import Act, DocumentState, FinalText, Reservation, Signatory
from .signed_places import name_of_place


@dataclass(frozen=True)
class Place:
    """One person among the signatories of a text; all false for somebody who is none of them."""

    signatory: Signatory | None = None
    state: str = ""
    kinds: frozenset[str] = frozenset()
    deputises: bool = False
    # Nobody initials a text that silence may adopt.
    under_silence: bool = False
    # Whose turn it is before this person's, where the text is signed one after the other.
    waits_for: Signatory | None = None

    @property
    def to_initial(self) -> bool:
        asked = self.signatory is not None and (self.signatory.initials or self.deputises)
        waits = self.state == DocumentState.FROZEN and not self.under_silence
        return asked and waits and Act.Kind.INITIAL not in self.kinds

    @property
    def is_asked(self) -> bool:
        """To answer, now or when the turn comes."""
        open_now = self.signatory is not None and self.state == DocumentState.SIGNING
        return open_now and not self.kinds & set(Act.ANSWERS)

    @property
    def to_sign(self) -> bool:
        return self.is_asked and self.waits_for is None

    @property
    def may_reserve(self) -> bool:
        """Signed without a reservation, while signing is open."""
        return self.state == DocumentState.SIGNING and Act.Kind.SIGN in self.kinds and self.reservation is None

    @property
    def may_withdraw_reservation(self) -> bool:
        """At any time after it was made: of a published text too."""
        return self.reservation is not None and not hasattr(self.reservation, "withdrawal")

    @property
    def reservation(self):
        return getattr(self.signatory, "reservation", None)

    @property
    def acts(self) -> list[Act]:
        return list(self.signatory.acts.all()) if self.signatory else []


def place_of(text: FinalText, person: User) -> Place:
    document = text.document
    mine = text.signatories.in_the_group().filter(person=person).with_acts().first()
    if mine is None:
        return Place(state=document.state)
    mine.final_text = text
    return Place(
        signatory=mine,
        state=document.state,
        kinds=frozenset(act.kind for act in mine.acts.all()),
        under_silence=document.state == DocumentState.FROZEN and text.silences.open().exists(),
        deputises=standing(person, document.group).capacity == Key.Capacity.DEPUTY,
        waits_for=_earlier(text, mine) if document.sign_in_order else None,
    )


def _earlier(text: FinalText, mine: Signatory) -> Signatory | None:
    return text.signatories.awaited().filter(position__lt=mine.position).first()


@dataclass(frozen=True)
class Row:
    """A line of the matrix: who has acted; how somebody answered is known when signing has closed."""

    signatory: Signatory
    initialled: bool
    answered: bool
    # "R1" of a reservation; shown to all from the moment on that it is made.
    call: str
    signed: bool
    closed: bool
    withdrew: bool = False


@dataclass
class SideRows:
    side: Side
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Matrix:
    """Side × person."""

    sides: list[SideRows]
    closed: bool

    @property
    def rows(self) -> list[Row]:
        return [row for side in self.sides for row in side.rows]

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.rows)

    @property
    def signed(self) -> int:
        return sum(row.signed for row in self.rows)


def matrix_of(text: FinalText) -> Matrix:
    closed = text.signing_closed_at is not None
    rows = [_row(signatory, closed) for signatory in text.signatories.with_acts()]
    return Matrix(_by_side(rows), closed)


def _by_side(rows: Iterable[Row]) -> list[SideRows]:
    """The canonical text names signatories side by side, in the order of precedence."""
    by_key = groupby(rows, key=lambda row: row.signatory.side_id)
    return [SideRows(found[0].signatory.side, found) for found in (list(group) for _key, group in by_key)]


def _row(signatory: Signatory, closed: bool) -> Row:
    kinds = {act.kind for act in signatory.acts.all()}
    reservation = getattr(signatory, "reservation", None)
    return Row(
        signatory=signatory,
        initialled=Act.Kind.INITIAL in kinds,
        answered=bool(kinds & set(Act.ANSWERS)),
        call=str(reservation or ""),
        signed=closed and bool(kinds & set(Act.SIGNATURES)),
        closed=closed,
        withdrew=hasattr(reservation, "withdrawal"),
    )


def reservations_of(text: FinalText, model: dict[str, Any]) -> list[Reservation]:
    """Those made at signing in the order of their calls, each with the name of its place in the text (`to`)."""
    found = list(text.reservations.select_related("signatory__side", "withdrawal"))
    with override(model["language"]):
        for reservation in found:
            reservation.to = name_of_place(model, reservation.place)  # type: ignore[attr-defined]  # for templates
    return found
