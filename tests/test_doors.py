"""Every view has one door, and what lies behind a closed one looks like what was never there."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import rules
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parley.access import Door, needs
from reports.models import Passage
from tests.factories import World
from tests.factories.browsers import signed_in

OPEN_TO_ANYONE = {
    # Before one is signed in, and away from it.
    *(
        "account_login",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_signup",
        "account_inactive",
    ),
    *("mfa_authenticate", "mfa_login_webauthn", "account_logout", "leave_quickly", "account_left", "set_language"),
    "invitation",
    # Whoever has the mail, or the secret address, and no browser of theirs.
    *("leave_list", "answer_by_link", "feed"),
    # What the world may read.
    *("home", "help_page", "published_list", "published", "published_pdf", "published_copy", "verify"),
    *("public_register", "public_register_csv"),
    # For the proxy, for who installs it, for who builds pages.
    *("health", "health_live", "mailbox", "gallery"),
}


def walk(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern


PATTERNS = list(walk(get_resolver().url_patterns))
EACH = pytest.mark.parametrize("pattern", [pytest.param(pattern, id=str(pattern.name)) for pattern in PATTERNS])


def door_of(pattern: URLPattern) -> Door:
    return pattern.callback.door  # type: ignore[union-attr]  # a view with a door


@EACH
def test_each_address_has_a_name_of_its_own_and_a_door(pattern: URLPattern) -> None:
    assert isinstance(door_of(pattern), Door)
    assert [other.name for other in PATTERNS].count(pattern.name) == 1


@EACH
def test_each_door_asks_a_rule_that_exists_or_says_why_it_needs_none(pattern: URLPattern) -> None:
    door = door_of(pattern)

    assert rules.perm_exists(door.permission) if door.permission else len(door.reason) > 12
    assert bool(door.permission) == (door.model is not None)


@EACH
def test_the_address_carries_the_thing_that_the_door_fetches(pattern: URLPattern) -> None:
    door = door_of(pattern)
    if door.model is None:
        return

    name = getattr(door.model, "url_name", None) or door.model._meta.model_name
    assert name in pattern.pattern.converters  # type: ignore[attr-defined]  # a path, not an expression
    assert hasattr(door.model._default_manager.get_queryset(), "visible_to")


def test_only_these_addresses_are_open_to_anyone() -> None:
    assert {pattern.name for pattern in PATTERNS if door_of(pattern).anonymous} == OPEN_TO_ANYONE


def test_who_is_not_signed_in_is_kept_out_of_all_others_before_the_door_is_asked() -> None:
    assert f"{LoginRequiredMiddleware.__module__}.LoginRequiredMiddleware" in settings.MIDDLEWARE
    assert {
        pattern.name for pattern in PATTERNS if not getattr(pattern.callback, "login_required", True)
    } == OPEN_TO_ANYONE


# What a door does.


@needs("reports.write_passage", Passage)
def behind(request: HttpRequest, passage: Passage) -> HttpResponse:
    return HttpResponse(passage.public_id)


def at_the_door(person: Any, key: str) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = person
    return behind(request, passage=key)


def test_a_door_hands_over_the_thing_itself(made: World) -> None:
    assert at_the_door(made.member_a, made.caucus_a.public_id).content.decode() == made.caucus_a.public_id


def test_what_is_seen_and_not_allowed_is_refused(made: World) -> None:
    with pytest.raises(PermissionDenied):
        at_the_door(made.member_b, made.view_a.public_id)


@pytest.mark.parametrize("role", ["member_b", "facilitator", "observer", "ex_member_a", "outsider"])
def test_what_is_hidden_is_not_found(made: World, role: str) -> None:
    with pytest.raises(Http404):
        at_the_door(made.people[role], made.caucus_a.public_id)


def test_the_rule_is_not_asked_about_what_is_hidden(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(type(made.member_b), "has_perm", lambda *about: asked.append(about))

    with pytest.raises(Http404):
        at_the_door(made.member_b, made.caucus_a.public_id)
    assert asked == []


@pytest.mark.parametrize("role", ["co_chair_b", "facilitator", "observer"])
@pytest.mark.parametrize("name", ["write", "table", "drop_passage", "revisions", "comment"])
def test_the_page_for_what_is_hidden_is_the_page_for_what_never_was(made: World, role: str, name: str) -> None:
    browser, key, nothing = signed_in(made.people[role]), made.caucus_a.public_id, "2" * 12

    hidden = normal(browser, reverse(name, kwargs={"passage": key}), key)
    unknown = normal(browser, reverse(name, kwargs={"passage": nothing}), nothing)

    assert hidden == unknown
    assert hidden[0] == 404


def normal(browser: Client, address: str, key: str) -> tuple[int, str, dict[str, str]]:
    """Status, page and headers without what is new in each answer."""
    answer = browser.get(address)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    heads = {head: value for head, value in answer.headers.items() if head not in {"X-Request-ID", "Content-Length"}}
    return answer.status_code, page.replace(key, "…"), heads
