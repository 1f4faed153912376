"""A person's calendar feed: made, made anew under another address, taken back."""

import secrets

from django.db import transaction
from django.utils import timezone

from meetings.models import CalendarFeed
from meetings.models.feeds import token_hash
from parley.accounts.models import User


@transaction.atomic
def make_feed(*, discreet: bool, by: User) -> str:
    """The secret of its address, told this once; a feed that was there before stops answering."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        person=by, defaults={"token_hash": token_hash(token), "discreet": discreet, "made_at": timezone.now()}
    )
    return token


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    CalendarFeed.objects.filter(person=by).delete()
