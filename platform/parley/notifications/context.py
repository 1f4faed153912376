"""What every page of a signed-in person shows."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, Count, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from parley.access.composed import Composed, Slot

from .models import Notice

# What upper layers show beside the bell: its name, and what says it of the person in the slot, as one value.
beside_the_bell: dict[str, Callable[[Slot], Combinable]] = {}


def _shown_of(person: Slot) -> QuerySet[Any]:
    unread = Notice.objects.filter(reader=person).unread().order_by().values("reader")
    counted = Coalesce(Subquery(unread.annotate(count=Count("pk")).values("count")), Value(0))
    beside = {name: say(person) for name, say in beside_the_bell.items()}
    return get_user_model().objects.filter(pk=person).only("pk").annotate(unread=counted, **beside)


_shown = Composed(_shown_of, person=BigIntegerField())


def bell(request: HttpRequest) -> dict[str, Any]:
    """`unread`: how many notices are unread, and what stands beside it; one question, and only for what is shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread": 0}
    found = SimpleLazyObject(lambda: _shown(person=user.pk)[0])
    return {name: _lazily(found, name) for name in ("unread", *beside_the_bell)}


def _lazily(found: Any, name: str) -> SimpleLazyObject:
    return SimpleLazyObject(lambda: getattr(found, name))
