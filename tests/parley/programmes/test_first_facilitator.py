"""`manage.py first_facilitator EMAIL` makes whoever starts everything."""

import pytest
from django.core.management import CommandError, call_command

from parley.accounts.models import User
from parley.audit import entries

pytestmark = pytest.mark.django_db


def made() -> list[tuple[str, str, bool, bool]]:
    return [(one.email, one.name, one.is_active, one.may_start_programmes) for one in User.objects.all()]


def test_the_person_may_sign_in_and_start_programmes(capsys: pytest.CaptureFixture[str]):
    call_command("first_facilitator", "Faye@Example.org", name="Faye Facilitator")

    said = capsys.readouterr().out
    assert made() == [("faye@example.org", "Faye Facilitator", True, True)]
    assert "/account/login/" in said
    assert "faye@example.org" in said


def test_said_twice_it_changes_nothing():
    for _time in range(2):
        call_command("first_facilitator", "faye@example.org", name="Faye Facilitator")

    assert made() == [("faye@example.org", "Faye Facilitator", True, True)]
    assert [entry.kind for entry in entries("site")] == ["programme.starter_named"]


def test_the_name_that_a_person_chose_is_kept():
    User.objects.create_user("faye@example.org", name="Faye F. Acilitator")

    call_command("first_facilitator", "faye@example.org", name="Other")

    assert made() == [("faye@example.org", "Faye F. Acilitator", True, True)]


@pytest.mark.parametrize("email", ["", "faye", "faye@", "a\x00@example.org", "a b@example.org"])
def test_what_is_no_address_is_refused(email: str):
    with pytest.raises(CommandError):
        call_command("first_facilitator", email)

    assert made() == []


@pytest.mark.parametrize("name", ["\u200b", "Фэй", "A\x00B"])
def test_a_name_that_cannot_be_printed_is_refused(name: str):
    with pytest.raises(CommandError):
        call_command("first_facilitator", "faye@example.org", name=name)

    assert made() == []
