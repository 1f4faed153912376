"""What is measured of Parley, by name; the people are those of bench/data.py."""

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (these need the app registry)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.measured import Answer, Browser, Case, signed_in  # noqa: E402
from groups.models import ThematicGroup  # noqa: E402
from parley.access import new_id  # noqa: E402
from parley.accounts.models import Device, User  # noqa: E402
from parley.accounts.second_factor import session_showed  # noqa: E402
from parley.notifications.models import Delivery  # noqa: E402
from parley.notifications.wake import _errands  # noqa: E402
from parley.programmes.models import Programme  # noqa: E402
from reports.fragments import kept  # noqa: E402
from reports.models import Document, Passage, Section, Voice  # noqa: E402

from .data import SAID  # noqa: E402

PATIENCE = 10
WORLDS = (1, 30)


def settle() -> None:
    """What a request leaves to the thread of errands (Redis, the broker) belongs to its cost."""
    done = threading.Event()
    _errands.put(done.set)
    done.wait(PATIENCE)


def cases() -> dict[str, Case]:
    cache.clear()
    site = Site()
    return {**site.pages(), **site.writing(), **site.signing_in(), **site.printing(), **lists(site)}


def told() -> dict[str, Any]:
    """What the run needs to know: a member's cookies and pages, and which lists there are."""
    site = Site()
    paths = [
        reverse("home"),
        reverse("group", kwargs={"group": site.group.public_id}),
        reverse("document", kwargs={"document": site.document.public_id}),
        reverse("section", kwargs={"section": site.loud.public_id}),
        reverse("comment", kwargs={"passage": _first(site.loud, Voice.JOINT).public_id}),
        reverse("updates"),
        reverse("meetings"),
        reverse("settings"),
        reverse("help_page"),
    ]
    return {"cookies": site.member.cookies, "paths": paths, "lists": [*addresses(1), "published"]}


class Site:
    """The application of this process and its people's browsers."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.group = ThematicGroup.objects.get(name="Group 00")
        self.document = Document.objects.get(group=self.group)
        self.loud, self.quiet = self.document.sections.order_by("position")[:2]
        # Of the second side, no co-chair.
        self.member = self.browser("member-0-3@bench.example")

    def browser(self, email: str, *, proved: bool = False) -> Browser:
        person = User.objects.get(email=email)
        session = signed_in(person, settings.AUTHENTICATION_BACKENDS[-1])
        Device.objects.create(user=person, session_key=session, browser="Firefox", system="Linux")
        if proved:
            _show_second_factor(session, person)
        return Browser(self.application, {settings.SESSION_COOKIE_NAME: session}, settings.CSRF_COOKIE_NAME)

    def pages(self) -> dict[str, Case]:
        section = reverse("section", kwargs={"section": self.loud.public_id})
        tag: dict[str, str] = {}

        def unchanged() -> None:
            tag["HTTP_IF_NONE_MATCH"] = self.member.get(section).headers["etag"]

        return {
            "group": Case(self.getting("group", group=self.group.public_id)),
            "document": Case(self.getting("document", document=self.document.public_id)),
            "home": Case(self.getting("home")),
            "section, cold": Case(lambda: self.member.get(section), before=kept.clear),
            "section, warm": Case(lambda: self.member.get(section)),
            "section, unchanged": Case(lambda: self.member.get(section, **tag), before=unchanged, wanted=304),
            "section without comments": Case(self.getting("section", section=self.quiet.public_id)),
        }

    def getting(self, name: str, **key: str) -> Callable[[], Answer]:
        path = reverse(name, kwargs=key)
        return lambda: self.member.get(path)

    def writing(self) -> dict[str, Case]:
        """On the other side's view: all 25 of that side are told. On joint text: the two co-chairs."""
        view, joint = _first(self.loud, Voice.VIEW), _first(self.loud, Voice.JOINT)
        return {
            "comment": self.commenting(joint),
            "comment at 0": self.commenting(_first(self.quiet, Voice.JOINT)),
            "comment, 25 told": self.commenting(view),
        }

    def commenting(self, passage: Passage) -> Case:
        path = reverse("comment", kwargs={"passage": passage.public_id})

        def act() -> Answer:
            words = {"kind": "question", "readers": "all", "source": SAID, "idempotency_key": new_id() * 2}
            return self.member.post(path, words)

        return Case(act, wanted=302, leads_to="#t-")

    def signing_in(self) -> dict[str, Case]:
        """Asking for a code and typing it, each time by somebody else from elsewhere: the limits are per person."""
        people = User.objects.filter(email__startswith="member-1-").order_by("pk")
        asking, typing = _Entrance(self.application, people), _Entrance(self.application, people.reverse())
        return {
            "sign-in, asking": Case(asking.ask, before=asking.come, wanted=302, leads_to="confirm"),
            "sign-in, typing": Case(typing.type_code, before=typing.come_and_ask, wanted=302, leads_to="/"),
        }

    def printing(self) -> dict[str, Case]:
        """Asking for the PDF of the report that was imported, if one was; each time of a text changed just now."""
        report = Document.objects.exclude(specimen="").order_by("-pk").first()
        if report is None:
            return {}
        facilitator = report.group.programme.facilitators.first()
        if facilitator is None:
            return {}
        browser = self.browser(facilitator.person.email, proved=True)
        path = reverse("print_document", kwargs={"document": report.public_id})
        changed = Document.objects.filter(pk=report.pk)
        ticking = itertools.count()

        def touch() -> None:
            changed.update(changed_at=timezone.now() + timedelta(seconds=next(ticking)))

        return {"print": Case(lambda: browser.post(path, {}), before=touch, wanted=302, leads_to="/renditions/")}


