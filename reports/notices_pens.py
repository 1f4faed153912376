"""What people are told about pens."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.notifications import NoticeKind, Words

from . import links
from .models import Pen
from .notices import members_of, sees_document

RELATED = ("holder", "passage__section", "document__group__programme")


def members_and_holder(pen: Pen, facts: dict[str, Any]) -> Iterable[User]:
    """A facilitator who holds it too."""
    return [*members_of(pen.document), pen.holder]


def _kind(name: str, sentence: Callable[[], str]) -> NoticeKind:
    def words(pen: Pen, reader: User, facts: dict[str, Any]) -> Words:
        body = sentence() % {"name": pen.holder, "place": pen.place}
        return Words(title=pen.document.title, body=body, url=links.pen(pen))

    return NoticeKind(
        f"reports.{name}",
        subject=Pen,
        readers=members_and_holder,
        may_see=lambda user, pen: sees_document(user, pen.document),
        words=words,
        related=RELATED,
    )


pen_given = _kind(
    "pen_given",
    lambda: _("%(name)s holds the pen over %(place)s. All others comment and propose there, until it is given back."),
)
pen_ended = _kind("pen_ended", lambda: _("The pen that %(name)s held over %(place)s is back: its members write again."))
pen_draft_released = _kind(
    "pen_draft_released", lambda: _("%(name)s released a new draft of %(place)s to all sides at once.")
)
