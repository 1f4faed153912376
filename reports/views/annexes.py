"""What goes with a draft: its redlines as files, its table of comments and dispositions; and the ledger as a file."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from groups.standing import standing
from parley.access import needs
from reports.annexes import FORMATS, PDF, comments_now, comments_of_draft, ledger_now, redline_of
from reports.dispositions import rows_of, said_to_all, with_places
from reports.ledger import done_to, lines_of
from reports.models import CommentTable, Document, Draft, Rendition
from reports.reading import document_entries
from reports.renditions import request_rendition

from .frame import page

PER_PAGE = 30


@require_POST
@needs("reports.read_draft", Draft, through="opened_by")
def print_redline(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Against the earlier draft that the form names, as PDF or as a Word file."""
    since = next((one for one in draft.earlier() if str(one.number) == request.POST.get("since")), None)
    if since is None:
        return redirect("draft", draft=draft.public_id)
    asked = request.POST.get("format", PDF)
    render_input = redline_of(draft, since, as_file=asked if asked in FORMATS else PDF)
    rendition = request_rendition(draft.document, render_input, draft=draft)
    return redirect("rendition", rendition=rendition.public_id)


@require_safe
@needs("reports.read", Draft, through="opened_by")
def draft_comments(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The table that went out with the draft: as it was, whatever has become of its comments since."""
    table = CommentTable.objects.filter(draft=draft).first()
    shown = Paginator(table.record["rows"] if table else [], PER_PAGE).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    return page(request, "signing/draft_comments", draft.document, draft=draft, table=table, page=shown, rows=rows)


@require_POST
@needs("reports.read", Draft, through="opened_by")
def print_draft_comments(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Of no draft in the records of files: observers read drafts, and not what was said of them."""
    table = CommentTable.objects.filter(draft=draft).select_related("draft__document").first()
    if table is None:
        return redirect("draft_comments", draft=draft.public_id)
    rendition = request_rendition(draft.document, comments_of_draft(table))
    return redirect("rendition", rendition=rendition.public_id)


@require_safe
@needs("reports.read", Document, through="opened_by")
def comment_table(request: HttpRequest, document: Document) -> HttpResponse:
    """All comments that lay before all sides, by their numbers, with what became of each."""
    shown = Paginator(with_places(said_to_all(document)), PER_PAGE).get_page(request.GET.get("page"))
    threads = list(shown.object_list)
    numbers = {thread.pk: number for number, thread in enumerate(threads, shown.start_index())}
    return page(request, "comment_table", document, page=shown, rows=rows_of(document, threads, numbers))


@require_POST
@needs("reports.read", Document, through="opened_by")
def print_comment_table(request: HttpRequest, document: Document) -> HttpResponse:
    rendition = request_rendition(document, comments_now(document))
    return redirect("rendition", rendition=rendition.public_id)


@require_POST
@needs("reports.read", Document, through="opened_by")
def print_ledger(request: HttpRequest, document: Document) -> HttpResponse:
    here = standing(request.user, document.group)  # type: ignore[arg-type]  # signed in
    lines = lines_of(document_entries(document, reader=request.user, here=here))  # type: ignore[arg-type]
    rendition = request_rendition(document, ledger_now(document, lines, done_to(document.public_id)))
    return redirect("rendition", rendition=rendition.public_id)


@require_POST
@needs("reports.see_rendition", Rendition, through="opened_by")
def print_again(request: HttpRequest, rendition: Rendition) -> HttpResponse:
    """What failed, or was lost from the store: from the same input."""
    again = request_rendition(
        rendition.document, rendition.render_input, final_text=rendition.final_text, draft=rendition.draft
    )
    return redirect("rendition", rendition=again.public_id)
