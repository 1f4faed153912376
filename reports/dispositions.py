"""The table of comments and dispositions: what was said to all sides, by which side, and what became of it.

A comment's number is its place among all that was ever said to all sides of the document: none is ever deleted, and a
caucus's comment has no number before it is tabled, as a new one. People are not named: a comment is its side's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.programmes.models import Participant

from . import final_text
from .models import Comment, CommentTable, Document, Draft, Passage, Thread
from .text import markup, plain
from .text.limits import TextRefused

FORM = 1
Row = dict[str, Any]


def said_to_all(document: Document) -> QuerySet[Thread]:
    """Threads of all sides on what was tabled, in the order of their numbers; of passages that were dropped too."""
    shared = Thread.objects.filter(passage__section__document=document, caucus=None, passage__tabled__isnull=False)
    return shared.order_by("pk")


def rows_of(document: Document, threads: Sequence[Thread], numbers: dict[int, int]) -> list[Row]:
    """Threads as rows, with all that was answered: five queries for any number of them."""
    hand = _Hand(document)
    said: dict[int, list[Comment]] = {}
    for comment in Comment.objects.filter(thread__in=threads).order_by("written_at", "pk"):
        said.setdefault(comment.thread_id, []).append(comment)
    return [hand.row(thread, numbers[thread.pk], said[thread.pk]) for thread in threads]


def with_places(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    return threads.select_related("anchor", "passage__section")


def all_rows(document: Document) -> list[Row]:
    numbers = numbers_of(document)
    return rows_of(document, list(with_places(said_to_all(document))), numbers)


def numbers_of(document: Document) -> dict[int, int]:
    """By thread."""
    keys = said_to_all(document).values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(keys, 1)}


def keep_table(draft: Draft, last: Draft | None) -> CommentTable:
    """With a draft that is being released: what was open at the last release, and what was said or answered since."""
    document = draft.document
    threads = with_places(said_to_all(document))
    if last is not None:
        since = last.released_at
        threads = threads.filter(Q(disposition="") | Q(disposed_at__gt=since) | Q(started_at__gt=since))
    with override(document.language):
        rows = rows_of(document, list(threads), numbers_of(document))
    record = {"form": FORM, "draft": draft.number, "text_sha256": draft.sha256, "rows": rows}
    return CommentTable.objects.create(
        draft=draft, canonical=final_text.canonical(record).decode(), sha256=final_text.digest(record)
    )


class _Hand:
    """Writes rows; sides, numbers of paragraphs and titles of sections are looked up once."""

    def __init__(self, document: Document) -> None:
        programme = document.group.programme
        people = Participant.objects.filter(programme=programme, side__isnull=False)
        self.sides = {person: (code.lower(), name) for person, code, name in people.values_list(*_OF_A_PERSON)}
        self.paragraphs = {pk: str(number) for number, pk in enumerate(_paragraphs(document), 1)}

    def row(self, thread: Thread, number: int, said: Sequence[Comment]) -> Row:
        first, *answers = said
        return {
            "number": number,
            "thread": thread.public_id,
            "kind": thread.kind,
            "passage": thread.passage.public_id,
            "section": thread.passage.section.title,
            "paragraph": self.paragraphs.get(thread.passage_id, ""),
            **self.by(thread.started_by_id),
            "at": _written(thread.started_at),
            "on": thread.on_words.words if thread.on_words else "",
            "instead": thread.on_words.replacement if thread.on_words else None,
            "said": _plain(first.source),
            "answers": [
                {**self.by(one.written_by_id), "at": _written(one.written_at), "said": _plain(one.source)}
                for one in answers
            ],
            "disposition": thread.disposition,
            "why": thread.disposition_note,
            "disposed": {**self.by(thread.disposed_by_id), "at": _written(thread.disposed_at)}
            if thread.disposition
            else None,
        }

    def by(self, person: int | None) -> dict[str, str]:
        """For which side somebody spoke; who has none facilitates."""
        side, name = self.sides.get(person or 0, ("", _("Facilitation")))
        return {"side": side, "by": name}


_OF_A_PERSON = ("person", "side__code", "side__name")


def _paragraphs(document: Document) -> Iterable[int]:
    present = Passage.objects.tabled_ones().filter(section__document=document, section__dropped_at=None)
    return present.in_reading_order().values_list("pk", flat=True)


def _written(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _plain(source: str) -> str:
    """As it is read: without the signs of markup."""
    try:
        return plain.text_of(markup.to_doc(source)) if source.strip() else ""
    except TextRefused:  # stored under rules that were wider
        return source
