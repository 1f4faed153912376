"""What came out against what came in."""

import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

from tests.reports.publishing import reading


def check_export(given: dict[str, Any], exported: dict[str, Any]) -> None:
    """Import → export gives back the same content, order, voices and replies."""
    wanted = {key: value for key, value in given.items() if key != "source"}
    different = [key for key in {**wanted, **exported} if wanted.get(key) != exported.get(key)]
    if different:
        raise AssertionError(f"Exported otherwise than imported: {different}")


def check_pdf(path: Path, given: dict[str, Any], *, specimen: str) -> None:
    """Its text is complete and in order; each page carries the mark; fonts are embedded; it is tagged."""
    pages = reading.pages(path)
    unmarked = [number for number, page in enumerate(pages, 1) if _plain(specimen) not in _plain(page)]
    if unmarked:
        raise AssertionError(f"Pages without the mark of the specimen: {unmarked} of {len(pages)}")
    if wrong := reading.out_of_place(_as_text(given), pages):
        raise AssertionError(f"Not printed, or not in order: {wrong}")
    _check_fonts(path)
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    if not re.search(r"Tagged:\s+yes", info):
        raise AssertionError("The PDF is not tagged.")
    if b"/ByteRange" in path.read_bytes():
        _check_seal(path)


def _check_seal(path: Path) -> None:
    """Of a site that seals; the one without a service to start does so with a certificate of its own making."""
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    if "Total document signed" not in said or "Signature is Valid" not in said:
        raise AssertionError(f"The seal does not hold: {said}")


def _plain(text: str) -> str:
    """Letters and digits alone: hyphens at line ends, running heads' spaces and quotation marks fall away."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())


def _passages(given: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for section in given.get("sections", []):
        found += section.get("passages", [])
        for recommendation in section.get("recommendations", []):
            found += recommendation["passages"]
    return found + [{"text": p} if isinstance(p, str) else p for p in given.get("paragraphs", [])]


def _as_text(given: dict[str, Any]) -> dict[str, Any]:
    """The words that came in, in the shape in which the readers of printed files want them."""
    items = [
        {"id": passage["text"][:60], "text": {"type": "doc", "content": [_paragraph(p) for p in _paragraphs(passage)]}}
        for passage in _passages(given)
    ]
    return {"sections": [{"items": items}]}


def _paragraphs(passage: dict[str, Any]) -> list[str]:
    return [*passage["text"].split("\n"), *passage.get("options", [])]


def _paragraph(words: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}


def _check_fonts(path: Path) -> None:
    strangers = [font for font in reading.fonts(path) if font["emb"] != "yes" or "Parley-" not in font["name"]]
    if strangers:
        raise AssertionError(f"Fonts that are not ours or not embedded: {strangers}")


def check_verification(text: str, given: dict[str, Any], *, specimen: str) -> None:
    if "This is the signed document" not in text:
        raise AssertionError(f"The verification page does not know the file: {text[:600]}")
    if specimen not in text or given["title"] not in text:
        raise AssertionError("The verification page names neither the document nor that it is a specimen.")
