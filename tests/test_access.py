"""The access tables hold: each role gets exactly the answer that its letter says, and nothing is without a line."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import get_commands
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from groups.actions import end_membership
from parley.accounts.middleware import SET_UP_PAGES
from parley.celery import app as celery
from parley.notifications import due, outbox
from parley.notifications.kinds import kind_named, known_kinds
from parley.notifications.models import Delivery, DeliveryState
from parley.notifications.recheck import forget_what_is_hidden
from parley.notifications.topics import _kinds as topic_kinds
from parley.notifications.topics import channels_for
from parley.routing import socket_routes
from tests.access import (
    COMMANDS,
    DUE,
    MAILS,
    NO_METHOD,
    NO_METHOD_FOR_ANYBODY,
    NOTICES,
    OWN_DATA,
    PAGES,
    ROLES,
    SOCKETS,
    TASKS,
    TOPICS,
    Notice,
    Page,
    Topic,
)
from tests.factories.browsers import signed_in
from tests.factories.furnished import Furnished, furnished

ROWS = [page for pages in PAGES.values() for page in pages]
# The world is made once, below; the mark gives each test a transaction of its own inside that.
pytestmark = pytest.mark.django_db
OUR_APPS = ("parley.", "groups", "reports", "meetings")
LETTERS = {200: "o", 400: "b", 403: "f", 404: "n", 405: "x", 409: "c", 410: "g", 422: "i"}
LED = {"/account/login/": "s", "/account/prove/": "p", "/account/second-factor/": "u"}


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[Furnished]:
    """Furnished once for the whole module; what a test does in it is undone."""
    logging.disable(logging.CRITICAL)  # a traceback for each refusal is most of the time that they take
    with django_db_blocker.unblock(), transaction.atomic():
        yield furnished()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module", autouse=True)
def _refusals_without_words() -> Iterator[None]:
    """Half of some ten thousand answers are refusals. Here their status counts; tests/parley/ui has their pages."""

    def handler(resolver: URLResolver, status: int) -> Any:
        return lambda request, exception=None: HttpResponse(status=status)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(URLResolver, "resolve_error_handler", handler)
        yield


class undone:  # noqa: N801 (reads as a word of the sentence: with undone())
    """What is done inside is rolled back."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *raised: Any) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(*raised)


class Browser:
    """One role's browser: every question finds it as it was when its session began."""

    def __init__(self, client: Client) -> None:
        self.client, self.cookies = client, client.cookies.output(header="", sep=";")

    def ask(self, method: str, page: Page, here: Furnished) -> HttpResponseBase:
        cache.clear()
        self.client.cookies = SimpleCookie(self.cookies)
        sent = page.sends(here) if page.sends and method == "post" else {}
        with undone():
            return read_to_the_end(getattr(self.client, method)(address(page, here), sent))

    def answer(self, method: str, page: Page, here: Furnished) -> str:
        return letter(self.ask(method, page, here))

    def open(self, url: str) -> str:
        cache.clear()
        self.client.cookies = SimpleCookie(self.cookies)
        with undone():
            return letter(read_to_the_end(self.client.get(url)))


def read_to_the_end(answer: Any) -> Any:
    """A file is closed when it has been read; the test client closes all else."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def letter(answer: Any) -> str:
    if answer.status_code in (301, 302, 303):
        return LED.get(answer["Location"].partition("?")[0], "d")
    return LETTERS.get(answer.status_code, f"[{answer.status_code}]")


@pytest.fixture(scope="module")
def browsers(here: Furnished) -> dict[str, Browser]:
    """Each role signed in, with a second factor shown."""
    known = {role: signed_in(here.people[role], raise_request_exception=False) for role in ROLES if role in here.people}
    return {role: Browser(client) for role, client in known.items()} | {
        "anonymous": Browser(Client(raise_request_exception=False))
    }


@pytest.fixture(scope="module")
def unproved(here: Furnished, browsers: dict[str, Browser]) -> dict[str, Browser]:
    """Signed in by a mailed code alone, with a second factor that was not shown."""
    return {
        role: Browser(signed_in(here.people[role], proved=False, raise_request_exception=False))
        for role in ROLES
        if role in here.people
    }


def walk(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern


ADDRESSES = {pattern.name: pattern for pattern in walk(get_resolver().url_patterns)}


def keywords(pattern: URLPattern) -> list[str]:
    return list(getattr(pattern.pattern, "converters", None) or pattern.pattern.regex.groupindex)  # type: ignore[attr-defined]


def address(page: Page, here: Furnished) -> str:
    """The thing's key goes into the first place of the address that the line does not fill itself."""
    places = dict(page.more)
    if page.of:
        free = next(word for word in keywords(ADDRESSES[page.name]) if word not in places)
        places[free] = here.key(page.of)
    return reverse(page.name, kwargs=places)


def in_groups(letters: Iterable[str]) -> str:
    """As the tables write it."""
    found = list(letters)
    if any(len(each) > 1 for each in found):
        return " ".join(f"{role}:{each}" for role, each in zip(ROLES, found, strict=True))
    text = "".join(found)
    return f"{text[:7]} {text[7:9]} {text[9:12]} {text[12:]}"


