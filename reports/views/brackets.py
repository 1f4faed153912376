"""Brackets: opened on words, answered, proposed to be closed, withdrawn; the words in them put back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import NotAKeyHolder
from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.second_factor import second_factor_needed
from reports import links
from reports.actions.brackets import (
    CLOSE,
    AlreadyBracketed,
    BracketIsClosed,
    WordsAmbiguous,
    WordsNotFound,
    closing_facts,
    closing_hash,
    make_alternative,
    mend_brackets,
    open_bracket,
    withdraw_bracket,
)
from reports.actions.passages import NotYourVoice, PassageIsSettled
from reports.forms_brackets import AlternativeForm, BracketForm, ClosingForm
from reports.live.cutting import take_in
from reports.live.quiet import problem_with
from reports.locks import NotDrafted
from reports.models import Alternative, Bracket, LiveText, Passage
from reports.models.brackets import closing_motions
from reports.reading import sides_of, words_of
from reports.text import markup
from reports.text.html import render
from reports.text.limits import TextRefused
from reports.text.markup import GUIDE

from .documents import drafting_is_over
from .frame import page
from .proposals import open_motion, proposed


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.open_bracket", Passage, through="opened_by")
def start(request: HttpRequest, passage: Passage) -> HttpResponse:
    """Which words, and why."""
    take_in(passage)
    form = BracketForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (answer := _opened(request, passage, form)):
        return answer
    words = words_of(passage.tabled, passage.public_id)  # type: ignore[arg-type]  # lies before all sides
    return page(request, "brackets/open", passage.section, passage=passage, form=form, words=words)


def _opened(request: HttpRequest, passage: Passage, form: BracketForm) -> HttpResponse | None:
    """None when the form says what is wrong."""
    submission = submission_of(request)
    try:
        bracket = open_bracket(
            passage=passage,
            quote=form.quote,
            reason=form.cleaned_data["reason"],
            submission=submission,
            by=request.user,  # type: ignore[arg-type]  # signed in
        )
    except AlreadySubmitted:
        bracket = Bracket.objects.get(submission=submission)
    except AlreadyBracketed as refusal:
        return _bracketed_already(request, refusal.bracket)
    except (NotDrafted, PassageIsSettled, NotYourVoice):
        return _closed(request, passage)
    except (WordsNotFound, WordsAmbiguous, TextRefused) as refusal:
        form.add_error("words", _why_not(refusal))
        return None
    messages.success(request, _("The bracket is open. The members of the other sides are told."))
    return redirect("bracket", bracket=bracket.public_id)


def _why_not(refusal: Exception) -> str:
    if isinstance(refusal, WordsNotFound):
        return _("The passage does not say these words now. Copy them from the text above, exactly as they stand.")
    if isinstance(refusal, WordsAmbiguous):
        return _("These words stand in several places. Copy some more of the sentence, so that one place is meant.")
    return refusal.reason if isinstance(refusal, TextRefused) else str(refusal)


def _bracketed_already(request: HttpRequest, bracket: Bracket) -> HttpResponse:
    words = _("Some of these words stand in a bracket of %(side)s. Say here what your side would write instead.")
    messages.info(request, words % {"side": bracket.side})
    return redirect("bracket", bracket=bracket.public_id)


def _closed(request: HttpRequest, passage: Passage) -> HttpResponse:
    what = _("The passage was agreed or frozen meanwhile, so nothing was changed.")
    return page(request, "changed", passage.section, status=409, what=what, next="section")


@require_safe
@needs("reports.read", Bracket, through="opened_by")
def bracket(request: HttpRequest, bracket: Bracket) -> HttpResponse:
    return _page(request, bracket)


def _page(request: HttpRequest, bracket: Bracket, form: AlternativeForm | None = None) -> HttpResponse:
    """Its words in their passage, why it was opened, what each side would say, and what was proposed."""
    passage = bracket.passage
    made = _side_by_side(bracket)
    own = standing(request.user, bracket.group).side  # type: ignore[arg-type]  # signed in
    mine = next((one for one in made if one.side == own and one.replaced_at is None), None)
    may = {act: request.user.has_perm(f"reports.{act}_bracket", bracket) for act in ("answer", "close", "withdraw")}
    return page(
        request,
        "brackets/bracket",
        passage.section,
        bracket=bracket,
        passage=passage,
        form=form or AlternativeForm(initial=_as_typed(mine)),
        mine=mine,
        guide=GUIDE,
        may=may,
        problem=_problem(passage) if may["answer"] else "",
        words=_rendered(bracket.words, "bracket"),
        settled_words=_rendered(bracket.settled_words, "settled"),
        text=words_of(passage.tabled, passage.public_id),  # type: ignore[arg-type]  # lies before all sides
        alternatives=[(one, _rendered(one.words, f"said-{number}")) for number, one in enumerate(made, 1)],
        motions=closing_motions([bracket.public_id]),
        proposal=open_motion(CLOSE, bracket.public_id),
    )


def _side_by_side(bracket: Bracket) -> list[Alternative]:
    """In the order of the sides; of each side the newest first."""
    order = [side.pk for side in sides_of(bracket.group.programme)]
    made = Alternative.objects.filter(bracket=bracket).select_related("side", "person").order_by("-made_at", "-pk")
    return sorted(made, key=lambda one: order.index(one.side_id))


def _as_typed(mine: Alternative | None) -> dict[str, Any]:
    """What one's side would say already, for whoever changes a word of it."""
    if mine is None:
        return {}
    return {"words": markup.from_doc(mine.words) if mine.words else "", "leave_out": mine.words is None}


