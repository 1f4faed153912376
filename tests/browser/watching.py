"""A page under watch: what it complains of, when it has come to rest, and what holds for every page."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, WebSocketRoute

PHONE, DESK, NARROWEST = 360, 1280, 320
HEIGHTS = {PHONE: 740, NARROWEST: 640}
PATIENCE = 20  # seconds, of a machine that does much else

# A module that has come asks for what it imports at once, and what it does at its start is drawn. (A window that is not
# drawn at all is given a second.)
TWO_FRAMES = """() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
    setTimeout(done, 1000);
})"""
# One line for each finding: all else that axe knows would be carried over to be thrown away.
FINDINGS = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}"""


# A page that is left at once takes its sockets with it, and the browser complains of that.
OF_LEAVING = ("closed before receiving a handshake response", "closed before the connection is established")


@dataclass
class Seen:
    """What a page said about itself, what it waits for just now, and the sockets it opened where the test answers."""

    faults: list[str] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)
    sockets: list[WebSocketRoute] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def complains(self, words: str) -> None:
        if not any(meant in words for meant in (*self.meant, *OF_LEAVING)):
            self.faults.append(words)


def listened_to(page: Page) -> Page:
    """Collects errors of scripts, of the network and of the policy (CSP), and what the page still waits for."""
    page.seen = seen = Seen()  # type: ignore[attr-defined]  # ours, here and below

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.complains(f"{message.text} ({message.location['url']})")

    page.on("console", said)
    page.on("pageerror", lambda error: seen.complains(error.stack or str(error)))
    page.on("request", lambda request: seen.under_way.add(request))
    page.on("requestfinished", lambda request: seen.under_way.discard(request))
    page.on("requestfailed", lambda request: seen.under_way.discard(request))
    return page


def watched(page: Page) -> Page:
    """Listened to, and the test is the other end of its sockets."""
    seen: Seen = listened_to(page).seen  # type: ignore[attr-defined]

    def opened(socket: WebSocketRoute) -> None:
        seen.sockets.append(socket)
        socket.on_message(lambda text: seen.sent.append(str(text)))

    page.route_web_socket("**/ws/**", opened)
    return page


def means_to_fail(page: Page, words: str) -> None:
    """From now on a complaint that says these words is part of what the test does, and no fault."""
    page.seen.meant.append(words)  # type: ignore[attr-defined]


def faults(page: Page) -> list[str]:
    return page.seen.faults  # type: ignore[attr-defined]


def close_all(contexts: list[BrowserContext]) -> None:
    """Also what went wrong after the last look at a page is a fault."""
    pages = [page for context in contexts for page in context.pages if hasattr(page, "seen")]
    found = {page.url: said for page in pages if (said := faults(page))}
    for context in contexts:
        context.close()
    contexts.clear()
    assert found == {}


def until(page: Page, holds: Callable[[], object]) -> None:
    """Waits, while the page goes on, until something is so that the page itself cannot tell."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{page.url}: in vain"
        page.wait_for_timeout(20)


def go(page: Page, address: str) -> Page:
    """To a page whose scripts are all there: a key pressed earlier would find nobody who hears it."""
    page.goto(address)
    return settled(page)


def settled(page: Page) -> Page:
    """The page has loaded, with all that its scripts brought after it, and waits for no answer."""
    end = time.monotonic() + PATIENCE
    while not _is_still(page):
        assert time.monotonic() < end, f"{page.url} still asks for {[one.url for one in page.seen.under_way]}"  # type: ignore[attr-defined]
    return page


def _is_still(page: Page) -> bool:
    page.wait_for_load_state()
    try:
        page.evaluate(TWO_FRAMES)
    except Error as gone:  # the next page is coming
        if "navigation" not in str(gone):
            raise
        return False
    return not page.seen.under_way  # type: ignore[attr-defined]


def check_page(page: Page) -> None:
    """What holds for every page: axe finds nothing, nothing failed, nothing scrolls sideways, one heading leads."""
    settled(page)
    assert sideways(page) == 0, f"{page.url} is wider than its window"
    assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').count()} <h1>"
    assert violations(page) == [], page.url
    assert faults(page) == [], page.url


def sideways(page: Page) -> int:
    """By how many CSS pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def violations(page: Page) -> list[str]:
    """axe's findings, one line each: the rule and the elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FINDINGS)
