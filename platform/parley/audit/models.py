"""Chains of entries; an entry can be added, never changed or deleted (triggers in the database refuse it)."""

import hashlib
from datetime import UTC
from typing import Any

from django.db import models

from .canonical import canonical, sha256

# What the first entry of a chain names as its predecessor.
GENESIS = "0" * 64


class Chain(models.Model):
    """One line of record, and its head; adding an entry locks this row, so that a chain has no gap and no fork.

    Names: `group:<id>` (seen by all sides), `group:<id>:side:<id>` (that side's caucus), `group:<id>:person:<id>` (what
    a person drafts for themselves), `programme:<id>`, `site`.
    """

    name = models.CharField(max_length=120, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return self.name


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, chain: str) -> "EntryQuerySet":
        return self.filter(chain__name=chain).order_by("seq")

    def after(self, seq: int) -> "EntryQuerySet":
        return self.filter(seq__gt=seq)

    def with_personal_data(self) -> "EntryQuerySet":
        return self.select_related("personal")


class Entry(models.Model):
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    # The person's public identifier, "" for the system itself: no foreign key, the record outlives accounts.
    actor = models.CharField(max_length=16, blank=True)
    facts = models.JSONField(default=dict)
    commitment = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_entry_per_place_in_a_chain"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="entries_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} {self.kind}"

    def statement(self) -> dict[str, Any]:
        """What the hash covers: every column but the hash itself."""
        return {
            "chain": self.chain.name,
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": self.kind,
            "by": self.actor,
            "facts": self.facts,
            "commitment": self.commitment,
            "previous": self.previous,
        }

    def computed_hash(self) -> str:
        return sha256(self.statement())


class PersonalData(models.Model):
    """Names and the like, beside the chain: it can be erased, the commitment in the entry stays."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="personal")
    salt = models.CharField(max_length=64, blank=True)
    data = models.JSONField(null=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "personal data"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(data=None, salt=""), name="erased_data_leaves_nothing"
            )
        ]

    def __str__(self) -> str:
        return f"personal data of {self.entry_id}"

    def commitment(self) -> str:
        return commitment_to(self.data, self.salt)


def commitment_to(data: Any, salt: str) -> str:
    """Salted, so that a short list of names can't be tried against it once data and salt are erased."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(data)).hexdigest()
