"""Proving the record: every hash follows from its row, every row from the one before, the last is the head."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .canonical import FactRefused
from .models import GENESIS, Chain, Entry, EntryQuerySet, PersonalData


@dataclass(frozen=True)
class Head:
    """The end of a chain. Printed in signed documents, it is the anchor against a cut or rewritten record."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with a chain, at which entry (0: the chain as a whole)."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.seq}: {self.what}"


def head(chain: str) -> Head:
    """The last entry's number and hash; (0, 64 zeros) while the chain is empty."""
    row = Chain.objects.filter(name=chain).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def entries(chain: str, since: int = 0) -> EntryQuerySet:
    """The chain's entries after number `since`, oldest first."""
    return Entry.objects.of(chain).after(since)


def verify_chain(chain: str, *, anchor: Head | None = None) -> list[Fault]:
    """Every fault of a chain, none for a sound one.

    A tail cut off together with its head, or a chain computed anew, shows only against an `anchor` kept elsewhere (a
    head printed in a signed document).
    """
    faults: list[Fault] = []
    last, seen = Head(0, GENESIS), {}
    for entry in Entry.objects.of(chain).select_related("chain", "personal").iterator(chunk_size=500):
        faults.extend(_faults_of(entry, last))
        last = Head(entry.seq, entry.hash)
        seen[entry.seq] = entry.hash if anchor and anchor.seq == entry.seq else ""
    if last != head(chain):
        faults.append(Fault(last.seq, _("The chain's end is not its last entry: entries were cut off or added.")))
    if anchor and anchor.seq and seen.get(anchor.seq) != anchor.hash:
        faults.append(Fault(anchor.seq, _("The entry named by the anchor is missing or another.")))
    return faults


def _faults_of(entry: Entry, last: Head) -> Iterator[Fault]:
    if entry.seq != last.seq + 1:
        yield Fault(entry.seq, _("One or more entries before this one are missing."))
    if entry.previous != last.hash:
        yield Fault(entry.seq, _("This entry does not follow from the one before it."))
    if not _hash_fits(entry):
        yield Fault(entry.seq, _("This entry was changed after it was written."))
    if not _personal_data_fits(entry):
        yield Fault(entry.seq, _("The personal data beside this entry was changed or removed."))


def _hash_fits(entry: Entry) -> bool:
    try:
        return entry.hash == entry.computed_hash()
    except FactRefused:
        return False


def _personal_data_fits(entry: Entry) -> bool:
    try:
        personal = entry.personal
    except PersonalData.DoesNotExist:
        return not entry.commitment
    return bool(personal.erased_at) or personal.commitment() == entry.commitment
