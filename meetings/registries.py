"""What this layer tells the layers below."""

from django.db import transaction
from django.db.models import QuerySet

from groups.standing import read_standings
from parley.accounts.models import User
from parley.notifications import due_kind, page_changed, topic_kind

from .actions import DOORS_OPEN, FORGET_PARTICULARS, POLL_ENDS, POLL_REMINDER, TOMORROW
from .actions.particulars import forget_particulars
from .actions.polls import end_poll, remind_of_poll
from .models import Meeting, Poll
from .notices import tomorrow


def meeting_topics(user: User, public_id: str) -> list[str] | None:
    return _topic(user, Meeting.objects.visible_to(user).filter(public_id=public_id))


def poll_topics(user: User, public_id: str) -> list[str] | None:
    return _topic(user, Poll.objects.visible_to(user).filter(public_id=public_id))


def _topic(user: User, found: QuerySet) -> list[str] | None:
    thing = found.select_related("group__programme").first()
    if thing is None or not read_standings(user).within(thing.group).sees_texts:
        return None
    return [thing.topic()]


@due_kind(TOMORROW)
def meeting_is_tomorrow(key: str) -> None:
    meeting = Meeting.objects.announced().not_cancelled().filter(public_id=key).first()
    if meeting is not None:
        with transaction.atomic():
            tomorrow.announce(meeting, by=None, key=f"tomorrow:{meeting.sequence}")


@due_kind(DOORS_OPEN)
def meetings_doors_open(key: str) -> None:
    """Pages that are open show the link from now on."""
    meeting = Meeting.objects.announced().not_cancelled().filter(public_id=key).first()
    if meeting is not None:
        page_changed(meeting.topic())


due_kind(FORGET_PARTICULARS)(forget_particulars)
due_kind(POLL_REMINDER)(remind_of_poll)
due_kind(POLL_ENDS)(end_poll)

topic_kind("meeting", channels=meeting_topics)
topic_kind("poll", channels=poll_topics)
