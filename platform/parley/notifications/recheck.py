"""When somebody's access changes, what they may no longer see leaves their bell, its count included, and their mail."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from .due import due_kind
from .kinds import kind_named
from .lines import subjects_of
from .models import Delivery, DeliveryState, Notice
from .wake import RECHECK, ring


@due_kind(RECHECK)
@transaction.atomic
def forget_what_is_hidden(public_id: str) -> None:
    reader = get_user_model()._default_manager.filter(public_id=public_id).first()
    if reader is None:
        return
    Notice.objects.filter(pk__in=_hidden(reader, Notice.objects.visible_to(reader))).delete()
    waiting = Delivery.objects.to_be_planned().filter(reader=reader)
    Delivery.objects.filter(pk__in=_hidden(reader, waiting)).update(
        state=DeliveryState.DROPPED, reason="no longer wanted", facts={}
    )
    ring([reader])


def _hidden(reader: Any, rows: Iterable[Notice | Delivery]) -> list[int]:
    rows = list(rows)
    subjects = subjects_of(rows)
    return [row.pk for row in rows if not _is_seen(reader, row, subjects.get((row.kind, row.subject)))]


def _is_seen(reader: Any, row: Notice | Delivery, subject: Any | None) -> bool:
    kind = kind_named(row.kind)
    return kind is None or (subject is not None and kind.may_see(reader, subject))
