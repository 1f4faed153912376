"""Equal input gives equal bytes; whatever changes the page changes the key under which it is kept."""

import hashlib
import json
import os
import subprocess
import sys

import pytest

from reports.publishing import house, input_digest, render_bounded

from . import samples
from .conftest import ORDERS

PRINT = """
import hashlib, json, sys, warnings
warnings.simplefilter("ignore")
from django.conf import settings
settings.configure(USE_I18N=False)
sys.path.append(sys.argv[1])
from reports.publishing.press import render
print(hashlib.sha256(render(json.load(sys.stdin))).hexdigest())
"""


def printed_elsewhere(order: dict, **environment: str) -> str:
    """SHA-256 of the file as a process of its own makes it, with the fonts and settings of the machine about it."""
    command = [sys.executable, "-c", PRINT, str(house.ROOT)]
    run = subprocess.run(
        command,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | environment,
    )
    return run.stdout.strip()


@pytest.mark.parametrize("name", ["report to be sealed", "a side’s copy"])
def test_a_process_with_another_seed_zone_and_locale_prints_the_same_bytes(printed, name):
    order = ORDERS[name]()
    here = hashlib.sha256(printed(name)).hexdigest()

    assert printed_elsewhere(order, PYTHONHASHSEED="1", TZ="Asia/Yerevan", LC_ALL="C") == here


def test_the_order_of_keys_makes_no_difference(printed):
    shuffled = json.loads(json.dumps(ORDERS["report"](), sort_keys=True))

    assert render_bounded(shuffled) == printed("report")
    assert input_digest(shuffled) == input_digest(ORDERS["report"]())


@pytest.mark.parametrize(
    "change",
    [
        lambda order: order.update(specimen="Specimen"),
        lambda order: order.update(made="2031-04-05T06:07:09+00:00"),
        lambda order: order["records"].update(code="OTHER"),
        lambda order: order["text"]["sides"].reverse(),
    ],
)
def test_the_digest_follows_every_part_of_the_input(change):
    order = samples.order(samples.report(), signed=True)
    before = input_digest(order)

    change(order)

    assert input_digest(order) != before


def test_the_digest_follows_the_edition_of_the_house(monkeypatch):
    order = samples.order(samples.report())
    before = input_digest(order)

    monkeypatch.setattr("reports.publishing.bounded.edition", lambda: "another")

    assert input_digest(order) != before
