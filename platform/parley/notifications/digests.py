"""A mail that tells of several things: what waits for its reader on top, then the news by document, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .kinds import Words, kind_named
from .lines import subjects_of
from .models import Notice
from .places import Place, heading_of
from .safe_mail import allows_full_words
from .told import Told

# Of what waits for longer and is in no row of this mail.
MOST_THAT_WAITS = 30


@dataclass(frozen=True)
class Digest:
    """`untold`: something is meant that no mail may name."""

    waiting: list[Words]
    news: list[tuple[Place, list[Words]]]
    untold: bool

    @property
    def says_nothing(self) -> bool:
        return not (self.waiting or self.news)

    @property
    def title(self) -> str:
        if self.waiting:
            count = len(self.waiting)
            return ngettext("%(count)d thing waits for you", "%(count)d things wait for you", count) % {"count": count}
        if len(self.news) == 1:
            return _("News: %(title)s") % {"title": self.news[0][0].name or _("your groups")}
        return _("There is news for you in Parley")


def digest_of(told: list[Told]) -> Digest:
    """In the active language."""
    newest_first = sorted(told, key=lambda each: (each.row.queued_at, each.row.pk), reverse=True)
    may_be_said = [each for each in newest_first if each.may_be_said]
    asking = [each.words for each in may_be_said if each.kind.asks]
    older, untold_waits = _waiting_besides(told)
    return Digest(
        waiting=[*asking, *older],
        news=_by_heading([each for each in may_be_said if not each.kind.asks]),
        untold=len(may_be_said) < len(told) or untold_waits,
    )


def _by_heading(news: list[Told]) -> list[tuple[Place, list[Words]]]:
    found: dict[Place, list[Words]] = {}
    for each in news:
        found.setdefault(heading_of(each.subject), []).append(each.words)
    return list(found.items())


def _waiting_besides(told: list[Told]) -> tuple[list[Words], bool]:
    """What waits for the reader and is in none of these rows, and whether some of it may not be named."""
    reader, here = told[0].reader, {each.row.bell for each in told}
    notices = list(Notice.objects.visible_to(reader).waiting().newest_first().exclude(key__in=here)[:MOST_THAT_WAITS])
    subjects = subjects_of(notices)
    visible = list(_visible(reader, notices, subjects))
    said = [_words(reader, notice, subject) for notice, subject in visible if allows_full_words(subject, reader)]
    return said, len(said) < len(visible)


def _visible(reader: Any, notices: list[Notice], subjects: dict[tuple[str, str], Any]) -> Iterator[tuple[Notice, Any]]:
    for notice in notices:
        kind, subject = kind_named(notice.kind), subjects.get((notice.kind, notice.subject))
        if kind is not None and subject is not None and kind.may_see(reader, subject):
            yield notice, subject


def _words(reader: Any, notice: Notice, subject: Any) -> Words:
    kind: Any = kind_named(notice.kind)
    return kind.words(subject, reader, notice.facts)
