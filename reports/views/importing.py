"""Words from a Word file or Markdown: read, shown exactly as they will be stored, stored by the verbs of writing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from reports.actions.importing import import_passages
from reports.actions.passages import NotYourVoice, PassageIsSettled
from reports.forms import as_typed, form_of
from reports.forms_importing import BringForm, BringIntoForm, BringPassagesForm, PiecesForm, one_text, pieces_of
from reports.importing import words
from reports.importing.imported import Findings, Node
from reports.live.cutting import take_in
from reports.locks import NotDrafted
from reports.models import Passage, Section, Voice
from reports.revising import checked_for
from reports.text import difference, schema
from reports.text.html import render
from reports.text.limits import TextRefused

from .frame import page


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.have_words_in", Section)
def into_section(request: HttpRequest, section: Section) -> HttpResponse:
    """A file, then its pieces with what becomes of each, then passages."""
    if not request.user.has_perm("reports.add_passage", section):
        return _closed(request, section)
    if "count" in request.POST:
        return _pieces(request, section)
    side = _side(request, section)
    form = BringPassagesForm(request.POST or None, request.FILES or None, side=side)
    if request.method == "POST" and form.is_valid():
        found = pieces_of(form.imported, form.cleaned_data["voice"])
        return _preview(request, section, PiecesForm(side=side, pieces=found, findings=form.imported.findings))
    return page(request, "import", section, form=form)


def _side(request: HttpRequest, section: Section) -> Any:
    return standing(request.user, section.document.group).side  # type: ignore[arg-type]  # signed in


def _pieces(request: HttpRequest, section: Section) -> HttpResponse:
    form = PiecesForm(request.POST, side=_side(request, section))
    if form.is_valid() and "store" in request.POST:
        return _stored(request, section, form)
    return _preview(request, section, form)


def _preview(request: HttpRequest, section: Section, form: PiecesForm) -> HttpResponse:
    shown = [
        {
            "group": group,
            "voice": "" if group.is_left_out else Voice(group.voice).label,
            "words": render(_as_kept(group.text, group.voice), footnotes=f"group-{at}", heading=3),
            "pieces": [(form[f"how_{piece.at}"], form[f"source_{piece.at}"]) for piece in group.pieces],
        }
        for at, group in enumerate(form.groups)
    ]
    return page(request, "import_pieces", section, form=form, groups=shown, **_told(form.found))


def _as_kept(text: Node, voice: str) -> Node:
    """As it would be stored; words that do not fit are told of beside their field."""
    try:
        return checked_for(voice, text)
    except TextRefused:
        return schema.EMPTY


def _told(findings: Findings) -> dict[str, Any]:
    return {
        "findings": findings,
        "left_out": words.sentences(findings),
        "tracked": words.changes(findings),
    }


def _stored(request: HttpRequest, section: Section, form: PiecesForm) -> HttpResponse:
    try:
        made = import_passages(
            section=section,
            passages=[(group.voice, group.text) for group in form.passages],
            side=_side(request, section),
            after=_after(request, section),
            submission=submission_of(request),
            by=request.user,  # type: ignore[arg-type]  # signed in
        )
    except AlreadySubmitted:
        return redirect("section", section=section.public_id)
    except (NotDrafted, NotYourVoice, PassageIsSettled):
        return _closed(request, section, form.kept)
    messages.success(request, _stored_words(made))
    return redirect("section", section=section.public_id)


def _after(request: HttpRequest, section: Section) -> Passage | None:
    """The passage that the new ones follow, where the address names one that the person sees."""
    named = request.GET.get("after", "")
    return Passage.objects.visible_to(request.user).filter(section=section, public_id=named).first()  # type: ignore[arg-type]


def _stored_words(made: list[Passage]) -> str:
    own = sum(passage.side_id is not None for passage in made)
    stored = ngettext("%(n)d passage is stored.", "%(n)d passages are stored.", len(made)) % {"n": len(made)}
    if not own:
        return f"{stored} {_('All sides see what was brought in.')}"
    if own == len(made):
        return f"{stored} {_('Only your side sees it until it is tabled.')}"
    return f"{stored} {_('Only your side sees those in its caucus; all sides see the others.')}"


def _closed(request: HttpRequest, section: Section, kept: str = "") -> HttpResponse:
    """Frozen or agreed meanwhile: whoever brought words gets them back in full."""
    if request.method != "POST":
        raise PermissionDenied
    what = _("The text can’t be written any more as it could when you began, so nothing was stored.")
    kept = kept or PiecesForm(request.POST, side=_side(request, section)).kept or request.POST.get("words", "")
    return page(request, "changed", section, status=409, what=what, next="section", kept=kept)


# ---- into a passage ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.have_words_of", Passage)
def into_passage(request: HttpRequest, passage: Passage) -> HttpResponse:
    """The plain form of the passage with the file's words in it, and their difference to what stands there."""
    if not request.user.has_perm("reports.write_passage", passage):
        return _closed(request, passage.section)
    form = BringIntoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        take_in(passage)
        try:
            return _shown(request, passage, form)
        except TextRefused as refusal:
            form.add_error(None, refusal.reason)
    return page(request, "import", passage.section, form=form, passage=passage)


def _shown(request: HttpRequest, passage: Passage, form: BringForm) -> HttpResponse:
    """Storing is writing: the form that follows is sent to the page of the plain form, with its version."""
    now = _now(request, passage)
    new = _put_in(passage, now, form)
    version = passage.version if passage.is_shared else passage.caucus_version
    return page(
        request,
        "import_into",
        passage.section,
        form=form_of(passage)(initial={"version": version} | as_typed(new)),
        passage=passage,
        voice=Voice(passage.voice),
        words=render(new, footnotes="new", heading=3),
        difference=difference.html(now, new),
        **_told(form.imported.findings),
    )


def _now(request: HttpRequest, passage: Passage) -> Node:
    revision = passage.text_for(_side(request, passage.section))
    text: Node = revision.text if revision else schema.EMPTY
    return text


def _put_in(passage: Passage, now: Node, form: BringForm) -> Node:
    """The file's words below those that stand, or in their place; without a new heading the old one stays."""
    heading, standing_words = schema.heading_of(now)
    below = form.cleaned_data["where"] == BringIntoForm.BELOW
    takes_heading = "heading" in form_of(passage).base_fields and not below
    new = one_text(form.imported.blocks, passage.voice if takes_heading else "")
    if below:
        new = one_text([standing_words, new], "")
    if heading is not None and schema.heading_of(new)[0] is None:
        new = {"type": "doc", "content": [heading, *new["content"]]}
    return checked_for(passage.voice, new)
