"""People write one passage live, in real browsers against a real server: nothing is lost, nothing crosses a fence."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.factories.world import CANARY_A

from .conftest import DESK, PHONE, check_page
from .live import (
    PATIENCE,
    LiveSite,
    article,
    cut_off,
    paste,
    reads,
    text_in,
    type_at_end,
    until_saved,
    without_a_line,
    write,
)
from .watching import means_to_fail, settled, until


def said(page: Page, passage: str) -> str:
    return article(page, passage).locator(".live-status").inner_text()


def done(page: Page, passage: str) -> None:
    article(page, passage).get_by_role("button", name="Done").click()


def paragraphs(text: dict) -> list[str]:
    return ["".join(piece.get("text", "") for piece in block.get("content", [])) for block in text["content"]]


# ---------- Together ----------
def test_two_people_write_one_passage_at_once(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    hers, his = write(ani, passage), write(samir, passage)

    type_at_end(ani, " Two banks.")
    reads(his, "One river. Two banks.")
    samir.keyboard.press("Control+Home")
    samir.keyboard.type("We share ")

    reads(hers, "We share One river. Two banks.")
    until_saved(ani, passage)
    until_saved(samir, passage)
    expect(article(ani, passage).locator(".live-others")).to_have_text("Also writing here: Member B")
    expect(hers.locator(".caret")).to_have_attribute("data-name", "Member B")
    check_page(ani)


def test_letters_of_both_survive_a_server_that_is_killed_between_them(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    hers, his = write(ani, passage), write(samir, passage)
    type_at_end(ani, " Before.")
    until_saved(ani, passage)

    site.kill()
    type_at_end(ani, " Hers.")
    samir.keyboard.press("Control+Home")
    samir.keyboard.type("His. ")
    expect(article(ani, passage).locator(".live-status")).to_contain_text("No connection", timeout=PATIENCE)
    site.start()

    reads(hers, "His. Start. Before. Hers.")
    reads(his, "His. Start. Before. Hers.")
    until_saved(ani, passage)
    until_saved(samir, passage)
    check_page(ani)


def test_undo_takes_back_ones_own_letters_only(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    hers, his = write(ani, passage), write(samir, passage)
    type_at_end(ani, " Hers.")
    reads(his, "Start. Hers.")
    samir.keyboard.press("Control+Home")
    samir.keyboard.type("His. ")
    reads(hers, "His. Start. Hers.")

    ani.keyboard.press("Control+z")

    reads(his, "His. Start.")
    expect(article(ani, passage).get_by_role("button", name="Redo")).to_be_enabled(timeout=1000)
    article(ani, passage).get_by_role("button", name="Redo").click()
    reads(his, "His. Start. Hers.")


def test_whoever_reads_a_joint_passage_sees_it_as_it_is_written(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    reader, ani = site.page_of("facilitator"), site.page_of("member_a")
    write(ani, passage)

    type_at_end(ani, " Two banks.")

    expect(article(reader, passage).locator(".words")).to_have_text("One river. Two banks.", timeout=PATIENCE)
    expect(article(reader, passage).locator(".being-written")).to_have_text("These words are being written just now.")
    assert article(reader, passage).get_by_role("link", name="Write").count() == 0
    check_page(reader)


def test_words_that_a_reader_commented_on_stay_marked_while_others_write_beside_them(site: LiveSite) -> None:
    passage = site.do("joint", "Both sides drink from the river, and both sides fish in it.")
    site.do("comment", passage, "Both sides", "fish")
    reader, ani = site.page_of("facilitator"), site.page_of("member_a")
    words, marked = article(reader, passage).locator(".words"), article(reader, passage).locator("mark.commented")
    expect(marked).to_have_text(["Both sides", "fish"])
    write(ani, passage)

    ani.keyboard.press("Control+Home")
    ani.keyboard.type("Today fish: ")
    type_at_end(ani, " All swim.")

    expect(words).to_contain_text("All swim.", timeout=PATIENCE)
    expect(marked).to_have_text(["Both sides", "fish"])
    assert marked.first.evaluate("mark => mark.previousSibling.data") == "Today fish: "
    assert marked.nth(1).evaluate("mark => mark.previousSibling.data.endsWith('both sides ')")
    assert article(reader, passage).locator("mark.commented + .comment-call").count() == 2
    check_page(reader)


def test_a_term_of_the_glossary_is_underlined_and_says_why_where_the_caret_stands(site: LiveSite) -> None:
    site.do("term", "the war party", "It blames.")
    passage = site.do("joint", "They left.")
    ani = site.page_of("member_a")
    words, why = write(ani, passage), article(ani, passage).locator('[data-part="term"]')

    type_at_end(ani, " The war party came.")
    underlined = words.locator(".term-avoid")
    expect(underlined).to_have_text("The war party", timeout=PATIENCE)
    expect(why).to_be_empty()
    for _letter in range(8):
        ani.keyboard.press("ArrowLeft")

    expect(why).to_contain_text("“The war party” is a term to avoid, as the programme has agreed. It blames.")
    check_page(ani)


def test_leaving_the_editor_makes_the_words_a_revision_and_the_page_shows_them(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani = site.page_of("member_a")
    write(ani, passage)
    type_at_end(ani, " Two banks.")

    with ani.expect_response(f"**{site.section}", timeout=PATIENCE):  # the page shows itself anew with the revision
        done(ani, passage)
        expect(article(ani, passage).locator(".live")).to_have_count(0)
        expect(article(ani, passage).locator(".words")).to_have_text("One river. Two banks.")

    settled(ani)
    site.until(lambda: site.do("is_cut", passage))
    assert paragraphs(site.do("text_of", passage)) == ["One river. Two banks."]
    expect(article(ani, passage).get_by_role("link", name="Write")).to_be_focused()
    expect(ani.locator("#page-changed")).to_be_hidden()
    article(ani, passage).get_by_text("More").click()
    article(ani, passage).get_by_role("link", name="History").click()
    expect(ani.locator("#main")).to_contain_text("Two banks.")


def test_the_page_shows_itself_anew_around_an_open_editor(site: LiveSite) -> None:
    passage, other = site.do("joint", "One river."), site.do("joint", "Another.")
    ani = site.page_of("member_a")
    hers = write(ani, passage)
    type_at_end(ani, " Two banks.")
    until_saved(ani, passage)
    samir = site.page_of("member_b")
    samir.goto(f"/passages/{other}/write/")
    samir.get_by_label("Words", exact=True).fill("Another, changed.")
    samir.get_by_role("button", name="Save").click()

    ani.get_by_role("button", name="Show").click(timeout=PATIENCE)

    expect(article(ani, other).locator(".words")).to_have_text("Another, changed.")
    expect(article(ani, passage).locator(".words:visible")).to_have_count(1)
    hers.click()
    type_at_end(ani, " Three hills.")
    until_saved(ani, passage)
    assert paragraphs(site.do("cut_text_of", passage)) == ["One river. Two banks. Three hills."]
    check_page(ani)


# ---------- The fence ----------
def test_nothing_of_a_caucus_reaches_the_other_side_by_any_frame(site: LiveSite) -> None:
    passage = site.do("view", "The river rises with us.", True)
    samir, ani = site.page_of("co_chair_b"), site.page_of("member_a")
    chair = site.page_of("co_chair_a")
    write(ani, passage)
    theirs = write(chair, passage)
    heard_before = len(samir.frames_heard)  # type: ignore[attr-defined]

    type_at_end(ani, f" {CANARY_A} in mid-word")
    reads(theirs, f"The river rises with us. {CANARY_A} in mid-word")
    samir.wait_for_timeout(1500)

    expect(article(ani, passage).locator(".fence").first).to_contain_text("Only your side sees this.")
    assert samir.frames_heard[heard_before:] == []  # type: ignore[attr-defined]
    assert CANARY_A.encode() not in b"".join(samir.frames_heard)  # type: ignore[attr-defined]
    assert CANARY_A not in samir.content()


def test_what_was_deleted_in_caucus_is_in_no_frame_after_tabling(site: LiveSite) -> None:
    passage = site.do("view", "The river rises with us.")
    ani = site.page_of("member_a")
    write(ani, passage)
    type_at_end(ani, f" {CANARY_A}")
    until_saved(ani, passage)
    for _letter in f" {CANARY_A}":
        ani.keyboard.press("Backspace")
    type_at_end(ani, " And falls.")
    until_saved(ani, passage)
    done(ani, passage)
    site.until(lambda: site.do("is_cut", passage))
    site.do("table", passage)

    samir, again = site.page_of("member_b"), site.page_of("member_a")
    reads(write(again, passage), "The river rises with us. And falls.")

    assert CANARY_A.encode() not in b"".join(again.frames_heard + samir.frames_heard)  # type: ignore[attr-defined]
    expect(article(samir, passage).locator(".words")).to_contain_text("The river rises with us. And falls.")


# ---------- Bad lines ----------
def test_words_typed_offline_survive_a_reload(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    ani = site.page_of("member_a")
    write(ani, passage)
    without_a_line(ani)
    site.kill()
    type_at_end(ani, " Typed without a server.")
    until(ani, lambda: kept(ani))
    ani.once("dialog", lambda dialog: dialog.accept())
    site.start()

    ani.reload()

    reads(text_in(ani, passage), "Start. Typed without a server.")
    until_saved(ani, passage)
    assert kept(ani) == []


def test_leaving_the_page_with_unsaved_words_asks_first(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    ani = site.page_of("member_a")
    write(ani, passage)
    cut_off(ani)
    type_at_end(ani, " Unsaved.")
    asked: list[str] = []
    ani.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    ani.evaluate("location.reload()")
    until(ani, lambda: asked)

    assert asked == ["beforeunload"]
    ani.context.set_offline(False)
    until_saved(ani, passage)


def test_a_connection_that_dies_is_said_in_words_and_typing_goes_on(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    ani = site.page_of("member_a")
    hers = write(ani, passage)
    cut_off(ani)

    type_at_end(ani, " Offline.")

    expect(article(ani, passage).locator(".live-status")).to_have_text(
        "No connection: you can go on writing; your words wait on this page.", timeout=PATIENCE
    )
    type_at_end(ani, " Still.")
    reads(hers, "Start. Offline. Still.")
    ani.context.set_offline(False)
    until_saved(ani, passage)
    site.until(lambda: paragraphs(site.do("cut_text_of", passage)) == ["Start. Offline. Still."])


def kept(page: Page) -> list[str]:
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('parley:live:'))")


def test_leaving_quickly_forgets_what_was_not_saved(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    ani = site.page_of("member_a")
    write(ani, passage)
    cut_off(ani)
    type_at_end(ani, " Unsaved.")
    until(ani, lambda: kept(ani))
    had = len(kept(ani))
    ani.context.set_offline(False)
    site.kill()

    ani.evaluate("document.querySelector('form[data-leave]').requestSubmit()")
    ani.wait_for_url(lambda url: "/sections/" not in url)
    site.start()

    assert had == 1
    ani.goto("/account/login/")
    assert kept(ani) == []


def test_signing_out_first_shows_what_could_not_be_saved(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    ani = site.page_of("member_a")
    write(ani, passage)
    cut_off(ani)
    type_at_end(ani, " Unsaved.")

    ani.locator(".menu > summary").click()
    ani.get_by_role("button", name="Sign out").click()

    offered = article(ani, passage).get_by_label("Your words that were not saved")
    expect(offered).to_have_value("Start. Unsaved.")
    assert ani.url == site.url + site.section
    ani.context.set_offline(False)
    until_saved(ani, passage)
    expect(offered).to_be_hidden()
    ani.get_by_role("button", name="Sign out").click()
    ani.wait_for_url(lambda url: "/sections/" not in url)


# ---------- The end of a right ----------
def test_a_passage_settled_in_mid_word_offers_the_words_for_copying(site: LiveSite) -> None:
    passage = site.do("joint", "Agreed words.")
    ani = site.page_of("member_a", permissions=["clipboard-read", "clipboard-write"])
    write(ani, passage)
    cut_off(ani)
    type_at_end(ani, " One more.")
    site.do("settle", passage)
    ani.context.set_offline(False)

    expect(article(ani, passage).locator(".live-ended")).to_have_text(
        "You can’t write here any more: these words have been agreed.", timeout=PATIENCE
    )
    article(ani, passage).get_by_role("button", name="Copy my unsaved words").click()

    expect(article(ani, passage).get_by_role("button", name="Copied")).to_be_visible()
    assert ani.evaluate("navigator.clipboard.readText()") == "Agreed words. One more."
    assert paragraphs(site.do("text_of", passage)) == ["Agreed words."]
    check_page(ani)


def test_a_membership_that_ends_in_mid_word_ends_the_writing(site: LiveSite) -> None:
    passage = site.do("joint", "Start.")
    leaver, ani = site.page_of("member_c"), site.page_of("member_a")
    write(leaver, passage)
    hers = write(ani, passage)
    type_at_end(leaver, " Hers.")
    reads(hers, "Start. Hers.")

    site.do("leave", "member_c", "co_chair_b")

    expect(article(leaver, passage).locator(".live-ended")).to_contain_text(
        "You can’t write here any more", timeout=PATIENCE
    )
    expect(article(leaver, passage).locator(".live-text")).to_have_attribute("contenteditable", "false")


def test_words_of_a_text_that_was_tabled_meanwhile_are_offered_and_not_mixed_in(site: LiveSite) -> None:
    passage = site.do("view", "First.")
    ani = site.page_of("member_a")
    write(ani, passage)
    cut_off(ani)
    type_at_end(ani, " Unsaved.")
    site.do("table", passage)
    ani.context.set_offline(False)
    expect(article(ani, passage).locator(".live-ended")).to_contain_text("This text was tabled", timeout=PATIENCE)

    ani.once("dialog", lambda dialog: dialog.accept())
    ani.reload()

    reads(text_in(ani, passage), "First.")
    offered = article(ani, passage).get_by_label("Your words that were not saved")
    expect(offered).to_have_value("First. Unsaved.")
    article(ani, passage).get_by_role("button", name="Throw them away").click()
    assert kept(ani) == []


def test_words_that_can_no_longer_be_written_are_offered_after_a_reload(site: LiveSite) -> None:
    passage = site.do("joint", "Agreed words.")
    ani = site.page_of("member_a")
    write(ani, passage)
    cut_off(ani)
    type_at_end(ani, " One more.")
    until(ani, lambda: kept(ani))
    site.do("settle", passage)
    ani.once("dialog", lambda dialog: dialog.accept())
    ani.context.set_offline(False)

    ani.reload()

    offered = ani.get_by_label("Your words that were not saved")
    expect(offered).to_have_value("Agreed words. One more.", timeout=PATIENCE)


# ---------- The plain form beside it ----------
def test_a_save_in_the_plain_form_reaches_those_who_write_live(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani = site.page_of("member_a")
    hers = write(ani, passage)

    site.do("save", passage, "One river.\n\nTwo banks.")

    expect(hers.locator("p")).to_have_text(["One river.", "Two banks."], timeout=PATIENCE)


def test_on_a_phone_write_leads_to_the_plain_form_and_another_link_writes_live(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani = site.page_of("member_a", PHONE)
    links = article(ani, passage).get_by_role("link", name="Write")
    expect(links).to_have_count(2)

    links.last.click()
    text_in(ani, passage)
    type_at_end(ani, " By phone.")
    until_saved(ani, passage)
    check_page(ani)
    done(ani, passage)
    article(ani, passage).get_by_role("link", name="Write").first.click()

    ani.wait_for_url("**/write/**")


@pytest.mark.parametrize("missing", ["editor*.js", "editor*.css"])
def test_without_the_bundle_write_leads_to_the_plain_form(site: LiveSite, missing: str) -> None:
    passage = site.do("joint", "One river.")
    ani = site.page_of("member_a")
    ani.route(f"**/static/editor/{missing}", lambda route: route.abort())
    means_to_fail(ani, "net::ERR_FAILED")

    article(ani, passage).get_by_role("link", name="Write").first.click()

    ani.wait_for_url("**/write/**")


def test_nothing_of_the_editor_is_loaded_before_somebody_writes(site: LiveSite) -> None:
    site.do("joint", "One river.")
    ani = site.page_of("member_a")
    settled(ani)

    loaded = ani.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")

    assert [path for path in loaded if "/editor/" in path] == []
    assert len([path for path in loaded if "live" in path]) == 1


# ---------- What the text holds ----------
def test_a_footnote_is_written_changed_and_counted(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    write(ani, passage)
    his = write(samir, passage)
    type_at_end(ani, " ")

    ani.keyboard.press("Control+Alt+f")
    ani.keyboard.type("Survey of 2024")
    ani.keyboard.press("Enter")
    expect(his.get_by_role("button", name="Footnote: Survey of 2024")).to_be_visible(timeout=PATIENCE)
    his.get_by_role("button", name="Footnote: Survey of 2024").click()
    samir.keyboard.press("Escape")
    expect(his.get_by_role("button", name="Footnote: Survey of 2024")).to_be_visible()
    his.get_by_role("button", name="Footnote: Survey of 2024").click()
    samir.keyboard.press("Control+End")
    samir.keyboard.type(", page 7")
    check_page(samir)
    samir.get_by_role("button", name="Keep").locator("visible=true").click()
    expect(article(ani, passage).get_by_role("button", name="Footnote: Survey of 2024, page 7")).to_be_visible()

    until_saved(ani, passage)
    assert site.do("cut_text_of", passage)["content"][0]["content"][1] == {
        "type": "footnote",
        "content": [{"type": "text", "text": "Survey of 2024, page 7"}],
    }


def test_a_recommendation_is_written_with_heading_addressee_and_horizon(site: LiveSite) -> None:
    passage = site.do("recommendation", "A gauge", "Both", "2027", "We ask.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    write(ani, passage)
    write(samir, passage)

    article(ani, passage).get_by_label("Addressee").fill("Both governments")
    article(ani, passage).locator(".live-heading").click()
    ani.keyboard.press("End")
    ani.keyboard.type(" for all")

    expect(article(samir, passage).get_by_label("Addressee")).to_have_value("Both governments", timeout=PATIENCE)
    expect(article(samir, passage).locator(".live-heading")).to_have_text("A gauge for all")
    until_saved(ani, passage)
    assert site.do("cut_text_of", passage)["content"][0] == {
        "type": "heading",
        "attrs": {"addressee": "Both governments", "horizon": "2027"},
        "content": [{"type": "text", "text": "A gauge for all"}],
    }


def test_deleting_every_word_keeps_the_place_of_the_heading(site: LiveSite) -> None:
    passage = site.do("recommendation", "A gauge", "Both", "2027", "We ask.")
    ani = site.page_of("member_a")
    hers = write(ani, passage)
    ani.keyboard.press("Control+a")

    ani.keyboard.press("Delete")

    expect(hers.locator(".live-heading")).to_have_text("")
    expect(article(ani, passage).get_by_label("Addressee")).to_have_value("Both")


def entry_of_word(words: str) -> str:
    sign = "<![if !supportLists]><span>·<span>&nbsp;&nbsp; </span></span><![endif]>"
    return f"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>{sign}{words}</p>"


WORD = f"""<html><head><style>p.MsoNormal{{margin:0cm}}</style></head><body>
<!--StartFragment--><h1 style='color:red'>Pasted heading</h1>
<p class=MsoNormal style='margin-left:36pt'><span style='font-family:"Arial"'>Plain and <b>bold</b> and <i>italic</i>,
<a href="https://example.org/a">a link</a>, <a href="javascript:alert(1)">a trap</a><a href="#_ftn1"
name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a>.<o:p></o:p></span></p>
{entry_of_word("first")}{entry_of_word("second")}
<table><tr><td>cell</td></tr></table><img src="https://example.org/spy.png">
<div style='mso-element:footnote' id=ftn1>
<p class=MsoFootnoteText><a href="#_ftnref1"><span>[1]</span></a> A source.</p></div>
<!--EndFragment--></body></html>"""


def test_a_paste_from_word_comes_in_clean(site: LiveSite) -> None:
    passage = site.do("joint", "Here:")
    ani = site.page_of("member_a")
    asked: list[str] = []
    ani.on("request", lambda request: asked.append(request.url))
    write(ani, passage)
    type_at_end(ani, " ")

    paste(ani, WORD)
    until_saved(ani, passage)

    def words(text: str, *marks: str) -> dict:
        return {"type": "text", "text": text} | ({"marks": [{"type": mark} for mark in marks]} if marks else {})

    def item(text: str) -> dict:
        return {"type": "listItem", "content": [{"type": "paragraph", "content": [words(text)]}]}

    link = {"type": "link", "attrs": {"href": "https://example.org/a"}}
    assert site.do("cut_text_of", passage)["content"] == [
        {"type": "paragraph", "content": [words("Here: Pasted heading")]},
        {
            "type": "paragraph",
            "content": [
                words("Plain and "),
                words("bold", "bold"),
                words(" and "),
                words("italic", "italic"),
                words(", "),
                {"type": "text", "text": "a link", "marks": [link]},
                words(", a trap"),
                {"type": "footnote", "content": [words("A source.")]},
                words("."),
            ],
        },
        {"type": "bulletList", "content": [item("first"), item("second")]},
        {"type": "paragraph", "content": [words("cell")]},
    ]
    assert [url for url in asked if "example.org" in url] == []
    check_page(ani)


def test_a_link_is_put_checked_and_taken_away(site: LiveSite) -> None:
    passage = site.do("joint", "See report")
    ani = site.page_of("member_a")
    hers = write(ani, passage)
    ani.keyboard.press("Control+End")
    ani.keyboard.press("Control+Shift+ArrowLeft")
    ani.keyboard.press("Control+k")
    field = article(ani, passage).get_by_label("Address of the page, or of a mailbox")

    field.fill("javascript:alert(1)")
    ani.keyboard.press("Enter")
    refused = field.evaluate("(field) => field.validationMessage")
    field.fill("example.org/report")
    ani.keyboard.press("Enter")

    assert refused == "Write a full address, such as https://example.org/report or name@example.org."
    expect(hers.get_by_role("link", name="report")).to_have_attribute("href", "https://example.org/report")
    ani.keyboard.press("ArrowLeft")
    ani.keyboard.press("ArrowRight")
    ani.keyboard.press("Control+k")
    article(ani, passage).get_by_role("button", name="Take the link away").click()
    expect(hers.get_by_role("link")).to_have_count(0)


def test_everything_can_be_done_with_the_keyboard_alone(site: LiveSite) -> None:
    passage = site.do("joint", "Words")
    ani = site.page_of("member_a")
    article(ani, passage).get_by_role("link", name="Write").first.focus()

    ani.keyboard.press("Enter")
    hers = text_in(ani, passage)
    expect(hers).to_be_focused()
    ani.keyboard.press("Control+a")
    ani.keyboard.press("Alt+F10")
    expect(article(ani, passage).get_by_role("button", name="Bold").first).to_be_focused()
    ani.keyboard.press("Enter")
    ani.keyboard.press("Alt+F10")
    for _press in range(3):
        ani.keyboard.press("ArrowRight")
    ani.keyboard.press("Space")
    expect(hers).to_be_focused()
    expect(article(ani, passage).get_by_role("button", name="Bullets")).to_have_attribute("aria-pressed", "true")
    ani.keyboard.press("Tab")
    expect(article(ani, passage).get_by_role("link", name="The plain form")).to_be_focused()
    ani.keyboard.press("Tab")
    ani.keyboard.press("Enter")

    expect(article(ani, passage).locator(".live")).to_have_count(0)
    expect(article(ani, passage).locator(".words ul strong")).to_have_text("Words")


# ---------- The look ----------
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_is_whole_while_somebody_writes(site: LiveSite, width: int, dark: bool) -> None:
    passage = site.do("recommendation", "A gauge", "Both", "2027", "We ask.^[A source]\n\na) measure;\nb) publish.")
    page, samir = site.page_of("member_a", width, dark), site.page_of("member_b")
    name = "Write together, live" if width == PHONE else "Write"
    article(page, passage).get_by_role("link", name=name).click()
    text_in(page, passage)
    write(samir, passage)
    type_at_end(samir, " Together.")
    expect(article(page, passage).locator(".live-others")).to_contain_text("Member B", timeout=PATIENCE)

    check_page(page)
    page.keyboard.press("Control+k")
    check_page(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    article(page, passage).get_by_role("button", name="Footnote: A source").click()
    check_page(page)


def test_a_reader_opens_one_socket_and_no_other(site: LiveSite) -> None:
    reader = settled(site.page_of("facilitator"))
    heard = len(reader.frames_heard)  # type: ignore[attr-defined]
    opened: list[str] = []
    reader.on("websocket", lambda socket: opened.append(socket.url))

    reader.reload()
    until(reader, lambda: len(reader.frames_heard) > heard)  # type: ignore[attr-defined]
    settled(reader)

    assert [url.split("/ws/")[1].split("/")[0] for url in opened] == ["section"]
    assert {json.loads(frame)["type"] for frame in reader.frames_heard} == {"bell"}  # type: ignore[attr-defined]


# ---------- Comments on words ----------
def test_words_are_commented_on_while_they_are_written_and_drawn_over_the_text_alone(site: LiveSite) -> None:
    passage = site.do("joint", "One river.")
    ani, samir = site.page_of("member_a"), site.page_of("member_b")
    hers = write(ani, passage)
    type_at_end(ani, " Two banks.")
    for _letter in range(len("banks.")):
        ani.keyboard.press("Shift+ArrowLeft")

    with ani.context.expect_page() as opened:
        ani.keyboard.press("Control+Alt+m")
    form = opened.value
    expect(form.get_by_label("On which words?")).to_have_value("banks.", timeout=PATIENCE)
    form.get_by_label("Comment", exact=True).fill("Which?")
    form.get_by_role("button", name="Send the comment").click()
    form.wait_for_url("**/sections/**")

    expect(hers.locator(".commented")).to_have_text("banks.", timeout=PATIENCE)
    his = write(samir, passage)
    expect(his).to_have_text("One river. Two banks.", timeout=PATIENCE)
    samir.keyboard.press("Control+Home")
    samir.keyboard.type("New. ")
    reads(hers, "New. One river. Two banks.")
    expect(hers.locator(".commented")).to_have_text("banks.")
    assert his.locator(".commented").count() == 0
    until_saved(samir, passage)
    assert "Which?" not in repr(samir.frames_heard)  # type: ignore[attr-defined]
    assert site.do("cut_text_of", passage) == {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "New. One river. Two banks."}]}],
    }
