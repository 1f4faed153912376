"""What people are told about a silence procedure: all of it within the class that no pause and no night holds up."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.standing import standing
from parley.accounts.models import User
from parley.notifications import NoticeKind, Urgency, Words
from parley.ui.times import moment_words

from . import links
from .models import Silence
from .notices import holders_and_facilitators, members_of


def who_may_object(silence: Silence, facts: dict[str, Any]) -> Iterable[User]:
    """Those fixed at the start who are still in the group."""
    return [
        entitled.membership.person for entitled in silence.entitled.still_there().select_related("membership__person")
    ]


def every_member(silence: Silence, facts: dict[str, Any]) -> Iterable[User]:
    return members_of(silence.document)


def who_can_help(silence: Silence, facts: dict[str, Any]) -> Iterable[User]:
    """The key holders, and the facilitators, who know people's addresses."""
    return holders_and_facilitators(silence.final_text, facts)


def _may_see(user: User, silence: Silence) -> bool:
    return standing(user, silence.group).sees_texts


def hour_of(silence: Silence) -> str:
    """The end in the zone in which it was stated."""
    return moment_words(silence.ends_at, silence.zone)


def _about(sentence: Any) -> Any:
    def words(silence: Silence, reader: User, facts: dict[str, Any]) -> Words:
        said = sentence(facts) if facts else sentence()
        body = said % {"hour": hour_of(silence), "reason": silence.reason, "person": silence.broken_by}
        return Words(title=silence.document.title, body=body, url=links.silence(silence))

    return words


def _kind(name: str, readers: Any, words: Any, **more: Any) -> NoticeKind:
    return NoticeKind(
        f"reports.{name}",
        subject=Silence,
        readers=readers,
        may_see=_may_see,
        words=words,
        urgency=Urgency.DEADLINE,
        related=("final_text__document__group__programme", "broken_by"),
        **more,
    )


silence_announced = _kind(
    "silence_announced",
    who_may_object,
    _about(
        lambda: _(
            "The final text is adopted on %(hour)s unless somebody objects before. Open this notice, and read the text."
        )
    ),
    asks=True,
)
silence_unreached = _kind(
    "silence_unreached",
    who_can_help,
    _about(
        lambda facts: ngettext(
            "The silence procedure does not run: %(missing)d person is not reached.",
            "The silence procedure does not run: %(missing)d people are not reached.",
            facts["missing"],
        ).replace("%(missing)d", str(facts["missing"]))
    ),
)
silence_begun = _kind(
    "silence_begun",
    who_can_help,
    _about(lambda: _("Everybody is reached: the silence procedure runs until %(hour)s.")),
)
silence_bounced = _kind(
    "silence_bounced",
    who_can_help,
    _about(lambda: _("A mail that announced the silence procedure came back.")),
)
silence_due = _kind(
    "silence_due",
    who_may_object,
    _about(lambda: _("The final text is adopted on %(hour)s unless somebody objects before.")),
)
silence_moved = _kind(
    "silence_moved",
    every_member,
    _about(lambda: _("The site did not work for a time. So the silence procedure ends later: on %(hour)s.")),
)
silence_broken = _kind(
    "silence_broken",
    every_member,
    _about(lambda: _("%(person)s broke the silence: the final text is not adopted. Why: %(reason)s")),
)
silence_adopted = _kind(
    "silence_adopted",
    every_member,
    _about(lambda: _("Nobody objected until %(hour)s: the final text is adopted.")),
)
silence_over = _kind(
    "silence_over",
    every_member,
    _about(lambda: _("The silence procedure has ended, and nothing is adopted.")),
)
