"""The verbs of meetings and of the polls before them."""

from .customs import set_customs
from .feeds import make_feed, revoke_feed
from .meetings import (
    DOORS_OPEN,
    TOMORROW,
    IsOver,
    Point,
    add_points,
    announce_draft,
    announce_meeting,
    answer_meeting,
    cancel_meeting,
    change_meeting,
    remind_of_meeting,
)
from .particulars import FORGET_PARTICULARS, give_particulars
from .polls import (
    POLL_ENDS,
    POLL_REMINDER,
    PollIsClosed,
    answer_poll,
    cancel_poll,
    change_poll,
    choose_date,
    enter_answer,
    open_poll,
)

__all__ = [
    "DOORS_OPEN",
    "FORGET_PARTICULARS",
    "POLL_ENDS",
    "POLL_REMINDER",
    "TOMORROW",
    "IsOver",
    "Point",
    "PollIsClosed",
    "add_points",
    "announce_draft",
    "announce_meeting",
    "answer_meeting",
    "answer_poll",
    "cancel_meeting",
    "cancel_poll",
    "change_meeting",
    "change_poll",
    "choose_date",
    "enter_answer",
    "give_particulars",
    "make_feed",
    "open_poll",
    "remind_of_meeting",
    "revoke_feed",
    "set_customs",
]
