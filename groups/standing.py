"""What a person is in a group: read once per request, and what every rule is a sentence about."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from parley.access.composed import Composed, Slot
from parley.accounts.models import User
from parley.programmes.models import Facilitator, Side

from .models import Deputy, GroupKind, Key, Membership, Role, ThematicGroup


@dataclass(frozen=True)
class Standing:
    """A person's role, side and keys in one group; all false for somebody without a part in it."""

    membership: Membership | None = None
    facilitates: bool = False
    deputises: bool = False

    @property
    def role(self) -> str | None:
        return self.membership.role if self.membership else None

    @property
    def side(self) -> Side | None:
        return self.membership.side if self.membership else None

    @property
    def has_a_side(self) -> bool:
        return self.side is not None

    @property
    def is_co_chair(self) -> bool:
        return self.role == Role.CO_CHAIR

    @property
    def is_observer(self) -> bool:
        return self.role == Role.OBSERVER

    @property
    def sees_texts(self) -> bool:
        """Tabled texts as they are now: members and facilitators. Observers see released drafts."""
        return self.has_a_side or self.facilitates

    @property
    def keeps_key_as(self) -> str | None:
        """As what this person's side has given them its key, resting or not."""
        if self.membership is None or self.side is None:
            return None
        if self.is_co_chair:
            return Key.Capacity.CO_CHAIR
        if self.deputises:
            return Key.Capacity.DEPUTY
        return Key.Capacity.DESIGNATED if self.membership.designated else None

    @property
    def capacity(self) -> str | None:
        """As what this person may turn their side's key now, if at all (a successor's key rests at first)."""
        rests = self.membership is not None and self.membership.key_rests
        return None if rests else self.keeps_key_as

    @property
    def holds_key(self) -> bool:
        return self.capacity is not None

    def is_of(self, side: Side | None) -> bool:
        return side is not None and self.side is not None and self.side.pk == side.pk


NOBODY = Standing()
KNOWN, HELD = "_standing_by_group", "_standings"


def _with_what_makes_a_standing(seats: QuerySet[Membership], now: Slot) -> QuerySet[Membership]:
    deputy = Deputy.objects.acting(now).filter(membership=OuterRef("pk"))
    return seats.order_by().select_related("side").annotate(deputises=Exists(deputy))


def _seats(person: Slot, now: Slot) -> QuerySet[Membership]:
    seats = Membership.objects.acting().filter(person=person).select_related("group__programme")
    return _with_what_makes_a_standing(seats, now)


class Owner(NamedTuple):
    """Of somebody who owns a voice what telling them takes: a side has twenty-five."""

    pk: int
    public_id: str
    is_active: bool
    side_id: int


SEAT = tuple(field.attname for field in Membership._meta.concrete_fields)
SIDE = tuple(field.attname for field in Side._meta.concrete_fields)


def _in_brief(seats: QuerySet[Membership], now: Slot) -> QuerySet[Membership, Any]:
    """As values: all but one's own seat need never become one."""
    of_sides = (f"side__{name}" for name in SIDE)
    held = _with_what_makes_a_standing(seats, now)
    return held.values(*SEAT, "deputises", *of_sides, "person__public_id", "person__is_active")


def _seat(found: dict[str, Any], group: ThematicGroup) -> Membership:
    using = group._state.db
    seat = Membership.from_db(using, SEAT, [found[name] for name in SEAT])
    seat.group, seat.deputises = group, found["deputises"]  # type: ignore[attr-defined]  # as annotated
    if seat.side_id is not None:
        seat.side = Side.from_db(using, SIDE, [found[f"side__{name}"] for name in SIDE])
    return seat


def _owner(found: dict[str, Any]) -> Owner:
    return Owner(found["person_id"], found["person__public_id"], found["person__is_active"], found["side_id"])


def _own_and_a_sides(group: Slot, person: Slot, side: Slot, now: Slot) -> QuerySet[Membership, Any]:
    return _in_brief(Membership.objects.acting().filter(Q(person=person) | Q(side=side), group=group), now)


def _own_and_key_keepers(group: Slot, person: Slot, now: Slot) -> QuerySet[Membership, Any]:
    return _in_brief(Membership.objects.acting().filter(Q(person=person) | KEEPS_A_KEY, group=group), now)


KEEPS_A_KEY = Q(role=Role.CO_CHAIR) | Q(designated=True)
KEY, MOMENT = BigIntegerField(), DateTimeField()
_seats_of = Composed(_seats, person=KEY, now=MOMENT)
_seats_beside_a_sides = Composed(_own_and_a_sides, group=KEY, person=KEY, side=KEY, now=MOMENT)
_seats_beside_key_keepers = Composed(_own_and_key_keepers, group=KEY, person=KEY, now=MOMENT)


