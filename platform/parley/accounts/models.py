"""People: one record each, spelled as the person wants it printed; their devices, and proofs of who acts."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField


class UserQuerySet(models.QuerySet["User"]):
    def known_as(self, email: str) -> "UserQuerySet":
        return self.filter(email=normal_address(email))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # a generated base class
    def create_user(self, email: str, **fields: Any) -> "User":
        person = self.model(email=normal_address(email), **fields)
        person.set_unusable_password()
        person.save()
        return person


def normal_address(email: str) -> str:
    """Lower-cased: two spellings of one address are one person."""
    return email.strip().lower()


def shown_name(name: str) -> str:
    """A person's name, or what stands in its place."""
    return name or gettext("Name not given yet")


class User(AbstractBaseUser, PermissionsMixin):
    public_id = PublicIdField()
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name as printed"), max_length=120, blank=True)
    name_own_script = models.CharField(_("name in its own script"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    zone_confirmed = models.BooleanField(default=False)
    # Raised in the transaction that ends a session, a membership or a role: every socket compares it.
    access_epoch = models.PositiveIntegerField(default=0)
    may_start_programmes = models.BooleanField(_("may start programmes"), default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("installer"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        """Never the address, which is nobody's business: this is what lists, texts and files print."""
        return shown_name(self.name)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Device(models.Model):
    """A browser in which a person is signed in. It keeps no address of the network: lists of them endanger people."""

    public_id = PublicIdField()
    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=40)
    system = models.CharField(max_length=40)
    signed_in_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-seen_at", "pk"]

    def __str__(self) -> str:
        return self.public_id


class ProofRefused(Exception):
    """This proof is not good for this act: spent, too old, somebody else's, or made for other words."""


class ProofQuerySet(models.QuerySet["Proof"]):
    def good_for(self, *, purpose: str, sha256: str, by: User) -> "ProofQuerySet":
        since = timezone.now() - datetime.timedelta(seconds=settings.PROOF_SECONDS)
        return self.filter(user=by, purpose=purpose, sha256=sha256, spent_at=None, at__gt=since)


class Proof(models.Model):
    """That a person, just now and for exactly this text, showed their authenticator. One proof, one act."""

    class Method(models.TextChoices):
        TOTP = "totp", _("authenticator code")
        PASSKEY = "passkey", _("passkey")

    user = models.ForeignKey(User, models.CASCADE, related_name="proofs")
    purpose = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    method = models.CharField(max_length=8, choices=Method)
    # Digest of what was shown (challenge or code), so that one showing never makes two proofs.
    evidence = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    spent_at = models.DateTimeField(null=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence"], name="one_proof_per_evidence")]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.get_method_display()})"

    def spend(self, *, purpose: str, sha256: str, by: User) -> None:
        """Use it up for one act, in the act's transaction; raise `ProofRefused` if it is not good for this act.

        A conditional update: of two acts at the same instant the database lets one through.
        """
        good = Proof.objects.filter(pk=self.pk).good_for(purpose=purpose, sha256=sha256, by=by)
        if good.update(spent_at=timezone.now()) != 1:
            raise ProofRefused(purpose)
        self.refresh_from_db(fields=["spent_at"])
