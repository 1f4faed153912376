"""Who enters, changes and withdraws a reservation, and says how far a side supports a recommendation."""

import rules

from groups.standing import Standing
from parley.accounts.models import User

from . import supporting
from .models import Passage, TextReservation
from .rules import here, holds_key, is_drafted, is_member, is_tabled, sees_texts


def speaks_in(user: User, found: Standing, reservation: TextReservation) -> bool:
    """A side's: its key holder, a successor too, who answers also for a name without a seat. A person's: they alone,
    while they sit for that side.
    """
    if not found.is_of(reservation.side):
        return False
    return found.holds_key if reservation.person_id is None else reservation.person_id == user.pk


def withdraws(user: User, found: Standing, reservation: TextReservation) -> bool:
    """Who speaks in it. What a file put into a person's mouth their side's key holder takes out, too."""
    from_file = reservation.from_file and found.is_of(reservation.side) and found.holds_key
    return from_file or speaks_in(user, found, reservation)


@rules.predicate
def speaks_in_reservation(user: User, reservation: TextReservation) -> bool:
    return speaks_in(user, here(user, reservation), reservation)


@rules.predicate
def withdraws_reservation(user: User, reservation: TextReservation) -> bool:
    return withdraws(user, here(user, reservation), reservation)


@rules.predicate
def stands(user: User, reservation: TextReservation) -> bool:
    return not reservation.is_withdrawn


@rules.predicate
def is_recommendation(user: User, passage: Passage) -> bool:
    return supporting.is_recommendation(passage)


rules.add_perm("reports.enter_reservation", is_drafted & is_member)
rules.add_perm("reports.reserve_on", is_drafted & is_member & is_tabled)
rules.add_perm("reports.reserve_on_for_side", is_drafted & holds_key & is_tabled)
rules.add_perm("reports.state_support", is_drafted & holds_key & is_recommendation)
rules.add_perm("reports.see_reservation", sees_texts)
rules.add_perm("reports.reword_reservation", is_drafted & speaks_in_reservation & stands)
rules.add_perm("reports.withdraw_reservation", is_drafted & withdraws_reservation & stands)
