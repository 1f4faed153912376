"""A person in a real browser: headless Chromium against the site, under its own content security policy.

A run of its own (`pytest tests/browser`): Playwright's event loop breaks asynchronous tests in the same process.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .live import LiveSite, a_live_site
from .watching import (
    DESK,
    HEIGHTS,
    NARROWEST,
    PHONE,
    check_page,
    close_all,
    sideways,
    watched,
)

__all__ = ["DESK", "NARROWEST", "PHONE", "PageAt", "check_page", "session_of", "sideways", "watched"]

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
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
    close_all(opened)


def session_of(user, url: str) -> dict:
    """The cookie of a session that this person has just opened."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


@pytest.fixture(scope="session")
def running(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """One site in processes of its own for all tests of this process that need one."""
    with a_live_site(tmp_path_factory.mktemp("live"), chromium) as site:
        yield site


@pytest.fixture
def site(running: LiveSite) -> Iterator[LiveSite]:
    """With a new section, in which nobody has written yet."""
    running.begin_a_section()
    yield running
    running.close_pages()
