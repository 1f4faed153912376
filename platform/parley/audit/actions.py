"""Writing the record."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from .canonical import canonical
from .models import Chain, Entry, PersonalData, commitment_to


class NotInATransaction(RuntimeError):
    """The record belongs into the transaction of the change it tells of."""


def record(
    kind: str,
    *,
    chain: str,
    by: Any,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry to a chain, in the transaction of the change itself; return it.

    `facts` are identifiers, hashes, states and whole numbers, never the words of a text. `personal` (names) goes to the
    side table. `by` is the person, or None for the system. Raises `FactRefused` and `NotInATransaction`.
    Record last, and the chain that all sides see before a caucus's: the chain stays locked until the commit. An entry
    bears the time at which it asked for its place; its number tells the order.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction(kind)
    facts = dict(facts or {})
    salt = secrets.token_hex(32) if personal else ""
    commitment = commitment_to(personal, salt) if personal else ""
    entry = Entry(
        chain=Chain(name=chain),
        at=timezone.now(),
        kind=kind,
        actor=getattr(by, "public_id", ""),
        facts=facts,
        commitment=commitment,
    )
    if not _append(entry):
        Chain.objects.get_or_create(name=chain)
        _append(entry)
    if personal:
        PersonalData.objects.create(entry=entry, salt=salt, data=dict(personal))
    return entry


# What the hash covers beside these two follows from the act; these from the chain's head, which the database locks,
# reads and (by a trigger) moves in one statement. RFC 8785 sorts names, so that they stand last.
LINK = b'"previous":"","seq":0}'
APPEND = """
INSERT INTO audit_entry (at, kind, actor, facts, commitment, chain_id, seq, previous, hash)
SELECT %s, %s, %s, %s, %s, id, seq + 1, hash, {sha256} FROM audit_chain WHERE name = %s {lock}
RETURNING id, chain_id, seq, previous, hash
"""
STATEMENT = "%s || '\"previous\":\"' || hash || '\",\"seq\":' || (seq + 1) || '}'"
SQL = {
    "postgresql": APPEND.format(sha256=f"encode(sha256(convert_to({STATEMENT}, 'UTF8')), 'hex')", lock="FOR UPDATE"),
    # Its one writer needs no lock; Django lends it the function.
    "sqlite": APPEND.format(sha256=f"sha256({STATEMENT})", lock=""),
}
WRITTEN = ("at", "kind", "actor", "facts", "commitment")


def _append(entry: Entry) -> bool:
    """Give the entry the next place in its chain; False when there is no such chain yet."""
    name = entry.chain.name
    entry.seq, entry.previous = 0, ""
    said = canonical(entry.statement()).removesuffix(LINK).decode()
    columns: list[Any] = [Entry._meta.get_field(column) for column in WRITTEN]
    values = [column.get_db_prep_save(getattr(entry, column.name), connection) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(SQL[connection.vendor], [*values, said, name])
        place = cursor.fetchone()
    if place is None:
        return False
    entry.pk, chain_id, entry.seq, entry.previous, entry.hash = place
    entry.chain = Chain(pk=chain_id, name=name, seq=entry.seq, hash=entry.hash)
    entry._state.adding = False
    return True


@transaction.atomic
def erase_personal(entries: Iterable[Entry]) -> int:
    """Forget the names beside these entries; return how many were erased. The chain stays valid."""
    held = PersonalData.objects.filter(entry__in=[entry.pk for entry in entries], erased_at=None)
    return held.update(data=None, salt="", erased_at=timezone.now())
