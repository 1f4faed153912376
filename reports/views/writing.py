"""Adding, writing, replying, tabling and dropping passages."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groups.actions.keys import AlreadyProposed, KeyIsResting, NotAKeyHolder, TextHasChanged, propose
from groups.motions import MayNotBeMoved
from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.second_factor import second_factor_needed
from parley.programmes.models import Side
from reports import links
from reports.actions.agreement import DROP
from reports.actions.documents import HasSettledText
from reports.actions.passages import (
    EditConflict,
    NothingToTable,
    NotYourVoice,
    PassageIsGone,
    PassageIsSettled,
    PenIsGiven,
    add_passage,
    drop_passage,
    save_passage,
    table_passage,
)
from reports.checks.glossing import glossed
from reports.forms import PassageForm, as_typed, form_of, new_form_of
from reports.live.cutting import take_in
from reports.locks import NotDrafted
from reports.models import Passage, Section, Voice
from reports.models.passages import ONE_SIDED_VOICES
from reports.text import difference, schema
from reports.text.html import render
from reports.text.limits import TextRefused
from reports.text.markup import GUIDE

from .documents import drafting_is_over
from .frame import page

NEW_VOICES = (Voice.JOINT, Voice.VIEW, Voice.RECOMMENDATION)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.have_words_in", Section)
def add(request: HttpRequest, section: Section) -> HttpResponse:
    """First in whose voice, then the words."""
    if not request.user.has_perm("reports.add_passage", section):
        return _closed(request, section)
    voice = request.POST.get("voice") or request.GET.get("voice", "")
    if voice not in NEW_VOICES:
        may_join = _may_join(request, section)
        return page(request, "choose_voice", section, may_join=may_join)
    if request.method != "POST" and voice != Voice.VIEW and not _may_join(request, section):
        return page(request, "choose_voice", section, may_join=False)
    form = new_form_of(voice)(request.POST or None)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return _added(request, section, voice, form)
    return page(
        request,
        "write",
        section,
        form=form,
        voice=Voice(voice),
        guide=GUIDE,
        **previewed(request, form, section, _side_in(request, section, voice)),
    )


def _may_join(request: HttpRequest, section: Section) -> bool:
    """Add joint words: while somebody drafts the whole document, they alone."""
    pen = section.document.pen
    return pen is None or pen.holder_id == request.user.pk


def _added(
    request: HttpRequest, section: Section, voice: str, form: PassageForm, answers: Passage | None = None
) -> HttpResponse:
    here = standing(request.user, section.document.group)  # type: ignore[arg-type]  # signed in
    submission = submission_of(request)
    try:
        passage = add_passage(
            section=section,
            voice=voice,
            text=form.text,
            side=here.side if voice in (Voice.VIEW, Voice.REPLY) else None,
            answers=answers,
            after=_after(request, section),
            attributed_in_text=form.cleaned_data.get("attributed_in_text", False),
            submission=submission,
            by=request.user,  # type: ignore[arg-type]
        )
    except AlreadySubmitted:
        passage = Passage.objects.get(submission=submission)
    except PenIsGiven:
        return _closed(request, section, penned=True)
    except (NotDrafted, NotYourVoice):
        return _closed(request, section)
    except PassageIsGone:
        return kept_words(
            request, section, _("The passage was dropped while you wrote, so your words were not stored.")
        )
    messages.success(request, _saved_words(passage))
    return redirect(links.passage(passage))


def _after(request: HttpRequest, section: Section) -> Passage | None:
    """The passage that the new one follows, where the address names one that the person sees."""
    named = request.GET.get("after", "")
    return Passage.objects.visible_to(request.user).filter(section=section, public_id=named).first()  # type: ignore[arg-type]


def _closed(request: HttpRequest, section: Section, *, penned: bool = False) -> HttpResponse:
    """Frozen, agreed, or in one person's hands: no form any more, but whoever wrote gets their words back in full."""
    if request.method != "POST":
        raise PermissionDenied
    if not section.document.is_drafted:
        return kept_words(
            request, section, _("The final text was frozen while you wrote, so your words were not stored.")
        )
    if penned:
        return kept_words(request, section, was_penned())
    return kept_words(request, section, _("The passage was agreed while you wrote, so your words were not stored."))


def was_penned() -> str:
    return _(
        "Somebody holds the pen there, so your words were not stored. Propose them as other words, or comment: the "
        "penholder reads both."
    )


