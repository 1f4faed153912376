"""The words of the text come out of the file complete, in order, and with nothing left out or added between them."""

import pytest

from . import reading, samples
from .conftest import DRAFT, ORDERS, SPECIMEN

# Between words that are not agreed and the others stand signs.
WITHOUT_SIGNS = [name for name in ORDERS if name != "disputed draft"]


@pytest.mark.parametrize("name", WITHOUT_SIGNS)
def test_every_passage_stands_in_the_file_in_the_order_of_the_text(stored, name):
    text = ORDERS[name]()["text"]

    assert reading.out_of_place(text, reading.pages(stored(name))) == []


def test_a_passage_that_is_missing_would_be_found_missing(stored):
    text = samples.final_text([samples.section(1, "", samples.item(77, samples.paragraph("Nowhere printed.")))])

    assert reading.out_of_place(text, reading.pages(stored("report"))) == ["passage77"]


def test_other_scripts_come_out_letter_by_letter(stored):
    words = " ".join(reading.pages(stored("report")))

    for expected in (
        "Մենք համաձայն ենք և կշարունակենք։",
        "ჩვენ თანახმა ვართ.",
        "Biz razıyıq, İçərişəhər ğüşöç.",
        "Мы согласны.",
    ):
        assert expected in words
    assert "Ծանոթագրություն, შენიშვნა, примечание, qeyd." in words


def test_the_cover_names_the_co_chairs_and_their_sides(stored):
    cover = reading.pages(stored("report"))[0]

    assert "Joint report Report of the Thematic Group on the River April 2031" in cover
    assert "Veldania Ilvane Dar-Oskelan Իլվանե Դար-Օսկելան Co-chair" in cover
    assert "Korsia Əsmərxan Qızılgüloğlu- Şahverdizadə Co-chair" in cover


def test_authors_stand_by_side_with_a_withheld_name_as_its_phrase(stored):
    authors = reading.pages(stored("report"))[1]

    assert "Members from Veldania Members from Korsia" in authors
    assert "Veldanio Member-Number 1 Veldanio Member-Number 2 a member from Veldania" in authors
    assert "c" * 64 not in authors


def test_contents_give_the_page_of_each_part(stored):
    pages = reading.pages(stored("report"))
    contents = pages[1].partition("Contents ")[2]

    for title in (
        "1 Introduction",
        "3 Recommendations",
        "R1 Reopen the ferry",
        "Reservations",
        "Signatures",
        "About Lantern House",
    ):
        number = int(contents.partition(title)[2].split()[0])
        assert title in pages[number - 1]


def test_recommendations_carry_number_addressee_horizon_and_lettered_options(stored):
    words = " ".join(reading.pages(stored("report")))

    assert "R1 Reopen the ferry Addressee Both harbour offices Horizon Within a year" in words
    assert "The ferry could run if: a) the landing is rebuilt; b) the fare is agreed." in words
    assert "R2 Count the salmon 92 Together, each spring." in words


def test_a_view_is_attributed_and_headed_by_its_side(stored):
    words = " ".join(reading.pages(stored("report")))

    assert "Veldanian perspective Korsian reply" in words
    assert "From Veldania’s perspective: The bridge came first." in words


def test_footnotes_stand_at_the_foot_of_the_page_of_their_call(stored):
    page = next(page for page in reading.pages(stored("report")) if "A measured claim" in page)

    assert page.index("A measured claim1 and a source.") < page.index("1 Gauge readings of Lower Weir, spring.")


def test_footnotes_are_numbered_through_the_document_not_by_page(stored):
    pages = reading.pages(stored("report"))

    notes = ("1 Gauge readings of Lower Weir", "2 A note inside a view.", "3 Ծանոթագրություն")
    found = [next(number for number, page in enumerate(pages) if note in page) for note in notes]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_a_draft_says_so_on_every_page_and_has_nothing_to_sign(stored):
    pages = reading.pages(stored("draft"))

    assert [number for number, page in enumerate(pages, 1) if DRAFT not in page] == []
    assert [number for number, page in enumerate(pages, 1) if "SHA-256" in page] == [1]  # of its text, on the cover


def test_a_specimen_says_so_on_every_page(stored):
    pages = reading.pages(stored("four sides")) + reading.pages(stored("draft statement"))

    assert [number for number, page in enumerate(pages, 1) if SPECIMEN not in page] == []


def test_a_signed_document_is_marked_nowhere(stored):
    words = " ".join(reading.pages(stored("report")))

    assert DRAFT not in words
    assert SPECIMEN not in words


def test_a_statement_gives_masthead_place_lead_and_numbered_sentences(stored):
    words = " ".join(reading.pages(stored("statement")))

    assert "Joint Statement on the Bridge Port Amity, April 2031 Third meeting of the Platform" in words
    assert "The members of the Platform, having met: 1 Sentence number 1." in words


def test_labels_come_from_the_text_in_its_language(tmp_path):
    from reports.publishing import render_bounded

    text = samples.report() | {"language": "hy", "labels": {"contents": "Բովանդակություն", "about": "{host}՝ ով ենք"}}
    file = tmp_path / "armenian.pdf"
    file.write_bytes(render_bounded(samples.order(text)))

    words = " ".join(reading.pages(file))

    assert "Բովանդակություն" in words
    assert "Lantern House՝ ով ենք" in words
    assert "Contents" not in words
