"""The comments under the passages of a page, kept ready-made: long threads are opened on demand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from groups.standing import Standing
from parley.programmes.models import Programme, Side
from parley.ui.templatetags.ui import moment, side_mark

from .fragments import kept
from .models import Anchor, Comment, Document, Thread
from .models.comments import ThreadKind
from .reading import Entry, Hanging, sides_of
from .text.places import Place
from .wordings import suggested

# A longer thread shows its first and its newest comments here, all of them on its own page.
SHOWN_FIRST, SHOWN_LAST = 1, 2


@dataclass(frozen=True)
class Said:
    """A thread with what of it is shown, its comments ready-made."""

    thread: Thread
    kind: str
    first: SafeString
    left_out: int
    last: SafeString
    on: Anchor | None

    @property
    def address(self) -> str:
        return address_of(self.thread)

    @property
    def suggested(self) -> SafeString:
        return suggested(self.on)

    @property
    def place(self) -> Place | None:
        return self.on.place if self.on else None

    @property
    def is_lost(self) -> bool:
        return self.on is not None and self.place is None


@dataclass(frozen=True)
class Group:
    """Threads under one passage: those with their place, or those that have lost it."""

    are_lost: bool
    threads: list[Said]


@dataclass(frozen=True)
class Beneath:
    """What stands under a passage, and which of its words it hangs on."""

    html: SafeString
    hanging: tuple[Hanging, ...] = ()

    def __len__(self) -> int:
        return len(self.html) + len(self.hanging)


def address_of(thread: Thread) -> str:
    """As `reverse` gives it: asked once, since a section may hold five hundred."""
    return _address().replace(_ID, thread.public_id)


_ID = "the-thread"


@cache
def _address() -> str:
    return reverse("thread", kwargs={"thread": _ID})


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
    by_passage: dict[int, list[Comment]] = {entry.passage.pk: [] for entry in entries}
    shown = Comment.objects.filter(thread__passage__in=by_passage).seen_by(here.side).of_open_threads()
    for comment in named(shown.with_writers(programme).in_brief().in_order(), programme):
        by_passage[comment.thread.passage_id].append(comment)
    kinds = {kind.value: str(capfirst(kind.label)) for kind in ThreadKind}
    for entry in entries:
        threads = [shortened(*held, kinds) for held in in_threads(by_passage[entry.passage.pk])]
        beneath = Beneath(_beneath(threads, document), _hanging(threads))
        kept.put(_key(entry, here), beneath)
        entry.threads, entry.hanging = beneath.html, beneath.hanging


def _beneath(threads: Sequence[Said], document: Document) -> SafeString:
    """Those on words that have gone stand apart, with the words as they were."""
    groups = [Group(are_lost, [said for said in threads if said.is_lost == are_lost]) for are_lost in (False, True)]
    context = {"groups": [group for group in groups if group.threads], "document": document}
    return SafeString(render_to_string("reports/parts/threads.html", context).strip() or " ")


def _hanging(threads: Sequence[Said]) -> tuple[Hanging, ...]:
    return tuple(
        Hanging(said.thread.public_id, said.place, said.thread.caucus_id is not None) for said in threads if said.place
    )


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


def article(comment: Comment) -> SafeString:
    """A comment as it stands on pages; not a template of its own, since a section may hold five hundred."""
    return format_html(
        '<article class="comment"><p class="who"><b>{}</b> {} {}</p>{}</article>',
        comment.written_by,
        side_mark(comment.side),  # type: ignore[attr-defined]  # given by `named`
        moment(comment.written_at, "short"),
        format_html('<div class="said">{}</div>', SafeString(comment.html)) if comment.html else "",
    )


def shortened(thread: Thread, comments: list[Comment], kinds: Mapping[str, str]) -> Said:
    if len(comments) <= SHOWN_FIRST + SHOWN_LAST + 1:
        return Said(thread, kinds[thread.kind], _articles(comments), 0, SafeString(""), thread.on_words)
    left_out = len(comments) - SHOWN_FIRST - SHOWN_LAST
    first, last = _articles(comments[:SHOWN_FIRST]), _articles(comments[-SHOWN_LAST:])
    return Said(thread, kinds[thread.kind], first, left_out, last, thread.on_words)


def _articles(comments: Iterable[Comment]) -> SafeString:
    return SafeString("".join(map(article, comments)))
