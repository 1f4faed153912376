"""A host's dialogue programmes: their sides, phases, ground rules, facilitators, and who takes part for whom."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User


class HostQuerySet(models.QuerySet["HostOrganisation"]):
    def of_programmes_facilitated_by(self, user: User) -> "HostQuerySet":
        facilitated = Facilitator.objects.acting().filter(person=user).values("programme__host")
        return self.filter(pk__in=facilitated)


class HostOrganisation(models.Model):
    """Printed from this one record, never typed into a report."""

    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=160)
    website = models.CharField(_("website"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    about = models.TextField(_("about"), blank=True, help_text=_("Paragraphs parted by an empty line."))
    funder = models.CharField(_("funder line"), max_length=300, blank=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("host organisation")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def about_paragraphs(self) -> list[str]:
        return [" ".join(part.split()) for part in self.about.replace("\r", "").split("\n\n") if part.strip()]


class PostalAddress(models.Model):
    host = models.ForeignKey(HostOrganisation, models.CASCADE, related_name="addresses")
    label = models.CharField(_("label"), max_length=80, blank=True)
    lines = models.TextField(_("lines"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.lines


class Precedence(models.TextChoices):
    ALPHABETICAL = "alphabetical", _("alphabetical")
    FIXED = "fixed", _("a fixed order")
    ALTERNAT = "alternat", _("alternat: each side is listed first in its own copy")


# Upper layers say who else has part in a programme: each adds a condition on programmes.
parts: list[Callable[[User], Q]] = []
# And who is to have part: they read its ground rules first.
expected: list[Callable[[User], Q]] = []


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> "ProgrammeQuerySet":
        """Nobody sees a programme they have no part in."""
        facilitated = Facilitator.objects.acting().filter(person=user).values("programme")
        seen = Q(pk__in=facilitated)
        for part in parts:
            seen |= part(user)
        return self.filter(seen)


class Programme(SubmittedOnce):
    public_id = PublicIdField()
    host = models.ForeignKey(HostOrganisation, models.PROTECT, related_name="programmes")
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language of the texts"), max_length=10, default="en")
    precedence = models.CharField(
        _("which side is named first"),
        max_length=16,
        choices=Precedence.choices,
        default=Precedence.ALPHABETICAL,
    )
    safe_mail = models.BooleanField(
        _("safe mail"),
        default=True,
        help_text=_("Mails say that something waits, not what, from whom or from which side."),
    )
    # Everybody may read the register of recommendations: turned on by the keys of the whole programme (groups.style).
    public_register = models.BooleanField(_("public register of recommendations"), default=False)
    started_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        return f"programme:{self.public_id}"

    @property
    def is_alternat(self) -> bool:
        return self.precedence == Precedence.ALTERNAT

    def sides_in_order(self) -> list["Side"]:
        """The sides as the programme's precedence names them."""
        return self.in_order(self.sides.all())

    def in_order(self, sides: Iterable["Side"]) -> list["Side"]:
        """These sides as the precedence names them; the alternat is a matter of print (reports.publishing.copies)."""
        ordered = sorted(sides, key=lambda side: (side.position, side.pk))
        if self.precedence == Precedence.FIXED:
            return ordered
        return sorted(ordered, key=lambda side: side.name.casefold())


class Side(models.Model):
    """A party in the programme. Never a flag: a word, a rule pattern and a neutral hue."""

    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sides")
    name = models.CharField(_("name"), max_length=80)
    demonym = models.CharField(_("demonym"), max_length=80, help_text=_("As in “the Armenian side”."))
    code = models.CharField(_("short code"), max_length=3)
    colour = models.PositiveSmallIntegerField(_("colour token"), default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("side")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="side_named_once_in_a_programme"),
            models.UniqueConstraint(fields=["programme", "code"], name="side_coded_once_in_a_programme"),
            models.UniqueConstraint(fields=["programme", "colour"], name="side_coloured_once_in_a_programme"),
            models.CheckConstraint(condition=Q(colour__gte=1, colour__lte=6), name="side_colour_is_a_token"),
        ]

    def __str__(self) -> str:
        return self.name


class OfAProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "OfAProgrammeQuerySet":
        """Whatever stands on a programme's page: for those who see the programme."""
        return self.filter(programme__in=Programme.objects.visible_to(user)).select_related("programme")


class Phase(SubmittedOnce):
    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="phases")
    name = models.CharField(_("name"), max_length=120)
    aims = models.TextField(_("aims"), blank=True)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))

    objects = OfAProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        ordering = ("starts", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="phase_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.name


class GroundRulesQuerySet(OfAProgrammeQuerySet):
    def visible_to(self, user: User) -> "GroundRulesQuerySet":
        """Those who see the programme, and those who wait for their seat in it."""
        seen = Programme.objects.visible_to(user)
        for condition in expected:
            seen |= Programme.objects.filter(condition(user))
        return self.filter(programme__in=seen.values("pk")).select_related("programme")

    def in_force(self) -> "GroundRulesQuerySet":
        """The latest version of each programme."""
        newer = GroundRules.objects.filter(programme=OuterRef("programme"), version__gt=OuterRef("version"))
        return self.filter(~Exists(newer))

    def not_accepted_by(self, user: User) -> "GroundRulesQuerySet":
        return self.exclude(acceptances__person=user)


class GroundRules(SubmittedOnce):
    """One version of a programme's ground rules; each person accepts each version."""

    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="ground_rules")
    version = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"))
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    objects = GroundRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("ground rules")
        ordering = ("-version",)
        constraints = [models.UniqueConstraint(fields=["programme", "version"], name="ground_rules_versioned_once")]

    def __str__(self) -> str:
        return f"{self.programme}: {self.version}"


class GroundRulesAcceptance(models.Model):
    rules = models.ForeignKey(GroundRules, models.CASCADE, related_name="acceptances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ground_rules_accepted")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rules", "person"], name="ground_rules_accepted_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.rules}"


class FacilitatorQuerySet(OfAProgrammeQuerySet):
    def acting(self) -> "FacilitatorQuerySet":
        return self.filter(until=None)


class Facilitator(models.Model):
    """A role in a programme, over all its groups: people, meetings, tabled texts, publishing. Never a key."""

    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="facilitators")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="facilitates")
    since = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(null=True, editable=False)

    objects = FacilitatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("facilitator")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"], condition=Q(until=None), name="facilitator_acts_once_in_a_programme"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class Participant(models.Model):
    """On which side of a programme a person is, if any. Written once: a person never changes sides."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="participations")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="participants")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person"], name="person_on_one_side_of_a_programme_or_none")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.side or '–'}"