class _Entrance:
    def __init__(self, application: object, people: object) -> None:
        self.application, self.people = application, itertools.cycle(people)  # type: ignore[call-overload]
        self.places: Iterator[int] = itertools.count()

    def come(self) -> None:
        self.person = next(self.people)
        self.address = {"HTTP_X_FORWARDED_FOR": f"10.1.{next(self.places) % 250}.1"}
        self.browser = Browser(self.application, {}, settings.CSRF_COOKIE_NAME)  # type: ignore[arg-type]

    def ask(self) -> Answer:
        return self.browser.post(reverse("account_login"), {"login": self.person.email}, **self.address)

    def come_and_ask(self) -> None:
        self.come()
        self.browser.cookies |= self.ask().cookies
        mailed = Delivery.objects.filter(to=self.person.email, kind="account:account_code").latest("pk")
        self.code = mailed.facts["code"]

    def type_code(self) -> Answer:
        return self.browser.post(reverse("account_confirm_login_code"), {"code": self.code}, **self.address)


def _show_second_factor(session_key: str, person: User) -> None:
    """As if this session had begun with an authenticator's code."""
    request = HttpRequest()
    request.session, request.user = SessionStore(session_key), person  # type: ignore[assignment]  # a request's parts
    session_showed(request, "totp")  # type: ignore[arg-type]
    request.session.save()


def _first(section: Section, voice: str) -> Passage:
    """The first passage of this voice; a view is the first side's."""
    found = section.passages.filter(voice=voice).order_by("position").first()
    assert found is not None
    return found


def lists(site: Site) -> dict[str, Case]:
    """Every list, with 1 row and with 30: "list: NAME (1)". Memory is emptied before each: all is asked anew."""
    cases: dict[str, Case] = {}
    for rows in WORLDS:
        member = site.browser(f"of-{rows}-0@bench.example", proved=True)
        facilitator = site.browser(f"facilitator-of-{rows}-0@bench.example", proved=True)
        for name, path in addresses(rows).items():
            browser = facilitator if name in OF_FACILITATORS else member
            cases[f"list: {name} ({rows})"] = Case(_opening(browser, path), before=kept.clear)
    for page, rows in ((2, 1), (1, 30)):
        path = f"{reverse('published_list')}?page={page}"
        anybody = Browser(site.application)
        cases[f"list: published ({rows})"] = Case(_opening(anybody, path), before=kept.clear)
    return cases


def _opening(browser: Browser, path: str) -> Callable[[], Answer]:
    return lambda: browser.get(path)


OF_FACILITATORS = {"invitations", "programmes", "outbox"}


def addresses(rows: int) -> dict[str, str]:
    programme = Programme.objects.get(name=f"World of {rows}")
    group = programme.groups.order_by("pk")[0]
    document = group.documents.order_by("pk")[0]
    section = document.sections.order_by("position")[0]
    passage = section.passages.order_by("position")[0]
    thread = passage.threads.order_by("started_at")[0]
    of_programme, of_group = {"programme": programme.public_id}, {"group": group.public_id}
    of_document = {"document": document.public_id}
    return {
        "home": reverse("home"),
        "updates": reverse("updates"),
        "all updates": reverse("updates_shown", kwargs={"show": "all"}),
        "programmes": reverse("programmes"),
        "programme": reverse("programme", kwargs=of_programme),
        "invitations": reverse("invitations", kwargs=of_programme),
        "group": reverse("group", kwargs=of_group),
        "people of a group": reverse("group_people", kwargs=of_group),
        "motions": reverse("motions", kwargs=of_group),
        "documents": reverse("documents"),
        "document": reverse("document", kwargs=of_document),
        "whole text": reverse("whole_text", kwargs=of_document),
        "sections in order": reverse("arrange", kwargs=of_document),
        "comments waiting": reverse("comment_queue", kwargs=of_document),
        "settle": reverse("settle", kwargs=of_document),
        "ledger": reverse("ledger", kwargs=of_document),
        "section": reverse("section", kwargs={"section": section.public_id}),
        "passages in order": reverse("arrange_passages", kwargs={"section": section.public_id}),
        "revisions": reverse("revisions", kwargs={"passage": passage.public_id}),
        "comments on a passage": reverse("comment", kwargs={"passage": passage.public_id}),
        "thread": reverse("thread", kwargs={"thread": thread.public_id}),
        "meetings": reverse("meetings"),
        "settings": reverse("settings"),
    }
