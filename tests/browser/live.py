"""A real site for people who write live: server, database and browsers, each of which a test may cut off."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from parley.desk.management.commands.serve import SOCKETS
from tests.parley.house.instances import ROOT, Instance, an_instance, wait_for
from tests.services import free_port

from .watching import DESK, HEIGHTS, close_all, listened_to, means_to_fail, until

# milliseconds in which ProseMirror takes a caret that leaps to the beginning for the browser's own doing
JUST_FOCUSED = 250
PATIENCE = 20_000  # milliseconds; the first reconnection takes up to some seconds
SERVER = ["-m", "uvicorn", "parley.asgi:application", *SOCKETS, "--log-level", "warning"]


@dataclass
class LiveSite:
    """`desk` answers verbs of `live_desk` from the same database; the server can be killed and started again."""

    instance: Instance
    port: int
    chromium: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        self.desk = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.live_desk"],
            cwd=ROOT,
            env=self.instance.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.do("begin")
        self.begin_a_section()
        self.start()

    def begin_a_section(self) -> None:
        """A page on which nobody has written yet."""
        self.section = self.do("section")

    def do(self, verb: str, *arguments: Any) -> Any:
        assert self.desk.stdin and self.desk.stdout
        print(json.dumps([verb, *arguments]), file=self.desk.stdin, flush=True)
        said = json.loads(self.desk.stdout.readline())
        assert "answer" in said, said["failed"]
        return said["answer"]

    def until(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE / 1000
        while not holds():
            assert time.monotonic() < until
            time.sleep(0.1)

    def start(self) -> None:
        command = [sys.executable, *SERVER, "--port", str(self.port)]
        self.server = subprocess.Popen(command, cwd=ROOT, env=self.instance.environment)
        wait_for(f"{self.url}/health/live/", self.server)

    def kill(self) -> None:
        """As a power cut does. Pages that are open complain of it in the browser's words."""
        for context in self.contexts:
            for page in context.pages:
                means_to_fail(page, "net::ERR_")
        self.server.kill()
        self.server.wait()

    def page_of(self, role: str, width: int = DESK, dark: bool = False, **options: Any) -> Page:
        """The section's page in a browser of this person's own."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            base_url=self.url,
            locale="en-GB",
            timezone_id="Asia/Yerevan",
            **options,
        )
        self.contexts.append(context)
        context.add_cookies([{**self.do("cookie", role), "url": self.url}])
        page = _overheard(listened_to(context.new_page()))
        page.goto(self.section)
        until(page, lambda: page.frames_heard)  # type: ignore[attr-defined]
        return page

    def close_pages(self) -> None:
        close_all(self.contexts)

    def end(self) -> None:
        self.desk.kill()
        self.desk.communicate()
        self.kill()


@contextmanager
def a_live_site(folder: Path, chromium: Browser) -> Iterator[LiveSite]:
    port = free_port()
    with an_instance(folder, with_tables=True, PARLEY_URL=f"http://127.0.0.1:{port}") as instance:
        site = LiveSite(instance, port, chromium)
        try:
            site.open()
            yield site
        finally:
            site.end()


def _overheard(page: Page) -> Page:
    """Collects every raw frame that the page's socket receives."""
    heard: list[bytes] = []
    page.frames_heard = heard  # type: ignore[attr-defined]
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: heard.append(_bytes(data))))
    return page


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def cut_off(page: Page) -> None:
    """Without a line, until `set_offline(False)`; the browser complains of that in words of its own."""
    means_to_fail(page, "net::ERR_")
    page.context.set_offline(True)


def without_a_line(page: Page) -> None:
    """Its sockets find nobody until the page is loaded again, whatever the server does."""
    loads: list[Request] = []
    page.on("request", lambda request: loads.append(request) if request.is_navigation_request() else None)
    page.route_web_socket("**/ws/**", lambda socket: socket.connect_to_server() if loads else socket.close())


def article(page: Page, passage: str) -> Locator:
    return page.locator(f"#p-{passage}")


def write(page: Page, passage: str) -> Locator:
    """Press "Write" and give the text that opens."""
    article(page, passage).get_by_role("link", name="Write", exact=False).first.click()
    return text_in(page, passage)


def text_in(page: Page, passage: str) -> Locator:
    found = article(page, passage).locator(".live-text[contenteditable=true]")
    expect(found).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(JUST_FOCUSED)
    return found


def type_at_end(page: Page, words: str) -> None:
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def until_saved(page: Page, passage: str) -> None:
    expect(article(page, passage).locator(".live-status")).to_contain_text("Saved", timeout=PATIENCE)


def reads(place: Locator, words: str) -> None:
    expect(place).to_have_text(words, timeout=PATIENCE)


def paste(page: Page, html: str) -> None:
    """As the browser does with what a word processor has put on the clipboard."""
    page.evaluate(
        """(html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "plain");
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        html,
    )
