"""Releasing numbered drafts, freezing and unfreezing, and every PDF on its way."""

import json

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parley.access import needs
from parley.accounts.second_factor import second_factor_needed
from reports.actions.agreement import FREEZE, RELEASE, UNFREEZE, facts_digest
from reports.checks.findings import report_of
from reports.explained import proposal
from reports.final_reading import reading_from
from reports.forms_signing import ReasonForm, ReleaseForm
from reports.live.cutting import take_in_all
from reports.models import Document, Draft, Rendition
from reports.publishing import LEFT_OUT, has_copies
from reports.reading import sides_of
from reports.redline import changes_between
from reports.renditions import render_input_now, render_input_of, render_input_of_draft, request_prints

from .frame import page
from .proposals import hindrance, open_motion, proposed

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.propose_release", Document, through="opened_by")
@second_factor_needed
def release(request: HttpRequest, document: Document) -> HttpResponse:
    """What a release would give to all sides, and its proposal."""
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("sha256", "")
        sha256 = facts_digest(seen, form.facts) if form.facts else seen
        return proposed(
            request,
            RELEASE,
            document.public_id,
            sha256=sha256,
            facts=form.facts,
            back=lambda: redirect("release", document=document.public_id),
        )
    take_in_all(document)
    last = document.drafts.first()
    return page(
        request,
        "signing/release",
        document,
        form=form,
        motion=open_motion(RELEASE, document.public_id),
        hindrance=hindrance(RELEASE, document),
        next_number=last.number + 1 if last else 1,
        **proposal(document, last),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.freeze", Document, through="opened_by")
@second_factor_needed
def freeze(request: HttpRequest, document: Document) -> HttpResponse:
    """The final text as it would be frozen, word by word, and its proposal."""
    if request.method == "POST":
        return proposed(
            request,
            FREEZE,
            document.public_id,
            sha256=request.POST.get("sha256", ""),
            facts={},
            back=lambda: redirect("freeze", document=document.public_id),
        )
    take_in_all(document)
    return page(
        request,
        "signing/freeze",
        document,
        motion=open_motion(FREEZE, document.public_id),
        hindrance=hindrance(FREEZE, document),
        findings=len(report_of(document).holding),
        **proposal(document, document.drafts.first()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.unfreeze", Document, through="opened_by")
@second_factor_needed
def unfreeze(request: HttpRequest, document: Document) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"reason": form.cleaned_data["reason"]}
        return proposed(
            request,
            UNFREEZE,
            document.public_id,
            sha256=facts_digest(request.POST.get("sha256", ""), facts),
            facts=facts,
            back=lambda: redirect("unfreeze", document=document.public_id),
        )
    return page(
        request,
        "signing/unfreeze",
        document,
        form=form,
        text=document.final_text,
        motion=open_motion(UNFREEZE, document.public_id),
    )


@require_safe
@needs("reports.see_document", Document, through="opened_by")
def drafts(request: HttpRequest, document: Document) -> HttpResponse:
    return page(request, "signing/drafts", document, drafts=list(document.drafts.all()))


@require_safe
@needs("reports.read_draft", Draft, through="opened_by")
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Draft n as it was released: complete, whatever has changed since; with `?since=` what changed from an earlier."""
    earlier = list(draft.earlier())
    since = next((one for one in earlier if str(one.number) == request.GET.get("since")), None)
    return page(
        request,
        "signing/draft",
        draft.document,
        draft=draft,
        reading=reading_from(draft.canonical, sides_of(draft.document.group.programme)),
        earlier=earlier,
        since=since,
        changes=changes_between(since, draft) if since else [],
    )


@require_POST
@needs("reports.read_draft", Draft, through="opened_by")
def print_draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    render_input = render_input_of_draft(draft, brackets=_with_brackets(request))
    first, *_others = request_prints(draft.document, render_input, draft=draft)
    return redirect("rendition", rendition=first.public_id)


def _with_brackets(request: HttpRequest) -> bool:
    """Unless the form asks for the words alone."""
    return request.POST.get("brackets") != LEFT_OUT


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.print", Document, through="opened_by")
def print_document(request: HttpRequest, document: Document) -> HttpResponse:
    """What the PDF would hold; sent, the tabled text as it is now, or the final text with what all may know of it."""
    text = document.final_text
    if request.method != "POST":
        bracketed = document.sections.present().filter(open_brackets__gt=0).exists()
        has_brackets, in_copies = text is None and bracketed, _in_copies(document)
        return page(request, "signing/print", document, text=text, has_brackets=has_brackets, in_copies=in_copies)
    take_in_all(document)
    if text is not None:
        text.document = document
    render_input = render_input_of(text) if text else render_input_now(document, brackets=_with_brackets(request))
    first, *_others = request_prints(document, render_input, final_text=text)
    return redirect("rendition", rendition=first.public_id)


def _in_copies(document: Document) -> bool:
    """Whether a print is one copy for each side: by the frozen text, else by the programme as it is now."""
    text = document.final_text
    return has_copies(json.loads(text.canonical)) if text else document.group.programme.is_alternat


@require_safe
@needs("reports.see_rendition", Rendition, through="opened_by")
def rendition(request: HttpRequest, rendition: Rendition) -> HttpResponse:
    """The file, or under the alternat the copy of each side, whichever of them was asked for."""
    return page(request, "signing/rendition", rendition.document, rendition=rendition, copies=rendition.copies())


@require_safe
@needs("reports.see_rendition", Rendition, through="opened_by")
def rendition_progress(request: HttpRequest, rendition: Rendition) -> HttpResponse:
    """The fragment that the page asks for every two seconds while a worker prints."""
    return render(request, "reports/signing/progress.html", {"rendition": rendition, "document": rendition.document})


@require_safe
@needs("reports.see_rendition", Rendition, through="opened_by")
def rendition_file(request: HttpRequest, rendition: Rendition) -> HttpResponseBase:
    if rendition.state != Rendition.State.DONE or rendition.is_lost:
        return redirect("rendition", rendition=rendition.public_id)
    return pdf_answer(rendition, rendition.document.public_id)


def pdf_answer(rendition: Rendition, name: str) -> FileResponse:
    """The file under a name without anybody's words: with a side's code, or with what it is beside a text."""
    code = "".join(filter(str.isalnum, rendition.side.code.lower())) if rendition.side else ""
    return FileResponse(
        rendition.file.open("rb"),
        as_attachment=True,
        filename=f"{'-'.join(filter(None, (name, rendition.annex, code)))}.{rendition.extension}",
        content_type=CONTENT_TYPES[rendition.extension],
    )
