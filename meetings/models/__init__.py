"""Meetings, the polls that lead to them, and what people need and choose around them."""

from .customs import MeetingCustoms, SideCountry
from .feeds import CalendarFeed
from .meetings import OPENS_BEFORE, AgendaLine, Answer, Meeting, Mode, groups_where_meetings_are_prepared
from .particulars import Particulars
from .polls import FEWEST_SLOTS, MOST_SLOTS, Poll, PollAnswer, Quorum, Seen, Slot, SlotChoice, Word

__all__ = [
    "FEWEST_SLOTS",
    "MOST_SLOTS",
    "OPENS_BEFORE",
    "AgendaLine",
    "Answer",
    "CalendarFeed",
    "Meeting",
    "MeetingCustoms",
    "Mode",
    "Particulars",
    "Poll",
    "PollAnswer",
    "Quorum",
    "Seen",
    "SideCountry",
    "Slot",
    "SlotChoice",
    "Word",
    "groups_where_meetings_are_prepared",
]
