"""A date poll on a phone, by keyboard, and the pages of meetings as axe sees them."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from meetings.models import Poll, SlotChoice
from tests.factories import World, world
from tests.meetings.polls import MAYBE, NO, YES, poll_of, says
from tests.meetings.test_meetings import meeting_of
from tests.reports.drafting.conftest import browser_of

from .conftest import NARROWEST, PHONE, PageAt, check_page
from .watching import go

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def made(transactional_db) -> World:
    return world(texts=False)


@pytest.fixture
def poll(made: World) -> Poll:
    poll = poll_of(made)
    says(made.member_b, poll, YES, NO, MAYBE)
    return poll


@pytest.fixture
def open_for(page_at: PageAt, live_server) -> Callable[..., Page]:
    def open_for(person, address: str, **how) -> Page:
        page = page_at(**how)
        key = browser_of(person).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return go(page, address)

    return open_for


def test_a_poll_is_answered_on_a_phone_with_the_keyboard_alone(made, poll, open_for):
    page = open_for(made.member_a, reverse("poll", args=[poll.public_id]), width=PHONE)

    page.get_by_role("radio", name="Yes").first.focus()
    for number in range(3):
        page.keyboard.press("Space")
        if number == 1:
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    page.keyboard.type("By the night train")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your answer is kept.")).to_be_visible()
    said = SlotChoice.objects.filter(answer__person=made.member_a).order_by("slot__starts")
    assert list(said.values_list("word", flat=True)) == [YES, MAYBE, YES]


def test_the_pages_of_meetings_are_fit_for_everybody(made, poll, open_for):
    meeting = meeting_of(made)
    looks = [
        (made.facilitator, reverse("poll", args=[poll.public_id]), {"width": PHONE, "dark": True}),
        (made.member_a, f"{reverse('calendar')}?month={meeting.starts:%Y-%m}", {"width": NARROWEST}),
        (made.facilitator, reverse("meeting", args=[meeting.public_id]), {"width": PHONE}),
    ]

    for person, address, how in looks:
        check_page(open_for(person, address, **how))
