"""What this layer tells the layers below."""

from django.db import transaction

from groups.standing import read_standings
from parley.accounts.models import User
from parley.notifications import due_kind, topic_kind

from .actions import TOMORROW
from .models import Meeting
from .notices import tomorrow


def meeting_topics(user: User, public_id: str) -> list[str] | None:
    meeting = Meeting.objects.select_related("group__programme").filter(public_id=public_id).first()
    if meeting is None or not read_standings(user).within(meeting.group).sees_texts:
        return None
    return [meeting.topic()]


@due_kind(TOMORROW)
def meeting_is_tomorrow(key: str) -> None:
    meeting = Meeting.objects.not_cancelled().filter(public_id=key).first()
    if meeting is not None:
        with transaction.atomic():
            tomorrow.announce(meeting, by=None, key=f"tomorrow:{meeting.sequence}")


topic_kind("meeting", channels=meeting_topics)
