"""Documents: the list, a new one, the task list, its details and its order."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import AlreadyProposed, NotAKeyHolder, TextHasChanged, propose
from groups.models import ThematicGroup
from groups.motions import MayNotBeMoved
from groups.standing import standing, standings
from parley.access import needs, signed_in
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.second_factor import second_factor_needed
from reports.actions.agreement import ORDER_SECTIONS, facts_digest
from reports.actions.documents import (
    HasSettledText,
    StaleOrder,
    add_section,
    change_document,
    order_sections,
    start_document,
)
from reports.forms import DetailsForm, NewSectionForm, StartForm
from reports.locks import NotDrafted
from reports.models import Document
from reports.overview import overview_of
from reports.reading import document_entries, in_blocks, sides_of
from reports.reserving import reservations_to_the_whole

from .frame import page
from .order import moved, order_in

PER_PAGE = 30


@require_safe
@signed_in("One's own groups' documents")
def documents(request: HttpRequest) -> HttpResponse:
    """All that the person may see, over all groups, the newest first."""
    held = standings(request.user)  # type: ignore[arg-type]  # signed in
    found = Document.objects.listed_for(request.user)  # type: ignore[arg-type]
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(found, held.within(found.group)) for found in shown]
    chaired = [s.membership.group for s in held.by_group.values() if s.membership and s.is_co_chair]
    return render(request, "reports/documents.html", {"page": shown, "rows": rows, "chaired": chaired})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.start_document", ThematicGroup)
def start(request: HttpRequest, group: ThematicGroup) -> HttpResponse:
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _started(request, group, form)
    return page(request, "start", group, form=form)


def _started(request: HttpRequest, group: ThematicGroup, form: StartForm) -> HttpResponse:
    submission = submission_of(request)
    try:
        document = start_document(group=group, by=request.user, submission=submission, **form.cleaned_data)  # type: ignore[arg-type]
    except AlreadySubmitted:
        document = Document.objects.get(submission=submission)
    messages.success(request, _("The document is started, with the sections of its kind."))
    return redirect("document", document=document.public_id)


@require_safe
@needs("reports.see_document", Document, through="opened_by")
def document(request: HttpRequest, document: Document) -> HttpResponse:
    """The task list; an observer gets the released drafts alone."""
    here = standing(request.user, document.group)  # type: ignore[arg-type]
    drafts = document.drafts.all()
    if not here.sees_texts:
        return page(request, "observed", document, drafts=drafts)
    overview = overview_of(document, reader=request.user, here=here)  # type: ignore[arg-type]
    return page(request, "document", document, overview=overview, drafts=drafts)


@require_safe
@needs("reports.read", Document, through="opened_by")
def whole_text(request: HttpRequest, document: Document) -> HttpResponse:
    """Everything that lies before all sides, in the order of printing."""
    here, sides = standing(request.user, document.group), sides_of(document.group.programme)  # type: ignore[arg-type]
    entries = document_entries(document, reader=request.user, here=here)  # type: ignore[arg-type]
    parts = [
        (section, in_blocks([entry for entry in entries if entry.passage.section_id == section.pk], sides))
        for section in document.sections.present()
    ]
    return page(request, "whole_text", document, parts=parts, to_the_whole=reservations_to_the_whole(document))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.change_document", Document)
def details(request: HttpRequest, document: Document) -> HttpResponse:
    form = DetailsForm(request.POST or None, instance=Document.objects.get(pk=document.pk))
    if request.method == "POST" and form.is_valid():
        try:
            change_document(document, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except NotDrafted:
            return drafting_is_over(request, document)
        messages.success(request, _("The details are saved."))
        return redirect("document", document=document.public_id)
    return page(request, "details", document, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.order", Document)
def arrange(request: HttpRequest, document: Document) -> HttpResponse:
    """The sections: a new one, their order, their titles. Once text is agreed, the order takes every side's key."""
    form = NewSectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_section(document=document, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except NotDrafted:
            return drafting_is_over(request, document)
        messages.success(request, _("The section is added."))
        return redirect("arrange", document=document.public_id)
    sections = order_in(request.GET, list(document.sections.present()))
    agreed = any(section.settled_passages for section in sections)
    return page(request, "arrange", document, form=form, sections=sections, agreed=agreed)


@require_POST
@needs("reports.order", Document)
def order(request: HttpRequest, document: Document) -> HttpResponse:
    """The new order: sent whole by drag and keyboard, or one step by a button."""
    try:
        wanted = moved(request.POST, list(document.sections.present()))
        order_sections(document, order=wanted, by=request.user)  # type: ignore[arg-type]
    except NotDrafted:
        return drafting_is_over(request, document)
    except HasSettledText as refusal:
        return page(request, "changed", document, status=409, what=str(refusal), next="arrange")
    except StaleOrder:
        return page(request, "changed", document, status=409, next="arrange")
    return redirect("arrange", document=document.public_id)


@require_POST
@needs("reports.propose", Document)
@second_factor_needed
def propose_order(request: HttpRequest, document: Document) -> HttpResponse:
    facts = {"order": request.POST.getlist("order")}
    try:
        motion = propose(
            ORDER_SECTIONS.name,
            document.public_id,
            sha256=facts_digest(document.public_id, facts),
            facts=facts,
            by=request.user,  # type: ignore[arg-type]
        )
    except (MayNotBeMoved, NotAKeyHolder, TextHasChanged) as refusal:
        return page(request, "changed", document, status=409, what=str(refusal), next="arrange")
    except AlreadyProposed:
        messages.info(request, _("An order is proposed already. Its keys can be turned, or it can be withdrawn."))
        return redirect("ledger", document=document.public_id)
    messages.success(request, _("The new order is proposed. It takes effect with the key of every side."))
    return redirect("motion", motion=motion.public_id)


def drafting_is_over(request: HttpRequest, document: Document) -> HttpResponse:
    """The text was frozen while somebody worked on it."""
    what = _("The final text was frozen meanwhile, so nothing was changed. To change words, the freeze must be undone.")
    return page(request, "changed", document, status=409, what=what, next="document")
