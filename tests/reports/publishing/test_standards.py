"""The files keep what they claim: judged by veraPDF and poppler, which know nothing of how they were made."""

import io

import pypdf
import pytest

from reports.sealing.act import seal
from reports.sealing.keys import opened

from . import reading
from .authority import empty_list, stamper
from .conftest import ANNEXES, ORDERS
from .vera import verdicts


def test_every_kind_of_document_keeps_to_pdf_a_3a_and_to_pdf_ua_1(stored, printed, place, tmp_path):
    # Four sides have all that three have, and a sealed file all that it had before.
    names = [*ORDERS, *ANNEXES]
    files = [stored(name) for name in names if name != "three sides" and "to be sealed" not in name]
    files += [tmp_path / "sealed.pdf", tmp_path / "sealed-for-later-years.pdf"]
    with opened(place) as key:
        how = {"stamper": stamper(), "long_term": True, "lists": [empty_list()], "fetches": False}
        files[-2].write_bytes(seal(printed("statement to be sealed"), key).pdf)
        files[-1].write_bytes(seal(printed("report to be sealed"), key, **how).pdf)

    found = verdicts(files)

    assert found == {(file.name, flavour): "passed" for file in files for flavour in ("3a", "ua1")}


def test_the_metadata_claim_both_standards(printed):
    metadata = pypdf.PdfReader(io.BytesIO(printed("report"))).trailer["/Root"]["/Metadata"].get_data()

    assert b'pdfaid:part="3" pdfaid:conformance="A"' in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata


@pytest.mark.parametrize("name", ["report", "statement"])
def test_every_font_is_embedded_as_a_subset_and_maps_to_unicode(stored, name):
    fonts = reading.fonts(stored(name))

    assert [font for font in fonts if (font["emb"], font["sub"], font["uni"]) != ("yes", "yes", "yes")] == []
    assert all("Parley" in font["name"] for font in fonts)


def test_each_font_file_has_a_name_of_its_own(stored):
    names = [font["name"] for font in reading.fonts(stored("report"))]

    assert len(names) == len(set(names))
    assert {"Armenian", "Georgian"} <= {part for name in names for part in name.split("-")}
