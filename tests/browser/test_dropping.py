"""A PDF is dropped on the verification page; one that is too large is refused before it is sent."""

import pytest
from playwright.sync_api import Page

from tests.reports.signing.hands import at

from .conftest import PHONE, PageAt, check_page

pytestmark = pytest.mark.django_db(transaction=True)

DROP = """([sizes]) => {
  const held = new DataTransfer();
  const pdf = (size) => new File(["%PDF-1.7\\n".padEnd(size)], "report.pdf", { type: "application/pdf" });
  for (const size of sizes) held.items.add(pdf(size));
  const event = (kind) => new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: held });
  document.body.dispatchEvent(event("dragenter"));
  const marked = document.querySelector(".to-check").classList.contains("dropping");
  document.body.dispatchEvent(event("drop"));
  return [marked, document.querySelector("input[type=file]").files.length];
}"""


def drop(page: Page, *sizes: int) -> tuple[list, str]:
    """Whether the form showed where the file would land, how many files it took, and what it said of them."""
    told = page.evaluate(DROP, [list(sizes)])
    return told, page.locator("#id_file_dropped").inner_text()


def test_a_file_is_dropped_and_checked_and_a_large_one_never_sent(page_at: PageAt) -> None:
    page = page_at(PHONE)
    page.goto(at("verify"))

    large, two, one = drop(page, 20_000_001), drop(page, 20, 20), drop(page, 400)
    check_page(page)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("No signed text in this file").wait_for()

    assert large == ([True, 0], "This file is larger than 20 MB, larger than any document made here.")
    assert two == ([True, 0], "Choose one file at a time.")
    assert one == ([True, 1], "")
