"""Brackets in a real browser: from the selected words to the page, and back to words that nobody types over."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, check_page
from .live import PATIENCE, LiveSite, article, type_at_end, until_saved, write


def open_one(page: Page, passage: str, words: str) -> None:
    """By the form, as without JavaScript."""
    page.goto(f"/passages/{passage}/bracket/")
    page.get_by_label("Words that your side does not agree to").fill(words)
    page.get_by_label("Why does your side not agree?").fill("We see two.")
    page.get_by_role("button", name="Open the bracket").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bracket of")


def select(page: Page, letters: int) -> None:
    """From the beginning of the text."""
    page.keyboard.press("Control+Home")
    for _ in range(letters):
        page.keyboard.press("Shift+ArrowRight")


def test_selected_words_lead_to_the_page_that_brackets_them(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani = site.page_of("member_a")
    write(ani, passage)
    type_at_end(ani, " Two banks.")
    select(ani, 9)

    article(ani, passage).get_by_role("button", name="Bracket…").click()

    expect(ani.get_by_label("Words that your side does not agree to")).to_have_value("One river", timeout=PATIENCE)
    ani.get_by_label("Why does your side not agree?").fill("We see two.")
    ani.get_by_role("button", name="Open the bracket").click()
    expect(ani.locator(".words").first).to_have_text("One river")
    check_page(ani)
    ani.goto(site.section)
    expect(article(ani, passage).locator(".words .bracket")).to_contain_text("One river")
    expect(article(ani, passage).locator(".brackets")).to_contain_text("We see two.")
    check_page(ani)


def test_nobody_types_over_words_in_a_bracket(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    his = write(samir, passage)
    open_one(ani, passage, "river")
    expect(his.locator(".bracketed")).to_have_text("river", timeout=PATIENCE)

    select(samir, 6)
    samir.keyboard.press("Delete")
    expect(article(samir, passage).locator(".live-bracketed")).to_contain_text("stand in a bracket")
    type_at_end(samir, " Two banks.")
    until_saved(samir, passage)

    expect(his).to_contain_text("Two banks.")
    expect(his.locator(".bracketed")).to_have_text("river")
    check_page(samir)


@pytest.mark.parametrize("dark", [False, True])
def test_a_bracket_is_read_on_a_phone(site: LiveSite, dark: bool) -> None:
    passage = site.do("joint", "One river.")
    ani = site.page_of("member_a", width=PHONE, dark=dark)
    open_one(ani, passage, "river")

    check_page(ani)
    ani.goto(site.section)
    expect(article(ani, passage).locator(".words .bracket")).to_contain_text("river")
    check_page(ani)


def test_a_bracket_that_comes_while_one_writes_is_seen_at_once(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    his = write(samir, passage)
    type_at_end(samir, " Two banks.")
    until_saved(samir, passage)

    open_one(ani, passage, "Two banks")

    expect(his.locator(".bracketed")).to_have_text("Two banks", timeout=PATIENCE)
    type_at_end(samir, " Three.")
    until_saved(samir, passage)
    hers = site.page_of("member_a")
    text = write(hers, passage)
    expect(text).to_contain_text("Three.")
