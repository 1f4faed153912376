"""Comments in threads: kept for ever, resolved with a disposition."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, IntegerField
from django.utils import timezone

from groups.standing import KEY, MOMENT, Owner, Standing, standing_and_owners, standing_now
from parley.access.adding import add_in_turn
from parley.access.composed import ComposedUpdate
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports.anchoring import Wording, WordsAreUnclear, WordsHaveChanged, as_it_stands, hung
from reports.live import cutting
from reports.locks import locked_passage
from reports.mentions import named_in
from reports.models import Comment, Disposition, Passage, Review, Section, Thread
from reports.notices import commented, named, thread_disposed, who_owns_the_voice
from reports.text import markup
from reports.text.html import render

from .passages import NotYourVoice, PassageIsGone

T = TypeVar("T")


class AlreadyDisposed(Exception):
    """Somebody disposed of the thread meanwhile; reopen it to say otherwise."""


def comment_html(source: str) -> str:
    """Checked and rendered once, when stored; raises TextRefused or MarkupRefused with the line and the remedy."""
    return str(render(markup.to_doc(source)))


def with_words_just_typed(verb: Callable[..., T]) -> Callable[..., T]:
    """Words that somebody typed a moment ago become a revision first, where the comment's writer reads them typed.

    The live words of a view are its own side's: another's comment must not touch them.
    """

    @wraps(verb)
    def asked(*, passage: Passage, by: User, **named: Any) -> T:
        try:
            return verb(passage=passage, by=by, **named)
        except WordsHaveChanged:
            reads = passage.is_shared or standing_now(by, passage.group).is_of(passage.side)
            if not (reads and cutting.take_in(passage)):
                raise
        return verb(passage=passage, by=by, **named)

    return asked


@with_words_just_typed
@once(Comment)
@transaction.atomic
def start_thread(
    *,
    passage: Passage,
    kind: str,
    source: str,
    own_side_only: bool,
    wording: Wording | None = None,
    review: Review | None = None,
    submission: str | None = None,
    by: User,
) -> Thread:
    """A comment on a passage, for one's own side or for all who read it. The text it was made on is kept.

    `wording`: on some of its words; raises WordsHaveChanged or WordsAreUnclear. The comments of a `review` are
    announced together by whoever sends it.
    """
    if wording is not None:
        passage = locked_passage(passage)
    here, owners = standing_and_owners(by, passage.group, passage.side)
    caucus = caucus_of_comment(passage, here, own_side_only)
    thread = Thread(
        passage=passage,
        caucus=caucus,
        kind=kind,
        revision=passage.text_for(caucus),
        review=review,
        started_by=by,
    )
    comment = _comment(thread, source, submission, by)
    add_in_turn(thread, comment, *([hung(thread, wording)] if wording else []))
    _count(thread, +1)
    _told("comment.thread_started", thread, by, kind=str(kind))
    if review is None:
        _announce(comment, thread, by, readers=who_owns_the_voice(thread, owners))
    else:
        _announce_names(comment, thread, by)
    return thread


def caucus_of_comment(passage: Passage, here: Standing, own_side_only: bool) -> Side | None:
    """Whose caucus reads what this person says of the passage; none: all do. Raises NotYourVoice, PassageIsGone."""
    if not here.sees_texts or (own_side_only and not here.has_a_side):
        raise NotYourVoice
    if passage.dropped_at or not (passage.is_tabled or here.is_of(passage.side)):
        raise PassageIsGone
    # On what only one side sees nothing can be said to all.
    return here.side if own_side_only or not passage.is_tabled else None


@once(Comment)
@transaction.atomic
def answer_thread(thread: Thread, *, source: str, submission: str | None = None, by: User) -> Comment:
    comment = _comment(thread, source, submission, by)
    _may_take_part(thread, by)
    add_in_turn(comment)
    Thread.objects.filter(pk=thread.pk).update(changed_at=comment.written_at)
    _told("comment.answered", thread, by)
    _announce(comment, thread, by)
    return comment


@transaction.atomic
def dispose_of_thread(thread: Thread, *, disposition: str, note: str = "", by: User) -> None:
    """What became of the comment: taken, in part, not taken and why. Its words stay."""
    _may_take_part(thread, by)
    now = timezone.now()
    changed = Thread.objects.filter(pk=thread.pk, disposition="").update(
        disposition=disposition, disposition_note=note, disposed_by=by, disposed_at=now, changed_at=now
    )
    if not changed:
        raise AlreadyDisposed
    _count(thread, -1)
    _told("comment.disposed", thread, by, disposition=str(Disposition(disposition)))
    thread_disposed.announce(thread, by=by, key=f"{thread.public_id}:{now.isoformat()}")


@transaction.atomic
def reopen_thread(thread: Thread, *, by: User) -> None:
    _may_take_part(thread, by)
    closed = Thread.objects.filter(pk=thread.pk).exclude(disposition="")
    if closed.update(disposition="", disposition_note="", changed_at=timezone.now()):
        _count(thread, +1)
        _told("comment.reopened", thread, by)


@transaction.atomic
def table_thread(thread: Thread, *, submission: str | None = None, by: User) -> Thread:
    """Put the opening comment of a caucus thread before all sides, as a new thread: the caucus's own stays there.

    It is about the same words where the tabled text says them: no other word of the caucus goes along.
    """
    first = thread.comments.first()
    if first is None or thread.caucus is None or not thread.passage.is_tabled:
        raise PassageIsGone
    return start_thread(
        passage=thread.passage,
        kind=thread.kind,
        source=first.source,
        own_side_only=False,
        wording=wording_to_table(thread),
        submission=submission,
        by=by,
    )


def wording_to_table(thread: Thread) -> Wording | None:
    """The words of a caucus thread as the tabled text says them, with what it suggests; None where it does not."""
    if thread.on_words is None:
        return None
    try:
        _place, wording = as_it_stands(
            thread.passage.tabled, Wording(thread.on_words.quote, thread.on_words.replacement)
        )
    except (WordsHaveChanged, WordsAreUnclear):
        return None
    return wording


def _may_take_part(thread: Thread, by: User) -> None:
    here = standing_now(by, thread.group)
    if not here.sees_texts or (thread.caucus_id and not here.is_of(thread.caucus)):
        raise NotYourVoice


def _comment(thread: Thread, source: str, submission: str | None, by: User) -> Comment:
    return Comment(thread=thread, source=source, html=comment_html(source), written_by=by, submission=submission)


def _announce(comment: Comment, thread: Thread, by: User, *, readers: Iterable[Owner] | None = None) -> None:
    """Whoever is named hears of that alone; the others who have to do with the thread hear of the comment."""
    said = _announce_names(comment, thread, by)
    have_heard = {person.pk for person in said}
    others = None if readers is None else [reader for reader in readers if reader.pk not in have_heard]
    facts = {"named": [person.public_id for person in said]} if said else None
    commented.announce(thread, by=by, key=comment.public_id, facts=facts, readers=others)


def _announce_names(comment: Comment, thread: Thread, by: User) -> list[User]:
    said = named_in(comment.source, thread)
    if said:
        facts = {"named": [person.public_id for person in said]}
        named.announce(thread, by=by, key=comment.public_id, facts=facts)
    return said


def _count(thread: Thread, change: int) -> None:
    """Kept in the writing transaction, of what all sides see."""
    if thread.caucus_id is None:
        _counted(section=thread.passage.section_id, change=change, now=timezone.now())


_counted = ComposedUpdate(
    lambda section, change, now: (
        Section.objects.filter(pk=section),
        {"open_threads": F("open_threads") + change, "changed_at": now},
    ),
    section=KEY,
    change=IntegerField(),
    now=MOMENT,
)


def _told(kind: str, thread: Thread, by: User, /, **facts: str) -> None:
    passage, document = thread.passage, thread.passage.section.document
    chain = document.group.caucus_chain(thread.caucus) if thread.caucus else document.group.chain
    record(kind, chain=chain, by=by, facts={"thread": thread.public_id, "passage": passage.public_id, **facts})
    page_changed(document.topic(thread.caucus))
