"""People comment on words they have chosen: by mouse, keyboard and on a phone, in reading and while writing."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from reports.actions.comments import start_thread
from reports.anchoring import Wording
from reports.models import Passage, Thread, UnsentComment
from reports.text.places import Quote
from tests.factories import World, passage_of, world
from tests.reports.drafting.conftest import browser_of
from tests.reports.drafting.hands import at

from .conftest import DESK, PHONE, PageAt, check_page
from .watching import go

pytestmark = pytest.mark.django_db(transaction=True)

OpenFor = Callable[..., Page]
# The middle of some words on the page.
WHERE = """([id, words]) => {
    const walker = document.createTreeWalker(document.querySelector(`#${id} > .words`), NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && !walker.currentNode.data.includes(words));
    const range = document.createRange();
    range.setStart(walker.currentNode, walker.currentNode.data.indexOf(words));
    range.setEnd(walker.currentNode, range.startOffset + words.length);
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
}"""
RIVER = "Both sides drink from the river, and both sides fish in it."


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def made(transactional_db) -> World:
    return world()


@pytest.fixture
def river(made: World) -> Passage:
    return passage_of(made.section, made.member_a, RIVER)


@pytest.fixture
def open_for(page_at: PageAt, live_server) -> OpenFor:
    """The page in the browser of a person whose session has shown their second factor."""

    def open_for(person, address: str, width: int = DESK) -> Page:
        page = page_at(width)
        key = browser_of(person).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return go(page, address)

    return open_for


@pytest.fixture
def section_of(open_for: OpenFor, made: World) -> OpenFor:
    return lambda person, **more: open_for(person, at("section", section=made.section), **more)


def a_comment(made: World, passage: Passage, words: str) -> Thread:
    wording = Wording(Quote(words))
    return start_thread(
        passage=passage, kind="fact", source="Is it?", own_side_only=False, wording=wording, by=made.member_b
    )


def choose(page: Page, passage: Passage, words: str) -> None:
    """As a mouse or a finger does, in the last place that says these words."""
    page.evaluate(
        """([id, words]) => {
            const walker = document.createTreeWalker(document.querySelector(`#${id} > .words`), NodeFilter.SHOW_TEXT);
            while (walker.nextNode() && !walker.currentNode.data.includes(words));
            const from = walker.currentNode.data.lastIndexOf(words);
            getSelection().setBaseAndExtent(walker.currentNode, from, walker.currentNode, from + words.length);
        }""",
        [f"p-{passage.public_id}", words],
    )


def offered(page: Page) -> Locator:
    return page.get_by_role("link", name="Comment on these words")


def say(page: Page, words: str, button: str = "Send the comment") -> None:
    page.get_by_label("Comment", exact=True).fill(words)
    page.get_by_label("All members, and the facilitators").check()
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/sections/**")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_chosen_words_become_the_quote_of_a_comment(
    section_of: OpenFor, made: World, river: Passage, width: int
) -> None:
    page = section_of(made.facilitator, width=width)
    choose(page, river, "both sides")
    expect(offered(page)).to_be_visible()
    check_page(page)

    offered(page).click()
    expect(page.get_by_label("On which words?")).to_have_value("both sides")
    check_page(page)
    say(page, "Are they two?")

    thread = Thread.objects.get()
    assert (thread.anchor.words, thread.anchor.before[-4:], thread.anchor.after) == (
        "both sides",
        "and ",
        " fish in it.",
    )
    expect(page.locator("mark.commented")).to_have_text("both sides")
    expect(page.locator(f"#t-{thread.public_id}")).to_be_visible()
    check_page(page)


def test_the_tab_key_leads_from_the_chosen_words_to_the_button(
    section_of: OpenFor, made: World, river: Passage
) -> None:
    page = section_of(made.member_b)
    point = page.evaluate(WHERE, [f"p-{river.public_id}", "drink"])
    page.mouse.dblclick(*point)
    expect(offered(page)).to_be_visible()

    page.keyboard.press("Tab")
    expect(offered(page)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_label("On which words?")).to_have_value("drink")


def test_a_shortcut_does_without_the_button(section_of: OpenFor, made: World, river: Passage) -> None:
    page = section_of(made.member_b)
    choose(page, river, "fish")

    page.keyboard.press("Control+Alt+m")

    expect(page.get_by_label("On which words?")).to_have_value("fish")


def test_nothing_of_the_chosen_words_stands_in_an_address(section_of: OpenFor, made: World, river: Passage) -> None:
    page = section_of(made.member_b)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    choose(page, river, "drink from")

    offered(page).click()
    expect(page.get_by_label("On which words?")).to_have_value("drink from")
    page.reload()

    expect(page.get_by_label("On which words?")).to_have_value("")
    assert not [one for one in asked if "drink" in one]


def test_from_the_words_to_what_was_said_of_them_and_back(section_of: OpenFor, made: World, river: Passage) -> None:
    thread = a_comment(made, river, "fish")
    page = section_of(made.member_a)
    said = page.locator(f"#t-{thread.public_id}")
    expect(said).to_be_hidden()

    page.get_by_role("link", name="Comment on these words").click()
    expect(said).to_be_in_viewport()
    said.get_by_role("link", name="See these words in the text").click()

    expect(page.locator(f"#w-{thread.public_id}")).to_be_in_viewport()


def test_suggested_words_are_taken_with_one_press(
    section_of: OpenFor, open_for: OpenFor, made: World, river: Passage
) -> None:
    page = section_of(made.member_b)
    choose(page, river, "drink from the river")
    offered(page).click()
    page.get_by_label("What should stand there instead?").fill("drink of one river")
    page.get_by_label("All members, and the facilitators").check()
    page.get_by_role("button", name="Send the comment").click()
    page.wait_for_url("**/sections/**")

    owner = open_for(made.member_a, at("thread", thread=Thread.objects.get()))
    check_page(owner)
    owner.get_by_role("button", name="Put these words into the text").click()
    owner.wait_for_url("**/sections/**")

    expect(owner.locator(f"#p-{river.public_id} .words")).to_contain_text("Both sides drink of one river, and both")
    assert Thread.objects.get().disposition == "taken"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_three_comments_of_a_review_are_sent_as_one(
    section_of: OpenFor, made: World, river: Passage, width: int
) -> None:
    page = section_of(made.member_b, width=width)
    for words in ("Both sides", "drink", "fish"):
        choose(page, river, words)
        offered(page).click()
        say(page, f"About {words}.", "Keep for my review")
    assert (Thread.objects.count(), UnsentComment.objects.count()) == (0, 3)

    page.get_by_role("link", name="My review (3)").click()
    check_page(page)
    page.get_by_role("button", name="Send my review (3)").click()
    page.wait_for_url("**/comments/")

    check_page(page)
    assert (Thread.objects.count(), UnsentComment.objects.count()) == (3, 0)
    assert Thread.objects.values("review").distinct().count() == 1


def test_on_paper_no_word_shows_that_somebody_commented_on_it(section_of: OpenFor, made: World, river: Passage) -> None:
    a_comment(made, river, "fish")
    page = section_of(made.member_a)

    page.emulate_media(media="print")

    assert page.locator("mark.commented").evaluate("mark => getComputedStyle(mark).textDecorationLine") == "none"
    expect(page.locator(".comment-call")).to_be_hidden()
