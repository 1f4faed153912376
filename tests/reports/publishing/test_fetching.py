"""Nothing leaves the press and nothing comes in, whatever a page asks for. Our templates ask for house files only."""

import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from reports.publishing import RenderFailed
from reports.publishing.composition import Page

pytestmark = pytest.mark.filterwarnings("ignore")  # of WeasyPrint: deprecations, and a machine without fonts

SECRET = "The tide turns at noon"
DATA = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"
WAYS = {
    "image": '<img alt="" src="{url}">',
    "style sheet": '<link rel="stylesheet" href="{url}">',
    "import": '<style>@import url("{url}");</style>',
    "background": '<style>p {{ background: url("{url}") }}</style><p>x</p>',
    "list marker": '<style>li {{ list-style-image: url("{url}") }}</style><ul><li>x</li></ul>',
    "font": '<style>@font-face {{ font-family: F; src: url("{url}") }} p {{ font-family: F }}</style><p>x</p>',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "svg image": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
    "svg use": '<svg xmlns="http://www.w3.org/2000/svg"><use href="{url}#a"/></svg>',
    "attachment": '<link rel="attachment" href="{url}">',
    "attached link": '<p><a rel="attachment" href="{url}">x</a></p>',
    "base": '<base href="{url}"><img alt="" src="kit.png">',
    "svg picture": '<img alt="" src="kit:picture.svg">',
}


@pytest.fixture(scope="module")
def press() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reports.publishing import press
    return press


@pytest.fixture(scope="module")
def listener() -> Iterator[HTTPServer]:
    """A server of our own that keeps every path it is asked for."""

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Listening)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def addresses(listener: HTTPServer, tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    host = f"127.0.0.1:{listener.server_port}"
    outside = {"http": f"http://{host}/way", "ftp": f"ftp://{host}/way", "scheme-less": f"//{host}/way"}
    climbing = {"climbing": "kit:fonts/../press.py", "unknown": "kit:secret.txt", "capitals": "KIT:house.css"}
    return outside | climbing | {"file": secret.as_uri(), "data": DATA}


def printed_with(press: ModuleType, way: str, url: str) -> bytes:
    picture = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>'
    html = f'<!DOCTYPE html><html lang="en"><title>x</title>{WAYS[way].format(url=url)}</html>'
    try:
        return press.pdf_of(Page(html, {"picture.svg": picture.encode()}), [], b"0" * 32)
    except RenderFailed as failure:
        assert failure.reason == "address"
    except ValueError as refused:  # an @import without a base, which WeasyPrint does not even ask us for
        assert "Relative URI" in str(refused)
    return b""


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_asking_gets_anything_from_outside(press, listener, addresses, way):
    listener.asked.clear()

    files = {kind: printed_with(press, way, url) for kind, url in addresses.items()}

    assert listener.asked == []
    assert [kind for kind, file in files.items() if SECRET.encode() in file] == []


def test_the_probes_would_be_seen_if_they_got_through(listener):
    import urllib.request

    listener.asked.clear()

    with urllib.request.urlopen(f"http://127.0.0.1:{listener.server_port}/seen") as answer:
        assert answer.read() == SECRET.encode()

    assert listener.asked == ["/seen"]


@pytest.mark.parametrize("kind", ["http", "file", "ftp", "data", "climbing", "unknown"])
def test_an_address_that_is_not_the_houses_own_ends_the_printing(press, addresses, kind):
    with pytest.raises(RenderFailed) as failure:
        press.pdf_of(Page(f'<html lang="en"><img alt="" src="{addresses[kind]}"></html>', {}), [], b"0" * 32)

    assert failure.value.reason == "address"


def test_house_files_are_served(press):
    files = press.HouseFiles({"qr.svg": b"<svg/>"})

    assert files.fetch("kit:house.css").content_type == "text/css"
    assert files.fetch("kit:fonts/NotoSerif-400.ttf").read().startswith(b"\x00\x01\x00\x00")
    assert files.fetch("kit:qr.svg").read() == b"<svg/>"


def test_a_file_inside_the_house_that_is_no_house_file_is_not_served(press):
    from weasyprint.urls import FatalURLFetchingError

    for name in ("fonts/OFL.txt", "fonts/fonts.conf", "report.html", "", "fonts/"):
        with pytest.raises(FatalURLFetchingError):
            press.HouseFiles({}).fetch(f"kit:{name}")
