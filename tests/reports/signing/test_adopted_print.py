"""How a text that silence adopted is printed."""

import datetime as dt

import pytest
import time_machine

from reports.models import DocumentKind
from reports.publishing.composition import compose
from reports.renditions import render_input_of

from .hands import freeze, standing_text
from .silences import hours, in_hours, live_until, running

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.UTC)


def test_the_file_of_an_adopted_statement_says_until_when_nobody_objected_and_whose_keys_started_it(made):
    with time_machine.travel(MONDAY, tick=False) as clock:
        text = freeze(made, kind=DocumentKind.STATEMENT)
        running(made, text, clock, ends=in_hours(72), then="publish")
        live_until(clock, MONDAY + hours(72))
        text = standing_text(made)

        printed = compose(render_input_of(text)).html

    assert "Adoption</h2>" in printed
    assert "ended on Thursday 3 December 2026, 12:00 Yerevan" in printed
    assert "Each person named here has signed" not in printed
