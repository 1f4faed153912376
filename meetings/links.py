"""Answering a poll by a link, without sign-in: signed for one person and one poll, where the programme allows it."""

from django.core import signing
from django.urls import reverse

from groups.models import Membership
from parley.accounts.models import User

from .models import MeetingCustoms, Poll

SALT = "meetings.answer_by_link"


def address_for(poll: Poll, person: User) -> str:
    """The path of this person's page; empty where the programme does not allow it."""
    if not is_allowed(poll):
        return ""
    token = signing.Signer(salt=SALT).sign_object([poll.public_id, person.public_id])
    return reverse("answer_by_link", kwargs={"token": token})


def is_allowed(poll: Poll) -> bool:
    return MeetingCustoms.objects.filter(programme=poll.group.programme_id, answers_by_link=True).exists()


def opened_by(token: str) -> tuple[Poll, User] | None:
    """Which poll this link answers for whom; None once anything of it no longer holds."""
    try:
        poll_id, person_id = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):  # cut off, or changed
        return None
    poll = Poll.objects.select_related("group__programme").filter(public_id=poll_id).first()
    if poll is None or not is_allowed(poll):
        return None
    seats = Membership.objects.acting().with_a_side().select_related("person").filter(group=poll.group)
    seat = seats.filter(person__public_id=person_id, person__is_active=True).first()
    return (poll, seat.person) if seat is not None else None
