"""A review: comments that wait with their writer alone until all are sent at once."""

from django.db import transaction

from groups.standing import standing_now
from parley.access.submissions import once
from parley.accounts.models import User
from reports.anchoring import Wording, WordsHaveChanged, as_it_stands
from reports.locks import locked
from reports.models import Document, Passage, Review, Section, UnsentComment
from reports.notices import readers_of_review, review_sent

from .comments import caucus_of_comment, comment_html, start_thread, with_words_just_typed
from .passages import NotYourVoice


class NothingToSend(Exception):
    """No comment waits, or none on what still stands in the text."""


@with_words_just_typed
@once(UnsentComment)
@transaction.atomic
def keep_comment(
    *,
    passage: Passage,
    kind: str,
    source: str,
    own_side_only: bool,
    wording: Wording | None = None,
    submission: str | None = None,
    by: User,
) -> UnsentComment:
    """A comment for the writer's review. Nobody hears of it: no record, no count, no page that has changed.

    Raises what start_thread does.
    """
    unsent = UnsentComment(passage=passage, submission=submission, writer=by)
    _say(unsent, kind, source, own_side_only, wording, by)
    return unsent


@with_words_just_typed
@transaction.atomic
def rewrite_comment(
    *,
    passage: Passage,
    unsent: UnsentComment,
    kind: str,
    source: str,
    own_side_only: bool,
    wording: Wording | None = None,
    by: User,
) -> None:
    """`passage` is the one it was written on."""
    if unsent.writer_id != by.pk:
        raise NotYourVoice
    _say(unsent, kind, source, own_side_only, wording, by)


def _say(unsent: UnsentComment, kind: str, source: str, own_side_only: bool, wording: Wording | None, by: User) -> None:
    """Checked as it will be when it is sent."""
    passage = unsent.passage
    unsent.caucus = caucus_of_comment(passage, standing_now(by, passage.group), own_side_only)
    wording = _as_it_stands(unsent, wording) if wording else None
    comment_html(source)
    unsent.kind, unsent.source = kind, source
    unsent.about(wording.quote if wording else None, wording.replacement if wording else None)
    unsent.save()


def _as_it_stands(unsent: UnsentComment, wording: Wording) -> Wording:
    """Words that have gone since they were quoted may be kept as they are."""
    try:
        return as_it_stands(unsent.passage.text_for(unsent.caucus), wording)[1]
    except WordsHaveChanged:
        if unsent.words != wording.quote.words:
            raise
        return wording


def discard_comment(unsent: UnsentComment, *, by: User) -> None:
    """The writer's own word: it was never anything but theirs."""
    UnsentComment.objects.filter(pk=unsent.pk, writer=by).delete()


@once(Review)
@transaction.atomic
def send_review(document: Document, *, submission: str | None = None, by: User) -> Review:
    """All that waits becomes threads at once, and each reader has one notice of it.

    What was written on words that have gone is sent with its quote and without a place. What was written on a dropped
    passage waits on.
    """
    waiting = _locked_for_sending(document, by)
    if not waiting:
        raise NothingToSend
    caucus = next((comment.caucus for comment in waiting if comment.caucus), None)
    for_all = any(comment.caucus is None for comment in waiting)
    review = Review.objects.create(document=document, for_all=for_all, caucus=caucus, sent_by=by, submission=submission)
    for comment in waiting:
        _send(comment, review, by)
    UnsentComment.objects.filter(pk__in=[comment.pk for comment in waiting]).delete()
    _tell(review, by)
    return review


def _locked_for_sending(document: Document, by: User) -> list[UnsentComment]:
    """In the order of all locks, with every passage and section that the threads will touch."""
    locked(document)
    found = UnsentComment.objects.opened_by(by).in_document(document).on_what_stands()
    waiting = list(found.select_for_update(of=("self",)))
    passages = Passage.objects.filter(pk__in={comment.passage_id for comment in waiting})
    list(passages.select_for_update().order_by("pk"))
    list(Section.objects.filter(passages__in=passages).select_for_update(of=("self",)).order_by("pk"))
    return waiting


def _send(comment: UnsentComment, review: Review, by: User) -> None:
    start_thread(
        passage=comment.passage,
        kind=comment.kind,
        source=comment.source,
        own_side_only=comment.caucus_id is not None,
        wording=Wording(comment.quote, comment.replacement) if comment.words else None,
        review=review,
        by=by,
    )


def _tell(review: Review, by: User) -> None:
    """Each reader of the comments that concern them: those with as many at once."""
    for count in sorted(set(readers_of_review(review).values())):
        review_sent.announce(review, by=by, facts={"count": count}, key=str(count))
