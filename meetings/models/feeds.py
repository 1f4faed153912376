"""A person's calendar feed: whoever has its address reads it, so the address is secret and can be taken back."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def token_hash(token: str) -> str:
    """Of 256 random bits: a plain SHA-256 keeps them."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeed(models.Model):
    person = models.OneToOneField("accounts.User", models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    discreet = models.BooleanField(_("discreet titles"), default=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("calendar feed")

    def __str__(self) -> str:
        return str(self.person)
