"""Reservations made before the freeze: dissent that is a footnote of the text, kept with its trail."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from groups.models import ThematicGroup
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Side

from .agreement import Reservation
from .documents import Document
from .passages import Passage, Revision

# Characters of a footnote that is still read on the page of its passage.
LONGEST_RESERVATION = 2000


class TextReservationQuerySet(models.QuerySet["TextReservation"]):
    def visible_to(self, user: User) -> "TextReservationQuerySet":
        """It lies before all sides from the moment on that it is entered; not for observers, who read drafts."""
        return self.filter(document__group__in=groups_where_texts_are_seen(user))

    def opened_by(self, user: User) -> "TextReservationQuerySet":
        """What one sees, with its words and all that it stands in."""
        return self.visible_to(user).with_words().select_related("passage__section", "document__group__programme")

    def with_words(self) -> "TextReservationQuerySet":
        return self.select_related(
            "side", "person", "entered_by", "withdrawn_by", "wording__revision", "passage__tabled"
        )

    def standing(self) -> "TextReservationQuerySet":
        return self.filter(withdrawn_at=None)

    def in_the_text(self) -> "TextReservationQuerySet":
        """Those that are printed: not withdrawn, and on nothing that left the text."""
        present = Q(passage__dropped_at=None, passage__section__dropped_at=None)
        return self.standing().filter(Q(passage=None) | present)

    def on(self, passages: Iterable[Passage]) -> "TextReservationQuerySet":
        return self.filter(passage__in=list(passages))

    def of_sides(self) -> "TextReservationQuerySet":
        """In the name of a whole side."""
        return self.filter(person=None, named="")


class TextReservation(SubmittedOnce):
    """A side's or a person's dissent from a passage or, without one, from the whole text. It blocks nothing."""

    public_id = PublicIdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="text_reservations")
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="reservations")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    # Whose own it is; none where it is the side's.
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    # Whose own it is by the file that it came with, of somebody who has no seat here.
    named = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    # Brought in with a document: nobody for whom it speaks has taken it as theirs yet.
    from_file = models.BooleanField(default=False, editable=False)
    wording = models.ForeignKey("ReservationWording", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = TextReservationQuerySet.as_manager()

    # What addresses call it: for people it is a reservation, before the freeze and after.
    url_name = "reservation"

    class Meta:
        verbose_name = gettext_lazy("reservation")
        ordering = ("entered_at", "pk")
        indexes = [models.Index(fields=["document", "withdrawn_at"], name="reservations_of_a_document")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_reservation_says_who",
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(named=""), name="a_reservation_is_of_one_person_at_the_most"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def group(self) -> ThematicGroup:
        return self.document.group

    @property
    def words(self) -> str:
        return self.wording.words if self.wording else ""

    @property
    def name(self) -> str:
        """Of the person as printed; "" where it is the side's."""
        return str(self.person) if self.person else self.named

    @property
    def is_a_sides(self) -> bool:
        return not self.name

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def has_left(self) -> bool:
        """With its passage or section, which can be brought back."""
        return bool(self.passage and (self.passage.dropped_at or self.passage.section.dropped_at))

    @property
    def speaker(self) -> str:
        """Whose it is, as a page says it."""
        return f"{self.name} ({self.side.name})" if self.name else self.side.name

    @property
    def attribution(self) -> str:
        """The generated phrase before its words, in the language of the text."""
        with override(self.document.language):
            if self.is_a_sides:
                return _("Reservation of %(side)s:") % {"side": self.side.name}
            return _("Reservation of %(name)s (%(side)s):") % {"name": self.name, "side": self.side.name}

    @property
    def note(self) -> str:
        """As the footnote says it."""
        return f"{self.attribution} {self.words}"

    @property
    def was_over_other_words(self) -> bool:
        """The passage was rewritten since these words were entered."""
        over = self.wording.revision if self.wording else None
        return bool(self.passage and over and over.pk != self.passage.tabled_id)


class ReservationWording(models.Model):
    """Its words at one time: changed words are a new one, and the old are kept."""

    reservation = models.ForeignKey(TextReservation, models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField()
    words = models.TextField(gettext_lazy("reservation"))
    # What the passage said then.
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = gettext_lazy("words of a reservation")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["reservation", "number"], name="words_of_a_reservation_numbered_once"),
            models.CheckConstraint(condition=~Q(words=""), name="a_reservation_says_something"),
        ]

    def __str__(self) -> str:
        return self.words


class ReservationWithdrawal(models.Model):
    """Of a reservation made at signing: a record of its own with a hash, beside the one that it takes back."""

    public_id = PublicIdField()
    reservation = models.OneToOneField(Reservation, models.PROTECT, related_name="withdrawal")
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(default=timezone.now, editable=False)
    method = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = gettext_lazy("withdrawal of a reservation")

    def __str__(self) -> str:
        return str(self.reservation)

    @property
    def record(self) -> dict[str, Any]:
        """What its own hash is taken over (RFC 8785)."""
        return {
            "form": 1,
            "withdraws": self.reservation.sha256,
            "signatory": self.reservation.signatory.public_id,
            "at": self.withdrawn_at.isoformat(timespec="seconds"),
        }
