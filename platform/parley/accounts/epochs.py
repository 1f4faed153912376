"""The access epoch: raised when something a person could open is closed to them."""

from django.db import transaction
from django.db.models import F

from parley.notifications import access_changed

from .models import User


@transaction.atomic
def raise_epoch(user: User) -> None:
    """Call in the transaction that ends a session, a membership or a role: on commit their sockets re-check."""
    User.objects.filter(pk=user.pk).update(access_epoch=F("access_epoch") + 1)
    access_changed(user)
