"""When somebody's access changes, what they may no longer see leaves their bell, its count included."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from .due import due_kind
from .kinds import kind_named
from .lines import subjects_of
from .models import Notice
from .wake import RECHECK, ring


@due_kind(RECHECK)
@transaction.atomic
def forget_hidden_notices(public_id: str) -> None:
    reader = get_user_model()._default_manager.filter(public_id=public_id).first()
    if reader is None:
        return
    notices = list(Notice.objects.visible_to(reader))
    subjects = subjects_of(notices)
    hidden = [n.pk for n in notices if not _is_seen(reader, n, subjects.get((n.kind, n.subject)))]
    Notice.objects.filter(pk__in=hidden).delete()
    ring([reader])


def _is_seen(reader: Any, notice: Notice, subject: Any | None) -> bool:
    kind = kind_named(notice.kind)
    return kind is None or (subject is not None and kind.may_see(reader, subject))
