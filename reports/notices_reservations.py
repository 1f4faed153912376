"""What people are told about reservations before the freeze, and about support of recommendations."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.notifications import NoticeKind, Words

from . import links
from .models import Passage, TextReservation
from .notices import everybody, sees_document

RELATED = ("side", "person", "wording", "passage__section", "document__group__programme")


def _about_reservation(sentence: Callable[[], str]) -> Callable[..., Words]:
    """One sentence that names whose it is and what it is made to."""

    def words(reservation: TextReservation, reader: User, facts: dict[str, Any]) -> Words:
        title = reservation.document.title
        passage = reservation.passage
        values = {"speaker": reservation.speaker, "place": passage.section.title if passage else title}
        return Words(title=title, body=sentence() % values, url=links.reservation(reservation))

    return words


def _kind(name: str, sentence: Callable[[], str]) -> NoticeKind:
    return NoticeKind(
        f"reports.{name}",
        subject=TextReservation,
        readers=everybody,
        may_see=lambda user, reservation: sees_document(user, reservation.document),
        words=_about_reservation(sentence),
        related=RELATED,
    )


reservation_entered = _kind(
    "reservation_entered",
    lambda: _("%(speaker)s entered a reservation to “%(place)s”. It does not stop the agreement."),
)
reservation_reworded = _kind(
    "reservation_reworded", lambda: _("%(speaker)s changed the words of a reservation to “%(place)s”.")
)
reservation_withdrawn = _kind("reservation_withdrawn", lambda: _("%(speaker)s withdrew a reservation to “%(place)s”."))


support_stated = NoticeKind(
    "reports.support_stated",
    subject=Passage,
    readers=everybody,
    may_see=lambda user, passage: sees_document(user, passage.document),
    words=lambda passage, reader, facts: Words(
        title=passage.document.title,
        body=_("A side said how far it supports a recommendation in “%(section)s”.")
        % {"section": passage.section.title},
        url=links.passage(passage),
    ),
    related=("section__document__group__programme",),
)
