"""Who sits on a side: proposed by a facilitator, opened by that side; ended at once for good.

Every verb locks the group first, then the seat; what it lapses and records comes after.
"""

import datetime as dt
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.models import (
    Deputy,
    Membership,
    Role,
    Seat,
    SeatConfirmation,
    Succession,
    SuccessionKind,
    ThematicGroup,
)
from groups.notices import seat_opened, seat_to_confirm, seating_ended, succession_asked, unconfirmed_chair
from groups.roster import Seating
from groups.seating import holds_a_key_anywhere, key_was_held, seating_of, who_confirms
from groups.standing import key_holders, standing_now
from parley.accounts.epochs import raise_epoch
from parley.accounts.models import User
from parley.accounts.second_factor import forget_second_factor
from parley.audit import record
from parley.notifications import page_changed, remind
from parley.programmes.actions import take_part
from parley.programmes.models import Facilitator, Programme, Side

from .keys import KeyIsResting, NotAKeyHolder, lapse_of

# A due row with the seat's identifier: layers above look, under locks of their own, at what waited for this person.
SEAT_ENDED = "groups.seat_ended"
# With the identifiers of a group and a side: layers above tell who holds its key now what waits for that side's word.
KEY_CHANGED = "groups.key_changed"

KEY_RESTS = timedelta(hours=48)


class SeatTaken(Exception):
    """The person has a seat here already, or the side has an acting co-chair; the message says which."""


class MayNotReset(Exception):
    """A second factor is reset by another facilitator, never a key holder's, never one's own."""


@transaction.atomic
def seat(*, group: ThematicGroup, person: User, role: str, side: Side | None, by: User) -> Membership:
    """A seat, open at once when the side's own co-chair gives it, else proposed to those who confirm it."""
    group = ThematicGroup.objects.locked(group.pk)
    refuse_a_second(group, person, role, side)
    take_part(programme=group.programme, person=person, side=side)
    return give_seat(Membership(group=group, person=person, role=role, side=side), by=by)


def give_seat(membership: Membership, *, by: User) -> Membership:
    """Open the seat, or propose it to those whose word opens it; inside the transaction that holds the group's lock."""
    group, side, role = membership.group, membership.side, membership.role
    seating = seating_of(group, side, role)
    confirmer = None if seating.takes_all else seating.confirmer(by)
    membership.seat, membership.proposed_by, membership.since = Seat.PROPOSED, by, timezone.now()
    membership.key_rests_until = _rest(group, side, role)
    membership.save()
    if seating.opens or confirmer:
        _open(membership, confirmed_by=by if confirmer else None, by=by)
    else:
        _propose(membership, seating, by)
    return membership


def refuse_a_second(group: ThematicGroup, person: User, role: str, side: Side | None) -> None:
    taken = group.memberships.filter(seat__in=[Seat.OPEN, Seat.PROPOSED])
    if taken.filter(person=person).exists():
        raise SeatTaken(_("This person already has a seat in this group."))
    if role == Role.CO_CHAIR and taken.filter(side=side, role=Role.CO_CHAIR).exists():
        raise SeatTaken(_("This side already has a co-chair here. End that seat or name a successor first."))
    if role == Role.CO_CHAIR and Succession.objects.open().filter(group=group, side=side, kind="successor").exists():
        raise SeatTaken(_("This side is deciding about a successor already."))


def _rest(group: ThematicGroup, side: Side | None, role: str) -> dt.datetime | None:
    """A successor's key rests, not a side's first."""
    succeeds = role == Role.CO_CHAIR and side is not None and key_was_held(group, side)
    return timezone.now() + KEY_RESTS if succeeds else None


def _propose(membership: Membership, seating: Seating, by: User) -> None:
    _record("group.seat_proposed", membership, by)
    if seating.by_succession:
        succession = Succession.objects.create(
            group=membership.group,
            side=membership.side,  # type: ignore[misc]  # a co-chair's
            kind=SuccessionKind.SUCCESSOR,
            membership=membership,
            asked_by=by,
        )
        succession_asked.announce(succession, by=by)
    seat_to_confirm.announce(membership, by=by)
    page_changed(membership.group.topic())