def kept_words(request: HttpRequest, section: Section, what: str) -> HttpResponse:
    """Nothing was stored; all that was typed is shown, to be copied."""
    typed = [request.POST.get(name, "") for name in ("heading", "source", "addressee", "horizon")]
    kept = "\n\n".join(words for words in typed if words)
    return page(request, "changed", section, status=409, what=what, next="section", kept=kept)


def _saved_words(passage: Passage) -> str:
    if passage.side_id is None:
        return _("Saved. All sides see it.")
    return _("Saved in your caucus. Only your side sees it until it is tabled.")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.have_words_on", Passage)
def reply(request: HttpRequest, passage: Passage) -> HttpResponse:
    """One side answers a named, tabled view of another."""
    if not request.user.has_perm("reports.reply_to", passage):
        return _closed(request, passage.section)
    here = standing(request.user, passage.group)  # type: ignore[arg-type]
    if passage.voice != Voice.VIEW or here.is_of(passage.side):
        return redirect(links.passage(passage))
    form = new_form_of(Voice.REPLY)(request.POST or None)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return _added(request, passage.section, Voice.REPLY, form, answers=passage)
    return page(
        request,
        "write",
        passage.section,
        form=form,
        voice=Voice.REPLY,
        answers=passage,
        guide=GUIDE,
        **previewed(request, form, passage.section, here.side),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.have_words_of", Passage)
def write(request: HttpRequest, passage: Passage) -> HttpResponse:
    """The plain form; a version names what the person began from, and a conflict keeps both texts."""
    if not request.user.has_perm("reports.write_passage", passage):
        return _closed(request, passage.section, penned=bool(passage.pen_id))
    take_in(passage)
    here = standing(request.user, passage.group)  # type: ignore[arg-type]
    current = passage.text_for(here.side)
    text = current.text if current else schema.EMPTY
    began = {"version": _version(passage)} | as_typed(text)
    form = form_of(passage)(request.POST or None, initial=began, bracketed=text)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return _written(request, passage, form)
    return page(
        request,
        "write",
        passage.section,
        form=form,
        voice=Voice(passage.voice),
        passage=passage,
        guide=GUIDE,
        **previewed(request, form, passage.section, passage.side),
    )


def _version(passage: Passage) -> int:
    return passage.version if passage.is_shared else passage.caucus_version


def _side_in(request: HttpRequest, section: Section, voice: str) -> Side | None:
    """Whose word a new passage in this voice is."""
    return standing(request.user, section.document.group).side if voice in ONE_SIDED_VOICES else None  # type: ignore[arg-type]


def previewed(request: HttpRequest, form: PassageForm, section: Section, side: Side | None) -> dict[str, Any]:
    """How the words will read, with the agreed terms in them and why each is underlined."""
    if "preview" not in request.POST or not form.is_valid():
        return {}
    shown = glossed(render(form.text, footnotes="preview", heading=3), section.document.group.programme, side)
    return {"preview": shown.html, "reasons": shown.reasons}


def _written(request: HttpRequest, passage: Passage, form: PassageForm) -> HttpResponse:
    try:
        save_passage(passage, text=form.text, version=form.cleaned_data["version"], by=request.user)  # type: ignore[arg-type]
    except TextRefused as refusal:
        return kept_words(request, passage.section, _typed_unfit(refusal))
    except EditConflict as conflict:
        return in_conflict(
            request,
            passage,
            form,
            conflict,
            again=_form_over(passage, conflict),
            action=reverse("write", kwargs={"passage": passage.public_id}),
            draft=f"passage:{passage.public_id}",
            back=links.passage(passage),
        )
    except PenIsGiven:
        return _closed(request, passage.section, penned=True)
    except (PassageIsSettled, NotDrafted, NotYourVoice):
        return _closed(request, Section.objects.select_related("document__group__programme").get(pk=passage.section_id))
    messages.success(request, _saved_words(passage))
    return redirect(links.passage(passage))


def _form_over(passage: Passage, conflict: EditConflict) -> Callable[[dict[str, Any]], PassageForm]:
    bracketed = conflict.theirs.text if conflict.theirs else schema.EMPTY
    return lambda initial: form_of(passage)(initial=initial, bracketed=bracketed)


def _typed_unfit(refusal: TextRefused) -> str:
    return _("Words are being typed in this passage that cannot be stored yet: %(why)s") % {"why": refusal.reason}


def in_conflict(
    request: HttpRequest,
    passage: Passage,
    form: PassageForm,
    conflict: EditConflict,
    *,
    again: Callable[[dict[str, Any]], PassageForm],
    back: str,
    **ways: str,
) -> HttpResponse:
    """Both texts in full, their difference, and three ways on. What both sides of it wrote alike is no conflict."""
    theirs = conflict.theirs
    if theirs is not None and theirs.sha256 == schema.digest(form.text):
        return redirect(back)
    return page(
        request,
        "conflict",
        passage.section,
        status=409,
        form=again({**_typed(form), "version": conflict.version}),
        passage=passage,
        theirs=theirs,
        theirs_typed=as_typed(theirs.text)["source"] if theirs else "",
        theirs_html=render(theirs.text, footnotes="theirs") if theirs else "",
        mine_html=render(form.text, footnotes="mine"),
        difference=difference.html(theirs.text, form.text) if theirs else "",
        back=back,
        **ways,
    )


def _typed(form: PassageForm) -> dict[str, str]:
    return {name: form.data.get(name, "") for name in form.fields}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.table_passage", Passage)
@second_factor_needed
def table(request: HttpRequest, passage: Passage) -> HttpResponse:
    """A check page: exactly what will lie before all sides, and that it can't be taken back."""
    if request.method == "POST":
        return _tabled(request, passage)
    take_in(passage)
    copy = passage.caucus_copy
    changes = difference.html(passage.tabled.text, copy.text) if passage.tabled and copy else ""
    words = render(copy.text, footnotes="copy") if copy else ""
    return page(request, "table", passage.section, passage=passage, copy=copy, words=words, difference=changes)


def _tabled(request: HttpRequest, passage: Passage) -> HttpResponse:
    back = {"next": "section"}
    try:
        table_passage(passage, sha256=request.POST.get("sha256", ""), by=request.user)  # type: ignore[arg-type]
    except TextRefused as refusal:
        return page(request, "changed", passage.section, status=409, what=_typed_unfit(refusal), **back)
    except NothingToTable:
        what = _("Your side changed the text after you opened it, so nothing was tabled. Read it again as it is now.")
        return page(request, "changed", passage.section, status=409, what=what, **back)
    except PassageIsSettled:
        what = _("Your side settled this text. Withdraw that agreement first, then table the new words.")
        return page(request, "changed", passage.section, status=409, what=what, **back)
    except NotDrafted:
        return drafting_is_over(request, passage.document)
    except NotAKeyHolder:
        return page(
            request, "changed", passage.section, status=403, what=_("Your side’s key is not yours any more."), **back
        )
    messages.success(request, _("Tabled. All sides see it, and everybody with a side in the group is told."))
    return redirect(links.passage(passage))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.drop_passage", Passage)
def drop(request: HttpRequest, passage: Passage) -> HttpResponse:
    """What nobody else has read goes at once; what all have read only with the key of every side."""
    if request.method == "POST":
        try:
            drop_passage(passage, by=request.user)  # type: ignore[arg-type]
        except HasSettledText as refusal:
            return page(request, "changed", passage.section, status=409, what=str(refusal), next="section")
        except NotDrafted:
            return drafting_is_over(request, passage.document)
        messages.success(request, _("Dropped. Its words and comments stay in the record, and it can be brought back."))
        return redirect("section", section=passage.section.public_id)
    alone = not passage.is_tabled or not passage.revisions.for_all_sides().exclude(plain="").exists()
    sha256 = "" if alone else DROP.sha256(passage, {})
    return page(request, "drop_passage", passage.section, passage=passage, alone=alone, sha256=sha256)


@require_POST
@needs("reports.propose", Passage)
@second_factor_needed
def propose_drop(request: HttpRequest, passage: Passage) -> HttpResponse:
    sha256 = request.POST.get("sha256", "")
    try:
        motion = propose(DROP.name, passage.public_id, sha256=sha256, by=request.user)  # type: ignore[arg-type]
    except AlreadyProposed:
        messages.info(request, _("It is proposed already. Its keys can be turned, or it can be withdrawn."))
        return redirect("ledger", document=passage.document.public_id)
    except (MayNotBeMoved, TextHasChanged, NotAKeyHolder, KeyIsResting) as refusal:
        return page(request, "changed", passage.section, status=409, what=str(refusal), next="section")
    messages.success(request, _("Proposed. The passage leaves the text with the key of every side."))
    return redirect("motion", motion=motion.public_id)