def _rendered(words: dict[str, Any] | None, prefix: str) -> str:
    return render(words, footnotes=prefix) if words else ""


def _problem(passage: Passage) -> str:
    """What keeps the words that are typed live from becoming a revision."""
    text = LiveText.objects.open().uncut().filter(passage=passage).first()
    return problem_with(text.pk, get_language() or "en") if text else ""


@require_POST
@needs("reports.answer_bracket", Bracket, through="opened_by")
def answer(request: HttpRequest, bracket: Bracket) -> HttpResponse:
    form = AlternativeForm(request.POST)
    if not form.is_valid():
        return _page(request, bracket, form)
    try:
        make_alternative(bracket, words=form.text, submission=submission_of(request), by=request.user)  # type: ignore[arg-type]
    except AlreadySubmitted:
        pass
    except NotDrafted:
        return drafting_is_over(request, bracket.document)
    except (BracketIsClosed, NotYourVoice):
        return _closed_meanwhile(request, bracket)
    messages.success(request, _("All sides read what your side would write there."))
    return redirect("bracket", bracket=bracket.public_id)


def _closed_meanwhile(request: HttpRequest, bracket: Bracket) -> HttpResponse:
    what = _("The bracket was closed meanwhile, so nothing was changed.")
    return page(request, "changed", bracket.passage.section, status=409, what=what, next="section")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.close_bracket", Bracket, through="opened_by")
@second_factor_needed
def close(request: HttpRequest, bracket: Bracket) -> HttpResponse:
    """Which words are to stand; then the motion, over exactly these, with the proposer's key."""
    standing = list(bracket.alternatives.current().select_related("side"))
    form = ClosingForm(request.POST or None, bracket=bracket, standing=standing)
    if request.method == "POST" and form.is_valid():
        facts = closing_facts(form.outcome, form.text, form.choice.side if form.choice else None)
        return proposed(
            request,
            CLOSE,
            bracket.public_id,
            sha256=closing_hash(bracket, facts),
            facts=facts,
            back=lambda: redirect("bracket", bracket=bracket.public_id),
        )
    words = _rendered(bracket.words, "bracket")
    return page(request, "brackets/close", bracket.passage.section, bracket=bracket, form=form, words=words)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.withdraw_bracket", Bracket, through="opened_by")
@second_factor_needed
def withdraw(request: HttpRequest, bracket: Bracket) -> HttpResponse:
    """The side gives up its bracket: one key, and the words stay."""
    if request.method == "POST":
        return _withdrawn(request, bracket)
    words = _rendered(bracket.words, "bracket")
    return page(request, "brackets/withdraw", bracket.passage.section, bracket=bracket, words=words)


def _withdrawn(request: HttpRequest, bracket: Bracket) -> HttpResponse:
    try:
        withdraw_bracket(bracket, by=request.user)  # type: ignore[arg-type]
    except NotDrafted:
        return drafting_is_over(request, bracket.document)
    except BracketIsClosed:
        return _closed_meanwhile(request, bracket)
    except NotAKeyHolder:
        what = _("Your side’s key is not yours any more, so nothing was changed.")
        return page(request, "changed", bracket.passage.section, status=403, what=what, next="section")
    except TextRefused as refusal:
        return _typed_unfit(request, bracket.passage, refusal)
    messages.success(request, _("Your side’s bracket is withdrawn, and all members are told."))
    return redirect(links.passage(bracket.passage))


def _typed_unfit(request: HttpRequest, passage: Passage, refusal: TextRefused) -> HttpResponse:
    what = _("Words are being typed in this passage that cannot be stored yet: %(why)s") % {"why": refusal.reason}
    return page(request, "changed", passage.section, status=409, what=what, next="section")


@require_POST
@needs("reports.open_bracket", Passage, through="opened_by")
def mend(request: HttpRequest, passage: Passage) -> HttpResponse:
    """What an editor did to words in brackets against the rules is undone; all else that is typed stays."""
    try:
        mend_brackets(passage, by=request.user)  # type: ignore[arg-type]
    except (NotDrafted, PassageIsSettled, NotYourVoice):
        return _closed(request, passage)
    except TextRefused as refusal:
        return _typed_unfit(request, passage, refusal)
    messages.success(request, _("The words in brackets stand again as all sides read them."))
    return redirect(links.passage(passage))