@transaction.atomic
def confirm_seat(membership: Membership, *, by: User) -> None:
    """The word of that side's co-chair (or of every co-chair acting, for a first co-chair) opens the seat."""
    membership = locked_seat(membership)
    if membership.seat != Seat.PROPOSED:
        return
    seating = seating_of(membership.group, membership.side, membership.role)
    confirmer = seating.confirmer(by)
    if confirmer is None:
        raise NotAKeyHolder
    SeatConfirmation.objects.get_or_create(seat=membership, membership=confirmer)
    if _is_confirmed(membership, seating):
        _open(membership, confirmed_by=by, by=by)
    else:
        seat_to_confirm.settle(membership, reader=by)
        _record("group.seat_confirmed", membership, by)
        page_changed(membership.group.topic())


def _is_confirmed(membership: Membership, seating: Seating) -> bool:
    said = set(membership.confirmations.values_list("membership", flat=True))
    wanted = {seat.pk for seat in seating.confirmers}
    return wanted <= said if seating.takes_all else bool(wanted & said)


def _open(membership: Membership, *, confirmed_by: User | None, by: User) -> None:
    membership.seat, membership.confirmed_by = Seat.OPEN, confirmed_by
    membership.since = timezone.now()
    if membership.key_rests_until is not None:
        membership.key_rests_until = membership.since + KEY_RESTS
    membership.save(update_fields=["seat", "confirmed_by", "since", "key_rests_until"])
    seat_to_confirm.settle(membership)
    tell_of_opening(membership, by=by)


def tell_of_opening(membership: Membership, *, by: User) -> None:
    """A new co-chair changes who holds a key; they hear of seats that wait for them, and of unconfirmed co-chairs."""
    raise_epoch(membership.person)
    if membership.role == Role.CO_CHAIR:
        lapse_of(membership.group, by=by)
    _record("group.seat_opened", membership, by)
    seat_opened.announce(membership, by=by)
    if membership.role == Role.CO_CHAIR:
        _show_to_new_chair(membership)
        key_has_changed(membership.group, membership.side)
    page_changed(membership.group.topic())


def _show_to_new_chair(chair: Membership) -> None:
    acting = chair.group.memberships.acting().co_chairs().exclude(pk=chair.pk)
    for earlier in acting.filter(confirmed_by=None).select_related("group", "person", "side"):
        unconfirmed_chair.announce(earlier, by=None, key=chair.public_id, facts={"reader": chair.person.public_id})
    for waiting in chair.group.memberships.proposed().exclude(pk=chair.pk).select_related("group", "side", "person"):
        if chair.person in who_confirms(chair.group, waiting.side, waiting.role):
            seat_to_confirm.announce(waiting, by=None, key=chair.public_id, facts={"reader": chair.person.public_id})


@transaction.atomic
def decline_seat(membership: Membership, *, by: User) -> None:
    """By one of those who confirm it; or taken back by a facilitator."""
    membership = locked_seat(membership)
    if membership.seat != Seat.PROPOSED:
        return
    _withdraw_successions_of(membership)
    membership.seat, membership.until = Seat.DECLINED, timezone.now()
    membership.save(update_fields=["seat", "until"])
    seat_to_confirm.settle(membership)
    _record("group.seat_declined", membership, by)
    page_changed(membership.group.topic())


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """Access ends with this commit, open sockets included; what the person wrote stays."""
    membership = locked_seat(membership)
    if membership.seat != Seat.OPEN:
        return
    held_a_key = membership.pk in {m.pk for m in key_holders(membership.group).values()}
    membership.seat, membership.until = Seat.ENDED, timezone.now()
    membership.save(update_fields=["seat", "until"])
    end_deputyships(membership.deputyships.filter(ended_at=None))
    raise_epoch(membership.person)
    if held_a_key:
        key_given_up(membership.group, membership.side, by=by)
    _withdraw_successions_of(membership)
    _record("group.seat_ended", membership, by)
    seating_ended.announce(membership, by=by)
    remind(SEAT_ENDED, membership.public_id, at=timezone.now())
    _open_what_waited_for_them(membership.group, by)
    page_changed(membership.group.topic())


def key_given_up(group: ThematicGroup, side: Side | None, *, by: User) -> None:
    """Open motions lapse, and nobody deputises for a key that is vacant or has changed hands."""
    lapse_of(group, by=by)
    key_has_changed(group, side)
    end_deputyships(Deputy.objects.filter(membership__group=group, membership__side=side, ended_at=None))


