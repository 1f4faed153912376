"""Drafting in a browser: nothing typed is lost, passages move by keyboard, every page is whole, small and dark too."""

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page

from groups.actions import propose
from reports.actions.agreement import SETTLE, withdraw_agreement
from reports.actions.comments import dispose_of_thread, start_thread
from reports.actions.passages import add_passage, save_passage
from reports.actions.reading import mark_read
from reports.models import Passage, Voice
from reports.text import schema
from tests.factories import World, passage_of, text
from tests.factories.kept import world_again
from tests.reports.drafting.conftest import browser_of
from tests.reports.drafting.hands import settle

from .conftest import DESK, PHONE, PageAt, check_page
from .watching import go, means_to_fail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def made(transactional_db) -> World:
    return world_again()


def open_for(page_at: PageAt, person, address: str, *, width: int = DESK, dark: bool = False) -> Page:
    """The page in the browser of a person whose session has shown their second factor."""
    page = page_at(width, dark)
    page.goto("/help/")  # any page of this site tells its address; beside a bare file Chromium looks for an icon
    key = browser_of(person).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": urljoin(page.url, "/")}])
    return go(page, address)


def at(name: str, **ids) -> str:
    return reverse(name, kwargs={key: thing.public_id for key, thing in ids.items()})


def test_words_typed_and_not_sent_come_back_after_a_reload(page_at: PageAt, made: World) -> None:
    page = open_for(page_at, made.member_a, at("write", passage=made.joint))
    page.get_by_label("Words", exact=True).fill("Both sides drink, and both sides fish.")
    page.once("dialog", lambda dialog: dialog.accept())

    page.reload()
    page.get_by_role("button", name="Put it back").click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/sections/**")

    made.joint.refresh_from_db()
    assert made.joint.tabled.plain == "Both sides drink, and both sides fish."


def test_of_two_who_wrote_at_once_the_second_merges(page_at: PageAt, made: World) -> None:
    page = open_for(page_at, made.member_a, at("write", passage=made.joint))
    save_passage(made.joint, text=text("Theirs, saved first."), version=1, by=made.member_b)
    page.get_by_label("Words", exact=True).fill("Mine, saved second.")
    means_to_fail(page, "status of 409")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Two people wrote at once").wait_for()
    both = page.locator(".versions").inner_text()

    page.get_by_label("Words", exact=True).fill("Theirs, saved first. Mine, saved second.")
    page.get_by_role("button", name="Save what stands in my field").click()
    page.wait_for_url("**/sections/**")

    made.joint.refresh_from_db()
    assert "Theirs, saved first." in both
    assert "Mine, saved second." in both
    assert made.joint.tabled.plain == "Theirs, saved first. Mine, saved second."


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_with_both_texts_is_whole(page_at: PageAt, made: World, width: int, dark: bool) -> None:
    page = open_for(page_at, made.member_a, at("write", passage=made.joint), width=width, dark=dark)
    save_passage(made.joint, text=text("Theirs, saved first."), version=1, by=made.member_b)
    page.get_by_label("Words", exact=True).fill("Mine, saved second.")
    means_to_fail(page, "status of 409")

    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Two people wrote at once").wait_for()

    check_page(page)


def test_passages_are_ordered_by_keyboard(page_at: PageAt, made: World) -> None:
    page = open_for(page_at, made.co_chair_b, at("arrange_passages", section=made.section))
    page.get_by_role("button", name="Move Paragraph 1").focus()

    with page.expect_response("**/passages/order/"):
        for key in ("Space", "ArrowDown", "Space"):
            page.keyboard.press(key)
    page.locator("#spoken", has_text="place 2 of 3").wait_for(state="attached")

    tabled = Passage.objects.tabled_ones().filter(section=made.section).order_by("position")
    assert list(tabled) == [made.view_a, made.joint]


