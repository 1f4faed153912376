"""Keeping what travellers say about themselves, and deleting it thirty days after the meeting."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from meetings.models import Meeting, Particulars
from meetings.models.particulars import KEPT
from parley.accounts.models import User
from parley.audit import record

FORGET_PARTICULARS = "meetings.forget_particulars"
NEEDS = "needs"


def keep_needs(meeting: Meeting, needs: str, *, person: User) -> None:
    """Said with the answer; what is said of the journey stays beside it."""
    _keep(meeting, {NEEDS: needs}, person)


@transaction.atomic
def give_particulars(meeting: Meeting, *, said: dict[str, str], by: User) -> None:
    """About oneself, for the facilitators of this meeting. What is emptied is gone."""
    _keep(meeting, said, by)


def _keep(meeting: Meeting, said: dict[str, str], person: User) -> None:
    found = Particulars.objects.select_for_update().filter(meeting=meeting, person=person).first()
    held = {name: words for name, words in ((found.held if found else {}) | said).items() if words}
    if held:
        Particulars.objects.update_or_create(
            meeting=meeting,
            person=person,
            defaults={"sealed": Particulars.seal(held), "given_at": timezone.now()},
        )
    elif found:
        found.delete()


def particulars_kept_until(meeting: Meeting) -> datetime:
    """Thirty days after it ends, or after it was cancelled."""
    return (min(meeting.ends, meeting.cancelled_at) if meeting.cancelled_at else meeting.ends) + KEPT


@transaction.atomic
def forget_particulars(public_id: str) -> None:
    meeting = Meeting.objects.select_related("group").filter(public_id=public_id).first()
    if meeting is None:
        return
    gone, _by_model = meeting.particulars.all().delete()
    if gone:
        facts = {"meeting": meeting.public_id}
        record("meeting.particulars_deleted", chain=meeting.group.chain, by=None, facts=facts)
