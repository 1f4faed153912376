"""What is printed beside a text: every word of it, what came and went in more than colour, the facts attached."""

import io
import json

import pypdf
import pytest

from reports.publishing.canonical import canonical

from . import annexes, reading


def words(stored, name: str) -> str:
    return " ".join(reading.pages(stored(name)))


def test_a_redline_tells_what_came_went_and_moved_by_signs_and_words(stored):
    said = words(stored, "redline")

    assert "+inserted words: underlined, between plus signs+" in said.replace("+ ", "+").replace(" +", "+")
    assert "Moved here from: 2 Perspectives, Paragraph 3" in said
    assert "This section was moved here" in said and "The section “Perspectives” was moved from here" in said
    assert "Left out" in said and "New" in said
    assert "Əsmərxan Qızılgüloğlu-Şahverdizadə" in said and "თამვარ ბელიქაძე" in said


def test_a_redline_of_equal_texts_says_so_and_nothing_else():
    from reports.publishing.composition import compose

    order = annexes.redline()
    page = compose({**order, "since": order["text"]}).html

    assert "No differences." in page
    assert "One joint sentence" not in page


def test_a_table_of_comments_has_its_head_on_every_page_and_every_row(stored):
    pages = reading.pages(stored("comments"))

    assert len(pages) > 1
    assert all("Disposition and reason" in page for page in pages)
    assert "no longer in the text" in " ".join(pages) and "There is one bridge." in " ".join(pages)


def test_a_ledger_tells_keys_brackets_and_what_undid_an_agreement(stored):
    said = words(stored, "ledger")

    assert "Reopened: Veldania withdrew its agreement" in said
    assert "[one bridge] Korsia: We see two." in said
    assert "ad referendum until" in said and "The whole document" in said


@pytest.mark.parametrize(("name", "attached"), [("redline", ["earlier", "text"]), ("comments", ["dispositions"])])
def test_what_an_annex_says_is_attached_to_it(printed, name, attached):
    files = pypdf.PdfReader(io.BytesIO(printed(name))).attachments

    assert sorted(file.rpartition("-")[2].removesuffix(".json") for file in files) == attached
    assert all(canonical(json.loads(content[0])) == content[0] for content in files.values())
