"""Who may do what with notices and with the outbox."""

from typing import Any

import rules

from .models import Notice


@rules.predicate
def is_its_reader(user: Any, notice: Notice | None) -> bool:
    return notice is not None and notice.reader_id == user.pk


@rules.predicate
def is_installer(user: Any) -> bool:
    return bool(user.is_active and user.is_staff)


rules.add_perm("notifications.mark_notice", is_its_reader)
rules.add_perm("notifications.see_outbox", is_installer)
rules.add_perm("notifications.requeue_delivery", is_installer)
