"""A person at a browser without JavaScript: reads pages, fills in forms, keeps cookies, has an authenticator app."""

import base64
import hashlib
import hmac
import http.client
import http.cookiejar
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

import lxml.html

PERIOD = 30
ABOUT_TO_PASS = 4  # seconds


class Unexpected(AssertionError):
    """The site answered something else than a person could go on with."""


@dataclass
class Page:
    """One answer, as read: its address, its status, its tree."""

    url: str
    status: int
    body: bytes
    headers: http.client.HTTPMessage

    @property
    def tree(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.body.decode("utf-8"), base_url=self.url)

    @property
    def text(self) -> str:
        return " ".join(self.tree.text_content().split())

    def link(self, words: str) -> str:
        """The address behind the first link whose words contain these: one of the page's own before one around it."""
        for anchor in [*self.tree.xpath("//main//a"), *self.tree.iter("a")]:
            if words.lower() in " ".join(anchor.text_content().split()).lower() and anchor.get("href"):
                return urllib.parse.urljoin(self.url, anchor.get("href"))
        raise Unexpected(f"No link “{words}” on {self.url}: {self.text[:600]}")

    def forms(self, *, action: str = "", button: str = "", holding: str = "") -> list[lxml.html.FormElement]:
        """Forms by a part of their address, the words of a button, or the name of a field."""
        return [form for form in self.tree.forms if self._fits(form, action, button, holding)]

    def form(self, **wanted: str) -> lxml.html.FormElement:
        found = self.forms(**wanted)
        if not found:
            raise Unexpected(f"No form {wanted} on {self.url} ({self.status}): {self.text[:900]}")
        return found[0]

    def _fits(self, form: lxml.html.FormElement, action: str, button: str, holding: str) -> bool:
        buttons = " | ".join(" ".join(b.text_content().split()) for b in form.iter("button"))
        return (
            action in (form.get("action") or self.url)
            and button.lower() in buttons.lower()
            and (not holding or any(name == holding for name in form.fields))
        )


@dataclass
class Person:
    """`site` is the address of a running server; `mailbox(address)` gives that person's mails, newest first."""

    site: str
    email: str
    secret: str = ""
    last_period: int = 0
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, url: str) -> Page:
        return self._open(urllib.request.Request(self._full(url)))

    def submit(self, page: Page, form: lxml.html.FormElement, button: str = "", **values: str | list[str]) -> Page:
        """Press the form's button (the one with these words) after filling in `values` by field name."""
        data = [(name, value) for name, value in form.form_values() if name not in values]
        for name, value in values.items():
            data += [(name, one) for one in (value if isinstance(value, list) else [value])]
        pressed = self._pressed(form, button)
        if pressed is not None and pressed.get("name"):
            data.append((pressed.get("name"), pressed.get("value") or ""))
        target = (pressed.get("formaction") if pressed is not None else None) or form.get("action") or page.url
        return self._send(form, urllib.parse.urljoin(page.url, target), data, page.url)

    def _pressed(self, form: lxml.html.FormElement, words: str) -> lxml.html.HtmlElement | None:
        buttons = [b for b in form.iter("button") if b.get("type", "submit") == "submit"]
        fitting = [b for b in buttons if words.lower() in " ".join(b.text_content().split()).lower()]
        return fitting[0] if fitting else None

    def _send(self, form: lxml.html.FormElement, url: str, data: list[tuple[str, str]], referer: str) -> Page:
        body = urllib.parse.urlencode(data).encode()
        if (form.method or "GET").upper() == "GET":
            return self.get(f"{url.split('?')[0]}?{body.decode()}")
        headers = {"Referer": referer, "Origin": self.site, "Content-Type": "application/x-www-form-urlencoded"}
        return self._open(urllib.request.Request(self._full(url), data=body, headers=headers))

    def upload(self, page: Page, form: lxml.html.FormElement, field_name: str, name: str, content: bytes) -> Page:
        """Send the form with one file, as multipart/form-data."""
        boundary = "parley-acceptance-boundary"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in form.form_values()
            if key != field_name
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        headers = {
            "Referer": page.url,
            "Origin": self.site,
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        target = urllib.parse.urljoin(page.url, form.get("action") or page.url)
        return self._open(urllib.request.Request(self._full(target), data=body, headers=headers))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return Page(answer.url, answer.status, answer.read(), answer.headers)

    def _full(self, url: str) -> str:
        return urllib.parse.urljoin(self.site + "/", url)

    def code(self) -> str:
        """The authenticator app's next code that was not used yet (RFC 6238): waits for the next half minute.

        As people do, it types none that is about to pass.
        """
        while int(time.time()) // PERIOD <= self.last_period or time.time() % PERIOD > PERIOD - ABOUT_TO_PASS:
            time.sleep(0.5)
        self.last_period = int(time.time()) // PERIOD
        return totp(self.secret, self.last_period)


def totp(secret: str, period: int) -> str:
    """Six digits for a period of thirty seconds (RFC 6238 with RFC 4226's truncation)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", period), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
