"""What the press is asked for: a redline of two drafts."""

from typing import Any

from reports.publishing.wordings import REDLINE, said
from tests.reports.publishing.samples import MADE


def order(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {
        "template": "redline",
        "text": new,
        "since": old,
        "words": said(REDLINE),
        "title": "What changed from draft 1 to draft 2",
        "versions": [{"name": f"Draft {n}", "at": f"released {n} November 2030, 10:00 UTC"} for n in (1, 2)],
        "draft": "Draft 2 – not agreed text",
        "specimen": "",
        "made": MADE,
        "records": None,
    }