def test_on_a_phone_a_switch_shows_one_sides_view_at_a_time(page_at: PageAt, made: World) -> None:
    passage_of(made.section, made.member_b, "It sinks.", voice=Voice.VIEW, side=made.b, tabled_by=made.co_chair_b)
    page = open_for(page_at, made.facilitator, at("section", section=made.section), width=PHONE)
    north, south = page.get_by_text("The river rises with us."), page.get_by_text("It sinks.")
    before = (north.is_visible(), south.is_visible())

    page.get_by_text("Southern view").click()

    assert before == (True, False)
    assert (north.is_visible(), south.is_visible()) == (False, True)


def test_a_preview_and_the_words_survive_each_other(page_at: PageAt, made: World) -> None:
    page = open_for(page_at, made.member_b, f"{at('add_passage', section=made.section)}?voice=view")
    page.get_by_label("Words", exact=True).fill("We see it **otherwise**.")

    page.get_by_role("button", name="Preview").click()
    page.get_by_text("So it will read.").wait_for()

    assert page.locator(".words strong").inner_text() == "otherwise"
    assert page.get_by_label("Words", exact=True).input_value() == "We see it **otherwise**."


def everything(made: World) -> dict[str, str]:
    """A document in the middle of drafting, and the address of each of its pages."""
    last = made.document.sections.all()[3]
    words = schema.with_heading(
        text("We ask to\n\na) measure;\nb) publish."), "A gauge", addressee="Both", horizon="2027"
    )
    ask = add_passage(section=last, voice=Voice.RECOMMENDATION, text=words, by=made.member_b)
    reply = passage_of(
        made.section,
        made.member_b,
        "With all.",
        voice=Voice.REPLY,
        side=made.b,
        answers=made.view_a,
        tabled_by=made.co_chair_b,
    )
    mark_read(made.section, by=made.co_chair_a)
    settle(made, made.joint)
    withdraw_agreement(made.joint, reason="Not yet.", by=made.co_chair_b)
    settle(made, ask)
    propose(SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_b)
    save_passage(reply, text=text("With all, each year."), version=1, by=made.member_b)
    open_one = start_thread(passage=made.joint, kind="fact", source="Is *it*?", own_side_only=False, by=made.member_b)
    closed = start_thread(passage=made.joint, kind="red-line", source="Ours.", own_side_only=True, by=made.member_a)
    dispose_of_thread(closed, disposition="not-taken", note="It is not.", by=made.member_a)
    d, s, j, v = made.document, made.section, made.joint, made.view_a
    return {
        "documents": "/documents/",
        "start": at("start_document", group=made.group),
        **{
            name: at(name, document=d)
            for name in ("document", "whole_text", "document_details", "arrange", "comment_queue", "settle", "ledger")
        },
        **{
            name: at(name, section=s)
            for name in ("section", "rename_section", "drop_section", "arrange_passages", "add_passage")
        },
        "recommendations": at("section", section=last),
        "new view": f"{at('add_passage', section=s)}?voice=view",
        "new recommendation": f"{at('add_passage', section=last)}?voice=recommendation",
        **{name: at(name, passage=v) for name in ("write", "table", "revisions", "comment")},
        **{f"{name} joint": at(name, passage=j) for name in ("write", "drop_passage", "revisions", "comment")},
        "withdraw": at("withdraw_agreement", passage=ask),
        "check": f"{at('settle', document=d)}?p={j.public_id}&p={v.public_id}",
        "thread": at("thread", thread=open_one),
        "closed thread": at("thread", thread=closed),
        "table thread": at("table_thread", thread=closed),
    }


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_of_drafting_is_whole(page_at: PageAt, made: World, width: int, dark: bool) -> None:
    pages = everything(made)
    page = open_for(page_at, made.co_chair_a, "/documents/", width=width, dark=dark)

    for address in pages.values():
        answer = page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
        assert answer is not None
        assert answer.status == 200, address
        check_page(page)
