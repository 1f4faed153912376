"""What is printed beside a text: render inputs of invented redlines, tables of comments and ledgers."""

from typing import Any

from reports.publishing.wordings import DISPOSITIONS, LEDGER, REDLINE, said
from tests.reports.redline.texts import checked

from . import samples

NAME = "Əsmərxan Qızılgüloğlu-Şahverdizadə, Իլվանե Դար-Օսկելան, თამვარ ბელიქაძე, Ельмира Подгорнова"
DRAFT = "Draft 2 – not agreed text"


def _order(template: str, text: dict, words: dict, **parts: Any) -> dict[str, Any]:
    common = {"draft": DRAFT, "specimen": "", "made": samples.MADE, "records": None, "title": str(words["kind"])}
    return {"template": template, "text": text, "words": said(words), **common, **parts}


def versions(*hashes: str) -> list[dict[str, str]]:
    told = [{"name": f"Draft {n}", "at": f"released {n} May 2031, 10:00 UTC"} for n in (1, 2)]
    return [{**one, "sha256": sha} for one, sha in zip(told, hashes, strict=True)] if hashes else told


def redline() -> dict[str, Any]:
    """Of two drafts between which nearly everything happened that can, in five scripts."""
    old, new = samples.report(), samples.report()
    first, second, third, _voices = new["sections"]
    first["items"][0]["text"] = samples.text_of(
        samples.paragraph("Two sentences, with ", samples.marked("bold", "bold"))
    )
    second["items"].append(second["items"].pop(0))
    third["items"][0]["heading"] = {**third["items"][0]["heading"], "text": "Reopen the old ferry"}
    third["items"][0]["text"]["content"].pop()
    third["items"].append(samples.item(88, samples.paragraph(NAME, samples.footnote("A note that came."))))
    new["sections"] = [first, third, second]
    new["document"] = {**new["document"], "title": "Report on the Great River"}
    return _order("redline", checked(new), REDLINE, since=checked(old), versions=versions())


def comments(rows: int = 12) -> dict[str, Any]:
    by = {"side": "ve", "by": "Veldania", "at": samples.MADE}
    row = {
        "thread": "thread1",
        "kind": "wording",
        "kind_printed": "Wording",
        "passage": "passage1",
        "paragraph": "1",
        "section": "Introduction",
        **by,
        "at_printed": "5 Apr 2031, 06:07 UTC",
        "on": "one bridge",
        "instead": "two bridges",
        "said": f"Say two.\nAs {NAME} said.",
        "disposition": "not-taken",
        "answers": [{**by, "said": "We count one."}],
        "why": "There is one bridge.",
        "disposed": by,
        "disposition_printed": "Not taken",
        "disposed_printed": "said for Korsia, 6 Apr 2031",
    }
    still = {**row, "instead": None, "on": "", "paragraph": "", "disposition": "", "disposed": None, "answers": []}
    found = [{**(still if n % 3 else row), "number": n} for n in range(1, rows + 1)]
    record = {"form": 1, "rows": found}
    return _order(
        "dispositions", samples.report(), DISPOSITIONS, rows=found, record=record, versions=versions("a" * 64, "b" * 64)
    )


def ledger() -> dict[str, Any]:
    event = {
        "at": "5 Apr 2031, 06:07 UTC",
        "said": f"Veldania withdrew its agreement ({NAME}): not yet.",
        "sha256": "a1b2",
    }
    keys = [{"side": "Veldania", "said": "key turned", "by": NAME, "at": event["at"]}]
    keys.append({"side": "Korsia", "said": "ad referendum until 6 Apr 2031, 06:07 UTC", "by": "", "at": ""})
    row = {
        "passage": "passage1",
        "section": "Introduction",
        "name": "Paragraph 1",
        "voice": "",
        "state": "Bracketed",
        "words": "revision 2 · SHA-256 a1b2c3d4e5f6",
        "sha256": "a" * 64,
        "reopened": event["said"],
        "brackets": ["[one bridge] Korsia: We see two."],
        "keys": keys,
        "events": [{**event, "keys": ["Korsia: key"]}],
    }
    rows = [
        {**row, "name": f"Paragraph {n}", "section": "Introduction" if n < 4 else "Perspectives"} for n in range(1, 7)
    ]
    happened = [{**event, "keys": ["Veldania: key turned"]}]
    record = {"form": 1, "rows": rows, "happened": happened}
    parts = {"rows": rows, "happened": happened, "record": record}
    return _order("ledger", samples.report(), LEDGER, versions=versions("a" * 64, "b" * 64), **parts)
