"""A side's own decision about its key: a successor, a platform's designated member, a lost second factor.

Until it is decided it is the side's own affair: recorded in its caucus, told to its members alone.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.models import (
    Confirmation,
    Deputy,
    GroupKind,
    Membership,
    Role,
    Seat,
    Succession,
    SuccessionKind,
    ThematicGroup,
)
from groups.notices import seat_to_confirm, succession_asked, succession_carried
from groups.seating import is_decided, key_was_held, with_a_say
from groups.standing import Standing, key_holders, standing_now
from parley.accounts.epochs import raise_epoch
from parley.accounts.models import User
from parley.accounts.second_factor import forget_second_factor
from parley.audit import record
from parley.notifications import page_changed

from .keys import NotAKeyHolder, lapse_of
from .seats import KEY_RESTS, end_deputyships, key_given_up, locked_seat, tell_of_opening


class AlreadyAsked(Exception):
    """The side is deciding this already; the message says what to do."""


class NothingToDecide(Exception):
    """That person holds the key already, or holds none that could be reset."""


@transaction.atomic
def designate(membership: Membership, *, by: User) -> Succession:
    """In a platform without co-chairs: a member is to hold the side's key; the side's majority decides."""
    return ask_for_succession(kind=SuccessionKind.SUCCESSOR, membership=membership, by=by)


@transaction.atomic
def ask_for_succession(*, kind: str, membership: Membership, by: User) -> Succession:
    """A member of the side names who is to hold its key, or whose second factor is to be made anew.

    Who asks and has a say has said it. Raises NotAKeyHolder, NothingToDecide, AlreadyAsked.
    """
    membership = locked_seat(membership)
    here = standing_now(by, membership.group)
    if not here.is_of(membership.side) or membership.seat != Seat.OPEN:
        raise NotAKeyHolder
    if not may_be_asked(kind, membership):
        raise NothingToDecide
    if Succession.objects.open().filter(group=membership.group, side=membership.side, kind=kind).exists():
        raise AlreadyAsked(_("Your side is deciding this already. Confirm that, or withdraw it first."))
    succession = Succession.objects.create(
        group=membership.group,
        side=here.side,  # type: ignore[misc]  # asked above: who asks is of that side
        kind=kind,
        membership=membership,
        asked_by=by,
    )
    _record("group.succession_asked", succession, by)
    succession_asked.announce(succession, by=by)
    if _has_a_say(succession, here):
        _confirm(succession, here, by)
    page_changed(membership.group.topic(membership.side))
    return succession


def may_be_asked(kind: str, membership: Membership) -> bool:
    """A successor is not the holder; a second factor is the holder's or a deputy's."""
    holder = key_holders(membership.group).get(membership.side_id or 0)
    holds = holder is not None and holder.pk == membership.pk
    if kind == SuccessionKind.SUCCESSOR:
        return not holds
    return holds or Deputy.objects.to_come_or_acting().filter(membership=membership).exists()


@transaction.atomic
def confirm_succession(succession: Succession, *, by: User) -> bool:
    """True when this confirmation carried it: by the outgoing key holder, or by a majority of that side's others."""
    succession = _locked(succession)
    if succession.carried_at or succession.withdrawn_at:
        return False
    here = standing_now(by, succession.group)
    if not here.is_of(succession.side) or not _has_a_say(succession, here):
        raise NotAKeyHolder
    return _confirm(succession, here, by)


def _has_a_say(succession: Succession, here: Standing) -> bool:
    return here.membership is not None and here.membership.pk in {seat.pk for seat in with_a_say(succession)}


def _confirm(succession: Succession, here: Standing, by: User) -> bool:
    _confirmation, made = Confirmation.objects.get_or_create(succession=succession, membership=here.membership)
    succession_asked.settle(succession, reader=by)
    if is_decided(succession):
        _carry(succession, by)
        return True
    if made:
        _record("group.succession_confirmed", succession, by)
        page_changed(succession.group.topic(succession.side))
    return False


def _carry(succession: Succession, by: User) -> None:
    first = not key_was_held(succession.group, succession.side)
    succession.carried_at = timezone.now()
    succession.save(update_fields=["carried_at"])
    succession_asked.settle(succession)
    if succession.kind == SuccessionKind.SUCCESSOR:
        _hand_over(succession, rests=not first, by=by)
    else:
        forget_second_factor(succession.membership.person, by=by)
        lapse_of(succession.group, by=by)
        _rest(succession.membership)
    _record_for_all("group.succession_carried", succession, by)
    succession_carried.announce(succession, by=by, facts={"rests": not first})
    page_changed(succession.group.topic())


def _rest(membership: Membership) -> None:
    membership.key_rests_until = timezone.now() + KEY_RESTS
    membership.save(update_fields=["key_rests_until"])
    raise_epoch(membership.person)


def _hand_over(succession: Succession, *, rests: bool, by: User) -> None:
    """The outgoing holder stays a member; a platform's key is designated, a group's goes with the co-chair's role."""
    group, successor = succession.group, succession.membership
    holder = key_holders(group).get(succession.side_id)
    chairs = successor.is_proposed or group.kind != GroupKind.PLATFORM or _had_co_chair(holder)
    key_given_up(group, succession.side, by=by)
    if holder is not None:
        holder.role, holder.designated = Role.MEMBER, False
        holder.save(update_fields=["role", "designated"])
        raise_epoch(holder.person)
    end_deputyships(successor.deputyships.filter(ended_at=None))
    if chairs:
        successor.role = Role.CO_CHAIR
    else:
        successor.designated = True
    proposed = successor.is_proposed
    if proposed:
        successor.seat, successor.since = Seat.OPEN, timezone.now()
    successor.confirmed_by = by
    successor.key_rests_until = timezone.now() + KEY_RESTS if rests else None
    successor.save(update_fields=["role", "designated", "seat", "since", "confirmed_by", "key_rests_until"])
    raise_epoch(successor.person)
    if proposed:
        seat_to_confirm.settle(successor)
        tell_of_opening(successor, by=by)


def _had_co_chair(holder: Membership | None) -> bool:
    return holder is not None and holder.role == Role.CO_CHAIR


@transaction.atomic
def withdraw_succession(succession: Succession, *, by: User) -> None:
    """By whoever asked. A seat proposed for an outside successor stays declined."""
    succession = _locked(succession)
    if succession.carried_at or succession.withdrawn_at:
        return
    succession.withdrawn_at = timezone.now()
    succession.save(update_fields=["withdrawn_at"])
    succession_asked.settle(succession)
    _record("group.succession_withdrawn", succession, by)
    page_changed(succession.group.topic(succession.side))


def _locked(succession: Succession) -> Succession:
    group = ThematicGroup.objects.locked(succession.group_id)
    found = Succession.objects.select_related("membership__person", "membership__side", "side").get(pk=succession.pk)
    found.group = found.membership.group = group
    return found


def _facts(succession: Succession) -> dict[str, str]:
    return {
        "succession": succession.public_id,
        "kind": str(succession.kind),
        "seat": succession.membership.public_id,
        "side": succession.side.public_id,
    }


def _record(kind: str, succession: Succession, by: User) -> None:
    """In the side's own record."""
    chain = succession.group.caucus_chain(succession.side)
    record(kind, chain=chain, by=by, facts=_facts(succession))


def _record_for_all(kind: str, succession: Succession, by: User) -> None:
    record(kind, chain=succession.group.chain, by=by, facts=_facts(succession))
