"""Other words for a passage: written as a branch of it, offered, shown as a difference, taken, declined, withdrawn."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import (
    AlreadyProposed,
    KeyIsResting,
    MotionIsClosed,
    NotAKeyHolder,
    TextHasChanged,
    propose,
    turn_key,
)
from groups.models import Motion
from groups.motions import MayNotBeMoved
from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.second_factor import second_factor_needed
from reports import links
from reports.actions.amending import AMEND, amendment_hash
from reports.actions.passages import EditConflict, NotYourVoice, PassageIsGone, PassageIsSettled, PenIsGiven
from reports.actions.proposals import (
    NothingProposed,
    ProposalIsClosed,
    WordsOverlap,
    begin_proposal,
    decline_proposal,
    offer_proposal,
    save_proposal,
    take_proposal,
    withdraw_proposal,
)
from reports.branches import Shown, listed, shown_each
from reports.forms import PassageForm, as_typed
from reports.forms_proposals import DeclineForm, NewOtherWordsForm, OfferForm, TakeBackForm, other_words_form
from reports.live import branching
from reports.live.cutting import take_in
from reports.locks import NotDrafted
from reports.models import Document, Passage, Pen, Proposal, Section, Voice
from reports.other_words import rebased
from reports.text.limits import TextRefused
from reports.text.markup import GUIDE

from .documents import drafting_is_over
from .frame import page
from .proposals import open_motion
from .writing import in_conflict, kept_words, previewed

PER_PAGE = 30


# ---- written by a side or a person -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.have_other_words_on", Passage, through="opened_by")
def begin(request: HttpRequest, passage: Passage) -> HttpResponse:
    """Who proposes, then the words: those of today, to be changed."""
    if not request.user.has_perm("reports.propose_words", passage):
        return _closed(request, passage)
    _taken_in(request, passage)
    side = None if _drafts(request, passage) else standing(request.user, passage.group).side  # type: ignore[arg-type]
    began = {"version": 0, "base": passage.tabled.public_id} | as_typed(passage.tabled.text)  # type: ignore[union-attr]  # tabled
    form = other_words_form(passage, NewOtherWordsForm)(request.POST or None, initial=began, passage=passage, side=side)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return _begun(request, passage, form)
    return _form_page(request, passage, form, draft=f"words:{passage.public_id}", back=links.passage(passage))


def _drafts(request: HttpRequest, passage: Passage) -> bool:
    """Under a pen one writes as its holder, for no side."""
    return Pen.objects.out().filter(pk=passage.pen_id, holder=request.user.pk).exists() if passage.pen_id else False


def _begun(request: HttpRequest, passage: Passage, form: PassageForm) -> HttpResponse:
    own_side = form.cleaned_data["proposer"] == NewOtherWordsForm.SIDE and not _drafts(request, passage)
    submission = submission_of(request)
    try:
        proposal = begin_proposal(
            passage=passage,
            side=standing(request.user, passage.group).side if own_side else None,  # type: ignore[arg-type]
            text=form.text,
            base=form.cleaned_data["base"],
            submission=submission,
            by=request.user,  # type: ignore[arg-type]
        )
    except AlreadySubmitted:
        proposal = Proposal.objects.get(submission=submission)
    except TextRefused as refusal:
        return kept_words(request, passage.section, str(refusal))
    except (NotDrafted, NotYourVoice, PassageIsGone):
        return _closed(request, passage)
    messages.success(request, _saved_words(proposal))
    return redirect("proposal", proposal=proposal.public_id)


def _saved_words(proposal: Proposal) -> str:
    if proposal.side is None:
        return _("Saved. Only you see it until you offer it.")
    return _("Saved in your caucus. Only your side sees it until its key holder offers it.")


def _taken_in(request: HttpRequest, passage: Passage) -> None:
    """Words typed live count as the words of today; of another side's caucus not even the moment is touched."""
    if passage.is_shared or standing(request.user, passage.group).is_of(passage.side):  # type: ignore[arg-type]
        take_in(passage)


