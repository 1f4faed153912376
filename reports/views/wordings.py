"""Suggested words taken into the text, and the words of comments for the live editor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groups.standing import standing
from parley.access import needs
from reports import links
from reports.actions.comments import AlreadyDisposed
from reports.actions.passages import NotYourVoice, PassageIsSettled, PenIsGiven
from reports.actions.suggestions import SuggestionIsStale, take_suggestion
from reports.locks import NotDrafted
from reports.models import Passage, Thread
from reports.text import places
from reports.text.limits import TextRefused
from reports.wordings import suggested

from .documents import drafting_is_over
from .frame import page


@require_POST
@needs("reports.take_suggestion", Thread, through="opened_by")
def take(request: HttpRequest, thread: Thread) -> HttpResponse:
    """The suggested words stand in the text; the comment is answered as taken."""
    try:
        take_suggestion(thread.passage, thread=thread, by=request.user)  # type: ignore[arg-type]  # signed in
    except NotDrafted:
        return drafting_is_over(request, thread.passage.document)
    except (PassageIsSettled, NotYourVoice, TextRefused) as refusal:
        return page(request, "changed", thread.passage.section, status=409, what=_why_not(refusal), next="section")
    except SuggestionIsStale as refusal:
        return _stale(request, thread, refusal.stands)
    except AlreadyDisposed:
        messages.info(request, _("Somebody answered for this comment meanwhile. Reopen it to say otherwise."))
        return redirect("thread", thread=thread.public_id)
    messages.success(request, _taken_words(thread))
    return redirect(links.passage(thread.passage))


def _taken_words(thread: Thread) -> str:
    if thread.passage.side_id:
        return _("The words stand in your side’s copy, and the comment is answered as taken.")
    return _("The words stand in the text, and the comment is answered as taken.")


def _why_not(refusal: Exception) -> str:
    if isinstance(refusal, TextRefused):
        return refusal.reason
    if isinstance(refusal, PenIsGiven):
        return _("Somebody holds the pen over this passage: they read the suggestion, and take it into their draft.")
    if isinstance(refusal, PassageIsSettled):
        return _(
            "The passage is agreed, so its words stay. A key holder withdraws their side’s agreement first; then the "
            "suggestion can be taken."
        )
    return _("This passage speaks for another side: only that side takes suggestions for it.")


def _stale(request: HttpRequest, thread: Thread, stands: str) -> HttpResponse:
    return page(
        request,
        "suggestion_changed",
        thread.passage.section,
        status=409,
        thread=thread,
        passage=thread.passage,
        stands=stands,
        suggested=suggested(thread.on_words),
    )


@require_safe
@needs("reports.comment", Passage, through="opened_by")
def commented(request: HttpRequest, passage: Passage) -> HttpResponse:
    """On which words the open comments hang that this person sees: their editor finds and shows them in its text."""
    here = standing(request.user, passage.group)  # type: ignore[arg-type]
    open_ones = passage.threads.open().seen_by(here.side).on_words().select_related("anchor", "caucus")
    return JsonResponse({"comments": [_for_editor(thread, passage) for thread in open_ones]})


def _for_editor(thread: Thread, passage: Passage) -> dict[str, str]:
    """The words with what stands beside them now."""
    hung_in, place = passage.text_for(thread.caucus), thread.anchor.place
    quote = places.quote_at(hung_in.text, place) if hung_in and place else thread.anchor.quote
    kind = str(capfirst(thread.get_kind_display()))
    return {
        "thread": thread.public_id,
        "kind": kind,
        "words": quote.words,
        "before": quote.before,
        "after": quote.after,
    }
