"""`manage.py export_document ID --format json|pdf --output FILE`: what lies before all sides, never a caucus."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.exchange import to_bytes
from reports.exchanging import contents_of
from reports.live.cutting import take_in_all
from reports.models import Document
from reports.publishing import RenderFailed, render_bounded
from reports.renditions import render_input_now, render_input_of


class Command(BaseCommand):
    help = "Export a document's tabled text as JSON (exchange format) or as PDF; unfrozen it prints as a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the document's id, as in its address")
        parser.add_argument("--format", choices=["json", "pdf"], required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        document = Document.objects.select_related("group__programme__host").filter(public_id=options["id"]).first()
        if document is None:
            raise CommandError(f"There is no document with the id {options['id']}.")
        take_in_all(document)
        data = to_bytes(contents_of(document)) if options["format"] == "json" else self._pdf(document)
        try:
            options["output"].write_bytes(data)
        except OSError as error:
            raise CommandError(f"{options['output']} can't be written: {error.strerror}.") from error
        self.stderr.write(f"{options['output']}: {len(data)} bytes")

    def _pdf(self, document: Document) -> bytes:
        text = document.final_text
        try:
            return render_bounded(render_input_of(text) if text else render_input_now(document))
        except RenderFailed as failure:
            where = f" (passage {failure.passage})" if failure.passage else ""
            raise CommandError(f"The PDF could not be made: {failure.words}{where}") from failure
