"""Each sample is printed once for all tests: printing is the slow part."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from reports.publishing import render_bounded
from reports.publishing.labels import LEFT_OUT

from . import annexes, samples

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


@pytest.fixture
def stored(printed, tmp_path) -> Callable[[str], Path]:
    """The same in a file of its own, for the tools that read files."""

    def store(name: str) -> Path:
        path = tmp_path / f"{name.replace(' ', '-')}.pdf"
        path.write_bytes(printed(name))
        return path

    return store
