"""Devices: which are signed in, ending one, ending all, and what a browser is told to forget."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from parley.accounts.actions import deactivate, reactivate, sign_out_everywhere
from parley.accounts.devices import browser_and_system
from parley.accounts.epochs import raise_epoch
from parley.accounts.models import Device, User
from parley.audit import entries

from .hands import sign_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 Version/18.4 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0"


@pytest.fixture
def laptop(person: User) -> Client:
    browser = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.7")
    sign_in(browser, person)
    return browser


@pytest.fixture
def telephone(person: User) -> Client:
    browser = Client(HTTP_USER_AGENT=SAFARI)
    sign_in(browser, person)
    return browser


def is_signed_in(client: Client) -> bool:
    return client.get("/account/settings/").status_code == 200


def epoch(person: User) -> int:
    return User.objects.get(pk=person.pk).access_epoch


@pytest.mark.parametrize(
    ("user_agent", "names"),
    [(FIREFOX, ("Firefox", "Linux")), (SAFARI, ("Safari", "iPhone")), (EDGE, ("Edge", "Windows")), ("", ("", ""))],
)
def test_a_device_is_called_as_people_know_it(user_agent: str, names: tuple[str, str]) -> None:
    assert browser_and_system(user_agent) == names


def test_the_list_names_devices_without_network_addresses(laptop: Client, telephone: Client) -> None:
    page = laptop.get("/account/settings/").content.decode()

    assert ("Firefox, Linux" in page, "Safari, iPhone" in page, "203.0.113.7" in page) == (True, True, False)
    assert "203.0.113.7" not in str(list(Device.objects.values()))


def test_one_device_is_ended_from_another(laptop: Client, telephone: Client, person: User) -> None:
    there = Device.objects.get(system="iPhone")

    laptop.post(f"/account/settings/devices/{there.public_id}/end/")

    assert (is_signed_in(laptop), is_signed_in(telephone)) == (True, False)
    assert (epoch(person), Device.objects.count()) == (1, 1)


def test_nobody_ends_another_persons_device(laptop: Client, browser: Client, other: User) -> None:
    stranger = Client()
    stranger.force_login(other, "allauth.account.auth_backends.AuthenticationBackend")

    answered = stranger.post(f"/account/settings/devices/{Device.objects.get().public_id}/end/")

    assert (answered.status_code, is_signed_in(laptop)) == (404, True)


def test_all_others_are_ended_at_once(laptop: Client, telephone: Client, browser: Client, person: User) -> None:
    laptop.post("/account/settings/devices/end-others/")

    assert [is_signed_in(client) for client in (laptop, telephone, browser)] == [True, False, False]
    assert Device.objects.get().session_key == laptop.session.session_key
    assert epoch(person) == 1


def test_signing_out_ends_the_session_and_its_sockets(laptop: Client, person: User) -> None:
    laptop.post("/account/logout/")

    assert not is_signed_in(laptop)
    assert (epoch(person), Device.objects.count()) == (1, 0)


def test_a_get_signs_nobody_out(laptop: Client) -> None:
    laptop.get("/account/logout/")

    assert is_signed_in(laptop)


def test_everywhere_means_everywhere(laptop: Client, telephone: Client, browser: Client, person: User) -> None:
    sign_out_everywhere(person, by=None)

    assert [is_signed_in(client) for client in (laptop, telephone, browser)] == [False, False, False]


def test_a_closed_account_is_out_at_once(laptop: Client, person: User, other: User) -> None:
    deactivate(person, by=other)

    assert not is_signed_in(laptop)
    assert epoch(person) == 1
    assert [entry.kind for entry in entries("site")] == ["accounts.deactivated"]


def test_reopening_brings_no_old_session_back(laptop: Client, person: User, other: User) -> None:
    deactivate(person, by=other)
    reactivate(person, by=other)

    assert not is_signed_in(laptop)
    sign_in(laptop, person)
    assert is_signed_in(laptop)


def test_two_ends_at_once_both_count(person: User) -> None:
    stale = User.objects.get(pk=person.pk)

    raise_epoch(person)
    raise_epoch(stale)

    assert epoch(person) == 2


def test_last_use_is_noted_to_the_hour(laptop: Client) -> None:
    before = Device.objects.get().seen_at

    laptop.get("/account/settings/")
    same_hour = Device.objects.get().seen_at
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=2), tick=False):
        laptop.get("/account/settings/")

    assert same_hour == before
    assert Device.objects.get().seen_at > before


# ---------- What browsers are told ----------
def test_signed_in_pages_stay_in_no_cache(laptop: Client) -> None:
    answered = laptop.get("/account/settings/")

    assert answered["Cache-Control"] == "no-store, private"
    assert answered["Cross-Origin-Resource-Policy"] == "same-origin"


def test_signing_out_empties_what_the_browser_kept(laptop: Client) -> None:
    answered = laptop.post("/account/logout/")

    assert answered["Clear-Site-Data"] == '"cache", "storage"'
    assert answered["Cache-Control"] == "no-store, private"


def test_only_leaving_empties_it(laptop: Client) -> None:
    assert "Clear-Site-Data" not in laptop.get("/account/settings/").headers


# ---------- Leaving quickly ----------
def test_leaving_quickly_signs_out_and_lands_where_nothing_is_named(laptop: Client) -> None:
    answered = laptop.post("/account/leave/")
    landed = laptop.get(answered["Location"])

    assert (answered.status_code, answered["Location"]) == (302, "/account/left/")
    assert not is_signed_in(laptop)
    assert "Parley" not in landed.content.decode()
    assert landed["Clear-Site-Data"] == '"cache", "storage"'


def test_it_lands_elsewhere_if_the_site_says_so(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.LEAVE_TO = "https://weather.example/"

    page = client.get("/account/left/").content.decode()

    assert '<meta http-equiv="refresh" content="0; url=https://weather.example/">' in page


def test_its_page_says_what_it_does(client: Client, db: None) -> None:
    page = client.get("/account/leave/").content.decode()

    assert "it discards what you have typed and not sent." in page
