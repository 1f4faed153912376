"""Import and export as pages: facilitators bring a document in; members and facilitators take the tabled text out."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from groups.models import ThematicGroup
from parley.access import needs
from reports import exchange
from reports.actions.imports import brackets_in, import_document, reservations_in, unknown_people
from reports.exchange import ExchangeRefused, parse, to_bytes
from reports.exchanging import contents_of
from reports.live.cutting import take_in_all
from reports.models import Document

LARGEST = 5_000_000


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("JSON in the exchange format, up to 5 MB."),
        error_messages={"required": gettext_lazy("Choose the file to import.")},
    )

    def clean_file(self) -> exchange.Contents:
        """What the file says; each problem names its place in the file and the remedy."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("This file is larger than 5 MB, larger than any document of words."))
        try:
            return parse(upload.read())
        except ExchangeRefused as refusal:
            raise forms.ValidationError([str(problem) for problem in refusal.problems[:20]]) from refusal


@require_http_methods(["GET", "HEAD", "POST"])
@needs("groups.manage", ThematicGroup)
def import_page(request: HttpRequest, group: ThematicGroup) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _imported(request, group, form.cleaned_data["file"])
        except ExchangeRefused as refusal:
            form.add_error("file", [str(problem) for problem in refusal.problems])
    context = {"group": group, "programme": group.programme, "form": form, "nav": "documents"}
    return render(request, "desk/import.html", context)


def _imported(request: HttpRequest, group: ThematicGroup, contents: exchange.Contents) -> HttpResponse:
    document = import_document(contents, group=group, by=request.user)  # type: ignore[arg-type]  # signed in
    messages.success(request, _("The document is imported. Views and replies wait for their own side."))
    if count := brackets_in(contents):
        words = ngettext(
            "%(count)d bracket came with it, open, in the name of the side that the file gives.",
            "%(count)d brackets came with it, open, each in the name of the side that the file gives.",
            count,
        )
        messages.info(request, words % {"count": count})
    if count := reservations_in(contents):
        words = ngettext(
            "%(count)d reservation came with it. Before a freeze those for whom it speaks keep it or withdraw it.",
            "%(count)d reservations came with it. Before a freeze those for whom they speak keep or withdraw them.",
            count,
        )
        messages.info(request, words % {"count": count})
    if strangers := unknown_people(contents, group):
        names = ", ".join(strangers)
        messages.info(request, _("Named in the file, but not in this group: %(names)s.") % {"names": names})
    return redirect("document", document=document.public_id)


@require_safe
@needs("reports.read", Document)
def export_page(request: HttpRequest, document: Document) -> HttpResponse:
    """The tabled text in the exchange format; nothing of any caucus, the reader's own included."""
    take_in_all(document)
    answer = HttpResponse(to_bytes(contents_of(document)), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{document.public_id}.json"'
    return answer