def given(page: Page, method: str, role: str) -> str:
    """The letter of a role in the table."""
    return getattr(page, method).replace(" ", "")[ROLES.index(role)]


REFUSED_TO_ALL = [
    "account_request_login_code",
    "mfa_view_recovery_codes",
    "mailbox",
    "facilitator_second_factor: facilitator",
    "member_second_factor: seat of a co-chair",
    "write: dropped caucus of A",
    "reply: caucus of A",
    "table: joint passage",
    "withdraw_agreement: caucus of A",
    "no_reply: caucus of A",
    "no_reply: joint passage",
    "mark_points: caucus of A",
    "name_points: view of B",
    "open_bracket: view of A",
    "open_bracket: caucus of A",
    "open_bracket: agreed passage",
    "mend_brackets: caucus of A",
    "reserve_on_passage: caucus of A",
    "reserve_on_passage_for_side: caucus of B",
    "state_support: joint passage",
    "state_support: caucus of A",
    "give_pen_on_passage: view of A",
    "give_pen_on_passage: caucus of A",
    "take_suggestion: comment",
    "table_thread: comment",
    "unfreeze: document",
    "published: unknown",
    "published_copy: code: sou",
    "public_register: unknown",
    "propose_words: caucus of A",
    "propose_words: caucus of B",
    "take_proposal: offer for agreed words",
    "take_proposal: caucus proposal of A",
    "amend_proposal: offer of A",
    "feed: unknown",
    "answer_by_link: unknown",
]
EACH = [pytest.param(page, method, id=f"{method} {page.label}") for page in ROWS for method in ("get", "post")]


@pytest.mark.parametrize(("page", "method"), EACH)
def test_each_role_gets_the_answer_of_the_table(
    here: Furnished, browsers: dict[str, Browser], page: Page, method: str
) -> None:
    expected = getattr(page, method)

    asked = ROLES if expected not in (NO_METHOD, NO_METHOD_FOR_ANYBODY) else ("anonymous", "outsider", "co_chair_a")
    answers = {role: browsers[role].answer(method, page, here) for role in asked}

    assert in_groups(answers.get(role, given(page, method, role)) for role in ROLES) == expected


@pytest.mark.parametrize("page", [pytest.param(page, id=page.label) for page in ROWS if page.key])
def test_acts_that_count_ask_for_the_second_factor_first(
    here: Furnished, unproved: dict[str, Browser], page: Page
) -> None:
    for method in ("get", "post"):
        allowed = [role for role in ROLES if given(page, method, role) in "odcu"]

        assert {role: unproved[role].answer(method, page, here) for role in allowed} == dict.fromkeys(allowed, "p")


@pytest.mark.parametrize("role", ["co_chair_a", "facilitator"])
def test_everything_else_opens_with_a_mailed_code_alone(
    here: Furnished, unproved: dict[str, Browser], role: str
) -> None:
    for page in ROWS:
        if page.key:
            continue
        for method in ("get", "post"):
            answer = unproved[role].answer(method, page, here)

            assert (page.label, method, answer) == (page.label, method, given(page, method, role))


def test_who_must_have_a_second_factor_and_has_none_sees_nothing_but_the_way_to_one(here: Furnished) -> None:
    person = here.people["co_chair_b"]
    person.authenticator_set.all().delete()
    browser = Browser(signed_in(person, proved=False, raise_request_exception=False))

    led = {page.name for page in ROWS if browser.answer("get", page, here) == "u"}
    posted = {page.name for page in ROWS if browser.answer("post", page, here) == "u"}

    others = {page.name for page in ROWS} - SET_UP_PAGES
    assert led >= others - {"account_login", "account_confirm_login_code"}
    assert posted >= others - {"account_login", "account_confirm_login_code"}


# What a membership opened, its end closes.


def test_with_the_end_of_a_membership_every_address_answers_as_to_a_stranger(
    here: Furnished, browsers: dict[str, Browser]
) -> None:
    held = Browser(signed_in(here.people["member_b"], raise_request_exception=False))
    end_membership(here["seat of B"], by=here.people["co_chair_b"])

    for page in ROWS:
        for method in ("get", "post"):
            answer = held.answer(method, page, here)

            assert (page.label, method, answer) == (page.label, method, given(page, method, "outsider"))


def test_with_the_end_of_a_membership_no_mail_of_the_group_leaves(here: Furnished) -> None:
    person = here.people["member_b"]
    waiting = Delivery.objects.filter(reader=person, state=DeliveryState.QUEUED)
    waited, kinds = list(waiting.values_list("pk", flat=True)), set(waiting.values_list("kind", flat=True))
    end_membership(here["seat of B"], by=here.people["co_chair_b"])

    Delivery.objects.exclude(reader=person).delete()
    forget_what_is_hidden(person.public_id)  # as beat has it done
    sent = outbox.drain()

    assert "reports.passage_tabled" in kinds
    assert (sent, waiting.count()) == (0, 0)
    assert set(Delivery.objects.filter(pk__in=waited).values_list("state", flat=True)) == {"dropped"}


