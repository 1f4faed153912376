"""What waits for a person (bell), what waits to be sent (outbox), what falls due later, and the worker's pulse."""

import hashlib
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField


def event_key(event: str, recipient: str, channel: str) -> str:
    """One row per event, recipient and channel, however often it is announced."""
    return hashlib.sha256(f"{event}|{recipient}|{channel}".encode()).hexdigest()


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        return self.filter(reader=user) if user.is_authenticated else self.none()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def waiting(self) -> "NoticeQuerySet":
        return self.filter(asks=True, done_at=None)

    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-at", "-pk")


class Notice(models.Model):
    """One thing that one person is told; its words are made when it is shown, from what that person may then see."""

    public_id = PublicIdField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=16)
    facts = models.JSONField(default=dict)
    # The reader must act; it stays under "waiting for me" until that is done.
    asks = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["reader", "-at"], name="notices_of_a_reader"),
            models.Index(fields=["reader"], condition=Q(read_at=None), name="unread_notices"),
            models.Index(fields=["kind", "subject"], name="notices_about_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    LEASED = "leased", _("being sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("not sent: no longer wanted")
    DEAD = "dead", _("given up")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        return self.all() if user.is_staff else self.none()

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Waiting ones whose time has come, and those whose worker died: its lease has lapsed."""
        waiting = Q(state=DeliveryState.QUEUED, next_at__lte=now)
        orphaned = Q(state=DeliveryState.LEASED, lease_until__lt=now)
        return self.filter(waiting | orphaned).order_by("-urgency", "next_at", "pk")

    def expired(self, now: datetime) -> "DeliveryQuerySet":
        unsent = [DeliveryState.QUEUED, DeliveryState.DEAD]
        return self.filter(state__in=unsent, expires_at__lte=now)

    def to_be_planned(self) -> "DeliveryQuerySet":
        """Ordinary mail about notices that no bundle holds yet: when it leaves is for its reader's habits to say."""
        fresh = self.filter(state=DeliveryState.QUEUED, urgency=0, bundle="", reader__isnull=False)
        return fresh.filter(with_calendar=False)

    def dead(self) -> "DeliveryQuerySet":
        return self.filter(state=DeliveryState.DEAD)

    def unsent(self) -> "DeliveryQuerySet":
        """What an installer looks at: waiting, failed and given up, the latter first."""
        return self.filter(state__in=["queued", "leased", "dead"]).order_by("state", "next_at", "pk")


class Delivery(models.Model):
    """A row of the outbox: one mail that is to be sent, in the transaction of what it tells of."""

    public_id = PublicIdField()
    key = models.CharField(max_length=64, unique=True)
    # A member (address, language and rights are read when the mail is written), or an address alone.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    to = models.EmailField(_("to"), max_length=254, blank=True)
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=16, blank=True)
    # The notice in the bell that tells the same: read there, it needs no mail.
    bell = models.CharField(max_length=64, blank=True)
    # Rows that leave in one mail; decided before it is sent, so that a mail sent twice says the same twice.
    bundle = models.CharField(max_length=16, blank=True)
    # The body: what the words are made from. Wiped once the mail is out.
    facts = models.JSONField(default=dict)
    # A file for calendars is made when the mail is sent; such a mail leaves at once, alone.
    with_calendar = models.BooleanField(default=False)
    urgency = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # What kind of failure, never the server's words: they may quote the mail.
    reason = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Somebody saw it come back, after the mail server had taken it.
    bounced_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["-urgency", "next_at"], condition=Q(state__in=["queued", "leased"]), name="deliveries_to_send"
            ),
            models.Index(
                fields=["reader"], condition=Q(state="queued", urgency=0, bundle=""), name="deliveries_not_yet_bundled"
            ),
            models.Index(fields=["bundle"], condition=~Q(bundle=""), name="deliveries_of_a_bundle"),
            models.Index(fields=["reader", "sent_at"], condition=~Q(bundle=""), name="bundles_of_a_reader"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"),
            models.CheckConstraint(
                condition=Q(reader__isnull=False, to="") | (Q(reader=None) & ~Q(to="")),
                name="delivery_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=~Q(state="leased") | Q(lease_until__isnull=False), name="a_lease_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    @property
    def is_dead(self) -> bool:
        return self.state == DeliveryState.DEAD

    @property
    def recipient(self) -> str:
        return self.reader.email if self.reader else self.to


class Level(models.TextChoices):
    """What somebody wants of a group by mail, beside what cannot wait."""

    WAITS = "waits", _("Only what waits for me")
    DAILY = "daily", _("What waits for me, and the news once a day")
    WEEKLY = "weekly", _("What waits for me, and the news once a week")


class Habits(models.Model):
    """When a person reads mail, in their own zone. Who never said anything has the defaults.

    Mail of the classes above the ordinary asks none of this.
    """

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="habits")
    level = models.CharField(max_length=8, choices=Level, default=Level.DAILY)
    # What waits for them comes within minutes; else it stands on top of the next digest.
    at_once = models.BooleanField(default=True)
    digest_at = models.TimeField(default=time(8))
    # The same hour twice: no hour is quiet.
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(8))
    # Weekdays by number, Monday is 1 (ISO 8601): "67" is the weekend.
    quiet_days = models.CharField(max_length=6, blank=True, default="7")
    # The first day on which mail comes again.
    paused_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("habits")
        verbose_name_plural = _("habits")
        constraints = [models.CheckConstraint(condition=Q(level__in=Level.values), name="level_is_known")]

    def __str__(self) -> str:
        return self.level


class GroupLevel(models.Model):
    """What somebody wants of one group, where it differs from the rest. This layer knows a group by its public id."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_levels")
    group = models.CharField(max_length=16)
    level = models.CharField(max_length=8, choices=Level)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "group"], name="one_level_by_reader_and_group"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="level_of_a_group_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.level}"


class DueQuerySet(models.QuerySet["Due"]):
    def due(self, now: datetime) -> "DueQuerySet":
        return self.filter(at__lte=now).order_by("at", "pk")

    def failing(self) -> "DueQuerySet":
        return self.filter(attempts__gt=0)


class Due(models.Model):
    """Something to do at a time: a row, since a task with an ETA is run four times or never."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=120, blank=True)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = _("due row")
        verbose_name_plural = _("due rows")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="due_once_per_kind_and_key")]
        indexes = [models.Index(fields=["at"], name="due_rows_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Heartbeat(models.Model):
    """When a part last showed that it works; `doctor` and the health page read it."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def age(cls, name: str) -> timedelta | None:
        """How long ago it was last seen; None if never."""
        seen = cls.objects.filter(name=name).values_list("at", flat=True).first()
        return timezone.now() - seen if seen else None


class Outage(models.Model):
    """From when until when a part did not work, written down by itself when it worked again (`pulse`)."""

    part = models.CharField(max_length=40)
    began = models.DateTimeField()
    ended = models.DateTimeField()

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        indexes = [models.Index(fields=["ended"], name="outages_by_their_end")]
        constraints = [
            models.CheckConstraint(condition=Q(ended__gt=models.F("began")), name="an_outage_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.began:%Y-%m-%d %H:%M}"
