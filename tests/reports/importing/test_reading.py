"""What a Word file or Markdown says is what our text says: lists, notes, links, breaks; and all else is told of."""

import pytest

from reports.importing import words
from reports.importing.bounded import read_file, read_words
from reports.text import markup

from .files import (
    HEAD,
    NAMES,
    commented,
    deleted,
    docx,
    entry,
    inserted,
    link,
    note,
    paragraph,
    picture,
    run,
    table,
)

BOLD, ITALIC, STRUCK = "<w:b/>", "<w:i/>", "<w:strike/>"


def read(*body, **more):
    return read_file(docx(*body, **more))


def sources(imported):
    """Each block in light markup."""
    return [markup.from_doc(block).strip() for block in imported.blocks]


def test_words_keep_their_emphasis_links_breaks_and_notes():
    found = read(
        paragraph(
            "Both “sides” agree\u00a0on ", run("the river", BOLD), " and ", run("its banks", BOLD + ITALIC), note(2),
            ".", "<w:r><w:br/></w:r>", "See ", link("the report", "rA"), ".",
        ),
        notes={2: "Source: the ministry."},
        links={"rA": "https://example.org/a?b=1"},
    )  # fmt: skip

    (words_found,) = sources(found)
    first, second = words_found.split("\n")
    assert first == "Both “sides” agree\u00a0on **the river** and ***its banks***^[Source: the ministry.].\\"
    assert second == "See [the report](https://example.org/a?b=1)."
    assert (found.findings.counts, found.findings.changes, found.findings.remarks) == ({}, {}, [])


def test_lists_keep_their_levels_numbers_and_letters():
    found = read(
        paragraph("Of the waters", style="Heading2"),
        entry("First", 1), entry("within", 1, 1), entry("deep", 1, 2), entry("Second", 1),
        paragraph("Between."),
        entry("Third", 1), entry("within again", 1, 1),
        entry("dot", 2), entry("inner dot", 2, 1), paragraph("by its style", style="ListBullet"),
        paragraph("We ask:"),
        entry("measure", 3), entry("publish", 3),
        paragraph("Further:"),
        entry("four", 4), entry("five", 4),
    )  # fmt: skip

    assert sources(found) == [
        "# Of the waters",
        "1. First\n   1. within\n      1. deep\n2. Second",
        "Between.",
        "3. Third\n   1. within again",
        "- dot\n  - inner dot\n- by its style",
        "We ask:",
        "a) measure\nb) publish",
        "Further:",
        "4. four\n5. five",
    ]


def test_words_of_all_our_languages_arrive_as_they_were_written():
    spoken = ["Ջուրը բոլորինն է։", "Su hamınındır: ə ğ ı ş İ.", "წყალი ყველასია.", "Вода общая: «так»."]

    assert sources(read(*map(paragraph, spoken))) == spoken


def test_a_table_becomes_paragraphs_and_no_cell_is_lost():
    found = read(table(["Armenia", "Azerbaijan"], ["We say", "We answer"]))

    assert sources(found) == ["Armenia", "Azerbaijan", "We say", "We answer"]
    assert words.sentences(found.findings) == ["1 table came in as paragraphs, cell by cell."]


def test_what_does_not_come_with_the_words_is_told():
    header = f"{HEAD}<w:hdr {NAMES}>{paragraph('Confidential')}</w:hdr>"
    formula = "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"
    found = read(
        paragraph("Words", picture(), formula, run("gone", STRUCK), link("here", "rX"), "\ue000"),
        links={"rX": "file:///c:/secret"},
        parts={"word/header1.xml": header},
    )

    assert sources(found) == ["Wordsgonehere"]
    assert [sentence.split()[0] for sentence in words.sentences(found.findings)] == [
        "1",
        "1",
        "Words",
        "1",
        "1",
        "What",
    ]


def test_tracked_changes_are_taken_as_accepted_and_told_by_person():
    found = read(
        paragraph("We ", inserted("shall "), deleted("may "), "agree."),
        paragraph(inserted("A new line.", by="Leyla")),
        paragraph(deleted("An old line.")),
    )

    assert sources(found) == ["We shall agree.", "A new line."]
    assert words.changes(found.findings) == "Ani (1), Rashad (2), Leyla (1)"


def test_comments_are_told_with_the_words_they_stand_at():
    found = read(paragraph("We ", commented("agree", 5), "."), comments={5: "Do we?", 6: "Elsewhere."})

    assert sources(found) == ["We agree."]
    assert [(one.by, one.words, one.on) for one in found.findings.remarks] == [
        ("Leyla", "Do we?", "agree"),
        ("Leyla", "Elsewhere.", ""),
    ]


def test_words_inside_fields_and_text_boxes_are_not_lost():
    field = f'<w:fldSimple w:instr="REF a">{run("paragraph 3")}</w:fldSimple>'
    found = read(paragraph("See ", field, ", ", f'<w:dir w:val="rtl">{run("there")}</w:dir>', "."))

    assert sources(found) == ["See paragraph 3, there."]


def test_markdown_is_read_with_both_kinds_of_footnotes():
    found = read_words(
        "# Heading\n\nA **bold** word[^1] and ^[an *inner* note].\nSame line\\\nnext.\n\n"
        "1. one\n2. two\n   - inner\n\n[a](https://example.org/) ![map](m.png)\n\na) first\nb) second\n\n"
        "| x | y |\n|---|---|\n| z | 1 |\n\n[^1]: The note,\n\n    in two paragraphs.\n"
    )

    assert sources(found) == [
        "# Heading",
        "A **bold** word^[The note, in two paragraphs.] and ^[an *inner* note]. Same line\\\nnext.",
        "1. one\n2. two\n   - inner",
        "[a](https://example.org/)",
        "a) first\nb) second",
        *("x", "y", "z", "1"),
    ]
    assert found.findings.counts == {"images": 1, "tables": 1}


def test_html_in_markdown_is_words():
    assert sources(read_words("<script>alert(1)</script> <b>x</b>")) == ["<script>alert(1)</script> <b>x</b>"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read_in_the_encodings_that_editors_write(encoding):
    assert sources(read_file("Ջուր və su\n\nsecond".encode(encoding))) == ["Ջուր və su", "second"]
