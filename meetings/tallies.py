"""A poll as its page shows it: read once, the same number of questions for any number of people and dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from groups.models import Membership
from groups.standing import Standing
from parley.accounts import zones
from parley.accounts.models import User
from parley.programmes.models import Side
from parley.ui.times import ZoneTime, moment_words, times_by_zone

from .balance import Weighed, weighed
from .days_off import days_of, is_day_off
from .models import Poll, PollAnswer, Seen, SideCountry, Slot, SlotChoice, Word

BEST = 3


@dataclass(frozen=True)
class Date:
    """A slot in a reader's zone first, in the poll's own beside it, and the sides that have a public holiday then."""

    slot: Slot
    zone: str
    lines: Sequence[ZoneTime]
    day: date
    days_off: Sequence[Side]

    @property
    def in_brief(self) -> str:
        first = self.lines[0]
        return f"{first.day}, {first.hours} {first.cities}"

    @property
    def in_short(self) -> str:
        """At the head of a narrow column."""
        return moment_words(self.slot.starts, self.zone, "short")


@dataclass(frozen=True)
class Row:
    """Who, and what they said of each date in order ("" where they have not answered)."""

    seat: Membership
    answer: PollAnswer | None
    words: Sequence[str]
    is_required: bool


@dataclass
class Tally:
    poll: Poll
    slots: Sequence[Slot]
    seats: Sequence[Membership]
    answers: dict[int, PollAnswer]
    choices: dict[tuple[int, int], str]
    quorums: dict[int, int]
    required: set[int]

    @cached_property
    def weighed(self) -> list[Weighed]:
        return weighed(self.slots, self.seats, self.choices, quorums=self.quorums, required=self.required)

    @property
    def best(self) -> list[Weighed]:
        """Up to three; none before anybody has answered."""
        return self.weighed[:BEST] if self.answers else []

    @property
    def silent(self) -> list[Membership]:
        return [seat for seat in self.seats if seat.person_id not in self.answers]

    @property
    def answered(self) -> int:
        return len(self.seats) - len(self.silent)

    def rows(self) -> list[Row]:
        return [
            Row(
                seat,
                self.answers.get(seat.person_id),
                [_said(self.choices.get((slot.pk, seat.person_id), "")) for slot in self.slots],
                seat.pk in self.required,
            )
            for seat in self.seats
        ]


def _said(word: str) -> str:
    return str(Word(word).label) if word else ""


def tally_of(poll: Poll) -> Tally:
    seats = Membership.objects.acting().with_a_side().filter(group=poll.group_id).select_related("person", "side")
    answers = PollAnswer.objects.filter(poll=poll).select_related("entered_by")
    chosen = SlotChoice.objects.filter(answer__poll=poll).values_list("slot", "answer__person", "word")
    return Tally(
        poll=poll,
        slots=list(poll.slots.all()),
        seats=list(seats.order_by("side__position", "role", "person__name", "pk")),
        answers={answer.person_id: answer for answer in answers},
        choices={(slot, person): word for slot, person, word in chosen},
        quorums=dict(poll.quorums.values_list("side", "needed")),
        required=set(poll.required.values_list("pk", flat=True)),
    )


def dates_of(poll: Poll, slots: Iterable[Slot], zone: str, sides: Sequence[Side]) -> list[Date]:
    """The slots as somebody in that zone reads them."""
    countries = dict(SideCountry.objects.filter(side__in=sides).values_list("side", "country"))
    return [_date(slot, zone, poll.zone, sides, countries) for slot in slots]


def _date(slot: Slot, zone: str, typed_in: str, sides: Sequence[Side], countries: dict[int, str]) -> Date:
    there = zones.zone(typed_in)
    days = days_of(slot.starts.astimezone(there), slot.ends.astimezone(there))
    off = [side for side in sides if any(is_day_off(countries.get(side.pk, ""), day) for day in days)]
    lines = times_by_zone(slot.starts, slot.ends, [zone, typed_in])
    return Date(slot, zone, lines, slot.starts.astimezone(ZoneInfo(zone)).date(), off)


def by_day(dates: Iterable[Date]) -> list[tuple[date, list[Date]]]:
    grouped: dict[date, list[Date]] = {}
    for each in dates:
        grouped.setdefault(each.day, []).append(each)
    return list(grouped.items())


def sees_answers(poll: Poll, here: Standing) -> bool:
    """Who answered what: the facilitators; others as the poll says."""
    if here.facilitates or poll.seen_by == Seen.MEMBERS:
        return here.sees_texts
    return poll.seen_by == Seen.CO_CHAIRS and here.is_co_chair


def silent_by_poll(polls: Sequence[Poll]) -> list[tuple[Poll, list[User]]]:
    """Polls that somebody of a side has not answered; two questions for all of them."""
    given = set(PollAnswer.objects.filter(poll__in=polls).values_list("poll", "person"))
    seats = Membership.objects.acting().with_a_side().filter(group__in={poll.group_id for poll in polls})
    people: dict[int, list[User]] = {}
    for seat in seats.select_related("person").order_by("side__position", "person__name", "pk"):
        people.setdefault(seat.group_id, []).append(seat.person)
    silent = [(p, [one for one in people.get(p.group_id, []) if (p.pk, one.pk) not in given]) for p in polls]
    return [(poll, waiting) for poll, waiting in silent if waiting]


def silent_in_poll(poll: Poll) -> list[User]:
    return next((people for _poll, people in silent_by_poll([poll])), [])
