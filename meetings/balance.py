"""Which date suits both sides best: both co-chairs, then the smaller side, then all; and why, in a sentence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.models import Membership, Role
from parley.programmes.models import Side

from .models import Slot, Word

COMES = (Word.YES, Word.MAYBE)
# Key of a slot and of a person → what that person said of it.
Choices = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Turnout:
    """Of one side on one date: how many sit for it, can come, can come only if need be, and are needed."""

    side: Side
    seated: int
    can: int
    if_need_be: int
    needed: int

    @property
    def is_reached(self) -> bool:
        return self.can >= self.needed


@dataclass(frozen=True)
class Weighed:
    """A date with all that decides its place."""

    slot: Slot
    turnouts: Sequence[Turnout]
    chairs: int
    chairs_can: int
    required_missing: Sequence[Membership]

    @property
    def is_possible(self) -> bool:
        return not self.required_missing and all(turnout.is_reached for turnout in self.turnouts)

    @property
    def can(self) -> int:
        return sum(turnout.can for turnout in self.turnouts)

    @property
    def rank(self) -> tuple[Any, ...]:
        """Smaller is better; of two that suit equally well the earlier."""
        smaller_side = min((turnout.can for turnout in self.turnouts), default=0)
        if_need_be = sum(turnout.if_need_be for turnout in self.turnouts)
        return (
            not self.is_possible,
            -self.chairs_can,
            -smaller_side,
            -self.can,
            if_need_be,
            self.slot.starts,
            self.slot.ends,
        )

    @property
    def explained(self) -> str:
        """ "Both co-chairs can come. Northland 4 of 5, Southland 3 of 6 (2 if need be)." and what is missing."""
        sentences = [self._chairs(), *self._sides(), *self._missing()]
        return " ".join(sentence for sentence in sentences if sentence)

    def _chairs(self) -> str:
        if not self.chairs:
            return ""
        if self.chairs_can == self.chairs:
            return _("Both co-chairs can come.") if self.chairs == 2 else _("All co-chairs can come.")
        words = ngettext(
            "%(can)d of %(count)d co-chair can come.", "%(can)d of %(count)d co-chairs can come.", self.chairs
        )
        return words % {"can": self.chairs_can, "count": self.chairs}

    def _sides(self) -> list[str]:
        return [", ".join(_turnout_words(turnout) for turnout in self.turnouts) + "."] if self.turnouts else []

    def _missing(self) -> list[str]:
        short = [
            _("Quorum not reached: %(side)s, %(can)d of %(needed)d.")
            % {"side": turnout.side.name, "can": turnout.can, "needed": turnout.needed}
            for turnout in self.turnouts
            if not turnout.is_reached
        ]
        names = ", ".join(seat.printed_name for seat in self.required_missing)
        return [*short, *([_("Required and missing: %(names)s.") % {"names": names}] if names else [])]


def _turnout_words(turnout: Turnout) -> str:
    facts = {
        "side": turnout.side.name,
        "can": turnout.can,
        "seated": turnout.seated,
        "if_need_be": turnout.if_need_be,
    }
    if turnout.if_need_be:
        return _("%(side)s %(can)d of %(seated)d (%(if_need_be)d if need be)") % facts
    return _("%(side)s %(can)d of %(seated)d") % facts


def weighed(
    slots: Sequence[Slot],
    seats: Sequence[Membership],
    choices: Choices,
    *,
    quorums: Mapping[int, int],
    required: Collection[int],
) -> list[Weighed]:
    """All dates, the best first. `quorums` by side's key, `required` keys of seats; nobody counts who has left."""
    return sorted((_weigh(slot, seats, choices, quorums, required) for slot in slots), key=lambda date: date.rank)


def _weigh(
    slot: Slot,
    seats: Sequence[Membership],
    choices: Choices,
    quorums: Mapping[int, int],
    required: Collection[int],
) -> Weighed:
    said = {seat.pk: choices.get((slot.pk, seat.person_id), "") for seat in seats}
    sides = {seat.side_id: seat.side for seat in seats}
    chairs = [seat for seat in seats if seat.role == Role.CO_CHAIR]
    return Weighed(
        slot,
        [_turnout(side, [said[s.pk] for s in seats if s.side_id == key], quorums) for key, side in sides.items()],
        len(chairs),
        sum(said[seat.pk] in COMES for seat in chairs),
        [seat for seat in seats if seat.pk in required and said[seat.pk] not in COMES],
    )


def _turnout(side: Any, said: list[str], quorums: Mapping[int, int]) -> Turnout:
    can = sum(word in COMES for word in said)
    return Turnout(side, len(said), can, said.count(Word.MAYBE), quorums.get(side.pk, 0))
