"""One row for each text that somebody may search; written by the database itself, in the transaction of every act."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Readers(models.TextChoices):
    """Whom a row is for, beside the side in whose caucus it may be."""

    TEXTS = "texts"  # who reads the group's texts as they are now: members of a side and facilitators
    GROUP = "group"  # all of the group, observers too
    WORLD = "world"  # whoever is signed in


@dataclass(frozen=True)
class Audience:
    """What one person may read, by keys: groups, in which of them for which side, and where they only observe."""

    texts: frozenset[int] = frozenset()
    caucuses: frozenset[tuple[int, int]] = frozenset()
    observed: frozenset[int] = frozenset()

    def condition(self) -> Q:
        """The first fence. The second: each source fetches what was found as that person sees it now."""
        before_all = Q(caucus_id=None)
        everybody = before_all & Q(readers=Readers.WORLD) & Q(opens_at__lte=timezone.now())
        of_groups = Q(readers=Readers.TEXTS, group_id__in=self.texts)
        of_groups |= Q(readers=Readers.GROUP, group_id__in=self.texts | self.observed)
        own = Q(pk__in=[])
        for group, side in self.caucuses:
            own |= Q(readers=Readers.TEXTS, group_id=group, caucus_id=side)
        return everybody | before_all & of_groups | own


@dataclass(frozen=True)
class Filters:
    """What the reader narrows a search to; empty: all of it."""

    kind: str = ""
    document: int | None = None
    side: int | None = None
    voice: str = ""
    state: str = ""

    def condition(self) -> Q:
        named = {
            "kind": self.kind,
            "document_id": self.document,
            "side_id": self.side,
            "voice": self.voice,
            "state": self.state,
        }
        return Q(**{name: value for name, value in named.items() if value})


@dataclass(frozen=True)
class Found:
    """A row's kind, key and place, and what it stands under on the page."""

    kind: str
    object_id: int
    place: str
    document_id: int | None = field(compare=False)


class EntryQuerySet(models.QuerySet["Entry"]):
    def read_by(self, audience: Audience) -> "EntryQuerySet":
        return self.filter(audience.condition())

    def narrowed(self, filters: Filters) -> "EntryQuerySet":
        return self.filter(filters.condition())

    def without_repeats(self, kinds: Iterable[str], audience: Audience) -> "EntryQuerySet":
        """Not those that say again what this person reads as it stands."""
        return self.exclude(kind__in=list(kinds), group_id__in=audience.texts)

    def newest_first(self) -> "EntryQuerySet":
        """Names first, then texts by document, the newest first."""
        return self.order_by(models.F("document_id").desc(nulls_first=True), "-object_id", "pk")

    def found(self, most: int) -> list[Found]:
        rows = self.newest_first().values_list("kind", "object_id", "place", "document_id")
        return [Found(*row) for row in rows[:most]]


class Entry(models.Model):
    """No foreign keys: what it points to lies in layers above, and goes from here by the same transaction."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    # Of a text with many parts under one key: which of them.
    place = models.CharField(max_length=32, default="")
    group_id = models.BigIntegerField(null=True)
    caucus_id = models.BigIntegerField(null=True)
    readers = models.CharField(max_length=5, choices=Readers.choices)
    opens_at = models.DateTimeField(null=True)
    document_id = models.BigIntegerField(null=True)
    side_id = models.BigIntegerField(null=True)
    voice = models.CharField(max_length=16, default="")
    state = models.CharField(max_length=16, default="")
    words = models.TextField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id"], name="entries_of_a_thing"),
            models.Index(fields=["group_id", "document_id"], name="entries_of_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.place}"
