"""The alternat: each side is named first in its own copy, and the text is one."""

import hashlib
import io
import re

import pytest
from pypdf import PdfReader

from reports.publishing import composition, copies, input_digest
from reports.publishing.canonical import canonical

from . import reading, samples

COUNTRIES = {"ve": "Veldania", "ko": "Korsia", "ma": "Maresh"}


def html(text: dict, side: str) -> str:
    """The page of this side’s copy, signed."""
    return composition.compose(samples.order(samples.in_copies(text), signed=True) | {"copy_of": side}).html


def heads(page: str, table: str) -> list[str]:
    """What stands at the heads of the columns of people."""
    found = re.search(rf'<table class="people {table}">(.*?)</thead>', page, re.DOTALL)
    assert found
    return re.findall(r"<th[^>]*>(.*?)</th>", found[1])


def test_a_text_is_printed_once_for_all_unless_it_says_otherwise():
    order = samples.order(samples.report())

    assert copies(order) == [order]


def test_under_the_alternat_every_side_has_a_copy_of_one_and_the_same_text():
    order = samples.order(samples.in_copies(samples.report(3)))

    made = copies(order)

    assert [one["copy_of"] for one in made] == ["ve", "ko", "ma"]
    assert [one["text"] for one in made] == [order["text"]] * 3
    assert len({input_digest(one) for one in made}) == 3


@pytest.mark.parametrize(
    ("side", "order"),
    [
        ("ve", ["Veldania", "Korsia", "Maresh"]),
        ("ko", ["Korsia", "Veldania", "Maresh"]),
        ("ma", ["Maresh", "Veldania", "Korsia"]),
    ],
)
def test_the_side_leads_on_the_cover_among_the_authors_and_among_the_signatures(side, order):
    page = html(samples.report(3), side)

    assert re.findall(r'<p class="side">(.*?)</p>', page) == order
    assert heads(page, "authors") == [f"Members from {name}" for name in order]
    assert heads(page, "of-3") == order


def test_the_signatures_of_a_statement_lead_with_the_side_of_the_copy():
    assert heads(html(samples.statement(), "ko"), "of-2") == ["Korsia", "Veldania"]


def test_the_initials_lead_with_the_side_of_the_copy():
    text = samples.in_copies(samples.report())
    order = samples.order(text, signed=True)
    order["records"]["initials"] = [{"name": "Of Ve", "side": "ve"}, {"name": "Of Ko", "side": "ko"}]

    assert "Of Ko; Of Ve" in composition.compose(order | {"copy_of": "ko"}).html
    assert "Of Ve; Of Ko" in composition.compose(order | {"copy_of": "ve"}).html


def test_what_each_side_would_say_in_a_bracket_leads_with_the_side_of_the_copy():
    order = samples.order(samples.in_copies(samples.disputed()), draft="Draft 2")

    page = composition.compose(order | {"copy_of": "ko"}).html

    assert page.index("Korsia would say") < page.index("Veldania would say")


def test_a_side_keeps_its_tint_in_every_copy():
    tints = [
        re.findall(r'<div class="chair (tone-\d)">\s*<p class="side">(\w+)', html(samples.report(), side))
        for side in ("ve", "ko")
    ]

    assert tints == [[("tone-0", "Veldania"), ("tone-1", "Korsia")], [("tone-1", "Korsia"), ("tone-0", "Veldania")]]


def test_numbered_paragraphs_stand_in_one_order_in_every_copy():
    numbers = [re.findall(r'<span class="number">(\d+)</span>', html(samples.report(), side)) for side in ("ve", "ko")]

    assert numbers[0] == numbers[1] != []


@pytest.mark.parametrize("name", ["a side’s copy", "a side’s copy of a statement"])
def test_every_page_says_whose_copy_it_is(stored, name):
    pages = reading.pages(stored(name))

    assert [page for page in pages if "Copy of Korsia" not in page] == []


def test_no_other_print_speaks_of_copies(stored):
    assert [page for page in reading.pages(stored("report")) if "Copy of" in page] == []


def test_the_hash_that_is_printed_and_the_text_that_is_attached_are_those_of_the_one_text(printed, stored):
    whole = canonical(samples.in_copies(samples.report()))

    attached = PdfReader(io.BytesIO(printed("a side’s copy"))).attachments["h4k7m2q9r3tv-text.json"][0]

    assert attached == whole
    assert hashlib.sha256(whole).hexdigest() in "".join("".join(reading.pages(stored("a side’s copy"))).split())
