"""What was released, frozen, initialled, signed: immutable, and complete without anything else."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Membership, Seat
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Side

from .documents import Document
from .passages import Passage


class Withdrawal(models.Model):
    """One side's key holder took back its agreement to a settled passage, with a reason seen by all."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="withdrawals")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=1000)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-withdrawn_at", "-pk")

    def __str__(self) -> str:
        return f"{self.side} · {self.passage}"


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> "DraftQuerySet":
        """All of the group, observers too."""
        seats = Membership.objects.acting().filter(person=user)
        return self.filter(
            Q(document__group__in=groups_where_texts_are_seen(user)) | Q(document__group__in=seats.values("group"))
        )

    def opened_by(self, user: User) -> "DraftQuerySet":
        return self.visible_to(user).select_related("document__group__programme")


class Draft(models.Model):
    """Draft n: the tabled text as released to all sides at one instant."""

    public_id = PublicIdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="drafts")
    number = models.PositiveIntegerField()
    # Canonical bytes (form 1) as text.
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    comments_until = models.DateTimeField(_("comments until"), null=True)
    released_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="draft_numbered_once")]

    def __str__(self) -> str:
        return f"{self.document} {self.number}"

    def earlier(self) -> DraftQuerySet:
        """Drafts of the same document before this one, newest first."""
        return Draft.objects.filter(document=self.document_id, number__lt=self.number)


class FinalTextQuerySet(models.QuerySet["FinalText"]):
    def standing(self) -> "FinalTextQuerySet":
        return self.filter(voided_at=None)


class FinalText(models.Model):
    """Every printed word, in canonical form 1; its SHA-256 is what is initialled, signed and published."""

    public_id = PublicIdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="final_texts")
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.CharField(max_length=1000, blank=True)
    signing_opened_at = models.DateTimeField(null=True, editable=False)
    signing_closed_at = models.DateTimeField(null=True, editable=False)
    # The head of the group's record when signing closed: printed, so that a rewritten record shows.
    chain_seq = models.PositiveIntegerField(null=True, editable=False)
    chain_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = FinalTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("final text")
        ordering = ("-frozen_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(voided_at=None), name="one_standing_final_text_of_a_document"
            )
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def group(self):
        return self.document.group

    @property
    def adopted_by(self):
        """The silence procedure under which it was adopted, if it was."""
        return self.silences.adopted().first()


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    def answered(self) -> "SignatoryQuerySet":
        return self.filter(acts__kind__in=Act.ANSWERS)

    def awaited(self) -> "SignatoryQuerySet":
        """Who has not answered and still can: nobody waits for those who have left the group."""
        answers = Act.objects.filter(signatory=OuterRef("pk"), kind__in=Act.ANSWERS)
        return self.filter(~Exists(answers), membership__seat=Seat.OPEN)

    def in_the_group(self) -> "SignatoryQuerySet":
        return self.filter(membership__seat=Seat.OPEN)

    def with_acts(self) -> "SignatoryQuerySet":
        return self.select_related("side", "reservation__withdrawal").prefetch_related("acts")

    def visible_to(self, user: User) -> "SignatoryQuerySet":
        return self.in_the_group().filter(person=user, final_text__voided_at=None)


class Signatory(models.Model):
    """Fixed at the freeze; the name as it will be printed."""

    public_id = PublicIdField()
    final_text = models.ForeignKey(FinalText, models.PROTECT, related_name="signatories")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="signatory_of")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    role_printed = models.CharField(max_length=80, blank=True)
    initials = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory")
        ordering = ("position", "pk")
        constraints = [models.UniqueConstraint(fields=["final_text", "person"], name="signatory_once_of_a_final_text")]

    def __str__(self) -> str:
        return self.name

    @property
    def group(self):
        return self.final_text.document.group


class Act(models.Model):
    """One proof, one act, over the hash of the text that the person saw."""

    class Kind(models.TextChoices):
        INITIAL = "initial", _("initialled")
        SIGN = "sign", _("signed")
        RESERVE = "reserve", _("signed with a reservation")
        DECLINE = "decline", _("declined")

    ANSWERS = (Kind.SIGN, Kind.RESERVE, Kind.DECLINE)
    SIGNATURES = (Kind.SIGN, Kind.RESERVE)

    public_id = PublicIdField()
    signatory = models.ForeignKey(Signatory, models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    done_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("act")
        ordering = ("done_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(kind__in=["sign", "reserve", "decline"]), name="answered_once"
            ),
            models.UniqueConstraint(fields=["signatory"], condition=Q(kind="initial"), name="initialled_once"),
            models.CheckConstraint(condition=~Q(kind="decline") | ~Q(reason=""), name="declined_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.signatory}"


class Reservation(models.Model):
    """Made after the freeze: a record of its own that names the text's hash, printed in an annex."""

    public_id = PublicIdField()
    final_text = models.ForeignKey(FinalText, models.PROTECT, related_name="reservations")
    signatory = models.OneToOneField(Signatory, models.PROTECT, related_name="reservation")
    # R1, R2, … in the order in which they were made.
    number = models.PositiveSmallIntegerField()
    # The passage of the final text that it is made to, by its id there; "" for the whole text.
    place = models.CharField(max_length=32, blank=True)
    text = models.TextField(_("reservation"))
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reservation")
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["final_text", "number"], name="reservation_numbered_once")]

    def __str__(self) -> str:
        return f"R{self.number}"

    @property
    def record(self) -> dict[str, Any]:
        """What its own hash is taken over (RFC 8785); without a place where it is made to the whole text."""
        place = {"passage": self.place} if self.place else {}
        return place | {
            "form": 1,
            "reserves": self.final_text.sha256,
            "signatory": self.signatory.public_id,
            "name": self.signatory.name,
            "text": self.text,
        }
