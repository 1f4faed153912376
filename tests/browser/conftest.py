"""A person in a real browser: headless Chromium against the site, under its own content security policy.

A run of its own (`pytest tests/browser`): Playwright's event loop breaks asynchronous tests in the same process.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebSocketRoute, sync_playwright

# Playwright keeps a loop in the test's thread, where Django would refuse plain queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK, NARROWEST = 360, 1280, 320
HEIGHTS = {PHONE: 740, NARROWEST: 640}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@dataclass
class Seen:
    """What a page said about itself while it was open, and the sockets it opened."""

    faults: list[str] = field(default_factory=list)
    sockets: list[WebSocketRoute] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


PageAt = Callable[..., Page]


@pytest.fixture
def page_at(chromium: Browser, live_server) -> Iterator[PageAt]:
    """`page_at(width=1280, dark=False, user=None, **options)`: a new person's page; `user` is signed in already."""
    opened: list[BrowserContext] = []

    def page_at(width: int = DESK, dark: bool = False, user=None, **options) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            base_url=live_server.url,
            locale="en-GB",
            timezone_id="Asia/Yerevan",
            **options,
        )
        opened.append(context)
        if user is not None:
            context.add_cookies([session_of(user, live_server.url)])
        return watched(context.new_page())

    yield page_at
    for context in opened:
        context.close()


def session_of(user, url: str) -> dict:
    """The cookie of a session that this person has just opened."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def watched(page: Page) -> Page:
    """Collects errors of scripts, of the network and of the policy (CSP); the test answers the page's sockets."""
    seen = Seen()
    page.seen = seen  # type: ignore[attr-defined]  # ours, for check_page

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.faults.append(message.text)

    def opened(socket: WebSocketRoute) -> None:
        seen.sockets.append(socket)
        socket.on_message(lambda text: seen.sent.append(str(text)))

    page.on("console", said)
    page.on("pageerror", lambda error: seen.faults.append(str(error)))
    page.route_web_socket("**/ws/**", opened)
    return page


def check_page(page: Page) -> None:
    """What holds for every page: axe finds nothing, nothing failed, nothing scrolls sideways, one heading leads."""
    page.wait_for_load_state("networkidle")
    assert sideways(page) == 0, f"{page.url} is wider than its window"
    assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').count()} <h1>"
    assert violations(page) == [], page.url
    assert page.seen.faults == [], page.url  # type: ignore[attr-defined]


def sideways(page: Page) -> int:
    """By how many CSS pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def violations(page: Page) -> list[str]:
    """axe's findings, one line each: the rule and the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[' '.join(map(str, node['target'])) for node in one['nodes']]}" for one in found]
