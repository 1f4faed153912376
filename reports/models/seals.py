"""The seals that were put on printed files."""

from django.db import models
from django.utils import timezone

from .publications import Rendition


class Seal(models.Model):
    """One seal over one file: what was known of it when it was made. The key is nowhere in the database.

    A file that is gone from the store is printed again, the same to the last byte, and sealed anew: the seal that
    stands is the one with a `rendition`, the earlier ones stay known by `made_for`.
    """

    rendition = models.OneToOneField(Rendition, models.PROTECT, null=True, related_name="seal")
    made_for = models.ForeignKey(Rendition, models.PROTECT, related_name="seals")
    # Of the sealed file, and of the same file before it was sealed, with which it begins.
    sha256 = models.CharField(max_length=64, unique=True)
    printed_sha256 = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    # The certificate: whose it is, who vouches for it, its SHA-256.
    name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, db_index=True)
    valid_until = models.DateTimeField()
    # Made with the certificate that the site made for itself: it proves nothing about who made the file.
    is_trial = models.BooleanField()
    # B-B, B-T or B-LT of ETSI EN 319 142-1.
    level = models.CharField(max_length=4)
    stamped_at = models.DateTimeField(null=True)
    stamped_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "seal"

    def __str__(self) -> str:
        return self.sha256