def _drafted_in(request: HttpRequest, proposal: Proposal) -> None:
    """What its writers typed live counts as its newest words, for them; to nobody else is even the moment told."""
    if request.user.has_perm("reports.have_words_of_proposal", proposal):
        branching.take_in(proposal)


def _form_page(request: HttpRequest, passage: Passage, form: PassageForm, **context: Any) -> HttpResponse:
    return page(
        request,
        "proposals/write",
        passage.section,
        form=form,
        voice=Voice(passage.voice),
        passage=passage,
        guide=GUIDE,
        **previewed(request, form, passage.section, passage.side),
        **context,
    )


def _closed(request: HttpRequest, passage: Passage) -> HttpResponse:
    """No form any more, but whoever wrote meanwhile gets their words back in full."""
    if request.method != "POST":
        raise PermissionDenied
    section = Section.objects.select_related("document__group__programme").get(pk=passage.section_id)
    if not section.document.is_drafted:
        what = _("The final text was frozen while you wrote, so your words were not stored.")
    else:
        what = _("This was closed while you wrote, so your words were not stored.")
    return kept_words(request, section, what)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.have_words_of_proposal", Proposal, through="opened_by")
def write(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The plain form; where the passage changed meanwhile, the words stand over those of today already."""
    passage = proposal.passage
    if not request.user.has_perm("reports.write_proposal", proposal):
        return _closed(request, passage)
    _taken_in(request, passage)
    branching.take_in(proposal)
    found = rebased(proposal.newest, passage.tabled)  # type: ignore[arg-type]  # both have words
    began = {"version": proposal.version, "base": passage.tabled.public_id}  # type: ignore[union-attr]
    began |= as_typed(found.text or proposal.newest.text)  # type: ignore[union-attr]
    form = other_words_form(passage)(request.POST or None, initial=began, passage=passage)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return _written(request, proposal, form)
    return _form_page(
        request,
        passage,
        form,
        proposal=proposal,
        found=found,
        draft=f"proposal:{proposal.public_id}",
        back=links.proposal(proposal),
    )


def _written(request: HttpRequest, proposal: Proposal, form: PassageForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        save_proposal(proposal, text=form.text, base=data["base"], version=data["version"], by=request.user)  # type: ignore[arg-type]
    except TextRefused as refusal:
        return kept_words(request, proposal.passage.section, _typed_unfit(refusal))
    except EditConflict as conflict:
        return _conflict(request, proposal, form, conflict)
    except (NotDrafted, NotYourVoice, ProposalIsClosed):
        return _closed(request, proposal.passage)
    messages.success(request, _saved_words(proposal))
    return redirect("proposal", proposal=proposal.public_id)


def _typed_unfit(refusal: TextRefused) -> str:
    return _("Words are being typed in this proposal that cannot be stored yet: %(why)s") % {"why": refusal.reason}


def _conflict(request: HttpRequest, proposal: Proposal, form: PassageForm, conflict: EditConflict) -> HttpResponse:
    again = other_words_form(proposal.passage)
    return in_conflict(
        request,
        proposal.passage,
        form,
        conflict,
        again=lambda initial: again(initial=initial, passage=proposal.passage),
        action=reverse("write_proposal", kwargs={"proposal": proposal.public_id}),
        draft=f"proposal:{proposal.public_id}",
        back=links.proposal(proposal),
    )


# ---- shown -----------------------------------------------------------------------------------------------------


@require_safe
@needs("reports.see_proposal", Proposal, through="opened_by")
def proposal(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Who proposes what and why, over the words of today; and what the reader may do with it."""
    return _shown(request, proposal)


def _shown(request: HttpRequest, proposal: Proposal, status: int = 200) -> HttpResponse:
    passage = proposal.passage
    if proposal.is_pending:
        _taken_in(request, passage)
        _drafted_in(request, proposal)
    here = standing(request.user, passage.group)  # type: ignore[arg-type]
    return page(
        request,
        "proposals/proposal",
        passage.section,
        status=status,
        proposal=proposal,
        passage=passage,
        shown=Shown(proposal, here, request.user),  # type: ignore[arg-type]
        motion=open_motion(AMEND, proposal.public_id),
        amendment=amendment_hash(proposal, {}) if passage.is_held and proposal.is_offered else "",
        earlier=[words for words in proposal.revisions.offered_ones() if words.pk != proposal.offered_id],
    )


@require_safe
@needs("reports.read", Document, through="opened_by")
def proposals(request: HttpRequest, document: Document) -> HttpResponse:
    """All that is proposed on this document: what waits for an answer first."""
    here = standing(request.user, document.group)  # type: ignore[arg-type]
    found = Paginator(listed(document, reader=request.user), PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    for one in found.object_list:
        one.passage.section.document = document
    shown = shown_each(found.object_list, reader=request.user, here=here)  # type: ignore[arg-type]
    return page(request, "proposals/list", document, page=found, shown=shown)


# ---- offered, withdrawn ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.offer_proposal", Proposal, through="opened_by")
def offer(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """A check page: exactly what will lie before all. A side's words go out by its key, a person's by their word."""
    return second_factor_needed(_offer)(request, proposal) if proposal.side_id else _offer(request, proposal)


def _offer(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _offered(request, proposal, form.cleaned_data["reason"])
    _taken_in(request, proposal.passage)
    branching.take_in(proposal)
    here = standing(request.user, proposal.group)  # type: ignore[arg-type]
    shown = Shown(proposal, here, request.user)  # type: ignore[arg-type]
    return page(
        request,
        "proposals/offer",
        proposal.passage.section,
        proposal=proposal,
        passage=proposal.passage,
        shown=shown,
        branch=shown.draft or shown.offered,
        form=form,
    )


def _offered(request: HttpRequest, proposal: Proposal, reason: str) -> HttpResponse:
    try:
        offer_proposal(proposal, sha256=request.POST.get("sha256", ""), reason=reason, by=request.user)  # type: ignore[arg-type]
    except TextRefused as refusal:
        return _unchanged(request, proposal, _typed_unfit(refusal))
    except TextHasChanged:
        return _unchanged(request, proposal, _("The words were changed after you opened them, so nothing was offered."))
    except WordsOverlap:
        return _unchanged(request, proposal, _("The passage changed the same words meanwhile. Revise yours first."))
    except NothingProposed:
        return _unchanged(
            request, proposal, _("The passage says these words already, or they are offered: nothing was changed.")
        )
    except ProposalIsClosed:
        return _unchanged(request, proposal, _was_closed())
    except NotDrafted:
        return drafting_is_over(request, proposal.document)
    except (NotAKeyHolder, NotYourVoice):
        return _unchanged(request, proposal, _("Your side’s key is not yours any more."), status=403)
    messages.success(request, _("Offered. All who read the passage see it."))
    return redirect("proposal", proposal=proposal.public_id)


def _was_closed() -> str:
    return _("These words were taken, declined or withdrawn meanwhile, or the passage was dropped.")


def _unchanged(request: HttpRequest, proposal: Proposal, what: str, status: int = 409) -> HttpResponse:
    return page(
        request,
        "proposals/unchanged",
        proposal.passage.section,
        status=status,
        what=what,
        proposal=proposal,
        passage=proposal.passage,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.withdraw_proposal", Proposal, through="opened_by")
def withdraw(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _closing_page(request, "withdraw", proposal, form)
    try:
        withdraw_proposal(proposal, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
    except ProposalIsClosed:
        return _unchanged(request, proposal, _was_closed())
    except (NotAKeyHolder, NotYourVoice):
        return _unchanged(request, proposal, _("Your side’s key is not yours any more."), status=403)
    messages.success(request, _("Withdrawn."))
    return redirect(links.passage(proposal.passage))


def _closing_page(request: HttpRequest, template: str, proposal: Proposal, form: Any) -> HttpResponse:
    here = standing(request.user, proposal.group)  # type: ignore[arg-type]
    return page(
        request,
        f"proposals/{template}",
        proposal.passage.section,
        proposal=proposal,
        passage=proposal.passage,
        shown=Shown(proposal, here, request.user),  # type: ignore[arg-type]
        form=form,
    )


# ---- answered by those whose voice it is -----------------------------------------------------------------------


@require_POST
@needs("reports.take_proposal", Proposal, through="opened_by")
def take(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """As one change, over exactly the words that the person saw."""
    try:
        revision = take_proposal(proposal, sha256=request.POST.get("sha256", ""), by=request.user)  # type: ignore[arg-type]
    except (TextHasChanged, WordsOverlap):
        return _unchanged(request, proposal, _("The passage changed after you read this, so nothing was taken."))
    except ProposalIsClosed:
        return _unchanged(request, proposal, _was_closed())
    except PenIsGiven:
        return _unchanged(request, proposal, _("Somebody was given the pen meanwhile: they take it into their draft."))
    except PassageIsSettled:
        return _unchanged(request, proposal, _("The passage was agreed meanwhile: changing it takes the keys."))
    except TextRefused as refusal:
        return _unchanged(request, proposal, refusal.reason)
    except NotDrafted:
        return drafting_is_over(request, proposal.document)
    except NotYourVoice:
        return _unchanged(request, proposal, _("You do not write this passage any more."), status=403)
    messages.success(request, _taken_words(revision.caucus_id is not None))
    return redirect(links.passage(proposal.passage))


def _taken_words(in_caucus: bool) -> str:
    if in_caucus:
        return _("Taken into your side’s caucus copy. The others learn of it when your key holder tables it.")
    return _("Taken. The passage says it now, and those who proposed it are told.")


@require_POST
@needs("reports.amend", Proposal, through="opened_by")
@second_factor_needed
def amend(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Into agreed words: one's side's key over the new ones, which are agreed with the last key."""
    try:
        motion = _key_on(request, proposal)
    except (NotAKeyHolder, KeyIsResting, MotionIsClosed):
        return _unchanged(request, proposal, _("Your side’s key can’t be turned on this now. Nothing was changed."))
    except TextHasChanged:
        return _unchanged(request, proposal, _("The passage changed after you read this, so no key was turned."))
    except MayNotBeMoved as why:
        return _unchanged(request, proposal, str(why))
    if motion.state == Motion.State.CARRIED:
        messages.success(request, _("Taken: the new words are agreed."))
        return redirect(links.passage(proposal.passage))
    messages.success(request, _("Your side’s key is turned. The new words are agreed with the last key."))
    return redirect("motion", motion=motion.public_id)


def _key_on(request: HttpRequest, proposal: Proposal) -> Motion:
    """Propose the change, or turn the key on it where another side has proposed it first."""
    sha256 = request.POST.get("sha256", "")
    try:
        return propose(AMEND.name, proposal.public_id, sha256=sha256, by=request.user)  # type: ignore[arg-type]
    except AlreadyProposed:
        motion = open_motion(AMEND, proposal.public_id)
        if motion is None:
            raise MotionIsClosed from None
        return turn_key(motion, sha256=sha256, by=request.user)  # type: ignore[arg-type]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.decline_proposal", Proposal, through="opened_by")
@second_factor_needed
def decline(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    form = DeclineForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _closing_page(request, "decline", proposal, form)
    try:
        decline_proposal(proposal, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
    except ProposalIsClosed:
        return _unchanged(request, proposal, _was_closed())
    except NotDrafted:
        return drafting_is_over(request, proposal.document)
    except NotAKeyHolder:
        return _unchanged(request, proposal, _("Your side’s key is not yours any more."), status=403)
    messages.success(request, _("Declined. Those who proposed it are told, with your reason."))
    return redirect("proposal", proposal=proposal.public_id)
