"""The PDF of a report: our worker beside WeasyPrint alone, given the same HTML, fonts, variant and tags.

`python -m bench.paper ours|floor FOLDER`: each line that comes in is one printing, answered with what it cost.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any


def floor(folder: Path) -> None:
    """A process with WeasyPrint loaded prints the HTML once a line: what `write_pdf` costs by itself."""
    from django.conf import settings
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    settings.configure(USE_I18N=False)  # as in the press: its modules ask for settings
    from reports.publishing.press import VARIANT, HouseFiles

    html = (folder / "report.html").read_text(encoding="utf-8")
    pictures = {path.name: path.read_bytes() for path in folder.glob("*.svg")}
    for _ in sys.stdin:
        began = time.process_time()
        page = HTML(string=html, url_fetcher=HouseFiles(pictures))
        pdf = page.write_pdf(font_config=FontConfiguration(), pdf_variant=VARIANT, pdf_tags=True)
        print(json.dumps({"ms": (time.process_time() - began) * 1000, "bytes": len(pdf)}), flush=True)


def ours(folder: Path) -> None:
    """A worker: prints the report's rendition once a line, from the row to the stored file."""
    import django

    django.setup()

    from reports.models import Document, Rendition
    from reports.printing import print_rendition
    from reports.publishing.bounded import press
    from reports.publishing.composition import compose
    from reports.renditions import render_input_now, request_rendition

    document = Document.objects.exclude(specimen="").order_by("-pk")[0]
    rendition = request_rendition(document, render_input_now(document))
    page = compose(rendition.render_input)
    (folder / "report.html").write_text(page.html, encoding="utf-8")
    for name, picture in page.pictures.items():
        (folder / name).write_bytes(picture)
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        Rendition.objects.filter(pk=rendition.pk).update(state=Rendition.State.QUEUED)
        began = _spent(press)
        print_rendition(rendition.pk)
        rendition.refresh_from_db()
        spent = _spent(press) - began
        told: dict[str, Any] = {"ms": spent, "state": rendition.state, "pages": rendition.pages}
        told |= {"peak_mb": (rendition.peak_kb or 0) / 1024, "problem": rendition.problem}
        print(json.dumps(told), flush=True)


def _spent(press: Any) -> float:
    """Milliseconds of this process and of its press, with the children that the press has ended."""
    own = time.process_time() * 1000
    if press.process is None:
        return own
    fields = Path(f"/proc/{press.process.pid}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(int(fields[n]) for n in (11, 12, 13, 14))  # utime, stime, cutime, cstime (proc(5))
    return own + ticks * 10


if __name__ == "__main__":
    {"floor": floor, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))
