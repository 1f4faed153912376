"""What every answer carries: the policy of the site; and what is said after an act, until it has been read."""

import secrets

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import Client

from parley.ui.messages import Messages

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAID = "Your comment is sent. All members read it."


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/account/login/", "/health/live/", "/no/such/page/"])
def test_every_answer_carries_the_policy_of_the_site(client: Client, address: str) -> None:
    answer = client.get(address)

    assert set(answer.headers["Content-Security-Policy"].split("; ")) == set(POLICY.split("; "))


def asked(**cookies: str) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES = cookies
    request.session = {}  # type: ignore[assignment]  # of a session what the storage uses
    return request


def kept(storage: type[Messages] | type[CookieStorage], *said: str) -> str:
    """The cookie in which the answer to an act carries what was said."""
    answer, messages = HttpResponse(), storage(asked())
    for words in said:
        messages.add(constants.SUCCESS, words)
    messages.update(answer)
    return answer.cookies["messages"].value


@pytest.mark.parametrize(("said", "is_compressed"), [([SAID], False), ([SAID, "Ձեր խոսքը պահված է։"] * 10, True)])
def test_what_was_said_is_carried_to_the_next_page_and_compressed_where_it_is_much(
    said: list[str], is_compressed: bool
) -> None:
    cookie = kept(Messages, *said)

    assert list(Messages(asked(messages=cookie))) == [Message(constants.SUCCESS, words) for words in said]
    assert cookie.startswith(".") == is_compressed  # as django.core.signing marks it


def test_what_django_itself_has_kept_before_an_update_of_the_site_is_read_too() -> None:
    cookie = kept(CookieStorage, SAID * 20)

    assert cookie.startswith(".")
    assert [message.message for message in Messages(asked(messages=cookie))] == [SAID * 20]


def test_nothing_is_said_that_the_site_has_not_signed() -> None:
    cookie = kept(Messages, SAID)

    forged = cookie[:-1] + ("A" if cookie[-1] != "A" else "B")

    assert list(Messages(asked(messages=forged))) == []


def test_what_is_too_long_for_a_cookie_goes_into_the_session() -> None:
    request = asked()
    messages = Messages(request)
    for number in range(30):
        messages.add(constants.SUCCESS, f"{number} {secrets.token_hex(60)}")
    messages.update(answer := HttpResponse())
    request.COOKIES = {"messages": answer.cookies["messages"].value}

    assert len(list(Messages(request))) == 30
    assert len(request.COOKIES["messages"]) <= CookieStorage.max_cookie_size
