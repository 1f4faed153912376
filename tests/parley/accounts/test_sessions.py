"""A session and its person read in one statement; what a session says of its person counts as ever."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parley.accounts.actions import deactivate, sign_out_everywhere
from parley.accounts.models import Device, User
from parley.accounts.sessions import SessionStore

pytestmark = pytest.mark.both_databases


@pytest.fixture
def device(browser: Client, person: User) -> Device:
    return Device.objects.create(user=person, session_key=browser.session.session_key, browser="Firefox")


def person_of(browser: Client) -> User | None:
    return SessionStore(browser.session.session_key).person()


def test_the_person_comes_with_the_session(browser: Client, device: Device, person: User) -> None:
    session = SessionStore(device.session_key)

    with CaptureQueriesContext(connection) as queries:
        found = session.person()

    assert found == person
    assert found.access_epoch == person.access_epoch
    assert len(queries) == 1


def test_without_a_device_django_reads_the_person(browser: Client, person: User) -> None:
    assert person_of(browser) is None
    assert browser.get(reverse("settings")).wsgi_request.user == person


def test_a_device_of_somebody_else_shows_nobody(browser: Client, device: Device, other: User) -> None:
    Device.objects.update(user=other)

    assert person_of(browser) is None


@pytest.mark.parametrize("end", [deactivate, sign_out_everywhere])
def test_who_was_signed_out_is_not_signed_in(browser: Client, device: Device, person: User, end: object) -> None:
    end(person, by=None)  # type: ignore[operator]

    assert person_of(browser) is None
    assert browser.get(reverse("settings")).status_code == 302


def test_a_session_bound_to_what_has_changed_since_shows_nobody(browser: Client, device: Device, person: User) -> None:
    person.set_unusable_password()
    person.save()

    assert person_of(browser) is None
    assert browser.get(reverse("settings")).status_code == 302


def test_a_session_that_has_run_out_holds_nothing(browser: Client, device: Device) -> None:
    session = browser.session
    session.set_expiry(-1)
    session.save()

    assert (person_of(browser), dict(SessionStore(device.session_key).items())) == (None, {})
