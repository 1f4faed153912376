"""What members are told about the register of recommendations."""

from typing import Any

from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.notifications import NoticeKind, Words

from . import links
from .models import FollowUp
from .notices import everybody, sees_document

RELATED = ("recommendation__publication__final_text__document__group__programme",)


def _kind(name: str, sentence: Any) -> NoticeKind:
    def words(entry: FollowUp, reader: User, facts: dict[str, Any]) -> Words:
        recommendation = entry.recommendation
        body = sentence() % {"recommendation": recommendation, "status": entry.get_status_display()}
        return Words(title=entry.document.title, body=body, url=links.recommendation(recommendation))

    return NoticeKind(
        f"reports.{name}",
        FollowUp,
        readers=everybody,
        may_see=lambda user, entry: sees_document(user, entry.document),
        words=words,
        related=RELATED,
    )


follow_up_added = _kind(
    "follow_up_added",
    lambda: _("The facilitators wrote what became of “%(recommendation)s”: %(status)s."),
)
follow_up_confirmed = _kind(
    "follow_up_confirmed",
    lambda: _("Every side has confirmed what became of “%(recommendation)s”: %(status)s."),
)
