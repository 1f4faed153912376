"""The house style of a programme that all its groups share: a change of it, and each group's consent to it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Precedence, Programme

from .groups import ThematicGroup

ON, OFF = "on", "off"
SWITCH: dict[str, str | Promise] = {ON: _("on"), OFF: _("off")}


class Style(models.TextChoices):
    PRECEDENCE = "precedence", _("which side is named first")
    SAFE_MAIL = "safe_mail", _("safe mail")
    REGISTER = "register", _("public register of recommendations")
    GLOSSARY = "glossary", _("a term of the glossary")


# Of the settings that are on or off, the programme's field. Less is said by one person, more by every key.
SWITCHES: dict[str, str] = {Style.SAFE_MAIL: "safe_mail", Style.REGISTER: "public_register"}
# What every key has to be turned for.
UNDER_KEYS: dict[str, str] = {Style.SAFE_MAIL: OFF, Style.REGISTER: ON}


def style_of(programme: Programme, what: str) -> str:
    """The value in force, as a change holds it."""
    if what == Style.PRECEDENCE:
        return programme.precedence
    return ON if getattr(programme, SWITCHES[what]) else OFF


def style_words(what: str, value: str) -> str:
    return str(Precedence(value).label if what == Style.PRECEDENCE else SWITCH[value])


class StyleChangeQuerySet(models.QuerySet["StyleChange"]):
    def open(self) -> "StyleChangeQuerySet":
        return self.filter(state=StyleChange.State.OPEN)

    def visible_to(self, user: User) -> "StyleChangeQuerySet":
        """As motions: for those who sit for a side, and for facilitators."""
        from groups.standing import groups_where_texts_are_seen

        seen = groups_where_texts_are_seen(user).values("programme")
        return self.filter(programme__in=seen).select_related("programme", "proposed_by")


class StyleChange(models.Model):
    """Takes effect when the co-chairs' conference or, where there is none, every group has consented."""

    url_name = "change"

    class State(models.TextChoices):
        OPEN = "open", _("waiting for keys")
        CARRIED = "carried", _("carried")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="style_changes")
    what = models.CharField(max_length=12, choices=Style.choices)
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    # Of a term: its public id, and what it says before and after; one change of each at a time.
    about = models.CharField(max_length=16, blank=True, editable=False)
    facts: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = StyleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the house style")
        ordering = ("-proposed_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "what", "about"],
                condition=Q(state="open"),
                name="one_open_change_of_a_style_in_a_programme",
            )
        ]

    def __str__(self) -> str:
        if self.is_of_a_term:
            term = self.facts.get("after") or self.facts.get("before") or {}
            return f"{self.get_what_display()} “{term.get('name', '')}”"
        return str(self.get_what_display())

    @property
    def is_of_a_term(self) -> bool:
        return self.what == Style.GLOSSARY

    @property
    def before_words(self) -> str:
        return self._term_in_words("before") if self.is_of_a_term else style_words(self.what, self.before)

    @property
    def after_words(self) -> str:
        return self._term_in_words("after") if self.is_of_a_term else style_words(self.what, self.after)

    def _term_in_words(self, when: str) -> str:
        from groups.glossary import in_words

        return in_words(self.facts.get(when), self.programme.sides_in_order())


class Consent(models.Model):
    """One group's part in a change: what its key holders' motion is about."""

    public_id = PublicIdField()
    change = models.ForeignKey(StyleChange, models.PROTECT, related_name="consents")
    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("consent of a group")
        ordering = ("group__name", "pk")
        constraints = [models.UniqueConstraint(fields=["change", "group"], name="one_consent_of_a_group_to_a_change")]

    def __str__(self) -> str:
        return f"{self.change} · {self.group}"
