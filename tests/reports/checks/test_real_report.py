"""The rules over a report as it was really published, where it lies beside the project; no word of it stands here."""

import os
from pathlib import Path

import pytest

from parley.desk.importing import import_programme
from reports.checks.findings import report_of
from reports.exchange import parse

ROOT = Path(__file__).parents[3]
REPORT = Path(os.environ.get("REPORT", ROOT.parent / "shared" / "real" / "report.json"))
# Rule, case, numbers of the paragraphs.
EXPECTED = [
    ("term", "names", (2, 3, 6, 12, 27)),
    ("term", "cases", (2, 22)),
    ("date", "no-year", (2,)),
    ("count", "fewer", (6,)),
    ("citation", "several", (6, 12)),
    ("ordinal", "no-first", (8,)),
    ("count", "more", (9,)),
    ("term", "spellings", (11, 15)),
    ("citation", "several", (12, 23)),
    ("citation", "several", (12, 27)),
    ("unanswered", "no-reply", (19,)),
    ("recommendation", "both", (20,)),
    ("recommendation", "long", (20, 21, 22, 23, 24, 25)),
    ("parties", "number", (21,)),
    ("options", "endings", (22,)),
    ("options", "forms", (22,)),
    ("acronym", "unfit", (23,)),
    ("duplicate", "near", (24, 25)),
    ("recommendation", "both", (26,)),
    ("recommendation", "both", (27,)),
    ("recommendation", "both", (28,)),
    ("recommendation", "both", (29,)),
]
FALSE_AT_MOST = 3

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REPORT.is_file(), reason=f"There is no report at {REPORT}: REPORT names one."),
]


def test_every_known_defect_is_found_and_hardly_anything_else():
    contents = parse(REPORT.read_bytes())
    document = import_programme(contents, by=None)

    found = [
        (one.finding.rule, one.finding.case, tuple(sorted({quoted.number for quoted in one.quoted})))
        for one in report_of(document).found
        if one.finding.case != "named"
    ]

    assert [one for one in EXPECTED if one not in found] == []
    assert len(found) - len(EXPECTED) <= FALSE_AT_MOST
