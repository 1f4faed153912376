"""Threads: begun, answered, disposed of, reopened, tabled; the queue of a document."""

from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.second_factor import second_factor_needed
from reports import links
from reports.actions.comments import (
    AlreadyDisposed,
    answer_thread,
    dispose_of_thread,
    reopen_thread,
    start_thread,
    table_thread,
    wording_to_table,
)
from reports.actions.passages import NotYourVoice, PassageIsGone
from reports.actions.reviews import keep_comment
from reports.anchoring import WordsAreUnclear, WordsHaveChanged
from reports.forms import CommentForm, DispositionForm, ThreadForm
from reports.models import Comment, Document, Passage, Thread
from reports.reading import Hanging, words_of
from reports.text import places
from reports.text.markup import GUIDE
from reports.threads import in_threads, named

from .frame import page

PER_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.comment", Passage, through="opened_by")
def comment(request: HttpRequest, passage: Passage) -> HttpResponse:
    """All that was said of a passage, and a new comment on it: sent at once, or kept for one's review."""
    here = standing(request.user, passage.group)  # type: ignore[arg-type]  # signed in
    form = ThreadForm(request.POST or None, side=here.side, shared=passage.is_tabled)
    if request.method == "POST" and form.is_valid():
        return _started(request, passage, form)
    return _comments_page(request, passage, form)


def _comments_page(request: HttpRequest, passage: Passage, form: ThreadForm) -> HttpResponse:
    here = standing(request.user, passage.group)  # type: ignore[arg-type]
    programme = passage.group.programme
    said = Comment.objects.filter(thread__passage=passage).seen_by(here.side).with_writers(programme).in_order()
    shown = passage.text_for(here.side)
    return page(
        request,
        "comments",
        passage.section,
        passage=passage,
        form=form,
        words=words_of(shown, passage.public_id) if shown else "",
        threads=in_threads(named(said, programme)),
        guide=GUIDE,
    )


def _started(request: HttpRequest, passage: Passage, form: ThreadForm) -> HttpResponse:
    try:
        return (_kept if "later" in request.POST else _sent)(request, passage, form)
    except WordsHaveChanged:
        form.add_error("words", words_have_changed())
    except WordsAreUnclear as refusal:
        form.add_error("words", str(refusal))
    except (NotYourVoice, PassageIsGone):
        return gone(request, passage, form)
    return _comments_page(request, passage, form)


def words_have_changed() -> str:
    return _(
        "The text that your readers see does not say these words, or no longer. Choose them again, or leave this field "
        "empty to comment on the passage as a whole."
    )


def _sent(request: HttpRequest, passage: Passage, form: ThreadForm) -> HttpResponse:
    submission = submission_of(request)
    try:
        thread = start_thread(
            passage=passage,
            kind=form.cleaned_data["kind"],
            source=form.cleaned_data["source"],
            own_side_only=form.own_side_only,
            wording=form.wording,
            submission=submission,
            by=request.user,
        )
    except AlreadySubmitted:
        thread = Comment.objects.get(submission=submission).thread
    messages.success(request, _sent_words(thread))
    return redirect(links.thread(thread))


def _kept(request: HttpRequest, passage: Passage, form: ThreadForm) -> HttpResponse:
    with suppress(AlreadySubmitted):
        keep_comment(
            passage=passage,
            kind=form.cleaned_data["kind"],
            source=form.cleaned_data["source"],
            own_side_only=form.own_side_only,
            wording=form.wording,
            submission=submission_of(request),
            by=request.user,
        )
    messages.success(request, _("Kept in your review: nobody else reads it until you send the review."))
    return redirect(links.passage(passage))


def _sent_words(thread: Thread) -> str:
    if thread.caucus_id:
        return _("Your comment is kept in your caucus: only your side reads it.")
    return _("Your comment is sent. All members read it.")


def gone(request: HttpRequest, passage: Passage, form: CommentForm) -> HttpResponse:
    what = _("The passage was dropped meanwhile, so your comment was not stored. It stands below in full: copy it.")
    return page(
        request, "changed", passage.section, status=409, what=what, next="section", kept=form.data.get("source", "")
    )


@require_safe
@needs("reports.read_thread", Thread, through="opened_by")
def thread(request: HttpRequest, thread: Thread) -> HttpResponse:
    """One thread with all its comments, an answer and what became of it."""
    return _thread_page(request, thread, answer=CommentForm(), disposition=DispositionForm())


