"""What a signed file says of its signatures, in print and in its attachments."""

import io
import json
from typing import Any

import pypdf

from reports.publishing import RenderFailed, render_bounded
from reports.publishing.canonical import canonical, sha256

from . import reading, samples
from .conftest import ORDERS


def attached(pdf: bytes) -> dict[str, bytes]:
    return {name: content[0] for name, content in pypdf.PdfReader(io.BytesIO(pdf)).attachments.items()}


def relationships(pdf: bytes) -> dict[str, str]:
    catalog: Any = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    files = [reference.get_object() for reference in catalog["/AF"]]
    return {file["/UF"]: file["/AFRelationship"] for file in files}


def test_the_attached_text_is_the_one_that_was_signed(printed):
    text = ORDERS["report"]()["text"]

    content = attached(printed("report"))["h4k7m2q9r3tv-text.json"]

    assert content == canonical(text)
    assert sha256(content) == samples.records(text)["text_sha256"]


def test_text_and_records_are_attached_as_source_and_supplement(printed):
    expected = {"h4k7m2q9r3tv-text.json": "/Source", "h4k7m2q9r3tv-records.json": "/Supplement"}

    assert relationships(printed("report")) == expected
    assert relationships(printed("draft")) == {"h4k7m2q9r3tv-text.json": "/Source"}


def test_the_page_of_signatures_says_who_signed_which_text_when_and_how(stored):
    text = ORDERS["report"]()["text"]
    page = next(page for page in reading.pages(stored("report")) if "Text, SHA-256" in page)

    assert f"Text, SHA-256 {sha256(canonical(text))}" in page
    assert "Veldanio Member-Number 1 Signed 5 April 2031, 06:01 UTC Identified Passkey, confirmed again" in page
    assert "Veldanio Member-Number 2 With reservation R1" in page
    assert "https://parley.example/verify/h4k7m2q9r3tv Code H4K7-M2Q9" in page
    assert f"Record Entry 7, {'b' * 64}" in page


def test_the_page_of_signatures_speaks_of_a_seal_only_where_there_will_be_one(stored):
    names = ("report", "report to be sealed", "statement to be sealed")
    words = [" ".join(reading.pages(stored(name))) for name in names]

    assert ["Seal of Lantern House This file is sealed electronically" in each for each in words] == [False, True, True]
    assert ["proves nothing about who made the file" in each for each in words] == [False, True, False]


def test_a_reservation_is_printed_in_an_annex_and_called_at_its_passage(stored):
    words = " ".join(reading.pages(stored("report")))

    assert "Both banks agree that the bridge matters. R1" in words
    assert "R1 Veldanio Member-Number 2 Veldania · 5 April 2031 I do not share passage 3." in words


def test_who_declined_is_told_only_under_the_documents_rule(tmp_path):
    told = samples.final_text([], rules={"print_declined": True})
    silent = samples.final_text([])

    assert printed_and_attached(silent, tmp_path).count("Declined") == 0
    assert printed_and_attached(told, tmp_path).count("Declined") == 2


def test_nothing_but_the_known_fields_of_a_record_leaves_the_house(tmp_path):
    text = samples.final_text([])
    order = samples.order(text, signed=True)
    for kind in ("signatures", "reservations", "initials", "declined"):
        order["records"][kind][0] |= {"ip": "192.0.2.77", "device": "Lyrebird 9", "reason": "fear of the neighbours"}
    order["records"]["session"] = "Lyrebird 9"

    found = render_and_read(order, tmp_path)

    assert [secret for secret in ("192.0.2.77", "Lyrebird 9", "fear of the neighbours") if secret in found] == []


def test_records_of_another_text_are_refused():
    order = samples.order(samples.final_text([]), signed=True)
    order["text"]["document"]["title"] = "Another text"

    assert refusal(order) == ("hash", None)


def refusal(order: dict) -> tuple[str, str | None]:
    try:
        render_bounded(order)
    except RenderFailed as failure:
        return failure.reason, failure.passage
    raise AssertionError("it was printed")


def printed_and_attached(text: dict, folder: Any) -> str:
    return render_and_read(samples.order(text, signed=True), folder)


def render_and_read(order: dict, folder: Any) -> str:
    file = folder / "signed.pdf"
    file.write_bytes(render_bounded(order))
    records = attached(file.read_bytes())["h4k7m2q9r3tv-records.json"]
    return " ".join([*reading.pages(file), json.dumps(json.loads(records))])
