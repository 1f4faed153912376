"""The search in a real browser: from the frame's box to the place itself, by keyboard alone, and on a phone."""

import pytest
from playwright.sync_api import expect

from parley.search.keeping import rebuild
from tests.factories import World
from tests.factories.kept import world_again

from .conftest import DESK, PHONE, PageAt, check_page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(live_server) -> World:
    made = world_again()
    rebuild()
    return made


def test_words_lead_from_the_box_to_the_place_where_they_stand(page_at: PageAt, made: World) -> None:
    page = page_at(DESK, user=made.member_a)
    page.goto("/help/")

    page.get_by_label("Search in all that you may read").fill("canaryquailnorth")
    page.keyboard.press("Enter")

    expect(page.locator("mark")).to_have_count(2)
    check_page(page)
    page.locator(".search-where a").first.click()
    expect(page.locator("article.passage").filter(has_text="canaryquailnorth").first).to_be_in_viewport()


def test_on_a_phone_the_menu_leads_to_the_search(page_at: PageAt, made: World) -> None:
    page = page_at(PHONE, dark=True, user=made.member_a)
    page.goto("/help/")

    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Words to look for").fill("river")
    page.get_by_text("Narrow the search").click()
    page.get_by_label("Voice").select_option("view")
    page.get_by_role("button", name="Search").click()

    expect(page.locator(".search-count")).to_have_text("2 places")
    check_page(page)
