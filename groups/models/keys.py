"""Two keys: a motion names a target and the SHA-256 of exactly what is proposed; it takes effect with the last key."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Side

from .groups import ThematicGroup


class MotionQuerySet(models.QuerySet["Motion"]):
    def open(self) -> "MotionQuerySet":
        return self.filter(state=Motion.State.OPEN)

    def open_first(self) -> "MotionQuerySet":
        still_open = Case(When(state=Motion.State.OPEN, then=0), default=1)
        return self.order_by(still_open, "-proposed_at", "-pk")

    def with_keys(self) -> "MotionQuerySet":
        keys = Key.objects.select_related("turned_by", "side")
        return self.select_related("proposed_by").prefetch_related(Prefetch("keys", keys))

    def without_key_of(self, side: Side | None) -> "MotionQuerySet":
        """Those to which this side has not turned its key."""
        return self.exclude(Exists(Key.objects.filter(motion=OuterRef("pk"), side=side)))

    def on(self, *target_ids: str) -> "MotionQuerySet":
        return self.filter(target_id__in=target_ids)

    def visible_to(self, user: User) -> "MotionQuerySet":
        """Observers see released drafts, not what is being agreed."""
        from groups.standing import groups_where_texts_are_seen

        seen = self.filter(group__in=groups_where_texts_are_seen(user))
        return seen.select_related("group__programme", "proposed_by")


class Motion(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("waiting for keys")
        CARRIED = "carried", _("carried")
        LAPSED = "lapsed", _("lapsed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = PublicIdField()

    class Because(models.TextChoices):
        TARGET_CHANGED = "target", _("The text changed after it was proposed.")
        KEY_HOLDER_CHANGED = "key-holder", _("A key holder changed.")

    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="motions")
    kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    # As the ledger shows it: what it was about when it was proposed, and whose keys it takes (sides' public ids).
    title = models.CharField(max_length=400, blank=True)
    wanted: Any = models.JSONField(default=list)
    # What the motion says beside its target (an hour, a reason, an order of ids); part of what is hashed.
    facts: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    lapsed_because = models.CharField(max_length=12, choices=Because.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = MotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("motion")
        ordering = ("-proposed_at", "-pk")
        indexes = [models.Index(fields=["target_id", "kind"], name="motion_by_target")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id"], condition=Q(state="open"), name="one_open_motion_of_a_kind_on_a_target"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.target_id}"


class Key(models.Model):
    """One side's key in a motion: over which words, by whom, acting as what."""

    class Capacity(models.TextChoices):
        CO_CHAIR = "co-chair", _("co-chair")
        DEPUTY = "deputy", _("deputy")
        DESIGNATED = "designated", _("designated by the side’s members")

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="keys")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    turned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    sha256 = models.CharField(max_length=64)
    # Ad referendum: subject to the side's principals, who have until then to confirm.
    until = models.DateTimeField(null=True, editable=False)
    turned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("key")
        ordering = ("turned_at", "pk")
        constraints = [models.UniqueConstraint(fields=["motion", "side"], name="one_key_of_a_side_in_a_motion")]

    def __str__(self) -> str:
        return f"{self.side} · {self.motion}"