def _thread_page(
    request: HttpRequest, thread: Thread, *, answer: CommentForm, disposition: DispositionForm, status: int = 200
) -> HttpResponse:
    programme = thread.group.programme
    comments = named(Comment.objects.filter(thread=thread).with_writers(programme).in_order(), programme)
    return page(
        request,
        "thread",
        thread.passage.section,
        status=status,
        thread=thread,
        passage=thread.passage,
        comments=comments,
        answer=answer,
        disposition=disposition,
        form=disposition if disposition.is_bound else answer,
        words=_words_it_was_made_on(thread),
        may_take=thread.is_open and request.user.has_perm("reports.take_suggestion", thread),
        may_dispose=request.user.has_perm("reports.dispose", thread),
        may_table=request.user.has_perm("reports.table_thread", thread) and thread.passage.is_tabled,
    )


def _words_it_was_made_on(thread: Thread) -> SafeString:
    """With those that it is about shown as such."""
    if thread.revision is None:
        return SafeString("")
    place = places.find(thread.revision.text, thread.on_words.quote) if thread.on_words else None
    hanging = [Hanging(thread.public_id, place, thread.caucus_id is not None)] if place else []
    return words_of(thread.revision, thread.passage.public_id, hanging)


@require_POST
@needs("reports.read_thread", Thread, through="opened_by")
def answer(request: HttpRequest, thread: Thread) -> HttpResponse:
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _thread_page(request, thread, answer=form, disposition=DispositionForm())
    try:
        answer_thread(
            thread,
            source=form.cleaned_data["source"],
            submission=submission_of(request),
            by=request.user,  # type: ignore[arg-type]
        )
    except AlreadySubmitted:
        pass
    except NotYourVoice:
        return gone(request, thread.passage, form)
    messages.success(request, _("Your answer is sent."))
    return redirect("thread", thread=thread.public_id)


@require_POST
@needs("reports.dispose", Thread, through="opened_by")
def dispose(request: HttpRequest, thread: Thread) -> HttpResponse:
    form = DispositionForm(request.POST)
    if not form.is_valid():
        return _thread_page(request, thread, answer=CommentForm(), disposition=form)
    try:
        dispose_of_thread(thread, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except AlreadyDisposed:
        messages.info(request, _("Somebody answered for this comment meanwhile. Reopen it to say otherwise."))
    else:
        messages.success(request, _("It is recorded what became of the comment."))
    return redirect("thread", thread=thread.public_id)


@require_POST
@needs("reports.dispose", Thread)
def reopen(request: HttpRequest, thread: Thread) -> HttpResponse:
    reopen_thread(thread, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The comment is open again."))
    return redirect("thread", thread=thread.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.table_thread", Thread, through="opened_by")
@second_factor_needed
def table(request: HttpRequest, thread: Thread) -> HttpResponse:
    """The opening comment of a caucus thread before all sides; the rest of the thread stays in caucus."""
    first = thread.comments.first()
    if request.method == "POST":
        return _tabled(request, thread)
    return page(
        request,
        "table_thread",
        thread.passage.section,
        thread=thread,
        passage=thread.passage,
        first=first,
        wording=wording_to_table(thread),
    )


def _tabled(request: HttpRequest, thread: Thread) -> HttpResponse:
    submission = submission_of(request)
    try:
        shared = table_thread(thread, submission=submission, by=request.user)  # type: ignore[arg-type]
    except AlreadySubmitted:
        shared = Comment.objects.get(submission=submission).thread
    except PassageIsGone:
        what = _("The passage does not lie before all sides, so a comment on it cannot either.")
        return page(request, "changed", thread.passage.section, status=409, what=what, next="section")
    messages.success(request, _("The comment lies before all sides."))
    return redirect("thread", thread=shared.public_id)


@require_safe
@needs("reports.read", Document, through="opened_by")
def queue(request: HttpRequest, document: Document) -> HttpResponse:
    """The open comments of a document that this person sees, the oldest first."""
    here = standing(request.user, document.group)  # type: ignore[arg-type]
    waiting = Thread.objects.filter(passage__section__document=document).queue_for(here.side)
    shown = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    programme = document.group.programme
    comments = Comment.objects.filter(thread__in=[thread.pk for thread in shown])
    threads = in_threads(named(comments.with_writers(programme).in_order(), programme))
    return page(request, "queue", document, page=shown, threads=threads)
