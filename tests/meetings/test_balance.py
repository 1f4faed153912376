"""Which date suits both sides best, and the sentence that says why."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from groups.models import Role
from meetings.balance import weighed

from .polls import MAYBE, NO, YES

NORTH, SOUTH = SimpleNamespace(pk=1, name="Northland"), SimpleNamespace(pk=2, name="Southland")
FIRST = datetime(2031, 5, 6, 10, tzinfo=UTC)


def seat(pk: int, side, role=Role.MEMBER):
    return SimpleNamespace(pk=pk, person_id=pk, side=side, side_id=side.pk, role=role, printed_name=f"Person {pk}")


# Two of the north, four of the south; 1 and 11 are the co-chairs.
SEATS = [
    seat(1, NORTH, Role.CO_CHAIR), seat(2, NORTH),
    seat(11, SOUTH, Role.CO_CHAIR), seat(12, SOUTH), seat(13, SOUTH), seat(14, SOUTH),
]  # fmt: skip


def order(*said: str, quorums=None, required=()):
    """Dates, by their letters' place, the best first; `said` has a word for each seat: y, m, n or - (no answer)."""
    words = {"y": YES, "m": MAYBE, "n": NO}
    slots = [
        SimpleNamespace(pk=n, starts=FIRST + timedelta(days=n), ends=FIRST + timedelta(days=n, hours=1))
        for n in range(len(said))
    ]
    choices = {
        (slot.pk, one.person_id): words[letter]
        for slot, letters in zip(slots, said, strict=True)
        for one, letter in zip(SEATS, letters, strict=True)
        if letter in words
    }
    return weighed(slots, SEATS, choices, quorums=quorums or {}, required=set(required))


def places(*said: str, **more) -> list[int]:
    return [date.slot.pk for date in order(*said, **more)]


def test_both_co_chairs_come_before_any_number_of_others():
    assert places("nyyyyy", "ynynnn") == [1, 0]


def test_then_the_smaller_side_comes_before_the_sum():
    assert places("ynyyyy", "yyyynn") == [1, 0]


def test_then_all_and_then_fewer_if_need_be_and_then_the_earlier():
    assert places("yyyynn", "yyyyyn", "yyyymn", "yyyyyn") == [1, 3, 2, 0]


def test_a_date_without_a_required_person_or_a_quorum_stands_last():
    assert places("yyyyyy", "yyynnn", required=[]) == [0, 1]
    assert places("yyynyy", "yyyynn", required=[12]) == [1, 0]
    assert places("ynyyyy", "yyynnn", quorums={1: 2}) == [1, 0]


def test_no_answer_counts_as_no():
    (date,) = order("y--y--")

    assert (date.chairs_can, date.can) == (1, 2)


def test_the_sentence_says_who_can_come_and_what_is_missing():
    (date,) = order("ymynnn", quorums={2: 3}, required=[12])

    assert date.explained == (
        "Both co-chairs can come. Northland 2 of 2 (1 if need be), Southland 1 of 4. "
        "Quorum not reached: Southland, 1 of 3. Required and missing: Person 12."
    )
