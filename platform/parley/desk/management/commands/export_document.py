"""`manage.py export_document ID --format json|pdf --output FILE`: what lies before all sides, never a caucus.

Where each side has a copy of the PDF, `--side CODE` says whose; without it, that of the first by the alphabet.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.exchange import to_bytes
from reports.exchanging import contents_of
from reports.live.cutting import take_in_all
from reports.models import Document, FinalText
from reports.printing import print_rendition
from reports.publishing import RenderFailed, copies, copy_of, render_bounded
from reports.renditions import render_input_now, render_input_of, request_rendition


class Command(BaseCommand):
    help = "Export a document's tabled text as JSON (exchange format) or as PDF; unfrozen it prints as a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the document's id, as in its address")
        parser.add_argument("--format", choices=["json", "pdf"], required=True)
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument("--side", default="", metavar="CODE", help="whose copy, where each side has one")

    def handle(self, *args: Any, **options: Any) -> None:
        document = Document.objects.select_related("group__programme__host").filter(public_id=options["id"]).first()
        if document is None:
            raise CommandError(f"There is no document with the id {options['id']}.")
        if options["side"] and options["format"] == "json":
            raise CommandError("A side has a copy of a PDF; the JSON is one for all.")
        take_in_all(document)
        data = to_bytes(contents_of(document)) if options["format"] == "json" else self._pdf(document, options["side"])
        try:
            options["output"].write_bytes(data)
        except OSError as error:
            raise CommandError(f"{options['output']} can't be written: {error.strerror}.") from error
        self.stderr.write(f"{options['output']}: {len(data)} bytes")

    def _pdf(self, document: Document, code: str) -> bytes:
        text = document.final_text
        render_input = self._copy(render_input_of(text) if text else render_input_now(document), code)
        if text and render_input.get("seal"):
            return self._sealed(document, text, render_input)
        try:
            return render_bounded(render_input)
        except RenderFailed as failure:
            where = f" (passage {failure.passage})" if failure.passage else ""
            raise CommandError(f"The PDF could not be made: {failure.words}{where}") from failure

    def _sealed(self, document: Document, text: FinalText, render_input: dict[str, Any]) -> bytes:
        """The one file of the site, made now where nobody has asked for it yet: its pages say that it is sealed."""
        rendition = request_rendition(document, render_input, final_text=text)
        print_rendition(rendition.pk)
        rendition.refresh_from_db()
        if rendition.is_under_way:
            raise CommandError("The PDF is being made by a worker just now: ask again in a minute.")
        if rendition.problem:
            raise CommandError(f"The PDF could not be made: {rendition.problem_in_words}")
        with rendition.file.open("rb") as file:
            return bytes(file.read())

    def _copy(self, render_input: dict[str, Any], code: str) -> dict[str, Any]:
        """The one print or, of a copy for each side, that of this code; without a code the first of them."""
        found = {copy_of(one): one for one in copies(render_input)}
        wanted = code.lower() or next(iter(found))
        if wanted not in found:
            known = ", ".join(filter(None, found)).upper()
            raise CommandError(f"The sides with a copy are {known}." if known else "There is one PDF for all sides.")
        if others := ", ".join(other.upper() for other in found if other != wanted):
            self.stderr.write(f"This is the copy of {wanted.upper()}; a copy of its own (--side) has {others}.")
        return found[wanted]
