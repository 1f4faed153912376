"""Polls to test with."""

from datetime import timedelta

from django.utils import timezone

from groups.models import Membership
from meetings.actions import answer_poll, open_poll
from meetings.models import Poll, Seen, Slot, Word

TBILISI = "Asia/Tbilisi"
YES, MAYBE, NO = Word.YES, Word.MAYBE, Word.NO


def poll_of(made, *, count: int = 3, **details) -> Poll:
    starts = (timezone.now() + timedelta(days=30)).replace(minute=0, second=0, microsecond=0)
    kept = {
        "title": "Fourth round",
        "zone": TBILISI,
        "slots": [(starts + timedelta(days=n), starts + timedelta(days=n, hours=2)) for n in range(count)],
        "deadline": timezone.now() + timedelta(days=10),
        "seen_by": Seen.CO_CHAIRS,
    }
    return open_poll(group=made.group, by=made.facilitator, **{**kept, **details})


def says(person, poll: Poll, *words: str, note: str = ""):
    return answer_poll(poll, choices=dict(zip(poll.slots.all(), words, strict=True)), note=note, by=person)


def typed(poll: Poll, *words: str, **more: str) -> dict[str, str]:
    """As the form sends it."""
    slots: list[Slot] = list(poll.slots.all())
    return {f"slot-{slot.public_id}": word for slot, word in zip(slots, words, strict=True) if word} | more


def seat_of(made, role: str) -> Membership:
    return made.membership(role)
