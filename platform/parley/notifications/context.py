"""What every page of a signed-in person shows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Notice


def bell(request: HttpRequest) -> dict[str, Any]:
    """`unread`: how many notices are unread; one count, and only when a template shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread": 0}
    return {"unread": SimpleLazyObject(lambda: Notice.objects.visible_to(user).unread().count())}
