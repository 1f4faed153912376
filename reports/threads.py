"""The comments under the passages of a page, kept ready-made: long threads are opened on demand.

Written piece by piece and by no template, since a section may hold five hundred of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groups.standing import Standing
from parley.accounts.models import shown_name
from parley.programmes.models import Programme, Side
from parley.ui.templatetags.ui import moment, side_mark, status

from .fragments import kept
from .models import Comment, Document, Thread
from .models.comments import InBrief, ThreadKind
from .reading import Entry, Hanging, sides_of
from .wordings import on_words

# A longer thread shows its first and its newest comments here, all of them on its own page.
SHOWN_FIRST, SHOWN_LAST = 1, 2


@dataclass(frozen=True)
class Beneath:
    """What stands under a passage, and which of its words it hangs on."""

    html: SafeString
    hanging: tuple[Hanging, ...] = ()

    def __len__(self) -> int:
        return len(self.html) + len(self.hanging)


def put_threads(entries: Sequence[Entry], *, here: Standing) -> None:
    """Give each entry the open threads that the reader sees, from memory or with one query for all that changed."""
    missing = []
    for entry in entries:
        beneath = kept.get(_key(entry, here)) if entry.passage.all_comments else Beneath(SafeString(""))  # type: ignore[attr-defined]
        if beneath is None:
            missing.append(entry)
        else:
            entry.threads, entry.hanging = beneath.html, beneath.hanging
    if missing:
        _make(missing, here)


def _key(entry: Entry, here: Standing) -> tuple[Any, ...]:
    """Who reads (their side, language, zone), and the last change that they can see: of the comments, of the text."""
    passage = entry.passage
    return (
        "threads",
        passage.public_id,
        here.side.public_id if here.side else "",
        passage.threads_changed_at,  # type: ignore[attr-defined]
        passage.all_comments,  # type: ignore[attr-defined]
        passage.tabled_id,
        entry.own_copy.pk if entry.own_copy else 0,
        get_language(),
        timezone.get_current_timezone_name(),
        timezone.localdate().year,
    )


def _make(entries: Sequence[Entry], here: Standing) -> None:
    document = entries[0].passage.document
    programme = document.group.programme
    by_passage: dict[int, dict[str, list[InBrief]]] = {entry.passage.pk: {} for entry in entries}
    shown = Comment.objects.filter(thread__passage__in=by_passage).seen_by(here.side).of_open_threads().in_order()
    for comment in shown.in_brief(programme):
        by_passage[comment.passage].setdefault(comment.thread, []).append(comment)
    hand = _Hand(document)
    for entry in entries:
        threads = list(by_passage[entry.passage.pk].values())
        beneath = Beneath(hand.beneath(threads), _hanging(threads))
        kept.put(_key(entry, here), beneath)
        entry.threads, entry.hanging = beneath.html, beneath.hanging


def _hanging(threads: Iterable[Sequence[InBrief]]) -> tuple[Hanging, ...]:
    firsts = [comments[0] for comments in threads]
    return tuple(Hanging(first.thread, first.place, first.caucus is not None) for first in firsts if first.place)


class _Hand:
    """Writes the threads of a page; what they have in common is looked up once."""

    def __init__(self, document: Document) -> None:
        self.language = document.language
        self.sides = {side.pk: side_mark(side) for side in sides_of(document.group.programme)}
        self.kinds = {kind.value: status("plain", str(capfirst(kind.label))) for kind in ThreadKind}
        self.to_all, self.answer = _("seen by all"), _("Answer")
        self.writers: dict[tuple[str, int | None], SafeString] = {}

    def beneath(self, threads: Sequence[Sequence[InBrief]]) -> SafeString:
        """Those on words that have gone stand apart, with the words as they were."""
        standing = [thread for thread in threads if not thread[0].has_lost_its_words]
        lost = [thread for thread in threads if thread[0].has_lost_its_words]
        told = format_html(
            '<p class="lost"><b>{}</b> {}</p>',
            _("These comments have lost their place:"),
            _("the words they were made on are no longer in the text."),
        )
        return SafeString(self._list(standing) + (told + self._list(lost) if lost else "") or " ")

    def _list(self, threads: Sequence[Sequence[InBrief]]) -> SafeString:
        if not threads:
            return SafeString("")
        return SafeString(f'<ol class="threads">{"".join(map(self._thread, threads))}</ol>')

    def _thread(self, comments: Sequence[InBrief]) -> SafeString:
        first = comments[0]
        return format_html(
            '<li class="thread" id="t-{}"><div class="thread-head"><p>{} {}</p><p><a href="{}">{}</a></p></div>'
            "{}{}</li>\n",
            first.thread,
            self.kinds[first.kind],
            _("only %(side)s reads it") % {"side": first.caucus} if first.caucus is not None else self.to_all,
            address_of(first.thread),
            self.answer,
            self._words(first),
            self._said(comments),
        )

    def _words(self, first: InBrief) -> SafeString:
        if first.words is None:
            return SafeString("")
        stands_at = f"#w-{first.thread}" if first.place else ""
        lost = first.has_lost_its_words
        return on_words(first.words, first.replacement, language=self.language, stands_at=stands_at, lost=lost)

    def _said(self, comments: Sequence[InBrief]) -> SafeString:
        left_out = len(comments) - SHOWN_FIRST - SHOWN_LAST
        if left_out <= 1:
            return self._articles(comments)
        more = ngettext("%(count)s more comment in between", "%(count)s more comments in between", left_out)
        return format_html(
            '{}<p class="disposition"><a href="{}">{}</a></p>{}',
            self._articles(comments[:SHOWN_FIRST]),
            address_of(comments[0].thread),
            more % {"count": left_out},
            self._articles(comments[-SHOWN_LAST:]),
        )

    def _articles(self, comments: Iterable[InBrief]) -> SafeString:
        return SafeString("".join([_article(self._writer(said), said.written_at, said.html) for said in comments]))

    def _writer(self, said: InBrief) -> SafeString:
        """Name and side: fifty people write five hundred comments."""
        known = self.writers.get((said.writer, said.writer_side))
        if known is None:
            known = _writer(shown_name(said.writer), self.sides.get(said.writer_side or 0, ""))
            self.writers[said.writer, said.writer_side] = known
        return known


def article(comment: Comment) -> SafeString:
    """A comment as it stands on pages; its side is given by `named`."""
    who = _writer(str(comment.written_by), side_mark(comment.side))  # type: ignore[attr-defined]
    return _article(who, comment.written_at, comment.html)


def _writer(name: str, side: str) -> SafeString:
    return format_html("<b>{}</b> {}", name, side)


def _article(who: SafeString, at: datetime, html: str) -> SafeString:
    """`html` was made of what was typed, when that was stored."""
    said = f'<div class="said">{html}</div>' if html else ""
    return format_html(
        '<article class="comment"><p class="who">{} {}</p>{}</article>', who, moment(at, "short"), SafeString(said)
    )


def address_of(thread: str) -> str:
    """As `reverse` gives it: asked once, since a section may hold five hundred."""
    return _address().replace(_ID, thread)


_ID = "the-thread"


@cache
def _address() -> str:
    return reverse("thread", kwargs={"thread": _ID})


def named(comments: Iterable[Comment], programme: Programme) -> list[Comment]:
    """The comments with the side of each writer, without a query for each."""
    sides: dict[int, Side] = {side.pk: side for side in sides_of(programme)}
    found = list(comments)
    for comment in found:
        comment.side = sides.get(comment.writer_side_id)  # type: ignore[attr-defined]  # annotated by with_writers
    return found


def in_threads(comments: Iterable[Comment]) -> list[tuple[Thread, list[Comment]]]:
    held: dict[int, tuple[Thread, list[Comment]]] = {}
    for comment in comments:
        held.setdefault(comment.thread_id, (comment.thread, []))[1].append(comment)
    return list(held.values())
