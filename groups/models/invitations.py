"""Invitations: single use, bound to their address, expiring, revocable; the token is stored hashed."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Facilitator, Programme, Side

from .groups import ThematicGroup
from .seats import Membership, Role

LASTS = timedelta(days=14)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None)

    def usable(self) -> "InvitationQuerySet":
        return self.waiting().filter(expires_at__gt=timezone.now())

    def with_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=token_hash(token))

    def visible_to(self, user: User) -> "InvitationQuerySet":
        """Facilitators see them all; a co-chair their own side's (an address is nobody else's business)."""
        facilitated = Facilitator.objects.acting().filter(person=user).values("programme")
        chaired = Membership.objects.acting().co_chairs().filter(person=user)
        return self.filter(
            Q(programme__in=facilitated)
            | Q(group__in=chaired.values("group"), side__in=chaired.values("side"))
            | Q(invited_by=user)
        ).select_related("programme", "group__programme", "side", "invited_by")


class Invitation(models.Model):
    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="invitations")
    # Without a group: an invitation to facilitate the programme.
    group = models.ForeignKey(ThematicGroup, models.CASCADE, null=True, related_name="invitations")
    # The place in an imported list of members that the invited person is to take.
    named = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="invitations")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, blank=True)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ("-invited_at", "pk")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "group",
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_waiting_invitation_of_an_address_to_a_group",
            ),
            models.CheckConstraint(
                condition=Q(group=None, role="", side=None) | Q(group__isnull=False) & ~Q(role=""),
                name="invited_to_a_group_in_a_role_or_to_facilitate",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["", "observer"], side=None)
                | Q(role__in=["co-chair", "member"], side__isnull=False),
                name="invited_to_a_side_unless_an_observer",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_usable(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()

    def new_token(self) -> str:
        """A fresh token, 256 bits; only its hash stays here. The caller saves."""
        token = secrets.token_urlsafe(32)
        self.token_hash = token_hash(token)
        self.expires_at = timezone.now() + LASTS
        return token
