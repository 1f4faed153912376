"""What the small scripts promise: nothing typed is lost, nothing is sent twice, a changed page says so."""

import json

import pytest

from tests.factories import PersonFactory

from . import pages
from .conftest import DESK, NARROWEST, PHONE, check_page, session_of
from .watching import go, means_to_fail, settled, until, watched

pytestmark = pytest.mark.django_db(transaction=True)
FOUR_MINUTES = 240_000  # milliseconds; a lost socket is tried again after a minute at the latest


@pytest.fixture(autouse=True)
def small_pages(settings) -> None:
    settings.ROOT_URLCONF = "tests.browser.pages"
    pages.received.clear()
    pages.refuse_order, pages.version = False, 1


@pytest.fixture
def person(db):
    return PersonFactory(time_zone="Asia/Yerevan", zone_confirmed=True)


def type_words(page, words="a road for all") -> None:
    page.get_by_label("Words").fill(words)


def reload(page) -> None:
    """As a person does who answers the browser's question with yes."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    settled(page)


# ---------- Drafts ----------
@pytest.mark.parametrize("width", [NARROWEST, DESK])
def test_words_typed_offline_come_back_after_a_reload(page_at, person, width):
    page = page_at(width, user=person)
    go(page, "/write/")
    page.context.set_offline(True)
    type_words(page)
    said = page.locator("#offline").is_visible()
    page.context.set_offline(False)

    reload(page)
    page.get_by_role("button", name="Put it back").click()

    assert said
    assert page.get_by_label("Words").input_value() == "a road for all"
    check_page(page)


def test_on_a_persons_own_device_a_draft_outlives_the_tab(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    page.get_by_label("This is my own device").check()
    type_words(page)

    again = watched(page.context.new_page())
    go(again, "/write/")
    again.get_by_role("button", name="Put it back").click()

    assert again.get_by_label("Words").input_value() == "a road for all"


def test_on_a_shared_device_a_draft_ends_with_its_tab(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    type_words(page)

    again = watched(page.context.new_page())
    go(again, "/write/")

    assert again.get_by_role("button", name="Put it back").count() == 0


def test_leaving_with_unsent_words_asks_first(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    type_words(page)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    go(page, "/done/")

    assert asked == ["beforeunload"]


def test_a_draft_ends_once_its_words_have_arrived(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    type_words(page)

    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Write again").click()
    page.wait_for_url("**/write/")
    settled(page)

    assert [sent["words"] for sent in pages.received] == [["a road for all"]]
    assert page.get_by_role("button", name="Put it back").count() == 0
    assert drafts(page) == []


def test_a_draft_stays_while_the_form_is_refused(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    type_words(page, "   ")

    page.get_by_role("button", name="Send").click()

    page.get_by_role("alert").wait_for()
    settled(page)
    assert page.get_by_role("alert").inner_text().startswith("There is a problem")
    assert len(drafts(page)) == 1


def test_another_person_in_the_same_tab_is_offered_nothing(page_at, person, live_server):
    page = page_at(user=person)
    go(page, "/write/")
    type_words(page)
    page.context.add_cookies([session_of(PersonFactory(zone_confirmed=True), live_server.url)])

    reload(page)

    assert page.get_by_role("button", name="Put it back").count() == 0


def test_leaving_quickly_forgets_what_was_not_sent_and_is_no_step_back(page_at, person):
    page = page_at(user=person)
    go(page, "/done/")
    go(page, "/write/")
    type_words(page)

    page.locator(".foot").get_by_role("button", name="Leave quickly").click()
    page.wait_for_url(lambda url: "/write/" not in url)

    assert drafts(page) == []
    page.go_back()
    assert page.get_by_label("Words").count() == 0


def drafts(page) -> list[str]:
    return page.evaluate(
        "[...Object.keys(sessionStorage), ...Object.keys(localStorage)].filter((key) => key.startsWith('parley:draft'))"
    )


# ---------- Sending ----------
def test_a_form_pressed_twice_is_sent_once(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    type_words(page)

    page.evaluate(
        "() => { const form = document.querySelector('form[data-draft]'); form.requestSubmit(); form.requestSubmit(); }"
    )
    page.wait_for_url("**/done/")

    assert len(pages.received) == 1
    assert len(pages.received[0]["idempotency_key"][0]) >= 20


def test_words_are_counted_against_their_limit(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")

    type_words(page, "one two three four five six")

    assert page.locator(".count").inner_text() == "6 of at most 5 words"


# ---------- htmx shortens the way ----------
def test_progress_is_asked_for_until_it_is_done(page_at, person):
    page = page_at(user=person)
    go(page, "/progress/")

    page.get_by_text("Ten pages are ready.").wait_for()

    assert page.locator("progress").count() == 0
    check_page(page)


def test_an_answer_takes_its_place_without_a_new_page(page_at, person):
    page = page_at(user=person)
    go(page, "/short-way/")
    page.get_by_label("Words").fill("fresh")

    page.get_by_role("button", name="Say").click()

    page.get_by_text("heard").wait_for()
    assert page.locator("h1").inner_text() == "Short way"
    assert len(pages.received) == 1


def test_a_refusal_is_told_by_a_whole_page(page_at, person):
    page = page_at(user=person)
    means_to_fail(page, "status of 409")
    go(page, "/short-way/")
    page.get_by_label("Words").fill("stale")

    page.get_by_role("button", name="Say").click()

    page.get_by_role("heading", name="It changed meanwhile").wait_for()


# ---------- Updates ----------
def tell(page, **message) -> None:
    until(page, lambda: page.seen.sent)  # it watches
    page.seen.sockets[-1].send(json.dumps(message))


def test_a_page_watches_its_topics_and_the_bell_counts(page_at, person):
    page = page_at(PHONE, user=person)
    go(page, "/write/")

    tell(page, type="bell", unread=4)

    page.locator(".bottom-bar", has_text="(4)").wait_for()
    assert [json.loads(text) for text in page.seen.sent] == [{"type": "watch", "topics": ["document:abc"]}]


def test_a_changed_page_says_so_and_shows_itself_on_demand(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    pages.version = 2

    tell(page, type="changed", topic="document:abc")
    page.get_by_role("button", name="Show").click()

    page.get_by_text("version 2").wait_for()
    assert page.locator("#page-changed").is_hidden()
    check_page(page)


def test_a_changed_page_never_takes_words_that_somebody_is_typing(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    type_words(page)
    pages.version = 2

    tell(page, type="changed", topic="document:abc")
    page.get_by_role("button", name="Show").click()

    page.get_by_text("What you are typing was left as it is.").wait_for()
    assert page.get_by_label("Words").input_value() == "a road for all"


def test_an_ended_session_is_said_in_words(page_at, person):
    page = page_at(user=person)
    page.clock.install()
    go(page, "/write/")
    until(page, lambda: page.seen.sent)

    page.seen.sockets[-1].close(code=4401)
    page.locator("#signed-out").wait_for()
    page.clock.run_for(FOUR_MINUTES)

    settled(page)
    assert len(page.seen.sockets) == 1


def test_a_lost_socket_comes_back(page_at, person):
    page = page_at(user=person)
    go(page, "/write/")
    until(page, lambda: page.seen.sent)

    page.seen.sockets[-1].close(code=4503)

    until(page, lambda: len(page.seen.sockets) == 2)


# ---------- Order ----------
def names(page) -> list[str]:
    return page.locator(".order .name").all_inner_texts()


def test_a_list_is_ordered_by_keyboard_alone(page_at, person):
    page = page_at(user=person)
    go(page, "/order/")
    page.get_by_role("button", name="Move Recommendations").focus()

    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    spoken = page.locator("#spoken").inner_text()
    with page.expect_response("**/ordered/"):
        page.keyboard.press("Space")

    assert spoken == "Recommendations: place 1 of 3"
    assert names(page) == ["Recommendations", "Introduction", "Perspectives"]
    assert pages.received[0]["order"] == ["Recommendations", "Introduction", "Perspectives"]


def test_escape_gives_the_old_order_back_and_sends_nothing(page_at, person):
    page = page_at(user=person)
    go(page, "/order/")
    page.get_by_role("button", name="Move Introduction").focus()

    for key in ("Space", "ArrowDown", "Escape"):
        page.keyboard.press(key)

    assert names(page) == ["Introduction", "Perspectives", "Recommendations"]
    assert pages.received == []


def test_a_list_is_ordered_by_dragging(page_at, person):
    page = page_at(user=person)
    go(page, "/order/")
    first, last = page.locator(".order .grip").first.bounding_box(), page.locator(".order .grip").last.bounding_box()

    page.mouse.move(first["x"] + 10, first["y"] + 10)
    page.mouse.down()
    page.mouse.move(first["x"] + 10, last["y"] + 40, steps=12)
    with page.expect_response("**/ordered/"):
        page.mouse.up()

    assert names(page) == ["Perspectives", "Recommendations", "Introduction"]
    assert pages.received[0]["order"] == ["Perspectives", "Recommendations", "Introduction"]


def test_a_refused_order_is_taken_back_in_sight(page_at, person):
    page = page_at(user=person)
    means_to_fail(page, "status of 409")
    pages.refuse_order = True
    go(page, "/order/")
    page.get_by_role("button", name="Move Introduction").focus()

    for key in ("Space", "ArrowDown", "Space"):
        page.keyboard.press(key)

    page.get_by_text("Not changed").wait_for()
    assert names(page) == ["Introduction", "Perspectives", "Recommendations"]
