"""The silence procedure: a final text is adopted at an hour unless one of the entitled objects before."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Membership, Motion, Seat, ThematicGroup
from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Side

from .agreement import FinalText
from .documents import Document, ForbiddenMove

# What is left between its beginning and its end, at the least.
SHORTEST, LONGEST = timedelta(hours=24), timedelta(hours=240)


class SilenceState(models.TextChoices):
    ANNOUNCED = "announced", _("announced: it begins when everybody is reached")
    RUNNING = "running", _("running")
    ADOPTED = "adopted", _("adopted")
    BROKEN = "broken", _("broken")
    NOT_BEGUN = "not-begun", _("did not begin: not everybody was reached in time")
    UNHEARD = "unheard", _("ended: a side had nobody left who could object")
    VOIDED = "voided", _("ended: the freeze was undone")


OPEN_SILENCES = (SilenceState.ANNOUNCED, SilenceState.RUNNING)
_OVER = {SilenceState.BROKEN, SilenceState.UNHEARD, SilenceState.VOIDED}
# From → to. It starts with the last key; nothing but what is named here ends it.
SILENCE_MOVES: dict[str, set[SilenceState]] = {
    SilenceState.ANNOUNCED: {SilenceState.RUNNING, SilenceState.NOT_BEGUN, *_OVER},
    SilenceState.RUNNING: {SilenceState.ADOPTED, *_OVER},
}


class Adoption(models.TextChoices):
    """What an adopted text is ready for; said by the keys that start the procedure."""

    PUBLISH = "publish", _("it can be published under every side’s key, without signatures")
    SIGN = "sign", _("it is initialled and signed")


class SilenceQuerySet(models.QuerySet["Silence"]):
    def visible_to(self, user: User) -> "SilenceQuerySet":
        return self.filter(final_text__document__in=Document.objects.visible_to(user))

    def opened_by(self, user: User) -> "SilenceQuerySet":
        """What one sees, with the text, the group and the keys that started it."""
        return self.visible_to(user).select_related(
            "final_text__document__group__programme", "motion", "broken_by", "broken_for"
        )

    def open(self) -> "SilenceQuerySet":
        return self.filter(state__in=OPEN_SILENCES)

    def running(self) -> "SilenceQuerySet":
        return self.filter(state=SilenceState.RUNNING)

    def adopted(self) -> "SilenceQuerySet":
        return self.filter(state=SilenceState.ADOPTED)

    def waiting_for(self, user: User) -> "SilenceQuerySet":
        """Open ones which this person may break."""
        places = Entitled.objects.still_there().filter(membership__person=user)
        return self.open().filter(pk__in=places.values("silence"))


class Silence(models.Model):
    """One procedure over one final text. Its keys are those of the motion that started it."""

    public_id = PublicIdField()
    final_text = models.ForeignKey(FinalText, models.PROTECT, related_name="silences")
    motion = models.OneToOneField(Motion, models.PROTECT, related_name="silence")
    sha256 = models.CharField(max_length=64)
    # As the keys said it; `ends_at` is that instant, and later when outages moved it.
    zone = models.CharField(max_length=64)
    planned_end = models.DateTimeField()
    ends_at = models.DateTimeField()
    then = models.CharField(max_length=8, choices=Adoption.choices)
    state = models.CharField(max_length=10, choices=SilenceState.choices, default=SilenceState.ANNOUNCED)
    announced_at = models.DateTimeField(default=timezone.now, editable=False)
    began_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    broken_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    broken_for = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    objects = SilenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("silence procedure")
        ordering = ("-announced_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["final_text"],
                condition=Q(state__in=["announced", "running"]),
                name="one_open_silence_of_a_final_text",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["announced", "running"], closed_at=None)
                | ~Q(state__in=["announced", "running"]) & Q(closed_at__isnull=False),
                name="a_silence_is_closed_with_its_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "adopted"]) | Q(began_at__isnull=False),
                name="a_silence_runs_from_its_beginning",
            ),
            models.CheckConstraint(
                condition=~Q(state="broken") | ~Q(reason="") & Q(broken_by__isnull=False),
                name="a_silence_is_broken_by_somebody_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gte=models.F("planned_end")), name="a_silence_never_ends_early"
            ),
        ]

    def __str__(self) -> str:
        return str(self.final_text.document)

    def move_to(self, state: SilenceState) -> None:
        if state not in SILENCE_MOVES.get(self.state, set()):
            raise ForbiddenMove(f"{self.state} → {state}")
        self.state = state
        if state == SilenceState.RUNNING:
            self.began_at = timezone.now()
        else:
            self.closed_at = timezone.now()

    @property
    def document(self) -> Document:
        return self.final_text.document

    @property
    def group(self) -> ThematicGroup:
        return self.document.group

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_SILENCES

    @property
    def is_running(self) -> bool:
        return self.state == SilenceState.RUNNING

    @property
    def is_moved(self) -> bool:
        return self.ends_at != self.planned_end

    @property
    def latest_beginning(self) -> Any:
        """Begun later it would be shorter than it may be."""
        return self.ends_at - SHORTEST

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class EntitledQuerySet(models.QuerySet["Entitled"]):
    def visible_to(self, user: User) -> "EntitledQuerySet":
        return self.filter(silence__in=Silence.objects.visible_to(user)).select_related(
            "silence__final_text__document__group__programme", "membership__person", "side"
        )

    def still_there(self) -> "EntitledQuerySet":
        """Who has left the group objects no more, and nobody waits for them; a new seat is no old one."""
        return self.filter(membership__seat=Seat.OPEN)


class Entitled(models.Model):
    """One who may object, fixed with the last key; and how the announcement reached them."""

    class Reached(models.TextChoices):
        KEY = "key", _("turned a key for it")
        OPENED = "opened", _("opened the announcement")
        MAIL = "mail", _("by mail")

    public_id = PublicIdField()
    silence = models.ForeignKey(Silence, models.PROTECT, related_name="entitled")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, editable=False)
    # Written down when it is known; of a mail an hour after the server took it.
    reached_by = models.CharField(max_length=8, choices=Reached.choices, blank=True)
    reached_at = models.DateTimeField(null=True, editable=False)

    objects = EntitledQuerySet.as_manager()

    class Meta:
        verbose_name = _("person entitled to object")
        ordering = ("side__name", "membership__person__name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["silence", "membership"], name="entitled_once_in_a_silence"),
            models.CheckConstraint(
                condition=Q(reached_by="", reached_at=None) | ~Q(reached_by="") & Q(reached_at__isnull=False),
                name="reached_at_a_moment_in_a_way",
            ),
        ]

    def __str__(self) -> str:
        return self.membership.printed_name

    @property
    def group(self) -> ThematicGroup:
        return self.silence.group
