"""Each sample is printed once for all tests: printing is the slow part."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from reports.publishing import render_bounded
from reports.publishing.labels import LEFT_OUT
from reports.sealing.act import Sealed, seal
from reports.sealing.keys import KeyPlace, opened

from . import annexes, samples
from .authority import kept, of_the_host

DRAFT, SPECIMEN = "Draft 2 – not agreed text", "Specimen – nobody has signed this"
ORDERS: dict[str, Callable[[], dict]] = {
    "report": lambda: samples.order(samples.report(), signed=True),
    "three sides": lambda: samples.order(samples.report(3), signed=True),
    "four sides": lambda: samples.order(samples.report(4), signed=True, specimen=SPECIMEN),
    "draft": lambda: samples.order(samples.report(), draft=DRAFT),
    "disputed draft": lambda: samples.order(samples.disputed(), draft=DRAFT),
    "disputed draft, clean": lambda: samples.order(samples.disputed(), draft=DRAFT) | {"brackets": LEFT_OUT},
    "statement": lambda: samples.order(samples.statement(), signed=True),
    "a side’s copy": lambda: samples.order(samples.in_copies(samples.report()), signed=True) | {"copy_of": "ko"},
    "a side’s copy of a statement": lambda: (
        samples.order(samples.in_copies(samples.statement()), signed=True) | {"copy_of": "ko"}
    ),
    "report to be sealed": lambda: samples.order(samples.report(), signed=True) | {"seal": {"trial": True}},
    "statement to be sealed": lambda: samples.order(samples.statement(), signed=True) | {"seal": {"trial": False}},
    "draft statement": lambda: samples.order(samples.statement(), draft=DRAFT, specimen=SPECIMEN),
}

# Beside a text.
ANNEXES: dict[str, Callable[[], dict]] = {
    "redline": annexes.redline,
    "comments": annexes.comments,
    "ledger": annexes.ledger,
}


@pytest.fixture(scope="session")
def printed() -> Callable[[str], bytes]:
    """`printed("report")`: the PDF of a sample, by the name of its order."""
    return cache(lambda name: render_bounded((ORDERS | ANNEXES)[name]()))


@pytest.fixture(scope="session")
def sealed(printed, tmp_path_factory) -> Sealed:
    """The sample with a place for it, sealed by an authority's certificate."""
    with opened(place_of(tmp_path_factory.mktemp("seal"))) as key:
        return seal(printed("statement to be sealed"), key)


@pytest.fixture
def place(tmp_path) -> KeyPlace:
    """Where the key of the host lies, for tests that look at it."""
    return place_of(tmp_path)


def place_of(folder: Path) -> KeyPlace:
    site = kept(folder, of_the_host())
    return KeyPlace(site["SEAL"], site["SEAL_PASSPHRASE_FILE"], site["SEAL_CHAIN"])


@pytest.fixture
def stored(printed, tmp_path) -> Callable[[str], Path]:
    """The same in a file of its own, for the tools that read files."""

    def store(name: str) -> Path:
        path = tmp_path / f"{name.replace(' ', '-')}.pdf"
        path.write_bytes(printed(name))
        return path

    return store
