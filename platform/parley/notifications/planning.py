"""When ordinary mail leaves, and with which other: bundles of minutes, quiet hours, the day's ceiling, digests.

A plan is made anew each time that a row falls due, from the row and from the reader's habits as they are then; nothing
of it is kept but the time at which to ask again. So a changed habit holds for what waits already.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from parley.access import new_id

from .hours import Hours
from .kinds import kind_named
from .models import Delivery, DeliveryState, GroupLevel, Habits, Level, Notice
from .places import group_of

# Mails a day that come at once; what is more opens the digest.
CEILING = 5
# Of one mail; the rest is the next one's.
MOST_IN_A_MAIL = 200


@dataclass
class Planned:
    """Rows by what becomes of them: those of a bundle that is sent now, by its name; put off; dropped."""

    bundles: dict[str, list[int]] = field(default_factory=dict)
    put_off: dict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))
    unwanted: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def kept_back(self) -> int:
        """How many rows are settled without a mail now."""
        return sum(map(len, [*self.put_off.values(), *self.unwanted.values()]))

    def save(self) -> None:
        """The bundles are their claimer's."""
        for at, rows in self.put_off.items():
            Delivery.objects.filter(pk__in=rows).update(next_at=at)
        for reason, rows in self.unwanted.items():
            dropped = Delivery.objects.filter(pk__in=rows)
            dropped.update(state=DeliveryState.DROPPED, reason=reason, facts={})


def plan(readers: Iterable[int], now: datetime) -> Planned:
    """Decide about every row of these people that waits to be planned; inside the transaction that claims them.

    Another worker that plans for one of them at this moment does it alone: the ceiling is counted once.
    """
    habits = _habits_of(set(readers))
    rows = _rows_of(habits)
    read = _read_in_the_bell(rows)
    levels = Levels(habits)
    levels.look_up(rows)
    hours = {reader: Hours.of(each.reader, each) for reader, each in habits.items()}
    mails = _mails_today(hours, now)
    planned = Planned()
    for reader, theirs in _by_reader(rows).items():
        Day(hours[reader], now, levels, read, mails[reader]).plan(theirs, planned)
    planned.save()
    return planned


def _habits_of(readers: set[int]) -> dict[int, Habits]:
    """By reader; locked, without those that another worker has locked."""
    known = set(Habits.objects.filter(reader__in=readers).values_list("reader", flat=True))
    Habits.objects.bulk_create([Habits(reader_id=pk) for pk in sorted(readers - known)], ignore_conflicts=True)
    locked = Habits.objects.select_for_update(skip_locked=True, of=("self",)).filter(reader__in=readers)
    return {habits.reader_id: habits for habits in locked.select_related("reader")}


def _rows_of(habits: dict[int, Habits]) -> list[Delivery]:
    waiting = Delivery.objects.select_for_update(skip_locked=True).to_be_planned()
    return list(waiting.filter(reader__in=habits).order_by("pk"))


def _by_reader(rows: list[Delivery]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = defaultdict(list)
    for row in rows:
        if row.reader_id is not None:
            found[row.reader_id].append(row)
    return found


def _read_in_the_bell(rows: list[Delivery]) -> set[str]:
    seen = Notice.objects.filter(Q(read_at__isnull=False) | Q(done_at__isnull=False))
    return set(seen.filter(key__in=[row.bell for row in rows if row.bell]).values_list("key", flat=True))


class Levels:
    """What each reader wants of each group. Subjects are fetched only for who has said so of a group."""

    def __init__(self, habits: dict[int, Habits]) -> None:
        self.default = {reader: each.level for reader, each in habits.items()}
        self.named = {
            (reader, group): level
            for reader, group, level in GroupLevel.objects.filter(reader__in=habits).values_list(
                "reader", "group", "level"
            )
        }
        self.group_by_subject: dict[tuple[str, str], str] = {}

    def look_up(self, rows: list[Delivery]) -> None:
        choosy = {reader for reader, _group in self.named}
        wanted: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.reader_id in choosy:
                wanted[row.kind].add(row.subject)
        for name, subjects in wanted.items():
            kind = kind_named(name)
            found = kind.find_all(subjects) if kind else {}
            self.group_by_subject |= {(name, key): group_of(subject) for key, subject in found.items()}

    def of(self, row: Delivery) -> str:
        group = self.group_by_subject.get((row.kind, row.subject), "")
        return self.named.get((row.reader_id, group), self.default[row.reader_id])  # type: ignore[arg-type, index]


@dataclass
class Day:
    """One reader's mail, at one moment; `mails` came at once today."""

    hours: Hours
    now: datetime
    levels: Levels
    read: set[str]
    mails: int

    def plan(self, rows: list[Delivery], planned: Planned) -> None:
        leaving = []
        for row in rows:
            reason = self._unwanted(row)
            if reason:
                planned.unwanted[reason].append(row.pk)
                continue
            at = self._leaves_at(row)
            if at <= self.now:
                leaving.append(row)
            elif row.next_at <= self.now:
                planned.put_off[at].append(row.pk)
        # A kind of a newer release can't be written here, and holds up nothing else.
        unknown = [row for row in leaving if kind_named(row.kind) is None]
        together = [row for row in leaving if row not in unknown]
        planned.bundles |= {new_id(): [row.pk] for row in unknown}
        if any(row.next_at <= self.now for row in together):
            planned.bundles[new_id()] = [row.pk for row in together[:MOST_IN_A_MAIL]]

    def _unwanted(self, row: Delivery) -> str:
        """Why nobody needs this mail any more; nothing when somebody does."""
        if row.bell in self.read:
            return "read in Parley"
        if not _waits_for_the_reader(row) and self.levels.of(row) == Level.WAITS:
            return "not wanted by mail"
        return ""

    def _leaves_at(self, row: Delivery) -> datetime:
        if not _waits_for_the_reader(row):
            digest = self.hours.digest_after(row.queued_at, self.levels.of(row))
        elif not self.hours.habits.at_once:
            digest = self.hours.digest_after(row.queued_at, Level.DAILY)
        elif self.mails >= CEILING and self.hours.open_from(self.now) == self.now:
            return self.hours.digest_after(self.now, Level.DAILY)
        else:
            return self.hours.open_from(self.now)
        return self.hours.open_from(max(digest, self.now))


def _waits_for_the_reader(row: Delivery) -> bool:
    return _asks(row.kind)


def _asks(name: str) -> bool:
    """A kind that this release does not know is looked at when its mail is written, soon."""
    kind = kind_named(name)
    return kind is None or kind.asks


def _mails_today(hours: dict[int, Hours], now: datetime) -> Counter[int]:
    """Ordinary mails that came at once today, by reader, or are about to; digests don't count."""
    began = {reader: each.day_began(now) for reader, each in hours.items()}
    if not began:
        return Counter()
    bundled = Delivery.objects.filter(reader__in=hours).exclude(bundle="")
    leaving = Q(state__in=[DeliveryState.QUEUED, DeliveryState.LEASED])
    lately = bundled.filter(Q(sent_at__gte=min(began.values())) | leaving)
    rows = list(lately.values_list("reader", "bundle", "kind", "sent_at"))
    digests = {bundle for _reader, bundle, kind, _sent_at in rows if not _asks(kind)}
    return Counter(
        reader
        for reader, bundle in {(row[0], row[1]) for row in rows if not row[3] or row[3] >= began[row[0]]}
        if bundle not in digests
    )
