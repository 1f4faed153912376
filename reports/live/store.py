"""The rows of live texts: written in batches, read, compacted. Plain questions to the database, no sockets.

Who writes is proven in the writing transaction: their session stands, their access epoch is the one under which they
were let in, and the text is open. So nothing is written after the commit that ended one of these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from pycrdt import get_update, merge_updates

from parley.accounts.models import User
from parley.notifications.models import Due
from parley.notifications.presence import Standing
from reports.models import LiveClient, LiveText, LiveUpdate

from .conversion import Unreadable, doc_of
from .protocol import EMPTY_UPDATE

# Rows are merged in the square of their number: some tens of them cost an opening nothing, hundreds would double it.
COMPACT_EVERY = 100
# Where nobody edits any more, so few are left as they are.
FEW = 20
# Rows that a snapshot holds already are kept so long: what a faulty editor deletes can be brought back from them.
KEPT = timedelta(days=30)
# After so long without a word, what was typed becomes a revision.
QUIET = timedelta(seconds=60)
QUIET_MINUTE = "reports.quiet_minute"


class ForeignClient(Exception):
    """A client id that somebody else used first."""


@dataclass(frozen=True)
class Write:
    """What one connection wrote into one text, under the standing with which it was let in."""

    text: int
    payload: bytes
    by: Standing


@dataclass(frozen=True)
class Written:
    """Where the writes of a batch came to stand: their sequences in the batch's order, None for one not taken."""

    sequences: list[int | None]


# ---- writing ------------------------------------------------------------------------------------------------------


def merged(payloads: Sequence[bytes]) -> bytes:
    """One update of several; Unreadable when the library can't read one of them."""
    try:
        return bytes(merge_updates(*payloads))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as panic:  # pycrdt panics beside Exception
        raise Unreadable(type(panic).__name__) from panic


def claim(text: int, clients: Iterable[int], person: int | None) -> None:
    """Make these client ids the person's in this text; ForeignClient when one is somebody else's already."""
    wanted = set(clients)
    LiveClient.objects.bulk_create(
        [LiveClient(text_id=text, client_id=client, person_id=person) for client in wanted], ignore_conflicts=True
    )
    owners = LiveClient.objects.filter(text=text, client_id__in=wanted).values_list("person", flat=True)
    if set(owners) - {person}:
        raise ForeignClient


def append(writes: Sequence[Write]) -> Written:
    """Store a batch in one transaction, each write as the next row of its text, in the batch's order."""
    if connection.vendor == "postgresql":
        return _append_in_one_statement(writes)
    with transaction.atomic():
        return _append_by_rows(writes)


_APPEND = """
WITH given AS MATERIALIZED (
    SELECT * FROM unnest(%(texts)s::bigint[], %(payloads)s::bytea[], %(people)s::bigint[], %(epochs)s::int[],
                         %(sessions)s::text[]) WITH ORDINALITY AS g(text, payload, person, epoch, session, place)
), people AS MATERIALIZED (
    SELECT id, access_epoch FROM accounts_user WHERE id = ANY(%(people)s::bigint[]) AND is_active ORDER BY id FOR SHARE
), texts AS MATERIALIZED (
    SELECT id FROM reports_livetext WHERE id = ANY(%(texts)s::bigint[]) AND closed_at IS NULL ORDER BY id FOR UPDATE
), taken AS MATERIALIZED (
    SELECT given.*, row_number() OVER (PARTITION BY given.text ORDER BY given.place) AS nth
    FROM given
    JOIN people ON people.id = given.person AND people.access_epoch = given.epoch
    JOIN texts ON texts.id = given.text
    WHERE EXISTS (SELECT 1 FROM django_session s WHERE s.session_key = given.session AND s.expire_date > %(now)s)
), moved AS (
    UPDATE reports_livetext t SET sequence = t.sequence + n.count, changed_at = %(now)s, last_writer_id = n.last
    FROM (SELECT text, count(*) AS count, (array_agg(person ORDER BY place DESC))[1] AS last FROM taken GROUP BY text) n
    WHERE t.id = n.text
    RETURNING t.id, t.public_id, t.sequence - n.count AS base, t.cut_sequence
), waiting AS (
    INSERT INTO notifications_due (at, kind, key, attempts, reason)
    SELECT %(quiet)s, %(kind)s, public_id || ':' || base, 0, '' FROM moved WHERE base = cut_sequence
    ON CONFLICT DO NOTHING
), stored AS (
    INSERT INTO reports_liveupdate (text_id, sequence, payload, person_id, at)
    SELECT taken.text, moved.base + taken.nth, taken.payload, taken.person, %(now)s
    FROM taken JOIN moved ON moved.id = taken.text
)
SELECT taken.place, moved.base + taken.nth FROM taken JOIN moved ON moved.id = taken.text
"""


def _append_in_one_statement(writes: Sequence[Write]) -> Written:
    now = timezone.now()
    given: dict[str, Any] = {
        "texts": [write.text for write in writes],
        "payloads": [write.payload for write in writes],
        "people": [write.by.user for write in writes],
        "epochs": [write.by.epoch for write in writes],
        "sessions": [write.by.session for write in writes],
        "now": now,
        "quiet": now + QUIET,
        "kind": QUIET_MINUTE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, given)
        stored = dict(cursor.fetchall())
    return Written([stored.get(place) for place in range(1, len(writes) + 1)])


def _append_by_rows(writes: Sequence[Write]) -> Written:
    """The same for SQLite, whose transactions stand in line."""
    standing = _standing({write.by for write in writes})
    texts = {text.pk: text for text in LiveText.objects.open().defer("state").filter(pk__in={w.text for w in writes})}
    before = {text.pk: text.sequence for text in texts.values()}
    sequences: list[int | None] = []
    for write in writes:
        text = texts.get(write.text) if write.by in standing else None
        sequences.append(_append_row(text, write) if text else None)
    for text in texts.values():
        _keep(text, before[text.pk])
    return Written(sequences)


