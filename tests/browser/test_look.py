"""The parts of a page look and behave as docs/ui.md says: every width, light and dark, with and without scripts."""

import gzip

import pytest

from .conftest import DESK, NARROWEST, PHONE, check_page, sideways
from .watching import means_to_fail, settled

pytestmark = pytest.mark.django_db(transaction=True)

SIGNED_IN = "/gallery/?frame=signed-in"
# Letters on the fullest line of any paragraph, told by where each letter stands.
LONGEST_LINE = """() => Math.max(...[...document.querySelectorAll("main p")].map((one) => {
    const range = document.createRange(), lines = new Map();
    const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        if (text.parentElement.closest(".unseen")) continue;
        for (let at = 0; at < text.length; at++) {
            range.setStart(text, at), range.setEnd(text, at + 1);
            const box = range.getBoundingClientRect();
            if (box.width) lines.set(Math.round(box.bottom / 6), (lines.get(Math.round(box.bottom / 6)) ?? 0) + 1);
        }
    }
    return Math.max(0, ...lines.values());
}))"""
MOST_BYTES, MOST_REQUESTS = 50_000, 6


@pytest.fixture(autouse=True)
def gallery_is_open(settings) -> None:
    settings.PARLEY_GALLERY = True
    settings.ROOT_URLCONF = "tests.browser.gallery"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_part_is_accessible_and_obeys_the_policy(page_at, width, dark):
    page = page_at(width, dark)

    page.goto(SIGNED_IN)

    check_page(page)


@pytest.mark.parametrize("width", [NARROWEST, 480, 768, 1024, 1600])
def test_nothing_scrolls_sideways_at_any_width(page_at, width):
    page = page_at(width)

    page.goto(SIGNED_IN)

    assert sideways(page) == 0


def test_every_target_on_a_phone_is_large_enough_for_a_thumb(page_at):
    page = page_at(PHONE)

    page.goto(SIGNED_IN)

    too_small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, .nav a, .bottom-bar a, .tabs a, select, textarea")]
            .filter((one) => one.offsetParent && !one.closest("label"))
            .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert too_small == []


def test_lines_of_running_text_stop_at_72_characters(page_at):
    page = page_at(1600)

    page.goto(SIGNED_IN)

    assert page.evaluate(LONGEST_LINE) in range(60, 73)


def test_on_a_phone_the_switch_shows_one_column_of_views_without_any_script(page_at):
    page = page_at(PHONE, java_script_enabled=False)
    page.goto(SIGNED_IN)
    northern, southern = page.locator("#p-7"), page.locator("#p-9")
    assert (northern.is_visible(), southern.is_visible()) == (True, False)

    page.get_by_label("Southern view").check(force=True)

    assert (northern.is_visible(), southern.is_visible()) == (False, True)


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page_at):
    page = page_at(DESK)
    means_to_fail(page, "status of 404")
    page.goto("/no-such-page/")

    page.keyboard.press("Tab")
    skipped = page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")

    assert (skipped, page.evaluate("document.activeElement.id")) == ("skip", "main")


def test_the_menu_opens_by_keyboard_and_closes_by_escape(page_at):
    page = page_at(DESK)
    page.goto(SIGNED_IN)
    menu = page.locator(".menu summary")
    menu.focus()

    page.keyboard.press("Enter")
    opened = page.get_by_role("link", name="Settings").is_visible()
    page.keyboard.press("Escape")

    assert (opened, page.locator(".menu[open]").count()) == (True, 0)


def test_a_printed_page_has_neither_frame_nor_buttons(page_at):
    page = page_at(DESK)
    page.goto(SIGNED_IN)

    page.emulate_media(media="print")

    shown = {
        name: page.locator(name).first.is_visible()
        for name in (".masthead", ".foot", ".button", ".words", ".print-head")
    }
    assert shown == {".masthead": False, ".foot": False, ".button": False, ".words": True, ".print-head": True}


def test_a_first_page_is_light(page_at):
    page = page_at(PHONE)
    answers = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto("/account/login/")
    settled(page)

    sizes = {answer.url: carried(answer) for answer in answers}
    assert len(sizes) <= MOST_REQUESTS, "\n".join(sizes)
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def carried(answer) -> int:
    """Bytes on the line: text is compressed by the server, fonts are already."""
    body = answer.body()
    return len(body) if answer.url.endswith(".woff2") else len(gzip.compress(body))
