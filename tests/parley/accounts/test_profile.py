"""Names as printed, zones, languages, first steps, own data."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone, translation

from parley.accounts import own_data, people, welcome, zones
from parley.accounts.models import User
from parley.accounts.names import clean_latin_name, clean_name
from parley.audit import entries

from .hands import give_app, mailed_code, sign_in, type_code

pytestmark = pytest.mark.django_db

PROFILE = {"name": "Ani Petrosyan", "name_own_script": "Անի Պետրոսյան", "language": "en", "time_zone": "Asia/Yerevan"}


# ---------- Names ----------
@pytest.mark.parametrize(
    "name", ["Ani Petrosyan", "Leyla Məmmədova", "Şəhla Əliyeva-Ğazi", "O’Brien", "Jean-Luc d'Été", ""]
)
def test_latin_names_are_taken_as_written(name: str) -> None:
    assert clean_latin_name(name, field="Name as printed") == name


@pytest.mark.parametrize("name", ["Անի Պետրոսյան", "ნინო ბერიძე", "Лейла Мамедова", "آنی", "O‌zan مریم"])
def test_names_of_every_script_are_taken(name: str) -> None:
    assert clean_name(name, field="Name") == name


def test_spaces_and_accents_come_out_in_one_form() -> None:
    assert clean_name("  Rene\u0301   Müller ", field="Name") == "René Müller"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("Ani\x00", "cannot be printed"),
        ("Ani\x0bPetrosyan", "cannot be printed"),
        ("Ani\nPetrosyan", "cannot be printed"),
        ("Ani\ud800", "cannot be printed"),
        ("Ani\ufffd", "cannot be printed"),
        ("Ani\ue000", "cannot be printed"),
        ("Ani\u202egro", "hidden sign"),
        ("\u2066Ani\u2069", "hidden sign"),
        ("\u200b\u200d\u2060", "nothing that can be seen"),
        ("\u0301", "nothing that can be seen"),
    ],
)
def test_a_bad_name_is_refused_with_the_field_and_the_remedy(bad: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_name(bad, field="Name in its own script")

    (sentence,) = refused.value.messages
    assert sentence.startswith("Name in its own script contains")
    assert words in sentence
    assert "Type the name" in sentence


@pytest.mark.parametrize("name", ["Ани Петросян", "Ani Պետրոսյան", "Аni", "123", "—"])
def test_the_printed_name_is_latin(name: str) -> None:
    with pytest.raises(ValidationError, match="Latin letters"):
        clean_latin_name(name, field="Name as printed")


def test_a_bad_name_saves_nothing(browser: Client, person: User) -> None:
    answered = browser.post("/account/settings/", PROFILE | {"name": "\u200b", "language": "ru"})

    person.refresh_from_db()
    assert "Name as printed contains nothing that can be seen." in answered.content.decode()
    assert (person.name, person.language) == ("Ani Petrosyan", "en")


def test_a_long_name_is_refused(browser: Client, person: User) -> None:
    answered = browser.post("/account/settings/", PROFILE | {"name": "A" * 121})

    assert "at most 120 characters" in answered.content.decode()


# ---------- Settings ----------
def test_settings_are_saved(browser: Client, person: User) -> None:
    browser.post("/account/settings/", PROFILE | {"language": "ru", "time_zone": "Europe/Amsterdam"})

    person.refresh_from_db()
    assert (person.name_own_script, person.language, person.time_zone) == ("Անի Պետրոսյան", "ru", "Europe/Amsterdam")
    assert [entry.kind for entry in entries("site")] == ["accounts.renamed"]


@pytest.mark.parametrize("zone", ["Asia", "Asia/", "../etc/passwd", "Mars/Base", "", "Europe/Berlin\x00", "posixrules"])
def test_a_zone_that_is_none_is_refused(browser: Client, person: User, zone: str) -> None:
    answered = browser.post("/account/settings/", PROFILE | {"time_zone": zone})

    person.refresh_from_db()
    assert (answered.status_code, person.time_zone) == (200, "Asia/Yerevan")


def test_a_zone_by_an_older_name_is_taken(browser: Client, person: User) -> None:
    browser.post("/account/settings/", PROFILE | {"time_zone": "Asia/Calcutta"})
    page = browser.get("/account/settings/").content.decode()

    assert '<option value="Asia/Calcutta" selected>' in page


def test_a_bad_zone_in_the_database_takes_no_page_down(browser: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(time_zone="Asia", language="xx")

    assert browser.get("/account/settings/").status_code == 200
    assert zones.zone("Asia").key == "UTC"


def test_each_place_is_offered_once_in_the_readers_words() -> None:
    with translation.override("ru"):
        offered = dict(pair for _region, places in zones.choices("ru") for pair in places)

    assert offered["Asia/Yerevan"] == "Ереван"
    assert "Asia/Calcutta" not in offered


# ---------- Language and zone of a page ----------
def test_pages_speak_the_persons_language(browser: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(language="ru")

    answered = browser.get("/account/settings/", headers={"accept-language": "en"})

    assert answered["Content-Language"] == "ru"
    assert '<html lang="ru"' in answered.content.decode()


def test_people_not_signed_in_are_spoken_to_as_their_browser_asks(client: Client) -> None:
    assert client.get("/account/login/", headers={"accept-language": "ru"})["Content-Language"] == "ru"


def test_they_may_choose_another_language(client: Client) -> None:
    answered = client.post("/account/language/", {"language": "ru", "next": "/account/login/"})

    assert answered["Location"] == "/account/login/"
    assert client.get("/account/login/", headers={"accept-language": "en"})["Content-Language"] == "ru"


def test_the_choice_of_a_person_is_kept(browser: Client, person: User) -> None:
    browser.post("/account/language/", {"language": "ru"})

    person.refresh_from_db()
    assert person.language == "ru"


@pytest.mark.parametrize(
    ("language", "back"), [("xx", "https://evil.example/"), ("", "//evil.example"), ("ru\x00", "")]
)
def test_a_language_that_is_none_changes_nothing(browser: Client, person: User, language: str, back: str) -> None:
    answered = browser.post("/account/language/", {"language": language, "next": back})

    person.refresh_from_db()
    assert (answered["Location"], person.language) == ("/", "en")


def test_no_language_or_zone_outlives_its_page(browser: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(language="ru")
    before = translation.get_language(), timezone.get_current_timezone_name()

    browser.get("/account/settings/")

    assert (translation.get_language(), timezone.get_current_timezone_name()) == before


def test_unreviewed_languages_are_marked(browser: Client) -> None:
    assert "Русский (not reviewed yet)" in browser.get("/account/settings/").content.decode()


# ---------- First steps ----------
def test_newcomers_answer_one_question_a_page(client: Client, db: None) -> None:
    newcomer = User.objects.create_user("new@example.org")
    pages = [sign_in(client, newcomer)["Location"], client.get("/account/welcome/")["Location"]]
    client.post("/account/welcome/name/", {"name": "Nino Beridze", "name_own_script": "ნინო ბერიძე"})
    pages.append(client.get("/account/welcome/")["Location"])
    client.post("/account/welcome/zone/", {"time_zone": "Asia/Tbilisi"})
    pages.append(client.get("/account/welcome/")["Location"])

    newcomer.refresh_from_db()
    assert pages == ["/account/welcome/", "/account/welcome/name/", "/account/welcome/zone/", "/"]
    assert (str(newcomer), newcomer.time_zone, newcomer.zone_confirmed) == ("Nino Beridze", "Asia/Tbilisi", True)


def test_upper_layers_add_their_step_in_its_place(client: Client, db: None) -> None:
    welcome.register(welcome.Step("rules", due=lambda _: True, url=lambda _: "/ground-rules/", order=30))
    newcomer = User.objects.create_user("new@example.org", name="Nino", zone_confirmed=False)
    sign_in(client, newcomer)
    first = client.get("/account/welcome/")["Location"]
    client.post("/account/welcome/zone/", {"time_zone": "Asia/Tbilisi"})

    assert (first, client.get("/account/welcome/")["Location"]) == ("/account/welcome/zone/", "/ground-rules/")


def test_the_steps_end_where_one_wanted_to_go(client: Client, db: None) -> None:
    newcomer = User.objects.create_user("new@example.org", name="Nino")
    client.post("/account/login/", {"login": newcomer.email, "next": "/updates/"})
    type_code(client, mailed_code(newcomer.email), next="/updates/")
    client.post("/account/welcome/zone/", {"time_zone": "Asia/Tbilisi"})

    assert client.get("/account/welcome/")["Location"] == "/updates/"


# ---------- People and their data ----------
def test_two_spellings_of_an_address_are_one_person(db: None) -> None:
    assert people.person_for(" Ani@Example.ORG ") == people.person_for("ani@example.org")


def test_the_database_takes_no_second_person_with_one_address(person: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create(email="ANI@example.org")


def test_a_person_found_by_address_cannot_sign_in_yet(db: None) -> None:
    person = people.person_for("ani@example.org")

    assert (person.is_active, person.has_usable_password()) == (False, False)


def test_my_data_is_mine_and_complete(browser: Client, person: User, other: User) -> None:
    give_app(person)

    answered = browser.get("/account/settings/my-data/")

    account = json.loads(answered.content)["account"]
    assert answered["Content-Disposition"] == 'attachment; filename="parley-my-data.json"'
    assert (account["email"], account["name"]) == ("ani@example.org", "Ani Petrosyan")
    assert account["second_factors"] == ["totp"]
    assert other.email not in answered.content.decode()


def test_upper_layers_add_to_my_data(browser: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_data, "_parts", {})
    own_data.register("seats", lambda somebody: [somebody.name])

    assert json.loads(browser.get("/account/settings/my-data/").content)["seats"] == ["Ani Petrosyan"]