def test_with_the_end_of_a_membership_its_pages_hear_nothing(here: Furnished) -> None:
    person = here.people["member_b"]
    heard = {topic.name: channels_for(person, f"{topic.name}:{here.key(topic.of)}") for topic in TOPICS}
    end_membership(here["seat of B"], by=here.people["co_chair_b"])

    assert all(heard.values())
    assert {
        topic.name: channels_for(person, f"{topic.name}:{here.key(topic.of)}") for topic in TOPICS
    } == dict.fromkeys(heard)


# Who hears what on a socket, who is told what.


@pytest.mark.parametrize("topic", [pytest.param(topic, id=f"{topic.name}: {topic.of}") for topic in TOPICS])
def test_each_role_hears_what_the_table_says(here: Furnished, topic: Topic) -> None:
    name = f"{topic.name}:{here.key(topic.of)}"
    sides = {f"{name}:side:{here.made.a.public_id}": "a", f"{name}:side:{here.made.b.public_id}": "b", name: "o"}

    def heard(role: str) -> str:
        channels = channels_for(here.people[role], name) if role in here.people else None
        if channels is None:
            return "–"
        assert set(channels) <= set(sides)
        return next(sign for channel, sign in sides.items() if channel in channels)

    assert in_groups(heard(role) for role in ROLES) == topic.hears


@pytest.mark.parametrize("notice", [pytest.param(notice, id=f"{notice.kind}: {notice.of}") for notice in NOTICES])
def test_each_notice_reaches_whom_the_table_names_and_is_shown_to_nobody_else(here: Furnished, notice: Notice) -> None:
    kind = kind_named(notice.kind)
    assert kind is not None
    subject = kind.find(here.key(notice.of))
    facts = notice.facts(here) if notice.facts else {}

    told = {person.pk for person in kind.told(subject, facts, None)}
    may_see = {role: person.pk for role, person in here.people.items() if kind.may_see(person, subject)}

    def sign(role: str) -> str:
        person = here.people.get(role)
        if person is None or person.pk not in told:
            return "v" if role in may_see else "–"
        return "t" if role in may_see else "!"

    assert in_groups(sign(role) for role in ROLES) == notice.told
    assert told <= set(may_see.values()), "told, though they may not see it"


@pytest.mark.parametrize("notice", [pytest.param(notice, id=f"{notice.kind}: {notice.of}") for notice in NOTICES])
def test_each_notice_leads_whom_it_tells_to_a_page_that_opens(
    here: Furnished, browsers: dict[str, Browser], notice: Notice
) -> None:
    kind = kind_named(notice.kind)
    assert kind is not None
    subject = kind.find(here.key(notice.of))
    facts = notice.facts(here) if notice.facts else {}
    told = {person.pk for person in kind.told(subject, facts, None)}
    readers = {role: here.people[role] for role in browsers.keys() & here.people.keys() if here.people[role].pk in told}

    words = {role: kind.words(subject, person, facts) for role, person in readers.items()}
    answers = {role: browsers[role].open(words.url) for role, words in words.items()}

    assert answers == dict.fromkeys(readers, "o")


# Nothing is without a line, and no line without a thing.


def test_every_address_has_a_line() -> None:
    assert {page.name for page in ROWS} == set(ADDRESSES)


def test_every_line_is_there_once_and_names_every_role() -> None:
    doubled = [label for label, count in Counter(page.label for page in ROWS).items() if count > 1]

    assert doubled == []
    assert {len(line.replace(" ", "")) for page in ROWS for line in (page.get, page.post)} == {len(ROLES)}


def test_every_line_about_a_page_is_opened_by_somebody() -> None:
    """A line that refuses all would hold for a page that does not work."""
    closed = [page.label for page in ROWS if not set(page.get + page.post) & set("odcu")]

    assert closed == REFUSED_TO_ALL


def test_every_socket_and_every_page_that_may_be_watched_has_a_line() -> None:
    assert {route.name for route in socket_routes} == set(SOCKETS)
    assert {topic.name for topic in TOPICS} == set(topic_kinds)


def test_every_kind_of_notice_has_a_line() -> None:
    declared = {name for name, kind in known_kinds().items() if kind.subject.__module__.startswith(OUR_APPS)}

    assert {notice.kind for notice in NOTICES} == {name for name in declared if not name.startswith("test")}


def test_every_mail_to_an_address_alone_has_a_line() -> None:
    templates = Path(settings.TEMPLATE_DIR, "mail").glob("*.subject.txt")

    assert {template.name.removesuffix(".subject.txt") for template in templates} == set(MAILS)


def test_every_task_every_due_row_and_every_command_has_a_line() -> None:
    celery.loader.import_default_modules()
    ours = {name for name, app in get_commands().items() if str(app).startswith(OUR_APPS)}

    assert {name for name in celery.tasks if not name.startswith(("celery.", "tests."))} == set(TASKS)
    assert set(due._handlers) == set(DUE)
    assert ours == set(COMMANDS)


def test_every_part_of_ones_own_data_has_a_line(here: Furnished) -> None:
    from parley.accounts import own_data

    assert set(own_data.of(here.people["member_a"])) == set(OWN_DATA)
