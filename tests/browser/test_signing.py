"""A co-chair initials and signs with an authenticator, on a telephone; and every page on the way, light and dark."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from reports.actions.agreement import RELEASE
from reports.actions.publishing import publish
from reports.actions.silences import break_silence
from reports.models import Act, DocumentState
from tests.factories import World
from tests.factories.kept import world_again
from tests.parley.accounts.hands import app_code, give_app
from tests.reports.signing.hands import (
    at,
    authorise,
    both_keys,
    freeze,
    initial,
    open_for_signature,
    published,
    sign,
    sign_all,
    signed_text,
    state_of,
)
from tests.reports.signing.silences import announced

from .conftest import DESK, PHONE, PageAt, check_page
from .watching import means_to_fail, settled, until

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [(PHONE, False), (PHONE, True), (DESK, False), (DESK, True)]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def made(live_server, settings) -> World:
    settings.PARLEY_URL = live_server.url
    return world_again()


def prove(page: Page, button: str) -> None:
    """With a code that is not about to pass while the page is on its way."""
    until(page, lambda: time.time() % 30 < 25)
    page.get_by_label("Code of your authenticator app").fill(app_code())
    page.get_by_role("button", name=button, exact=True).click()


def test_a_co_chair_initials_and_signs_and_keeps_the_receipt(page_at: PageAt, made: World, time_machine) -> None:
    text = freeze(made)
    initial(text, made.co_chair_b)
    give_app(made.co_chair_a)
    page = page_at(PHONE, user=made.co_chair_a)

    page.goto(at("sign", made.document))
    bar = page.locator(".to-read > .sticky")
    seen_at_once = bar.is_visible()
    bar.get_by_role("link", name="Initial this text…").click()
    prove(page, "Initial this text")
    page.wait_for_url("**/receipt/")
    time_machine.move_to(timezone.now() + timedelta(seconds=40))  # the app shows its next code
    page.get_by_role("link", name="Back to the text").click()
    page.locator(".to-read > .sticky").get_by_role("link", name="Go to your answer").click()
    page.get_by_label("I sign with a reservation").check()
    page.get_by_role("textbox", name="Your reservation").fill("Article 3 is read with the map of 1932.")
    page.get_by_role("button", name="Check my answer").click()
    page.get_by_text("Article 3 is read with the map of 1932.").first.wait_for()
    prove(page, "Sign with this reservation")

    page.wait_for_url("**/receipt/")
    assert seen_at_once
    assert "Your reservation R1" in page.locator("main").inner_text()
    assert list(Act.objects.filter(signatory__person=made.co_chair_a).values_list("kind", flat=True)) == [
        "initial",
        "reserve",
    ]
    check_page(page)


def test_only_what_the_answer_asks_for_is_shown(page_at: PageAt, made: World) -> None:
    open_for_signature(made)
    page = page_at(user=made.member_a)
    page.goto(at("sign", made.document))
    fields = (page.get_by_role("textbox", name="Your reservation"), page.get_by_label("Why you decline"))

    before = [field.is_visible() for field in fields]
    page.get_by_label("I sign with a reservation").check()
    reserving = [field.is_visible() for field in fields]
    page.get_by_label("I decline to sign").check()
    declining = [field.is_visible() for field in fields]

    assert (before, reserving, declining) == ([False, False], [True, False], [False, True])


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_pages_before_and_while_the_text_is_signed(page_at: PageAt, made: World, width: int, dark: bool) -> None:
    both_keys(made, RELEASE, made.document)
    both_keys(made, RELEASE, made.document)
    first_draft = made.document.drafts.last()
    chair = page_at(width, dark, user=made.co_chair_a)
    give_app(made.co_chair_a)
    look(chair, at("drafts", made.document), at("draft", first_draft), at("print_document", made.document))
    text = freeze(made)
    look(chair, at("sign", made.document), at("initial", made.document), at("propose_silence", made.document))
    silence = announced(made, text)
    look(chair, at("silence", silence))
    break_silence(silence, reason="Our ministry was not asked.", by=made.member_b)
    look(chair, at("silence", silence))
    for person in (made.co_chair_a, made.co_chair_b):
        initial(text, person)
    sign(text, made.member_a, reservation="I read it otherwise.")
    look(chair, at("sign", made.document), at("receipt", made.document), at("publish", made.document))
    chair.goto(at("sign", made.document))
    chair.get_by_label("I sign this text").check()
    chair.get_by_role("button", name="Check my answer").click()
    check_page(chair)
    sign_all(text, but=(made.member_a,))

    assert state_of(made) == DocumentState.SIGNED
    look(chair, at("sign", made.document), at("reserve", made.document), at("publish", made.document))


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_pages_of_publishing_and_of_what_the_world_reads(
    page_at: PageAt, made: World, width: int, dark: bool
) -> None:
    text = signed_text(made)
    authorise(made, text)
    facilitator = page_at(width, dark, user=made.facilitator)
    look(facilitator, at("publish", made.document), at("preview_publication", made.document))
    publication = publish(text, by=made.facilitator)
    look(facilitator, at("publish", made.document))
    stranger = page_at(width, dark)
    look(stranger, at("published_list"), at("published", code=publication.code), at("verify"))
    look(stranger, f"{at('verify')}?code={publication.code}", f"{at('verify')}?code=unknown")


def look(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.goto(address)
        check_page(page)


def test_a_public_page_asks_nobody_else_and_prints_without_buttons(page_at: PageAt, made: World, live_server) -> None:
    publication = published(made)
    page = page_at(PHONE)

    page.goto(at("published", code=publication.code))
    settled(page)
    asked = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")

    assert page.locator("article.passage").count() == 2
    assert not [address for address in asked if not address.startswith(live_server.url)]
    page.emulate_media(media="print")
    assert page.locator(".actions").first.is_hidden()


def test_a_stranger_is_told_that_a_letter_is_no_document(page_at: PageAt, made: World) -> None:
    page = page_at(PHONE)
    means_to_fail(page, "status of 422")
    page.goto(at("verify"))

    page.get_by_label("PDF file").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"Dear"})
    page.get_by_role("button", name="Check").click()

    page.get_by_text("This file is no PDF.").first.wait_for()
    assert "wrong" in (page.locator(".field-file").get_attribute("class") or "")
