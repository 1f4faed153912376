"""What the world may read: published documents, and nothing else."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from parley.access import open_to_anyone
from parley.programmes.models import Programme
from reports.models import Publication, Rendition
from reports.publication import public_context

from .drafts import pdf_answer

PER_PAGE = 30


@require_safe
@open_to_anyone("Published documents are for everybody")
def published_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(Publication.objects.listed(), PER_PAGE).get_page(request.GET.get("page"))
    registers = Programme.objects.filter(public_register=True).order_by("name")
    return render(request, "public/list.html", {"page": page, "registers": registers})


@require_safe
@open_to_anyone("Published documents are for everybody")
def published(request: HttpRequest, code: str) -> HttpResponse:
    """The text, readable, with anchors by passage; a withdrawn one says why and shows no names."""
    publication = _known(code)
    if publication.hidden_at is not None:
        return render(request, "public/hidden.html", status=410)
    if publication.withdrawn_at is not None:
        return render(request, "public/withdrawn.html", {"publication": publication}, status=410)
    return render(request, "public/document.html", public_context(publication.final_text, publication))


@require_safe
@open_to_anyone("Published documents are for everybody")
def published_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The one file; of a text with a copy for each side the page that offers them, since none of them is the first."""
    files = _files(code)
    return _file(files[0], code) if len(files) == 1 else redirect("published", code=code)


@require_safe
@open_to_anyone("Published documents are for everybody")
def published_copy(request: HttpRequest, code: str, side: str) -> HttpResponseBase:
    """The copy in which the side of this code is named first."""
    file = next((one for one in _files(code) if one.side and one.side.code.lower() == side), None)
    if file is None:
        raise Http404
    return _file(file, code)


def _files(code: str) -> list[Rendition]:
    """Of what may be read now; never empty."""
    publication = _known(code)
    if publication.hidden_at or publication.withdrawn_at or not publication.files:
        raise Http404
    return publication.files


def _file(rendition: Rendition, code: str) -> HttpResponseBase:
    if rendition.state != Rendition.State.DONE or rendition.is_lost:
        return redirect("published", code=code)
    return pdf_answer(rendition, code)


def _known(code: str) -> Publication:
    """By its code; before an embargo opens it is unknown here."""
    if not code.isalnum():
        raise Http404
    known = Publication.objects.known().select_related("final_text__document__group__programme__host")
    return get_object_or_404(known, final_text__public_id=code)
