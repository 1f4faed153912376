"""Who sits in a group, for which side and in which role; deputies and successors."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.access.composed import Slot
from parley.accounts.models import User
from parley.programmes.models import Side

from .groups import ThematicGroup


class Role(models.TextChoices):
    CO_CHAIR = "co-chair", _("co-chair")
    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")


class Seat(models.TextChoices):
    """A facilitator only proposes a person for a side: the seat opens when that side's co-chair confirms."""

    # Printed in an imported text's list of members; nobody sits there until that person accepts an invitation.
    NAMED = "named", _("named in an imported text")
    PROPOSED = "proposed", _("proposed")
    OPEN = "open", _("open")
    ENDED = "ended", _("ended")
    DECLINED = "declined", _("declined")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def acting(self) -> "MembershipQuerySet":
        return self.filter(seat=Seat.OPEN)

    def proposed(self) -> "MembershipQuerySet":
        return self.filter(seat=Seat.PROPOSED)

    def awaited_by(self, person: User) -> "MembershipQuerySet":
        """The seats that this person is to have, once they are confirmed."""
        return self.proposed().filter(person=person).select_related("group__programme", "side")

    def named(self) -> "MembershipQuerySet":
        return self.filter(seat=Seat.NAMED)

    def on_the_roster(self) -> "MembershipQuerySet":
        """As printed: open seats, and the names of an imported list until they are taken or removed."""
        return self.filter(seat__in=[Seat.OPEN, Seat.NAMED])

    def of_side(self, side: Side) -> "MembershipQuerySet":
        return self.filter(side=side)

    def with_a_side(self) -> "MembershipQuerySet":
        return self.exclude(side=None)

    def co_chairs(self) -> "MembershipQuerySet":
        return self.filter(role=Role.CO_CHAIR)

    def people_by_side(self) -> list[tuple[str, int]]:
        """Pairs of a side's name (empty: on no side) and how many people sit for it, each counted once."""
        named = self.order_by().values_list("side__name").annotate(people=Count("person", distinct=True))
        return [(name or "", people) for name, people in named.order_by("side__position")]

    def visible_to(self, user: User) -> "MembershipQuerySet":
        """Every seating and ending is shown to all members of the group."""
        seen = self.filter(group__in=ThematicGroup.objects.visible_to(user))
        return seen.select_related("group__programme", "person", "side")


class Membership(models.Model):
    public_id = PublicIdField()
    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    seat = models.CharField(_("seat"), max_length=12, choices=Seat.choices, default=Seat.PROPOSED)
    # In a platform without co-chairs the side's members designate who holds their key (printed without a title).
    designated = models.BooleanField(default=False, editable=False)
    # A successor's key rests while all members are told.
    key_rests_until = models.DateTimeField(null=True, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        ordering = ("role", "person__name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(seat__in=["proposed", "open"]),
                name="one_seat_of_a_person_in_a_group",
            ),
            models.UniqueConstraint(
                fields=["group", "side"],
                condition=Q(seat="open", role="co-chair"),
                name="one_acting_co_chair_of_a_side_in_a_group",
            ),
            models.UniqueConstraint(
                fields=["group", "side"],
                condition=Q(seat="open", designated=True),
                name="one_designated_key_holder_of_a_side_in_a_group",
            ),
            models.CheckConstraint(
                condition=Q(role="observer", side=None) | (~Q(role="observer") & Q(side__isnull=False)),
                name="observers_have_no_side_and_others_have_one",
            ),
            models.CheckConstraint(
                condition=Q(designated=False) | Q(role="member"), name="only_members_are_designated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.group}"

    @property
    def printed_name(self) -> str:
        """The person's name; never their address, which is nobody's business in the group."""
        return self.person.name or gettext("Name not given yet")

    @property
    def is_open(self) -> bool:
        return self.seat == Seat.OPEN

    @property
    def is_proposed(self) -> bool:
        return self.seat == Seat.PROPOSED

    @property
    def opened_unconfirmed(self) -> bool:
        """A side's first co-chair whom no co-chair confirmed, since none acted: shown to every later one."""
        return self.role == Role.CO_CHAIR and self.is_open and self.confirmed_by_id is None

    @property
    def keeps_a_key(self) -> bool:
        """By itself; a deputy's is lent."""
        return self.role == Role.CO_CHAIR or self.designated

    @property
    def key_rests(self) -> bool:
        return self.key_rests_until is not None and self.key_rests_until > timezone.now()


class SeatConfirmation(models.Model):
    """The word of one of those who confirm a seat: the first co-chair of a side takes that of each co-chair acting."""

    seat = models.ForeignKey(Membership, models.CASCADE, related_name="confirmations")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "membership"], name="seat_confirmed_once_by_a_member")]

    def __str__(self) -> str:
        return f"{self.membership} · {self.seat}"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def visible_to(self, user: User) -> "DeputyQuerySet":
        seen = Membership.objects.visible_to(user)
        return self.filter(membership__in=seen).select_related("membership__group__programme", "membership__side")

    def acting(self, at: datetime | Slot | None = None) -> "DeputyQuerySet":
        now = at or timezone.now()
        return self.filter(ended_at=None, starts__lte=now, ends__gte=now, membership__seat=Seat.OPEN)

    def with_people(self) -> "DeputyQuerySet":
        return self.select_related("membership__person", "membership__side", "membership__group")

    def to_come_or_acting(self) -> "DeputyQuerySet":
        return self.filter(ended_at=None, ends__gte=timezone.now(), membership__seat=Seat.OPEN)


class Deputy(models.Model):
    """A member who turns their own side's key between stated moments, and is printed as deputy."""

    public_id = PublicIdField()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="deputyships")
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"))
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        ordering = ("starts", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=models.F("starts")), name="deputy_ends_after_starting")
        ]

    def __str__(self) -> str:
        return str(self.membership)


class SuccessionKind(models.TextChoices):
    SUCCESSOR = "successor", _("a successor as key holder")
    SECOND_FACTOR = "second-factor", _("a new second factor for the key holder")


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def open(self) -> "SuccessionQuerySet":
        return self.filter(carried_at=None, withdrawn_at=None)

    def visible_to(self, user: User) -> "SuccessionQuerySet":
        """What a side decides about its key is its own affair until it is decided."""
        seats = Membership.objects.acting().with_a_side().filter(person=user)
        mine = Exists(seats.filter(group=OuterRef("group"), side=OuterRef("side")))
        return self.filter(mine).select_related("group__programme", "side", "membership__person", "membership__side")


class Succession(models.Model):
    """A side's own decision about its key: by the outgoing co-chair, or by a majority of that side's other members."""

    public_id = PublicIdField()
    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="successions")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=SuccessionKind.choices)
    # Who is to hold the key: the successor, or the key holder whose second factor was lost.
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="successions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    carried_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("succession")
        ordering = ("-asked_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "side", "kind"],
                condition=Q(carried_at=None, withdrawn_at=None),
                name="one_open_succession_of_a_side",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.membership}"


class Confirmation(models.Model):
    succession = models.ForeignKey(Succession, models.CASCADE, related_name="confirmations")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["succession", "membership"], name="confirmed_once_by_a_member")]

    def __str__(self) -> str:
        return str(self.membership)
