"""Bringing words in from a file, at the desk and on the phone, in light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.reports.importing.files import commented, deleted, docx, entry, inserted, note, paragraph, picture

from .conftest import DESK, PHONE, check_page
from .live import LiveSite

FILE = docx(
    paragraph("Of the waters", style="Heading1"),
    paragraph("We ", inserted("shall "), deleted("may "), "agree", note(2), commented(" on the river"), "."),
    entry("Ջուրը բոլորինն է", 1),
    entry("Su hamınındır: ə ğ ı ş", 1),
    paragraph("Supercalifragilistic" * 6, picture()),
    notes={2: "Source: the ministry."},
    comments={5: "Is that so?"},
)


@pytest.mark.parametrize(("width", "dark"), [(DESK, False), (PHONE, True)])
def test_a_word_file_becomes_passages(site: LiveSite, tmp_path: Path, width: int, dark: bool) -> None:
    (tmp_path / "draft.docx").write_bytes(FILE)
    site.do("joint", "One river.")
    page = site.page_of("member_a", width, dark)
    page.get_by_role("link", name="Bring in words from a file").last.click()
    check_page(page)

    page.get_by_label("A file", exact=False).first.set_input_files(tmp_path / "draft.docx")
    page.get_by_role("button", name="See what would be stored").click()
    expect(page.get_by_text("The file holds tracked changes")).to_be_visible()
    check_page(page)
    page.get_by_label("Piece 1", exact=True).select_option("out")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("heading", name="Left out")).to_be_visible()
    page.get_by_role("button", name="Store, with the changes accepted").click()

    expect(page.get_by_text("2 passages are stored.")).to_be_visible()
    expect(page.get_by_text("We shall agree").first).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(DESK, True), (PHONE, False)])
def test_words_go_into_a_passage_and_its_writers_are_told(site: LiveSite, width: int, dark: bool) -> None:
    passage = site.do("joint", "The river falls.^[A source.]")
    page = site.page_of("member_b", width, dark)
    page.goto(f"/passages/{passage}/import/")
    page.get_by_label("Or the words themselves", exact=False).fill("The river **rises**.^[A newer source.]")
    page.get_by_role("button", name="See what would be stored").click()
    check_page(page)

    page.get_by_role("button", name="Store").click()
    page.goto(f"/passages/{passage}/writers/")

    expect(page.locator("ol.writers > li")).to_have_count(2)
    check_page(page)
