"""Agreed terms of a programme: what it says, what each side says, what it avoids, and why."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Programme


class TermKind(models.TextChoices):
    PREFERRED = "preferred", _("preferred: the programme says this")
    CONTESTED = "contested", _("contested: each side has its own word")
    AVOID = "avoid", _("to avoid")


class TermQuerySet(models.QuerySet["Term"]):
    def visible_to(self, user: User) -> "TermQuerySet":
        """As the house style: for those who sit for a side, and for facilitators."""
        from groups.standing import groups_where_texts_are_seen

        seen = groups_where_texts_are_seen(user).values("programme")
        return self.agreed().filter(programme__in=seen).select_related("programme")

    def agreed(self) -> "TermQuerySet":
        return self.filter(retired_at=None)


class Term(models.Model):
    """In force from the last key on until the last key retires it; what it said before stands in the changes."""

    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="terms")
    kind = models.CharField(_("kind"), max_length=10, choices=TermKind.choices)
    name = models.CharField(_("term"), max_length=120)
    # What each side says, by the side's public id.
    names: Any = models.JSONField(default=dict)
    # Other words for the same: not to be used, or contested too.
    others: Any = models.JSONField(default=list)
    instead = models.CharField(_("say instead"), max_length=120, blank=True)
    reason = models.CharField(_("why"), max_length=500)
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"], condition=Q(retired_at=None), name="one_agreed_term_of_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def contents(self) -> dict[str, Any]:
        """What a change of it changes."""
        return {name: getattr(self, name) for name in CONTENTS}


CONTENTS = ("kind", "name", "names", "others", "instead", "reason")