@dataclass
class Standings:
    """Everything a person is, in all groups: a query for the seats, and one for facilitating where it matters.

    A facilitator never has a side in the same programme, so that a seat with a side says all about its group.
    """

    person: User | None
    seats: dict[int, Membership]

    @cached_property
    def programmes(self) -> frozenset[int]:
        """Those that the person facilitates."""
        if self.person is None:
            return frozenset()
        acting = Facilitator.objects.acting().filter(person=self.person)
        return frozenset(acting.values_list("programme", flat=True))

    @cached_property
    def by_group(self) -> dict[int, Standing]:
        return {group: self._standing(seat.group) for group, seat in self.seats.items()}

    def within(self, group: ThematicGroup) -> Standing:
        if group.pk in self.by_group:
            return self.by_group[group.pk]
        return Standing(facilitates=True) if group.programme_id in self.programmes else NOBODY

    def _standing(self, group: ThematicGroup) -> Standing:
        seat = self.seats[group.pk]
        facilitates = seat.side_id is None and group.programme_id in self.programmes
        return Standing(membership=seat, facilitates=facilitates, deputises=seat.deputises)  # type: ignore[attr-defined]  # annotated


def read_standings(user: User) -> Standings:
    """Freshly from the database; actions ask it again under their lock."""
    if not user.is_active:
        return Standings(None, {})
    seats = _seats_of(person=user.pk, now=timezone.now())
    return Standings(user, {seat.group_id: seat for seat in seats})


def standings(user: User) -> Standings:
    """The standings of the person of this request or mail; the user object lives no longer than that."""
    held = user._wrapped if isinstance(user, SimpleLazyObject) else user
    if not getattr(held, "is_authenticated", False):
        return Standings(None, {})
    found: Standings | None = getattr(held, HELD, None)
    if found is None:
        found = read_standings(user)
        setattr(held, HELD, found)
    return found


def standing(user: User, group: ThematicGroup) -> Standing:
    known: dict[int, Standing] = getattr(_held(user), KNOWN, {})
    return known[group.pk] if group.pk in known else standings(user).within(group)


def remember(user: User, group: ThematicGroup, found: Standing) -> Standing:
    """For a page that has read its group's seats: what it found is the person's standing there for this request."""
    held = _held(user)
    setattr(held, KNOWN, {**getattr(held, KNOWN, {}), group.pk: found})
    return found


def _held(user: User) -> User:
    return user._wrapped if isinstance(user, SimpleLazyObject) else user


def standing_now(user: User, group: ThematicGroup) -> Standing:
    """For actions: what the person is at this moment, inside the transaction that writes."""
    return read_standings(user).within(group)


def standing_and_owners(user: User, group: ThematicGroup, side: Side | None) -> tuple[Standing, list[Owner]]:
    """`standing_now`, and who owns a voice: its side or, of joint text, those who keep a key.

    One question for both: an act on a text asks the first to be allowed and the second to tell them.
    """
    about = {"group": group.pk, "person": user.pk, "now": timezone.now()}
    if side:
        seats = _seats_beside_a_sides.values(side=side.pk, **about)
        owners = [seat for seat in seats if seat["side_id"] == side.pk]
    else:
        seats = _seats_beside_key_keepers.values(**about)
        owners = [seat for seat in seats if seat["role"] == Role.CO_CHAIR or seat["designated"]]
    own = [_seat(seat, group) for seat in seats if seat["person_id"] == user.pk]
    found = Standings(user, {seat.group_id: seat for seat in own})
    return (found.within(group) if user.is_active else NOBODY), [_owner(seat) for seat in owners]


def groups_where_texts_are_seen(user: User) -> QuerySet[ThematicGroup]:
    """Groups in which the person reads tabled texts: as a member of a side or as a facilitator."""
    seated = Membership.objects.acting().with_a_side().filter(person=user).values("group")
    facilitated = Facilitator.objects.acting().filter(person=user).values("programme")
    return ThematicGroup.objects.filter(pk__in=seated) | ThematicGroup.objects.filter(programme__in=facilitated)


def acts_for(user: User | Slot, *, side: str, group: str) -> Exists:
    """A condition on rows of a caucus: whether the person acts now for the row's side in the row's group.

    `side` and `group` are the paths to these two from the row.
    """
    seats = Membership.objects.acting().with_a_side().filter(person=user).order_by()
    return Exists(seats.filter(side=OuterRef(side), group=OuterRef(group)))


def key_holders(group: ThematicGroup) -> dict[int, Membership]:
    """Side → whose key it is: the acting co-chair or a platform's designated member; no entry for a vacant side."""
    seats = Membership.objects.acting().with_a_side().filter(group=group).select_related("person", "side")
    holders: dict[int, Membership] = {}
    for seat in seats:
        if seat.role == Role.CO_CHAIR or (seat.designated and group.kind == GroupKind.PLATFORM):
            holders[seat.side_id] = seat  # type: ignore[index]  # filtered: each has a side
    return holders
