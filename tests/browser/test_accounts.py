"""Signing in as people do it: the code, the first steps, a passkey, leaving quickly. And the pages on the way."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from parley.accounts.models import User
from tests.parley.accounts.hands import give_app, mailed_code

from .conftest import DESK, PHONE, PageAt, check_page
from .watching import settled

pytestmark = pytest.mark.django_db(transaction=True)

ANI = "ani@example.org"


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ani(live_server, settings) -> User:
    settings.PARLEY_URL = live_server.url
    return User.objects.create_user(ANI, name="Ani Petrosyan", time_zone="Asia/Yerevan", zone_confirmed=True)


def hold_a_passkey(page: Page) -> None:
    """A device whose lock says yes whenever it is asked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def sign_in(page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(ANI)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code from the mail").fill(mailed_code(ANI))
    page.locator("main").get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("address", ["/account/login/", "/account/signup/", "/account/leave/", "/account/inactive/"])
def test_the_pages_at_the_entrance(page_at: PageAt, ani: User, address: str, width: int, dark: bool) -> None:
    page = page_at(width, dark)

    page.goto(address)

    check_page(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(
    "address",
    [
        "/account/settings/",
        "/account/settings/address/",
        "/account/welcome/name/",
        "/account/welcome/zone/",
        "/account/second-factor/",
        "/account/second-factor/app/add/",
        "/account/second-factor/passkeys/add/",
        "/account/logout/",
    ],
)
def test_the_pages_of_ones_own_account(page_at: PageAt, ani: User, address: str, width: int) -> None:
    page = page_at(width, dark=width == PHONE, user=ani)

    page.goto(address)

    check_page(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_that_asks_for_proof(page_at: PageAt, ani: User, width: int) -> None:
    give_app(ani)
    page = page_at(width, user=ani)

    page.goto("/account/prove/?next=/account/settings/")

    check_page(page)


def test_a_newcomer_comes_in_on_a_telephone(page_at: PageAt, live_server) -> None:
    User.objects.create_user(ANI)
    page = page_at(PHONE)

    sign_in(page)
    page.get_by_label("Name as printed").fill("Ani Petrosyan")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Time zone").wait_for()
    settled(page)
    guessed = page.get_by_label("Time zone").input_value()
    page.get_by_role("button", name="This is my time").click()
    page.wait_for_url(f"{live_server.url}/")

    assert guessed == "Asia/Yerevan"
    assert User.objects.get().time_zone == "Asia/Yerevan"


def test_a_passkey_is_added_signs_in_and_proves(page_at: PageAt, ani: User, live_server) -> None:
    page = page_at(user=ani)
    hold_a_passkey(page)

    page.goto("/account/second-factor/passkeys/add/")
    page.get_by_role("button", name="Add this device or key").click()
    page.wait_for_url("**/account/second-factor/codes/")
    page.context.clear_cookies()
    page.goto("/account/login/?next=/account/settings/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{live_server.url}/account/settings/")
    page.goto("/account/prove/?next=/account/leave/")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(f"{live_server.url}/account/leave/")

    assert page.seen.faults == []  # type: ignore[attr-defined]


def test_a_passkey_is_the_second_step(page_at: PageAt, ani: User) -> None:
    page = page_at(user=ani)
    hold_a_passkey(page)
    page.goto("/account/second-factor/passkeys/add/")
    page.get_by_role("button", name="Add this device or key").click()
    page.wait_for_url("**/account/second-factor/codes/")
    page.context.clear_cookies()

    sign_in(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(lambda url: "second-step" not in url)
    page.goto("/account/settings/")

    assert page.locator("h1").inner_text() == "Settings"


def test_a_device_without_a_passkey_says_so(page_at: PageAt, ani: User) -> None:
    page = page_at()
    hold_a_passkey(page)

    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("The passkey did not answer.").wait_for()


def test_leaving_quickly_leaves_nothing(page_at: PageAt, ani: User) -> None:
    page = page_at(user=ani)
    page.goto("/account/settings/")
    page.evaluate("sessionStorage.setItem('parley:draft:x', 'words'); localStorage.setItem('parley:draft:y', 'words')")

    page.locator("footer").get_by_role("button", name="Leave quickly").click()
    page.wait_for_url("**/account/left/")

    assert page.locator("h1").inner_text() == "Nothing is open"
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    page.goto("/account/settings/")
    assert "/account/login/" in page.url


def test_all_of_it_works_without_scripts(page_at: PageAt, ani: User) -> None:
    page = page_at(PHONE, java_script_enabled=False)

    sign_in(page)
    page.goto("/account/settings/")
    page.get_by_label("Name as printed").fill("Ani P. Petrosyan")
    page.get_by_role("button", name="Save").click()
    page.locator("footer").get_by_role("button", name="Leave quickly").click()

    assert User.objects.get().name == "Ani P. Petrosyan"
    assert page.url.endswith("/account/left/")
