"""The pen: proposed, used, given back, taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.motions import MayNotBeMoved
from groups.standing import standing
from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from reports.actions.pens import TAKE, NothingToRelease, pen_hash, propose_pen, release_drafts
from reports.actions.pens_ending import PenIsBack, return_pen
from reports.actions.proposals import WordsOverlap
from reports.branches import Shown
from reports.forms_pens import GivePenForm, ReleaseDraftsForm
from reports.live import branching
from reports.locks import NotDrafted
from reports.models import Document, Passage, Pen
from reports.penning import drafts_under, passages_under
from reports.text.limits import TextRefused

from .documents import drafting_is_over
from .frame import page
from .proposals import open_motion, proposed

# ---- proposed -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.give_pen_on", Passage, through="opened_by")
@second_factor_needed
def give_on_passage(request: PersonsRequest, passage: Passage) -> HttpResponse:
    return _giving(request, passage.document, passage)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.propose", Document, through="opened_by")
@second_factor_needed
def give_on_document(request: PersonsRequest, document: Document) -> HttpResponse:
    """Over all its joint passages: a single negotiating text."""
    return _giving(request, document, None)


def _giving(request: PersonsRequest, document: Document, passage: Passage | None) -> HttpResponse:
    form = GivePenForm(request.POST or None, group=document.group)
    if request.method == "POST" and form.is_valid() and (answer := _proposed(request, document, passage, form)):
        return answer
    return page(request, "pens/give", passage.section if passage else document, passage=passage, form=form)


def _proposed(
    request: PersonsRequest, document: Document, passage: Passage | None, form: GivePenForm
) -> HttpResponse | None:
    """None when the form says why not."""
    try:
        motion = propose_pen(document=document, passage=passage, holder=form.person, by=request.user)
    except MayNotBeMoved as why:
        form.add_error(None, str(why))
        return None
    except NotAKeyHolder:
        what = _("Your side’s key is not yours any more, so nothing was changed.")
        return page(request, "changed", document, status=403, what=what)
    messages.success(request, _("Proposed. The pen is given with the key of every side."))
    return redirect("motion", motion=motion.public_id)


# ---- read and used --------------------------------------------------------------------------------------------------


@require_safe
@needs("reports.see_pen", Pen, through="opened_by")
def pen(request: PersonsRequest, pen: Pen) -> HttpResponse:
    """Who holds it over what, since when; its holder sees their drafts besides."""
    return _page(request, pen, ReleaseDraftsForm())


def _page(request: PersonsRequest, pen: Pen, form: ReleaseDraftsForm, status: int = 200) -> HttpResponse:
    uses = request.user.has_perm("reports.use_pen", pen)
    return page(
        request,
        "pens/pen",
        pen.document,
        status=status,
        pen=pen,
        under=passages_under(pen) if pen.is_out else [],
        uses=uses,
        drafts=_shown_drafts(request, pen) if uses else [],
        may_take=request.user.has_perm("reports.take_pen", pen),
        motion=open_motion(TAKE, pen.public_id),
        form=form,
    )


def _shown_drafts(request: PersonsRequest, pen: Pen) -> list[Shown]:
    """With what was typed in them live until now."""
    here = standing(request.user, pen.group)
    drafts = drafts_under(pen)
    typed = [draft for draft in drafts if branching.take_in(draft)]
    drafts = drafts_under(pen) if typed else drafts
    for draft in drafts:
        draft.passage.section.document = pen.document
    return [Shown(draft, here, request.user) for draft in drafts]


@require_safe
@needs("reports.read", Passage, through="opened_by")
def draft(request: PersonsRequest, passage: Passage) -> HttpResponse:
    """To the holder's own draft of this passage, begun where there is none."""
    held = Pen.objects.out().filter(pk=passage.pen_id, holder=request.user).first() if passage.pen_id else None
    if held is None:
        return redirect("section", section=passage.section.public_id)
    found = next((one for one in drafts_under(held) if one.passage_id == passage.pk), None)
    if found is None:
        return redirect("propose_words", passage=passage.public_id)
    return redirect("proposal", proposal=found.public_id)


@require_POST
@needs("reports.use_pen", Pen, through="opened_by")
def release(request: PersonsRequest, pen: Pen) -> HttpResponse:
    """The chosen drafts, over exactly the words that the page displayed, to all sides at one instant."""
    form = ReleaseDraftsForm(request.POST)
    if not form.is_valid():
        return _page(request, pen, form, status=422)
    chosen = request.POST.getlist("draft")
    hashes = {public_id: request.POST.get(f"sha-{public_id}", "") for public_id in chosen}
    try:
        count = release_drafts(pen, hashes=hashes, reason=form.cleaned_data["reason"], by=request.user)
    except NotDrafted:
        return drafting_is_over(request, pen.document)
    except PenIsBack:
        return _is_back(request, pen)
    except (NothingToRelease, TextHasChanged, WordsOverlap, TextRefused) as refusal:
        form.add_error(None, _why_not(refusal))
        return _page(request, pen, form, status=409)
    words = ngettext(
        "%(count)d passage has new words, for all sides at once.",
        "%(count)d passages have new words, for all sides at once.",
        count,
    )
    messages.success(request, words % {"count": count})
    return redirect("pen", pen=pen.public_id)


def _why_not(refusal: Exception) -> str:
    if isinstance(refusal, NothingToRelease):
        return _("Choose at least one draft that says something new.")
    if isinstance(refusal, WordsOverlap):
        return _("A passage and your draft changed the same words: revise that draft first. Nothing was released.")
    if isinstance(refusal, TextRefused):
        return refusal.reason
    return _("A draft or its passage changed after you read it. Read it again; nothing was released.")


def _is_back(request: HttpRequest, pen: Pen) -> HttpResponse:
    what = _("The pen was taken back or ended meanwhile. Your drafts stay yours: offer them as other words.")
    return page(request, "changed", pen.document, status=409, what=what)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.use_pen", Pen, through="opened_by")
def return_it(request: PersonsRequest, pen: Pen) -> HttpResponse:
    """By its holder, alone."""
    if request.method != "POST":
        return page(request, "pens/return", pen.document, pen=pen, drafts=drafts_under(pen))
    try:
        return_pen(pen, by=request.user)
    except PenIsBack:
        return _is_back(request, pen)
    messages.success(request, _("The pen is back, and all members are told."))
    return redirect("pen", pen=pen.public_id)


@require_POST
@needs("reports.take_pen", Pen, through="opened_by")
@second_factor_needed
def take(request: HttpRequest, pen: Pen) -> HttpResponse:
    facts: dict[str, Any] = {"pen": "taken"}
    return proposed(
        request,
        TAKE,
        pen.public_id,
        sha256=pen_hash(pen, facts),
        facts=facts,
        back=lambda: redirect("pen", pen=pen.public_id),
    )
