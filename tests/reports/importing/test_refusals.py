"""Files that are no words, or a trap: refused in clear words, within limits, and the site goes on."""

import pytest

from reports.importing.bounded import Limits, read_file, read_words
from reports.importing.kinds import LARGEST
from reports.importing.refusals import ImportRefused

from .files import HEAD, NAMES, docx, packed, paragraph, run

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def reason_of(data, **limits):
    with pytest.raises(ImportRefused) as refused:
        read_file(data, Limits(**limits))
    assert str(refused.value)
    return refused.value.reason


def with_document(document, **parts):
    return docx(parts={"word/document.xml": document, **parts})


def encrypted_zip():
    data = bytearray(docx(paragraph("Secret")))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"x" * (LARGEST + 1), "too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"{\\rtf1 words}", "rich_text"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "open_document"),
        (packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>"}), "not_word"),
        (packed({"[Content_Types].xml": "<Types/>", "word/other.xml": "<a/>"}), "not_word"),
        (b"PK\x03\x04 and no more", "broken"),
        (docx(paragraph("x"))[:-40], "broken"),
        (with_document("<w:document"), "broken"),
        (docx(), "empty"),
        (b"\x00\x01\x02binary", "not_text"),
        ("Ärger".encode("latin-1"), "encoding"),
        (with_document("0" * 13_000_000), "heavy"),
        (docx(*[paragraph("x")] * 201), "too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_content(data, reason):
    assert reason_of(data) == reason


def test_a_zip_with_a_password_is_refused():
    assert reason_of(encrypted_zip()) == "encrypted"


@pytest.mark.parametrize(
    "kind",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        "<!DOCTYPE x>",
    ],
)
def test_no_part_declares_entities(kind):
    body = f'<w:document xmlns:w="{W}"><w:body>{paragraph("&amp;")}</w:body></w:document>'

    assert reason_of(with_document(f'<?xml version="1.0"?>{kind}{body}')) == "not_word"


@pytest.mark.parametrize("tag", ["w:smartTag", pytest.param("w:fldSimple", marks=pytest.mark.deep)])
def test_a_hundred_thousand_nested_parts_are_refused(tag):
    nested = f"<{tag}>" * 100_000 + run("deep") + f"</{tag}>" * 100_000
    body = f"{HEAD}<w:document {NAMES}><w:body><w:p>{nested}</w:p></w:body></w:document>"

    assert reason_of(with_document(body)) in {"deep", "heavy", "broken"}


@pytest.mark.parametrize("words", ["> " * 50_000 + "x", "[" * 100_000, "*a " * 100_000, "- " * 50_000 + "x"])
def test_markdown_that_nests_without_end_is_read_or_refused_in_time(words):
    try:
        read_words(words)
    except ImportRefused as refused:
        assert refused.reason in {"deep", "heavy", "too_long", "text", "empty", "reader"}


def test_memory_ends_the_reading_and_nothing_else():
    assert reason_of(docx(paragraph(*[run("word ")] * 60_000)), memory=150) == "heavy"


def test_the_clock_ends_the_reading_and_nothing_else():
    assert reason_of(docx(*[paragraph("word " * 2_000)] * 190), processor=1, clock=1) in {"heavy", "too_long"}


def test_a_picture_is_never_unpacked():
    huge = b"\0" * 60_000_000

    found = read_file(docx(paragraph("Words"), parts={"word/media/image1.png": huge}))

    assert len(found.blocks) == 1


def test_what_our_texts_cannot_hold_is_named_with_its_words():
    with pytest.raises(ImportRefused) as refused:
        read_words("Fine.\n\nWrong: a" + "\u0301" * 20)

    assert (
        str(refused.value)
        == "“Wrong: a" + "\u0301" * 20 + "”: One letter carries more than 8 accents. Type the word anew."
    )