def _standing(held: set[Standing]) -> set[Standing]:
    """Those that are still as they were when they were let in."""
    now = timezone.now()
    sessions = set(
        Session.objects.filter(session_key__in={one.session for one in held}, expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    people = User.objects.filter(pk__in={one.user for one in held}, is_active=True)
    epochs = dict(people.values_list("pk", "access_epoch"))
    return {one for one in held if one.session in sessions and epochs.get(one.user) == one.epoch}


def _append_row(text: LiveText, write: Write) -> int:
    text.sequence += 1
    text.last_writer_id = write.by.user
    LiveUpdate.objects.create(text=text, sequence=text.sequence, payload=write.payload, person_id=write.by.user)
    return text.sequence


def _keep(text: LiveText, before: int) -> None:
    if text.sequence == before:
        return
    text.changed_at = timezone.now()
    text.save(update_fields=["sequence", "changed_at", "last_writer"])
    if before == text.cut_sequence:
        wait_for_quiet(text, before)


def wait_for_quiet(text: LiveText, sequence: int) -> None:
    """Have the text looked at when a quiet minute may have passed since it stood at this sequence."""
    Due.objects.get_or_create(
        kind=QUIET_MINUTE, key=f"{text.public_id}:{sequence}", defaults={"at": text.changed_at + QUIET}
    )


def append_own(text: LiveText, payload: bytes, client: int, person: User | None) -> int:
    """The server's own edit, of a locked text, for a person who wrote elsewhere, or for none; returns its sequence."""
    claim(text.pk, [client], None)
    text.sequence += 1
    text.changed_at, text.last_writer = timezone.now(), person or text.last_writer
    LiveUpdate.objects.create(text=text, sequence=text.sequence, payload=payload, person=person)
    text.save(update_fields=["sequence", "changed_at", "last_writer"])
    return text.sequence


def hold(texts: models.QuerySet[LiveText]) -> None:
    """Lock these in the order in which a batch of writes locks its own, for a verb that ends several."""
    held = LiveText.objects.filter(pk__in=texts.values("pk")).order_by("pk").select_for_update()
    list(held.values_list("pk", flat=True))


# ---- reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loaded:
    """Everything up to `sequence`, as one update."""

    sequence: int
    update: bytes


def load(text: int) -> Loaded:
    """The whole text. Rows are read before the snapshot: a compaction between the two only reads some twice."""
    since = LiveText.objects.values_list("state_sequence", flat=True).get(pk=text)
    rows = _rows(text, since)
    sequence, state = LiveText.objects.values_list("state_sequence", "state").get(pk=text)
    return _together(sequence, bytes(state), rows)


def since(text: int, sequence: int) -> Loaded:
    """What followed this sequence; the whole text when its rows are gone."""
    rows = _rows(text, sequence)
    if rows and rows[0][0] == sequence + 1:
        return Loaded(rows[-1][0], merged([payload for _sequence, payload in rows]))
    return load(text)


def _rows(text: int, since: int) -> list[tuple[int, bytes]]:
    rows = LiveUpdate.objects.filter(text=text, sequence__gt=since).order_by("sequence")
    return [(sequence, bytes(payload)) for sequence, payload in rows.values_list("sequence", "payload")]


def _together(sequence: int, state: bytes, rows: list[tuple[int, bytes]]) -> Loaded:
    later = [(number, payload) for number, payload in rows if number > sequence]
    if not later:
        return Loaded(sequence, state or EMPTY_UPDATE)
    return Loaded(later[-1][0], merged([state or EMPTY_UPDATE, *(payload for _number, payload in later)]))


@dataclass(frozen=True)
class Head:
    """How far a text has come, and what ended it ("" while it is open)."""

    sequence: int
    ended_by: str


def heads(texts: Iterable[int]) -> dict[int, Head]:
    found = LiveText.objects.filter(pk__in=list(texts)).values_list("pk", "sequence", "ended_by")
    return {pk: Head(sequence, ended_by) for pk, sequence, ended_by in found}


# ---- compacting ---------------------------------------------------------------------------------------------------


@transaction.atomic
def compact(text_id: int) -> None:
    """Take all rows into the snapshot, and drop those that are old. The row's lock keeps writers out."""
    text = LiveText.objects.select_for_update().get(pk=text_id)
    rows = _rows(text.pk, text.state_sequence)
    if not rows:
        return
    loaded = _together(text.state_sequence, bytes(text.state), rows)
    text.state, text.state_sequence = _shortened(loaded.update), loaded.sequence
    text.save(update_fields=["state", "state_sequence"])
    _drop_old_rows(text)


def compact_at_rest(text_id: int) -> None:
    """When the last editor has left: whoever opens it next reads little more than the snapshot."""
    if LiveText.objects.open().filter(pk=text_id, sequence__gt=F("state_sequence") + FEW).exists():
        compact(text_id)


def _drop_old_rows(text: LiveText) -> None:
    """Looked for from the oldest on, so that the many that are kept are not read each time."""
    recent = text.updates.filter(at__gte=timezone.now() - KEPT).order_by("sequence")
    first = recent.values_list("sequence", flat=True).first()
    beyond = text.state_sequence + 1
    text.updates.filter(sequence__lt=beyond if first is None else min(first, beyond)).delete()


def _shortened(update: bytes) -> bytes:
    """Without the words that were deleted; as it is where structs wait for others, which a document would leave out."""
    doc = doc_of(update)
    waits = get_update(update, doc.get_state())[0] != 0
    return update if waits else bytes(doc.get_update())
