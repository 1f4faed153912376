"""HTML to PDF: a file that claims, and keeps, PDF/A-3a and PDF/UA-1, with the text and its records attached.

Everything here runs in the press (see `worker`), never in a web process: importing it loads Pango.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pydyf
from weasyprint import HTML, Attachment, Document
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from . import annexes, guard, word
from .canonical import canonical, sha256
from .composition import Page, compose
from .failures import RenderFailed
from .house import FACES, FONTS, TEMPLATES, fonts_css
from .labels import WORD
from .letter import LETTER
from .records import public_records
from .sealable import leave_room

VARIANT = "pdf/a-3a"
SHEETS = ("house.css", "report.css", "statement.css", "annex.css", "letter.css", "marked.css")
Progress = Callable[[dict], None]


def render(render_input: dict, on_progress: Progress = lambda progress: None) -> bytes:
    """The PDF or Word file. Equal input gives equal bytes, in every process, zone and locale of one image."""
    guard.check(render_input)
    if render_input.get("format") == WORD:
        return word.redline(render_input)
    identifier = sha256(canonical(render_input))[:32].encode()
    with reported(on_progress):
        return pdf_of(compose(render_input), attachments(render_input), identifier)


def pdf_of(page: Page, attached: list[Attachment], identifier: bytes) -> bytes:
    """A page as PDF, made with nothing but house files at hand."""
    html = HTML(string=page.html, base_url=None, url_fetcher=HouseFiles(page.pictures))
    try:
        document = html.render(font_config=FontConfiguration(), pdf_variant=VARIANT)
        claim_accessibility(document)
        document.metadata.attachments = attached
        return document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier, finisher=finish)
    except FatalURLFetchingError:  # a BaseException: no `except Exception` on the way catches it
        raise RenderFailed("address") from None


class HouseFiles(URLFetcher):
    """Serves `kit:NAME` for names of the house and the pictures of this page. Any other address ends the printing."""

    def __init__(self, pictures: dict[str, bytes]):
        super().__init__(allowed_protocols={"kit"}, allow_redirects=False, fail_on_errors=True)
        self.pictures = pictures

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        found = self.find(name) if scheme == "kit" else None
        if found is None:
            raise FatalURLFetchingError("not a house file")
        content, kind = found
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    def find(self, name: str) -> tuple[bytes, str] | None:
        if name == "fonts.css":
            return fonts_css().encode(), "text/css"
        if name in SHEETS:
            return (TEMPLATES / name).read_bytes(), "text/css"
        if name in self.pictures:
            return self.pictures[name], "image/svg+xml"
        if name.removeprefix("fonts/") in FACES.values():
            return (FONTS / name.removeprefix("fonts/")).read_bytes(), "font/ttf"
        return None


def attachments(render_input: dict) -> list[Attachment]:
    """The canonical text as the source of the document, the records beside it. Both dated, or each run would differ.

    A letter has none: it is signed by nobody here, and a passport's number need not stand in it twice.
    """
    if render_input["template"] == LETTER:
        return []
    text = render_input["text"]
    files = annexes.attached(render_input) if annexes.is_annex(render_input) else _text_and_records(render_input)
    made = datetime.fromisoformat(render_input["made"]).astimezone(UTC)
    return [
        Attachment(
            string=canonical(content).decode(),
            name=f"{text['document']['id']}-{name}.json",
            description=description,
            relationship=relationship,
            created=made,
            modified=made,
        )
        for name, relationship, description, content in files
    ]


def _text_and_records(render_input: dict) -> list[tuple[str, str, str, dict]]:
    text = render_input["text"]
    files = [("text", "Source", "The text of this document: canonical JSON (RFC 8785)", text)]
    if records := public_records(render_input.get("records"), text):
        files.append(("records", "Supplement", "Who signed this text, when and how", records))
    return files


# WeasyPrint writes one claim, of its variant. PDF/A allows no property that it does not know: hence the schema.
ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description></rdf:li></rdf:Seq>
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def claim_accessibility(document: Document) -> None:
    """PDF/UA-1 beside PDF/A-3a: its identification goes into the one RDF of the metadata."""
    generate = document.metadata.generate_rdf_metadata
    document.metadata.generate_rdf_metadata = lambda *arguments: generate(*arguments).replace(
        b"</rdf:RDF>", ACCESSIBLE + b"</rdf:RDF>"
    )


def finish(document: Document, pdf: pydyf.PDF) -> None:
    describe_links(document, pdf)
    leave_room(document, pdf)


def describe_links(document: Document, pdf: pydyf.PDF) -> None:
    """A link is described by its words; WeasyPrint puts the bare target there, which a screen reader would spell."""
    for page in document.pages:
        for _, target, _, box in page.links:
            if annotation := getattr(box, "link_annotation", None):
                words = " ".join(box.element.itertext()).strip() if box.element is not None else ""
                annotation["Contents"] = pydyf.String(words or target)


class reported(logging.Handler):  # noqa: N801 (used as a context manager)
    """WeasyPrint's own progress lines, as {"phase": "layout", "pages": n} and {"phase": "writing"}."""

    def __init__(self, on_progress: Progress):
        super().__init__(logging.INFO)
        self.on_progress = on_progress

    def __enter__(self) -> None:
        PROGRESS_LOGGER.setLevel(logging.INFO)
        PROGRESS_LOGGER.propagate = False
        PROGRESS_LOGGER.addHandler(self)

    def __exit__(self, *failure: object) -> None:
        PROGRESS_LOGGER.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if page := re.search(r"Page (\d+)", words):
            self.on_progress({"phase": "layout", "pages": int(page[1])})
        elif "Creating PDF" in words:
            self.on_progress({"phase": "writing"})
