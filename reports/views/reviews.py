"""One's own review: comments that wait until all are sent at once. Nobody else's page shows a trace of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from reports.actions.passages import NotYourVoice, PassageIsGone
from reports.actions.reviews import NothingToSend, discard_comment, rewrite_comment, send_review
from reports.anchoring import WordsAreUnclear, WordsHaveChanged
from reports.forms import ThreadForm, as_written
from reports.models import Document, Review, UnsentComment
from reports.reading import words_of
from reports.text.markup import GUIDE

from .comments import gone, words_have_changed
from .frame import page


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.comment", Document, through="opened_by")
def review(request: HttpRequest, document: Document) -> HttpResponse:
    """What the person has written and not sent, in the order of the text."""
    if request.method == "POST":
        return _sent(request, document)
    waiting = UnsentComment.objects.opened_by(request.user).in_document(document)  # type: ignore[arg-type]  # signed in
    comments = list(waiting)
    count = sum(comment.can_be_sent for comment in comments)
    return page(request, "review", document, comments=comments, count=count)


def _sent(request: HttpRequest, document: Document) -> HttpResponse:
    submission = submission_of(request)
    try:
        sent = send_review(document, submission=submission, by=request.user)  # type: ignore[arg-type]
    except AlreadySubmitted:
        sent = Review.objects.get(submission=submission)
    except NothingToSend:
        return _nothing_sent(request, document, submission)
    count = sent.threads.count()
    words = ngettext("Your review is sent: %(count)d comment.", "Your review is sent: %(count)d comments.", count)
    messages.success(request, words % {"count": count})
    return redirect("comment_queue", document=document.public_id)


def _nothing_sent(request: HttpRequest, document: Document, submission: str | None) -> HttpResponse:
    """The button pressed twice finds nothing left, and has sent it all."""
    if not Review.objects.filter(submission=submission, submission__isnull=False).exists():
        messages.info(request, _("No comment waits to be sent."))
    return redirect("comment_queue", document=document.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.send_comment", UnsentComment, through="opened_by")
def unsent(request: HttpRequest, unsent: UnsentComment) -> HttpResponse:
    """Written anew as long as it is not sent."""
    passage = unsent.passage
    here = standing(request.user, passage.group)  # type: ignore[arg-type]
    initial = as_written(unsent)
    form = ThreadForm(request.POST or None, initial=initial, side=here.side, shared=passage.is_tabled)
    if request.method == "POST" and form.is_valid():
        return _rewritten(request, unsent, form)
    return _unsent_page(request, unsent, form)


def _unsent_page(request: HttpRequest, unsent: UnsentComment, form: ThreadForm) -> HttpResponse:
    here = standing(request.user, unsent.group)  # type: ignore[arg-type]
    shown = unsent.passage.text_for(here.side)
    return page(
        request,
        "unsent",
        unsent.passage.section,
        unsent=unsent,
        passage=unsent.passage,
        form=form,
        words=words_of(shown, unsent.passage.public_id) if shown else "",
        guide=GUIDE,
    )


def _rewritten(request: HttpRequest, unsent: UnsentComment, form: ThreadForm) -> HttpResponse:
    try:
        rewrite_comment(
            passage=unsent.passage,
            unsent=unsent,
            kind=form.cleaned_data["kind"],
            source=form.cleaned_data["source"],
            own_side_only=form.own_side_only,
            wording=form.wording,
            by=request.user,
        )
    except WordsHaveChanged:
        form.add_error("words", words_have_changed())
    except WordsAreUnclear as refusal:
        form.add_error("words", str(refusal))
    except (NotYourVoice, PassageIsGone):
        return gone(request, unsent.passage, form)
    else:
        messages.success(request, _("Kept in your review: nobody else reads it until you send the review."))
        return redirect("review", document=unsent.passage.document.public_id)
    return _unsent_page(request, unsent, form)


@require_POST
@needs("reports.send_comment", UnsentComment, through="opened_by")
def discard(request: HttpRequest, unsent: UnsentComment) -> HttpResponse:
    discard_comment(unsent, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The comment is discarded. Nobody else has read it."))
    return redirect("review", document=unsent.passage.document.public_id)
