"""Comments, what they suggest, and why they were or were not taken."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.accounts.models import User
from parley.search.models import Found
from parley.search.sources import Hit, Shown, Source, Watched, add_source
from reports.models import Anchor, Comment, Thread

from .texts import OF_DOCUMENT, PLACE, STANDS, order_of, under


def _hit(thread: Thread, words: str, where: str, at: object) -> Hit:
    return Hit(
        url=reverse("thread", kwargs={"thread": thread.public_id}),
        text=words,
        where=where,
        caucus=thread.caucus,
        order=order_of(thread.passage, True, thread.pk, at),
        **under(thread.passage.document),
    )


STANDING = ("caucus", "passage__section__document")


def comments_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Comment.objects.filter(pk__in=keys, thread__in=Thread.objects.visible_to(reader))
    seen = seen.select_related("written_by", *(f"thread__{way}" for way in STANDING))
    where = _("Comment by %(person)s, on “%(section)s”")
    return {
        keys[c.pk]: _hit(
            c.thread, c.source, where % {"person": c.written_by, "section": c.thread.passage.section.title}, c.pk
        )
        for c in seen
    }


def suggestions_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Anchor.objects.filter(pk__in=keys, thread__in=Thread.objects.visible_to(reader))
    seen = seen.select_related(*(f"thread__{way}" for way in STANDING))
    return {
        keys[a.pk]: _hit(
            a.thread, a.replacement or "", _("Suggested words, on “%s”") % a.thread.passage.section.title, 0
        )
        for a in seen
    }


def dispositions_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Thread.objects.visible_to(reader).filter(pk__in=keys).select_related(*STANDING)
    where = _("What became of a comment on “%s”")
    return {keys[t.pk]: _hit(t, t.disposition_note, where % t.passage.section.title, t.pk) for t in seen}


# On what only one side sees nothing can be said to all.
CAUCUS = "CASE WHEN t.caucus_id IS NULL AND p.tabled_id IS NULL THEN p.side_id ELSE t.caucus_id END"
Columns = tuple[str, ...]
LEAVES_OR_IS_TABLED = (
    "NEW.dropped_at IS DISTINCT FROM OLD.dropped_at OR (NEW.tabled_id IS NULL) <> (OLD.tabled_id IS NULL)"
)
THREAD = (
    "reports_thread t JOIN reports_passage p ON p.id = t.passage_id "
    f"{PLACE} JOIN groups_thematicgroup g ON g.id = d.group_id"
)
SPEAKER = "LEFT JOIN programmes_participant w ON w.programme_id = g.programme_id AND w.person_id"


def _source(
    kind: str, label: Any, table: str, key: str, joined: str, *, speaker: str, words: str, shown: Shown, own: Columns
) -> Source:
    """Of a thread, or of what `joined` hangs on it; `own`: columns of its table that change."""
    concerned = f"SELECT {key} FROM reports_thread t {joined}"  # noqa: S608 (our own words)
    in_section = "JOIN reports_passage p ON p.id = t.passage_id WHERE p.section_id = NEW.id"
    of_thread = Watched("reports_thread", f"{concerned} WHERE t.id = NEW.id", columns=("caucus_id",), when_added=False)
    return Source(
        kind=kind,
        label=label,
        table=table,
        key=key,
        rows=f"{THREAD} {joined} {SPEAKER} = {speaker}",
        words=words,
        where=f"{STANDS} AND {words} <> ''",
        columns={**OF_DOCUMENT, "caucus_id": CAUCUS, "side_id": "w.side_id"},
        shown=shown,
        watched=(
            Watched(table, "NEW.id", columns=own),
            *([of_thread] if joined else []),
            Watched(
                "reports_passage",
                f"{concerned} WHERE t.passage_id = NEW.id",
                columns=("dropped_at", "tabled_id"),
                when_added=False,
                # Not with every revision: a passage may have five hundred comments.
                when=LEAVES_OR_IS_TABLED,
            ),
            Watched("reports_section", f"{concerned} {in_section}", columns=("dropped_at",), when_added=False),
        ),
    )


add_source(
    _source(
        "comment",
        gettext_lazy("Comments"),
        *("reports_comment", "c.id", "JOIN reports_comment c ON c.thread_id = t.id"),
        speaker="c.written_by_id",
        words="c.source",
        shown=comments_found,
        own=("source",),
    )
)
add_source(
    _source(
        "suggestion",
        gettext_lazy("Suggested words"),
        *("reports_anchor", "a.id", "JOIN reports_anchor a ON a.thread_id = t.id"),
        speaker="t.started_by_id",
        words="coalesce(a.replacement, '')",
        shown=suggestions_found,
        own=("replacement",),
    )
)
add_source(
    _source(
        "disposition",
        gettext_lazy("What became of comments"),
        *("reports_thread", "t.id", ""),
        speaker="t.disposed_by_id",
        words="t.disposition_note",
        shown=dispositions_found,
        own=("disposition_note", "caucus_id"),
    )
)
