"""What people are told about date polls."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.notifications import NoticeKind, Urgency, Words
from parley.ui.times import moment_words

from .links import address_for
from .models import Poll
from .notices import sees_meeting
from .tallies import silent_in_poll


def members(poll: Poll, facts: dict[str, Any]) -> Iterable[User]:
    """Those who answer: they sit for a side."""
    seats = poll.group.memberships.acting().with_a_side().select_related("person")
    return [seat.person for seat in seats]


def who_has_not_answered(poll: Poll, facts: dict[str, Any]) -> Iterable[User]:
    return silent_in_poll(poll)


def who_chooses(poll: Poll, facts: dict[str, Any]) -> Iterable[User]:
    chairs = poll.group.memberships.acting().co_chairs().select_related("person")
    facilitators = poll.group.programme.facilitators.acting().select_related("person")
    return [*(seat.person for seat in chairs), *(f.person for f in facilitators)]


def whose_answer_it_is(poll: Poll, facts: dict[str, Any]) -> Iterable[User]:
    return User.objects.filter(public_id=facts["person"])


def page_of(poll: Poll) -> str:
    return reverse("poll", kwargs={"poll": poll.public_id})


def _words(sentence: Any) -> Any:
    def words(poll: Poll, reader: User, facts: dict[str, Any]) -> Words:
        return Words(poll.title, sentence(moment_words(poll.deadline, reader.time_zone)), page_of(poll))

    return words


def _asking(sentence: Any) -> dict[str, Any]:
    """A mail that asks for an answer leads to it without sign-in where the programme allows that."""
    words = _words(sentence)

    def in_mail(poll: Poll, reader: User, facts: dict[str, Any]) -> Words:
        said = words(poll, reader, facts)
        return Words(said.title, said.body, address_for(poll, reader) or said.url)

    def safe(poll: Poll, reader: User) -> Words | None:
        by_link = address_for(poll, reader)
        said = _("Please answer on its page. This link is for you alone: do not pass it on.")
        return Words(_("Something waits for you in Parley"), said, by_link) if by_link else None

    return {"words": words, "in_mail": in_mail, "safe": safe, "asks": True}


def _kind(name: str, readers: Any, **how: Any) -> NoticeKind:
    related = ("group__programme",)
    return NoticeKind(
        f"meetings.poll_{name}", subject=Poll, readers=readers, may_see=sees_meeting, related=related, **how
    )


opened = _kind(
    "opened",
    members,
    **_asking(lambda until: _("When could you come? Please answer until %(until)s.") % {"until": until}),
)
reminder = _kind(
    "reminder",
    who_has_not_answered,
    **_asking(
        lambda until: _("Your answer is missing. Please say until %(until)s when you could come.") % {"until": until}
    ),
)
changed = _kind(
    "changed",
    members,
    words=_words(lambda until: _("The date poll has changed. It takes answers until %(until)s.") % {"until": until}),
)
entered = _kind(
    "answer_entered",
    whose_answer_it_is,
    words=_words(
        lambda until: (
            _(
                "A facilitator wrote down what you said by telephone. Look whether it is right; "
                "you may change it until %(until)s."
            )
            % {"until": until}
        )
    ),
)
ended = _kind(
    "ended",
    who_chooses,
    words=_words(lambda until: _("The date poll is over. Please choose a date.")),
    asks=True,
)
cancelled = _kind(
    "cancelled",
    members,
    words=_words(lambda until: _("The date poll is cancelled. There is nothing to answer any more.")),
    urgency=Urgency.ORDINARY,
)
