"""Who sits, sat and is to sit in a group: read once, then asked without further queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef

from parley.accounts.models import User
from parley.programmes.models import Side

from .models import Deputy, GroupKind, Membership, Role, Seat, ThematicGroup
from .standing import Standing, remember, standing

SHOWN_CHANGES = 3


@dataclass(frozen=True)
class Seating:
    """What opens a seat: nothing (`opens`), the word of one or of all the `confirmers`, or the side's own decision."""

    confirmers: Sequence[Membership] = ()
    takes_all: bool = False
    opens: bool = False
    by_succession: bool = False

    def confirmer(self, person: User) -> Membership | None:
        return next((seat for seat in self.confirmers if seat.person_id == person.pk), None)


FREELY = Seating(opens=True)


@dataclass(frozen=True)
class Bench:
    """One side's people: who holds its key or since when nobody does, and its other members."""

    side: Side
    holder: Membership | None
    vacant_since: dt.datetime | None
    members: Sequence[Membership]
    named: Sequence[Membership]

    @property
    def count(self) -> int:
        return len(self.members) + (1 if self.holder else 0)


@dataclass(frozen=True)
class Change:
    """A seating or an ending, as all members see it."""

    at: dt.datetime
    seat: Membership
    ended: bool


@dataclass(frozen=True)
class Roster:
    group: ThematicGroup
    seats: Sequence[Membership]

    @cached_property
    def sides(self) -> list[Side]:
        """The programme's, in its order; without a query once somebody has sat for each."""
        programme = self.group.programme
        found = {seat.side.pk: seat.side for seat in self.seats if seat.side}
        if len(found) == getattr(self.group, "side_count", None):
            return programme.in_order(found.values())
        return programme.sides_in_order()

    @cached_property
    def acting(self) -> list[Membership]:
        return [seat for seat in self.seats if seat.seat == Seat.OPEN]

    @cached_property
    def proposed(self) -> list[Membership]:
        return [seat for seat in self.seats if seat.seat == Seat.PROPOSED]

    @cached_property
    def observers(self) -> list[Membership]:
        return [seat for seat in self.acting if seat.side_id is None]

    @cached_property
    def holders(self) -> dict[int, Membership]:
        """Side → whose key it is; a vacant side has no entry."""
        return {seat.side_id: seat for seat in self.acting if self._holds(seat) and seat.side_id is not None}

    def _holds(self, seat: Membership) -> bool:
        return seat.role == Role.CO_CHAIR or (seat.designated and self.group.kind == GroupKind.PLATFORM)

    def of(self, side: Side) -> list[Membership]:
        return [seat for seat in self.acting if seat.side_id == side.pk]

    def key_was_held(self, side: Side) -> bool:
        """Whether somebody held this side's key before, or holds it now: whoever is next is a successor."""
        return any(seat.side_id == side.pk and self._held(seat) for seat in self.seats)

    def _held(self, seat: Membership) -> bool:
        return seat.seat in (Seat.OPEN, Seat.ENDED) and (seat.role == Role.CO_CHAIR or seat.designated)

    def vacant_since(self, side: Side) -> dt.datetime | None:
        if side.pk in self.holders:
            return None
        ends = [seat.until for seat in self.seats if seat.side_id == side.pk and self._held(seat) and seat.until]
        return max(ends, default=self.group.founded_at)

    def seating(self, side: Side | None, role: str) -> Seating:
        """A facilitator only proposes for a side: the side's key holder opens the seat.

        A side's first co-chair takes the word of every key holder acting in the group, and opens at once where none
        acts. Once a side had a co-chair the next one is a successor: its other members decide, as long as it has any.
        In a platform without a key holder of that side, its members speak for it.
        """
        if side is None:
            return FREELY
        if side.pk in self.holders:
            return Seating(confirmers=[self.holders[side.pk]])
        own = self.of(side)
        if role == Role.CO_CHAIR:
            return Seating(by_succession=True) if own and self.key_was_held(side) else self._first()
        if self.group.kind == GroupKind.PLATFORM:
            return Seating(confirmers=own) if own else self._first()
        return Seating()

    def _first(self) -> Seating:
        return Seating(confirmers=list(self.holders.values()), takes_all=True) if self.holders else FREELY

    def waiting_for(self, person: User) -> list[Membership]:
        """Seats that this person's word may open."""
        return [seat for seat in self.proposed if self.seating(seat.side, seat.role).confirmer(person)]

    @cached_property
    def benches(self) -> list[Bench]:
        return [self._bench(side) for side in self.sides]

    def _bench(self, side: Side) -> Bench:
        holder = self.holders.get(side.pk)
        members = [seat for seat in self.of(side) if holder is None or seat.pk != holder.pk]
        named = [seat for seat in self.seats if seat.side_id == side.pk and seat.seat == Seat.NAMED]
        return Bench(side, holder, self.vacant_since(side), members, named)

    @cached_property
    def changes(self) -> list[Change]:
        """Every seating and ending, newest first."""
        sat = [seat for seat in self.seats if seat.seat in (Seat.OPEN, Seat.ENDED)]
        came = [Change(seat.since, seat, ended=False) for seat in sat]
        went = [Change(seat.until, seat, ended=True) for seat in sat if seat.until]
        return sorted([*came, *went], key=lambda change: change.at, reverse=True)

    @property
    def latest_changes(self) -> list[Change]:
        return self.changes[:SHOWN_CHANGES]


def standing_in(roster: Roster, user: User) -> Standing:
    """The reader's standing, read off the roster where they sit for a side: who does facilitates nothing here."""
    own = next((seat for seat in roster.acting if seat.person_id == user.pk and seat.side_id), None)
    if own is None:
        return standing(user, roster.group)
    return remember(user, roster.group, Standing(membership=own, deputises=own.deputises))  # type: ignore[attr-defined]


def roster_of(group: ThematicGroup) -> Roster:
    """One query."""
    deputises = Deputy.objects.acting().filter(membership=OuterRef("pk"))
    seats = group.memberships.select_related("person", "side", "proposed_by", "confirmed_by")
    return Roster(group, list(seats.annotate(deputises=Exists(deputises))))
