"""The catalogues: whole, true to the English in all that is not words, and what the pages really say."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from groups.actions import add_milestone
from parley.accounts.models import User
from reports.publishing.labels import default_labels

CATALOGUES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"))
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# What a program puts in or a browser reads: %(name)s, %s, {name}, <b>, &nbsp;, and the signs of our light markup.
NOT_WORDS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w[^>]*>|&\w+;|\\[#*^\[]")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
# The same in every language.
NAMES = {"PDF", "SHA-256", "Parley, %(site)s"}


def messages(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        yield from (message for message in read_po(file, locale=path.parts[-3]) if message.id)


def english(message: Message) -> list[str]:
    """The singular and, where there is one, the plural."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def translated(message: Message) -> list[str]:
    """One form, or as many as the language counts with."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def in_russian(person: User) -> User:
    User.objects.filter(pk=person.pk).update(language="ru")
    person.refresh_from_db()
    return person


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# ---------- The files ----------
def test_each_language_on_offer_has_its_catalogue():
    assert [path.parts[-3] for path in CATALOGUES] == LANGUAGES


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_every_message_is_translated_and_none_is_a_guess(path):
    unfinished = [message.id for message in messages(path) if message.fuzzy or not all(translated(message))]

    assert unfinished == []


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_what_is_no_word_stands_in_each_translation_as_often_as_in_english(path):
    wrong = [
        (message.id, form)
        for message in messages(path)
        for form in translated(message)
        if sorted(NOT_WORDS.findall(form)) != sorted(NOT_WORDS.findall(english(message)[-1]))
    ]

    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_a_translation_begins_and_ends_with_the_spaces_of_the_english(path):
    wrong = [
        message.id
        for message in messages(path)
        for form in translated(message)
        if (form[:1].isspace(), form[-1:].isspace())
        != (english(message)[0][:1].isspace(), english(message)[0][-1:].isspace())
    ]

    assert wrong == []


def test_no_russian_message_was_left_in_english():
    (russian,) = (path for path in CATALOGUES if path.parts[-3] == "ru")

    left = {
        english(message)[0]
        for message in messages(russian)
        if not all(CYRILLIC.search(form) for form in translated(message))
    }

    assert left == NAMES


# ---------- What they make of the site ----------
@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 фрагментов ожидают ключа вашей стороны."),
        (1, "1 фрагмент ожидает ключа вашей стороны."),
        (2, "2 фрагмента ожидают ключа вашей стороны."),
        (4, "4 фрагмента ожидают ключа вашей стороны."),
        (5, "5 фрагментов ожидают ключа вашей стороны."),
        (11, "11 фрагментов ожидают ключа вашей стороны."),
        (12, "12 фрагментов ожидают ключа вашей стороны."),
        (21, "21 фрагмент ожидает ключа вашей стороны."),
        (22, "22 фрагмента ожидают ключа вашей стороны."),
        (111, "111 фрагментов ожидают ключа вашей стороны."),
    ],
)
def test_russian_counts_with_three_forms(count, words):
    with translation.override("ru"):
        said = ngettext(
            "%(count)d passage waits for your side’s key.", "%(count)d passages wait for your side’s key.", count
        )

    assert said % {"count": count} == words


def test_a_page_without_a_sign_in_speaks_the_language_of_the_browser(client, db):
    answer = client.get("/account/login/", headers={"accept-language": "ru"}).content.decode()

    assert '<html lang="ru"' in answer
    assert "Пароля нет. Мы пришлём вам код по почте" in answer
    assert "There is no password" not in answer


def test_the_groups_page_in_russian_tells_days_in_russian_too(client, made):
    add_milestone(group=made.group, title="First draft", due=date(2031, 5, 6), by=made.facilitator)
    client.force_login(in_russian(made.member_a))

    answer = page(client, f"/groups/{made.group.public_id}/")

    assert "вторник, 6 мая 2031\u202fг." in answer
    assert "Участники от стороны «" in answer
    assert "Members from" not in answer


def test_the_fence_of_the_caucus_says_in_russian_who_sees_it(client, made):
    client.force_login(in_russian(made.member_a))

    answer = page(client, f"/sections/{made.section.public_id}/")

    assert "Это видит только ваша сторона." in answer
    assert "Only your side sees this." not in answer


def test_the_language_menu_says_that_no_native_reader_has_checked_the_russian(client, db):
    answer = client.get("/account/login/", headers={"accept-language": "ru"}).content.decode()
    menu = " ".join(answer.split())

    assert "Русский (ещё не проверен)" in menu
    assert "English (" not in menu


def test_the_settings_say_it_too(client, made):
    client.force_login(in_russian(made.member_a))

    assert "Русский (ещё не проверен)" in page(client, "/account/settings/")


def test_a_document_in_russian_is_printed_with_russian_words():
    with translation.override("ru"):
        labels = default_labels()

    assert (labels["joint_report"], labels["co_chair"], labels["not_signed"]) == (
        "Совместный доклад",
        "Сопредседатель",
        "Не подписано",
    )