def key_has_changed(group: ThematicGroup, side: Side | None, *, at: dt.datetime | None = None) -> None:
    """Who may turn this side's key is another, now or from a later moment on."""
    if side is not None:
        at = at or timezone.now()
        remind(KEY_CHANGED, f"{group.public_id}:{side.public_id}:{at.isoformat()}", at=at)


def end_deputyships(deputies: Any) -> None:
    for deputy in deputies.select_related("membership__person"):
        deputy.ended_at = timezone.now()
        deputy.save(update_fields=["ended_at"])
        raise_epoch(deputy.membership.person)


def _withdraw_successions_of(membership: Membership) -> None:
    for succession in Succession.objects.open().filter(membership=membership):
        succession.withdrawn_at = timezone.now()
        succession.save(update_fields=["withdrawn_at"])
        succession_asked.settle(succession)


def _open_what_waited_for_them(group: ThematicGroup, by: User) -> None:
    """A first co-chair waits for every co-chair acting: one fewer may make the words complete."""
    waiting = group.memberships.proposed().co_chairs().filter(confirmations__isnull=False).distinct()
    for membership in waiting.select_related("group__programme", "person", "side"):
        seating = seating_of(group, membership.side, membership.role)
        if seating.takes_all and _is_confirmed(membership, seating):
            last = membership.confirmations.order_by("-at").first()
            _open(membership, confirmed_by=last.membership.person if last else None, by=by)


@transaction.atomic
def appoint_deputy(*, membership: Membership, starts: dt.datetime, ends: dt.datetime, by: User) -> Deputy:
    """The acting co-chair names a member of their own side, between stated moments; not while their key rests."""
    membership = locked_seat(membership)
    here = standing_now(by, membership.group)
    if not (here.is_co_chair and here.is_of(membership.side)) or here.membership is None:
        raise NotAKeyHolder
    if membership.role != Role.MEMBER or membership.seat != Seat.OPEN:
        raise NotAKeyHolder
    if here.membership.key_rests:
        raise KeyIsResting
    deputy = Deputy.objects.create(membership=membership, starts=starts, ends=ends, appointed_by=by)
    raise_epoch(membership.person)
    key_has_changed(membership.group, membership.side, at=starts)
    facts = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    _record("group.deputy_appointed", membership, by, **facts)
    page_changed(membership.group.topic())
    return deputy


@transaction.atomic
def end_deputy(deputy: Deputy, *, by: User) -> None:
    membership = locked_seat(deputy.membership)
    end_deputyships(membership.deputyships.filter(pk=deputy.pk, ended_at=None))
    _record("group.deputy_ended", membership, by)
    page_changed(membership.group.topic())


@transaction.atomic
def reset_second_factor(*, person: User, programme: Programme, by: User) -> None:
    """For a facilitator or a member who holds no key anywhere, by another facilitator. Raises MayNotReset."""
    facilitates = Facilitator.objects.acting().filter(programme=programme)
    has_part = facilitates.filter(person=person).exists() or (
        Membership.objects.acting().filter(person=person, group__programme=programme).exists()
    )
    if by.pk == person.pk or not has_part or not facilitates.filter(person=by).exists():
        raise MayNotReset
    if holds_a_key_anywhere(person):
        raise MayNotReset
    forget_second_factor(person, by=by)
    record("programme.second_factor_reset", chain=programme.chain, by=by, facts={"person": person.public_id})


def locked_seat(membership: Membership) -> Membership:
    """Group first, then the seat: the order in which every verb of seats takes its locks."""
    group = ThematicGroup.objects.locked(membership.group_id)
    found = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "side")
        .get(pk=membership.pk)
    )
    found.group = group
    return found


def _record(kind: str, membership: Membership, by: User, **facts: str) -> None:
    side = membership.side.public_id if membership.side else ""
    record(
        kind,
        chain=membership.group.chain,
        by=by,
        facts={"seat": membership.public_id, "role": membership.role, "side": side, **facts},
        personal={"person": membership.person.public_id},
    )


def facilitators_of(group: ThematicGroup) -> list[User]:
    acting = Facilitator.objects.acting().filter(programme=group.programme).select_related("person")
    return [facilitator.person for facilitator in acting]
