"""From an invitation to an open seat, in a real browser: the facilitator, the invited and the co-chair."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page

from groups.models import Membership
from parley.notifications.models import Delivery
from parley.programmes.actions import accept_ground_rules, publish_ground_rules
from tests.factories import World
from tests.factories.kept import world_again
from tests.groups.hands import signed_in
from tests.parley.accounts.hands import mailed_code

from .conftest import DESK, PHONE, PageAt, check_page

pytestmark = pytest.mark.django_db(transaction=True)

GOHAR = "gohar@example.org"
WIDTHS = [DESK, PHONE]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def made(live_server) -> World:
    """A group with ground rules that those who are in it have accepted."""
    made = world_again(texts=False)
    rules = publish_ground_rules(programme=made.programme, text="We speak for ourselves.", by=made.facilitator)
    for person in made.people.values():
        accept_ground_rules(rules, by=person)
    return made


def come_in(page: Page, person, url: str) -> Page:
    """This person's browser, which has shown a second factor."""
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": signed_in(person).cookies[name].value, "url": url}])
    return page


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_invitation_to_the_open_seat(page_at: PageAt, live_server, made: World, width: int):
    group = reverse("group", kwargs={"group": made.group.public_id})

    facilitator = come_in(page_at(width), made.facilitator, live_server.url)
    facilitator.goto(group)
    check_page(facilitator)
    facilitator.get_by_role("link", name="Invite somebody").click()
    facilitator.get_by_label("E-mail address").fill(GOHAR)
    facilitator.get_by_label("Name (optional)").fill("Gohar Vardanyan")
    facilitator.get_by_label("member", exact=True).check()
    facilitator.get_by_label("Side (optional)").select_option(label="Northland")
    check_page(facilitator)
    press(facilitator, "Send the invitation")
    check_page(facilitator)

    invited = page_at(width)
    token = Delivery.objects.get(to=GOHAR, kind="account:invitation").facts["token"]
    invited.goto(reverse("invitation", kwargs={"token": token}))
    check_page(invited)
    press(invited, "Accept the invitation")
    invited.get_by_label("Code from the mail").fill(mailed_code(GOHAR))
    press(invited, "Sign in")
    invited.get_by_label("Name as printed").fill("Gohar Vardanyan")
    press(invited, "Go on")
    press(invited, "This is my time")
    assert "We speak for ourselves." in invited.locator("main").inner_text()
    check_page(invited)
    press(invited, "I accept the ground rules")
    proposed = Membership.objects.get(person__email=GOHAR)

    chair = come_in(page_at(width), made.co_chair_a, live_server.url)
    chair.goto(group)
    check_page(chair)
    chair.get_by_role("link", name="Look at the proposal").click()
    check_page(chair)
    press(chair, "Confirm the seat")
    check_page(chair)

    invited.goto(group)
    check_page(invited)
    proposed.refresh_from_db()
    assert proposed.is_open
    assert "Gohar Vardanyan" in invited.locator("main").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_of_people_is_checked_before_anything_is_sent(page_at: PageAt, live_server, made: World, width: int):
    page = come_in(page_at(width, dark=width == PHONE), made.facilitator, live_server.url)
    page.goto(reverse("invite_list", kwargs={"programme": made.programme.public_id}))
    check_page(page)
    lines = "email;name;group;role;side\nani@example.org;Ani;Water;member;NOR\nbroken;B;Water;member;NOR\n"

    page.set_input_files("input[type=file]", {"name": "l.csv", "mimeType": "text/csv", "buffer": lines.encode()})
    press(page, "Show what would be sent")
    check_page(page)
    before = Delivery.objects.filter(to="ani@example.org").count()
    press(page, "Send 1 invitation")
    check_page(page)

    assert (before, Delivery.objects.filter(to="ani@example.org").count()) == (0, 1)


@pytest.mark.parametrize("width", WIDTHS)
def test_sides_are_added_to_a_new_programme_without_scripts(page_at: PageAt, live_server, made: World, width: int):
    made.facilitator.may_start_programmes = True
    made.facilitator.save()
    page = come_in(page_at(width, java_script_enabled=False), made.facilitator, live_server.url)
    page.goto(reverse("programme_start"))
    page.get_by_label("Name of the programme").fill("Dialogue on the River")

    page.get_by_role("button", name="One more side").click()

    assert page.get_by_label("Name of the programme").input_value() == "Dialogue on the River"
    assert page.get_by_text("Side 3", exact=True).count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_safe_mail_is_turned_off_under_the_keys_of_the_programme(page_at: PageAt, live_server, made: World, width: int):
    made.other_group.memberships.all().delete()
    made.other_group.delete()
    style = reverse("house_style", kwargs={"programme": made.programme.public_id})

    proposer = come_in(page_at(width), made.co_chair_a, live_server.url)
    proposer.goto(style)
    check_page(proposer)
    press(proposer, "Propose to turn safe mail off")
    check_page(proposer)

    holder = come_in(page_at(width, dark=True), made.co_chair_b, live_server.url)
    holder.goto(style)
    check_page(holder)
    holder.get_by_role("link", name="Water", exact=True).click()
    press(holder, "Turn the key of Southland")
    check_page(holder)

    holder.goto(style)
    check_page(holder)
    made.programme.refresh_from_db()
    assert made.programme.safe_mail is False
