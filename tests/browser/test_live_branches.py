"""Other words written live on the page of their proposal, in real browsers against a real server."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories.world import CANARY_A

from .conftest import DESK, PHONE, check_page
from .live import JUST_FOCUSED, PATIENCE, LiveSite, reads, type_at_end, without_a_line
from .watching import means_to_fail

RIVER, ORLA = "Both sides drink from one river.", "Both sides drink from the Orla."


def begun(site: LiveSite, *, of_side: bool = True) -> tuple[str, str]:
    """A joint passage and other words for it."""
    passage = site.do("joint", RIVER)
    return passage, site.do("branch", passage, "member_a", ORLA, of_side)


def page_of(site: LiveSite, role: str, proposal: str, width: int = DESK, dark: bool = False) -> Page:
    page = site.page_of(role, width, dark)
    page.goto(f"/proposals/{proposal}/")
    return page


def write(page: Page, name: str = "Write") -> Locator:
    page.get_by_role("link", name=name, exact=True).click()
    return text_in(page)


def text_in(page: Page) -> Locator:
    found = page.locator(".live-text[contenteditable=true]")
    expect(found).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(JUST_FOCUSED)
    return found


def until_saved(page: Page) -> None:
    expect(page.locator(".live-status")).to_contain_text("Saved", timeout=PATIENCE)


def checked(page: Page, name: str) -> None:
    """The page is whole; with PARLEY_PICTURES it is also drawn into that folder."""
    check_page(page)
    if folder := os.environ.get("PARLEY_PICTURES"):
        page.screenshot(path=Path(folder) / f"branch-{name}.png", full_page=True)


def test_two_of_a_side_write_one_branch_at_once_and_the_page_shows_what_it_changes(site: LiveSite) -> None:
    _passage, proposal = begun(site)
    ani, karen = page_of(site, "member_a", proposal), page_of(site, "co_chair_a", proposal)
    hers, his = write(ani), write(karen)

    type_at_end(ani, " It rises.")
    reads(his, f"{ORLA} It rises.")
    karen.keyboard.press("Control+Home")
    karen.keyboard.type("We say: ")
    reads(hers, f"We say: {ORLA} It rises.")
    until_saved(ani)
    until_saved(karen)
    expect(ani.locator(".live-others")).to_contain_text("Also writing here:")
    expect(hers.locator(".caret")).to_have_count(1)
    expect(ani.get_by_role("heading", name="As they would read")).to_be_hidden()
    expect(ani.get_by_role("heading", name="The words it changes")).to_be_visible()
    expect(ani.locator("[data-tool=comment], [data-tool=bracket]").first).to_be_hidden()
    checked(ani, "two")
    ani.keyboard.press("Control+z")
    reads(his, f"We say: {ORLA}")
    ani.keyboard.press("Control+y")
    reads(his, f"We say: {ORLA} It rises.")

    ani.get_by_role("button", name="Done").click()

    expect(ani.locator(".live")).to_have_count(0)
    expect(ani.locator("section[data-beside] .words")).to_have_text(f"We say: {ORLA} It rises.", timeout=PATIENCE)
    expect(ani.get_by_role("link", name="Write", exact=True)).to_be_focused()
    assert site.do("states_of", proposal)[-1] == f"We say: {ORLA} It rises."
    checked(ani, "done")


def test_letters_of_both_survive_a_server_that_is_killed_between_them(site: LiveSite) -> None:
    _passage, proposal = begun(site)
    ani, karen = page_of(site, "member_a", proposal), page_of(site, "co_chair_a", proposal)
    hers, his = write(ani), write(karen)

    site.kill()
    type_at_end(ani, " Hers.")
    karen.keyboard.press("Control+Home")
    karen.keyboard.type("His. ")
    expect(ani.locator(".live-status")).to_contain_text("No connection", timeout=PATIENCE)
    site.start()

    reads(hers, f"His. {ORLA} Hers.")
    reads(his, f"His. {ORLA} Hers.")
    until_saved(ani)
    until_saved(karen)


def test_words_typed_offline_survive_a_reload(site: LiveSite) -> None:
    _passage, proposal = begun(site, of_side=False)
    ani = page_of(site, "member_a", proposal)
    write(ani)
    without_a_line(ani)
    site.kill()
    type_at_end(ani, " Typed without a server.")
    ani.wait_for_timeout(500)  # kept every 300 ms
    ani.once("dialog", lambda dialog: dialog.accept())
    site.start()

    ani.reload()

    reads(text_in(ani), f"{ORLA} Typed without a server.")
    until_saved(ani)


def test_a_footnote_of_a_branch_is_written_in_its_dialog_and_stands_in_the_draft(site: LiveSite) -> None:
    _passage, proposal = begun(site)
    ani = page_of(site, "member_a", proposal)
    write(ani)
    ani.keyboard.press("Control+End")
    ani.get_by_role("button", name="Footnote…").click()
    ani.keyboard.type("A name of the river.")
    ani.get_by_role("button", name="Keep").click()
    until_saved(ani)

    ani.get_by_role("button", name="Done").click()

    expect(ani.locator("section[data-beside] .footnotes")).to_contain_text("A name of the river.", timeout=PATIENCE)


def test_what_the_others_change_in_the_passage_comes_into_the_open_branch(site: LiveSite) -> None:
    passage, proposal = begun(site)
    ani = page_of(site, "member_a", proposal)
    hers = write(ani)
    type_at_end(ani, " It rises.")
    until_saved(ani)

    samir = site.page_of("member_b")
    samir.goto(f"/passages/{passage}/write/")
    samir.get_by_label("Words", exact=True).fill(RIVER.replace("Both", "All"))
    samir.get_by_role("button", name="Save").click()

    reads(hers, "All sides drink from the Orla. It rises.")
    ani.get_by_role("button", name="Show", exact=True).click(timeout=PATIENCE)
    expect(ani.locator(".versions > section").first.locator(".words")).to_have_text("All sides drink from one river.")
    expect(ani.get_by_role("heading", name="As they would read")).to_be_hidden()
    ani.keyboard.press("Control+z")
    reads(hers, "All sides drink from the Orla. It rises.")
    hers.click()
    ani.keyboard.press("Control+z")
    reads(hers, "All sides drink from the Orla.")


def test_the_key_holders_offer_ends_the_writing_and_who_writes_on_begins_a_newer_draft(site: LiveSite) -> None:
    _passage, proposal = begun(site)
    ani = page_of(site, "member_a", proposal)
    write(ani)
    type_at_end(ani, " It rises.")
    until_saved(ani)

    site.do("offer", proposal)

    expect(ani.locator(".live-ended")).to_have_text(
        "These words were offered. What you write from now on is a newer draft.", timeout=PATIENCE
    )
    checked(ani, "offered")
    ani.get_by_role("button", name="Show the proposal as it is now").click()
    hers = write(ani, "Write it anew")
    reads(hers, f"{ORLA} It rises.")
    type_at_end(ani, " It falls.")
    until_saved(ani)
    checked(ani, "anew")
    ani.get_by_role("button", name="Done").click()
    expect(ani.get_by_role("heading", name="A newer draft, not offered yet")).to_be_visible()
    assert site.do("states_of", proposal) == [ORLA, f"{ORLA} It rises.", f"{ORLA} It rises. It falls."]


def test_a_membership_that_ends_in_mid_word_ends_the_writing(site: LiveSite) -> None:
    passage = site.do("joint", RIVER)
    proposal = site.do("branch", passage, "member_c", ORLA, False)
    leaver = page_of(site, "member_c", proposal)
    write(leaver)
    type_at_end(leaver, " Mine.")
    until_saved(leaver)

    site.do("leave", "member_c", "co_chair_b")

    expect(leaver.locator(".live-ended")).to_contain_text("You can’t write here any more", timeout=PATIENCE)
    expect(leaver.locator(".live-text")).to_have_attribute("contenteditable", "false")


@pytest.mark.parametrize("of_side", [True, False], ids=["a side’s", "a person’s"])
def test_nothing_of_a_branch_reaches_others_before_it_is_offered_nor_what_was_deleted_in_it_after(
    site: LiveSite, of_side: bool
) -> None:
    _passage, proposal = begun(site, of_side=of_side)
    samir, faye = site.page_of("co_chair_b"), site.page_of("facilitator")
    ani = page_of(site, "member_a", proposal)
    write(ani)
    heard_before = [len(page.frames_heard) for page in (samir, faye)]  # type: ignore[attr-defined]

    type_at_end(ani, f" {CANARY_A}")
    until_saved(ani)
    for _letter in f" {CANARY_A}":
        ani.keyboard.press("Backspace")
    until_saved(ani)
    samir.wait_for_timeout(1500)

    for page, before in zip((samir, faye), heard_before, strict=True):
        assert page.frames_heard[before:] == []  # type: ignore[attr-defined]
    if of_side:
        site.do("offer", proposal)
        samir.goto(f"/proposals/{proposal}/")
        expect(samir.locator(".versions .words").last).to_have_text(ORLA)
        assert "/ws/section/" not in samir.content()
    for page in (samir, faye):
        assert CANARY_A.encode() not in b"".join(page.frames_heard)  # type: ignore[attr-defined]
        assert CANARY_A not in page.content()


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (PHONE, True), (DESK, True)])
def test_the_page_of_a_branch_that_is_written_is_whole(site: LiveSite, width: int, dark: bool) -> None:
    _passage, proposal = begun(site)
    ani = page_of(site, "member_a", proposal, width, dark)
    checked(ani, f"still-{width}-{'dark' if dark else 'light'}")
    write(ani, "Write together, live" if width == PHONE else "Write")
    type_at_end(ani, " It rises.")
    until_saved(ani)
    checked(ani, f"open-{width}-{'dark' if dark else 'light'}")


def test_on_a_phone_the_plain_form_comes_first_and_meets_the_live_words(site: LiveSite) -> None:
    _passage, proposal = begun(site)
    karen = page_of(site, "co_chair_a", proposal)
    write(karen)
    ani = page_of(site, "member_a", proposal, PHONE)
    ani.get_by_role("link", name="Write", exact=True).click()
    ani.wait_for_url("**/write/")
    type_at_end(karen, " Live.")
    until_saved(karen)

    means_to_fail(ani, "status of 409")
    ani.get_by_label("Words", exact=True).fill("Plain.")
    ani.get_by_role("button", name="Save").click()

    expect(ani.get_by_role("heading", name="Two people wrote at once")).to_be_visible()
    expect(ani.locator(".versions")).to_contain_text(f"{ORLA} Live.")
    expect(ani.locator(".versions")).to_contain_text("Plain.")
    ani.get_by_role("button", name="Save what stands in my field").click()
    reads(karen.locator(".live-text"), "Plain.")
