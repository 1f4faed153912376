"""Other words in a browser: proposed, offered, taken, agreed anew; each page whole at a desk, on a phone and dark."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from reports.actions.passages import save_passage
from reports.models import PassageState, Proposal
from tests.factories import World, text, world
from tests.reports.drafting.branches import drafted, offered
from tests.reports.drafting.hands import settle

from .conftest import DESK, NARROWEST, PHONE, PageAt, check_page
from .test_drafting import _empty_cache, at, open_for  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)
RIVER = "Both sides drink from one river."
ORLA = "Both sides drink from the Orla."


@pytest.fixture
def made(transactional_db) -> World:
    return world()


def checked(page: Page, name: str) -> None:
    """The page is whole; with PARLEY_PICTURES it is also drawn into that folder."""
    check_page(page)
    if folder := os.environ.get("PARLEY_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize(("width", "dark"), [(DESK, False), (PHONE, True)])
def test_other_words_go_from_a_draft_into_the_text(page_at: PageAt, made: World, width: int, dark: bool) -> None:
    page = open_for(page_at, made.co_chair_b, at("section", section=made.section), width=width, dark=dark)
    foot = page.locator(f"#p-{made.joint.public_id}")
    foot.get_by_text("More").click()
    foot.get_by_role("link", name="Propose other words…").click()
    checked(page, "1-begin")
    page.get_by_label("Words", exact=True).fill(ORLA)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/proposals/**")
    checked(page, "2-draft")
    page.get_by_role("link", name="Offer to all…").click()
    checked(page, "3-offer")
    page.get_by_label("Why do you propose these words?").fill("The river has a name.")
    page.get_by_role("button", name="Offer exactly this").click()
    page.get_by_text("Offered. All who read the passage see it.").wait_for()

    reader = open_for(page_at, made.co_chair_a, at("section", section=made.section), width=width, dark=dark)
    checked(reader, "4-section")
    reader.get_by_role("link", name="Southland", exact=True).click()
    checked(reader, "5-proposal")
    reader.get_by_role("button", name="Take exactly these words").click()
    reader.wait_for_url("**/sections/**")

    made.joint.refresh_from_db()
    assert made.joint.tabled.plain == ORLA


@pytest.mark.parametrize("width", [DESK, NARROWEST])
def test_the_further_pages_are_whole(page_at: PageAt, made: World, width: int) -> None:
    overlapping = offered(made.joint, made.member_b, ORLA)
    for_a_view = offered(made.view_a, made.member_b, "The Orla rises with us.")
    own = drafted(made.joint, made.co_chair_a, "Mine alone.")
    save_passage(made.joint, text=text("Both sides drink from one lake."), version=1, by=made.member_a)
    page = open_for(page_at, made.co_chair_a, at("proposals", document=made.document), width=width)
    checked(page, "6-list")

    for name, proposal in (
        ("proposal", overlapping),
        ("proposal", for_a_view),
        ("proposal", own),
        ("write_proposal", own),
        ("withdraw_proposal", own),
        ("decline_proposal", for_a_view),
    ):
        page.goto(at(name, proposal=proposal))
        checked(page, f"7-{name}-{proposal.passage.voice}")
    page.goto(at("document", document=made.document))
    checked(page, "8-document")


def test_agreed_words_are_changed_by_both_keys(page_at: PageAt, made: World) -> None:
    proposal = offered(made.joint, made.member_b, ORLA)
    settle(made, made.joint)
    first = open_for(page_at, made.co_chair_b, at("proposal", proposal=proposal))
    first.get_by_role("button", name="Turn the key on these words").click()
    first.wait_for_url("**/motions/**")
    checked(first, "9-motion")

    second = open_for(page_at, made.co_chair_a, first.url)
    second.get_by_role("button", name="Turn").click()
    second.get_by_text("Your side’s key is turned.").wait_for()

    made.joint.refresh_from_db()
    assert (made.joint.state, made.joint.tabled.plain) == (PassageState.AGREED, ORLA)
    assert Proposal.objects.get().state == "taken"
