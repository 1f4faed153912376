"""Views and replies, the facilitator's board and the register, on a telephone and at a desk, light and dark."""

import pytest
from django.urls import reverse

from parley.programmes.models import Programme
from reports.models import Voice
from tests.factories import World, passage_of
from tests.factories.kept import world_again
from tests.parley.accounts.hands import give_app

from .conftest import DESK, PHONE, PageAt, check_page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(live_server, settings) -> World:
    settings.PARLEY_URL = live_server.url
    return world_again()


@pytest.mark.browser
def test_they_can_be_read_at_every_width_light_and_dark(page_at: PageAt, made: World) -> None:
    words = "We answer, and we answer at length."
    passage_of(made.section, made.member_b, words, voice=Voice.REPLY, side=made.b, answers=made.view_a)
    Programme.objects.filter(pk=made.programme.pk).update(public_register=True)
    programme = {"programme": made.programme.public_id}
    seen = [
        ("co_chair_b", reverse("coverage", kwargs={"document": made.document.public_id})),
        ("facilitator", reverse("board", kwargs=programme)),
        ("facilitator", reverse("register", kwargs=programme)),
    ]
    for role in ("co_chair_b", "facilitator"):
        give_app(made.people[role])

    for (role, address), (width, dark) in zip(seen, [(PHONE, True), (DESK, False), (PHONE, False)], strict=True):
        page = page_at(width, dark, user=made.people[role])
        page.goto(address)
        check_page(page)
