"""Authorising, previewing, publishing, hiding and withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from reports.actions.agreement import facts_digest
from reports.actions.publishing import (
    AUTHORISE,
    WITHDRAW,
    AlreadyPublished,
    NotAuthorised,
    authorisation,
    earliest_hour,
    hide_publication,
    publish,
    show_publication,
)
from reports.forms_signing import AuthoriseForm, HideForm, PublishForm, WithdrawForm
from reports.models import Document, FinalText, Publication, Rendition
from reports.publication import public_context
from reports.renditions import prints_of, render_input_of
from reports.signatures import matrix_of

from .frame import page
from .proposals import hindrance, open_motion, proposed


@require_safe
@needs("reports.read", Document, through="opened_by")
def publishing(request: HttpRequest, document: Document) -> HttpResponse:
    """Where publication stands, and what each may do next."""
    return _page(request, document)


def _page(request: HttpRequest, document: Document, *, status: int = 200, **forms: Any) -> HttpResponse:
    """`forms`: one that was sent and refused stands there with its errors, in the place of an empty one."""
    text = document.final_text
    if text is None:
        return page(request, "signing/not_frozen", document)
    text.document = document
    publication = Publication.objects.filter(final_text=text).select_related("published_by").first()
    files = publication.files if publication else prints_of(render_input_of(text))
    earliest = earliest_hour(text)
    empty = {
        "authorise_form": AuthoriseForm(),
        "publish_form": PublishForm(title=document.title, earliest=earliest),
        "hide_form": HideForm(),
        "withdraw_form": _withdraw_form(publication),
    }
    return page(
        request,
        "signing/publish",
        document,
        status=status,
        text=text,
        matrix=matrix_of(text),
        publication=publication,
        files=files,
        all_printed=bool(files) and all(file.state == Rendition.State.DONE for file in files),
        authorised=authorisation(text),
        earliest=earliest,
        motion=open_motion(AUTHORISE, text.public_id),
        withdrawal=open_motion(WITHDRAW, text.public_id),
        hindrance=hindrance(AUTHORISE, text, {"earliest": "2000-01-01T00:00:00+00:00"}),
        **(empty | forms),
    )


def _withdraw_form(publication: Publication | None, data: Any = None) -> WithdrawForm:
    return WithdrawForm(data, successors=Publication.objects.could_replace(publication) if publication else ())


@require_safe
@needs("reports.read", Document, through="opened_by")
def preview(request: HttpRequest, document: Document) -> HttpResponse:
    """The public page as it will look, with a line above it that says so."""
    text: FinalText | None = document.final_text
    if text is None:
        return page(request, "signing/not_frozen", document)
    text.document = document
    return render(request, "public/document.html", public_context(text) | {"is_preview": True})


@require_POST
@needs("reports.authorise", Document, through="opened_by")
@second_factor_needed
def authorise(request: HttpRequest, document: Document) -> HttpResponse:
    form, text = AuthoriseForm(request.POST), document.final_text
    if text is None or not form.is_valid():
        return _page(request, document, status=422, authorise_form=form)
    sha256 = facts_digest(request.POST.get("sha256", ""), form.facts)
    return proposed(request, AUTHORISE, text.public_id, sha256=sha256, facts=form.facts, back=lambda: _back(document))


@require_POST
@needs("reports.publish", Document, through="opened_by")
@second_factor_needed
def publish_document(request: PersonsRequest, document: Document) -> HttpResponse:
    """Within what the keys authorised; the title is typed once more."""
    text = document.final_text
    if text is None:
        return _back(document)
    form = PublishForm(request.POST, title=document.title, earliest=earliest_hour(text))
    if not form.is_valid():
        return _page(request, document, status=422, publish_form=form)
    try:
        publication = publish(text, opens_at=form.moment, by=request.user)
    except AlreadyPublished:
        messages.info(request, _("The document is published already."))
    except NotAuthorised:
        messages.error(request, _("Publication is not authorised by the keys of all sides for this hour."))
    else:
        told = _("The document is published.") if publication.is_open else _("It opens by itself at the hour given.")
        messages.success(request, told)
    return _back(document)


@require_POST
@needs("reports.hide", Publication, through="opened_by")
def hide(request: PersonsRequest, publication: Publication) -> HttpResponse:
    """At once, without a key: a person may be in danger."""
    form, document = HideForm(request.POST), publication.final_text.document
    if not form.is_valid():
        return _page(request, document, status=422, hide_form=form)
    hide_publication(publication, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("The public page is hidden. All members were told."))
    return _back(document)


@require_POST
@needs("reports.hide", Publication, through="opened_by")
def show(request: PersonsRequest, publication: Publication) -> HttpResponse:
    show_publication(publication, by=request.user)
    messages.success(request, _("The public page can be read again. All members were told."))
    return _back(publication.final_text.document)


@require_POST
@needs("reports.withdraw", Document, through="opened_by")
@second_factor_needed
def withdraw(request: HttpRequest, document: Document) -> HttpResponse:
    text = document.final_text
    form = _withdraw_form(getattr(text, "publication", None), request.POST)
    if text is None or not form.is_valid():
        return _page(request, document, status=422, withdraw_form=form)
    sha256 = facts_digest(text.sha256, form.facts)
    return proposed(request, WITHDRAW, text.public_id, sha256=sha256, facts=form.facts, back=lambda: _back(document))


def _back(document: Document) -> HttpResponse:
    return redirect("publish", document=document.public_id)
