"""What is printed beside a text: redlines, tables of comments, the ledger; each is a render input like a text’s."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from . import final_text
from .dispositions import all_rows
from .ledger import Event, Line
from .ledger_printed import events_of, in_brief, printed_moment, rows_of
from .models import CommentTable, Disposition, Document, Draft, ThreadKind
from .publishing import WORD
from .publishing.wordings import DISPOSITIONS, LEDGER, REDLINE, said

PDF = "pdf"
FORMATS = (PDF, WORD)
Input = dict[str, Any]


def redline_of(draft: Draft, since: Draft, *, as_file: str = PDF) -> Input:
    """The newer draft with what changed since an earlier one; it stays the same for ever, as both of them do."""
    new, old = json.loads(draft.canonical), json.loads(since.canonical)
    with override(new["language"]):
        title = _("What changed from draft %(old)d to draft %(new)d") % {"old": since.number, "new": draft.number}
        return _input(
            "redline",
            new,
            draft.document,
            since=old,
            words=said(REDLINE),
            title=title,
            versions=[_version(since, with_hash=False), _version(draft, with_hash=False)],
            draft=_("Draft %(number)d – not agreed text") % {"number": draft.number},
            made=_made(draft.released_at),
            format=as_file,
        )


def comments_of_draft(table: CommentTable) -> Input:
    """As they stood when the draft was released, whatever has become of them since."""
    draft, record = table.draft, table.record
    text = json.loads(draft.canonical)
    with override(text["language"]):
        words = said(DISPOSITIONS)
        this = {"name": words["this_table"], "at": "", "sha256": table.sha256}
        return _input(
            "dispositions",
            _head(text),
            draft.document,
            record=record,
            rows=[_printed(row, words) for row in record["rows"]],
            words=words,
            title=_("Comments and dispositions, draft %(number)d") % {"number": draft.number},
            versions=[_version(draft), this],
            draft=_("Draft %(number)d – not agreed text") % {"number": draft.number},
            made=_made(draft.released_at),
        )


def comments_now(document: Document) -> Input:
    """All that was ever said to all sides of the document, as it stands now."""
    text = _text_of(document)
    with override(text["language"]):
        words, rows = said(DISPOSITIONS), all_rows(document)
        record = {"form": 1, "document": document.public_id, "rows": rows}
        moments = [row["at"] for row in rows] + [row["disposed"]["at"] for row in rows if row["disposed"]]
        made = max(moments, default=_made(document.changed_at))
        return _input(
            "dispositions",
            _head(text),
            document,
            record=record,
            rows=[_printed(row, words) for row in rows],
            words=words,
            title=_("Comments and dispositions"),
            versions=[_as_of(dt.datetime.fromisoformat(made), final_text.digest(record), words["this_table"])],
            draft="",
            made=made,
        )


def ledger_now(document: Document, lines: Sequence[Line], happened: Sequence[Event]) -> Input:
    """By passage and side, as it stands now: for no reader in particular."""
    text = _text_of(document)
    with override(text["language"]):
        words = said(LEDGER)
        record = {"form": 1, "document": document.public_id, "rows": rows_of(lines), "happened": events_of(happened)}
        moments = [event.at for line in lines for event in line.history] + [event.at for event in happened]
        at = max(moments, default=document.changed_at)
        return _input(
            "ledger",
            _head(text),
            document,
            record=record,
            rows=record["rows"],
            happened=record["happened"],
            words=words,
            title=_("Ledger of agreement"),
            versions=[_as_of(at, final_text.digest(text), words["text"])],
            draft="",
            made=_made(at),
        )


def _input(template: str, text: Input, document: Document, **parts: Any) -> Input:
    return {"template": template, "text": text, "specimen": document.specimen, "records": None, **parts}


def _text_of(document: Document) -> Input:
    """The final text where there is one, else what lies before all sides now."""
    frozen = document.final_text
    text: Input = json.loads(frozen.canonical) if frozen else final_text.build(document)
    return text


def _head(text: Input) -> Input:
    """What names the document and its group: the passages are not printed, nor attached."""
    return {**text, "sections": [], "roster": [], "signatories": []}


def _version(draft: Draft, *, with_hash: bool = True) -> dict[str, str]:
    named = {
        "name": _("Draft %(number)d") % {"number": draft.number},
        "at": _("released %(at)s") % {"at": printed_moment(draft.released_at.astimezone(dt.UTC))},
    }
    return named | ({"sha256": draft.sha256} if with_hash else {})


def _as_of(at: dt.datetime, sha256: str, name: str) -> dict[str, str]:
    return {"name": name, "at": _("as of %(at)s") % {"at": printed_moment(at.astimezone(dt.UTC))}, "sha256": sha256}


def _printed(row: Input, words: dict[str, str]) -> Input:
    """With the words for its kind and its disposition, and its moments as they are printed."""
    told = {
        "kind_printed": str(capfirst(ThreadKind(row["kind"]).label)),
        "at_printed": _printed_at(row["at"]),
        "disposition_printed": "",
        "disposed_printed": "",
    }
    if row["disposed"]:
        told["disposition_printed"] = str(capfirst(Disposition(row["disposition"]).label))
        by, at = row["disposed"]["by"], _printed_at(row["disposed"]["at"])
        told["disposed_printed"] = words["by"].replace("{side}", by).replace("{at}", at)
    return {**row, **told}


def _printed_at(moment: str) -> str:
    return in_brief(dt.datetime.fromisoformat(moment))


def _made(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds")


def disposition_in_words(row: Input) -> str:
    """For a page, in the reader's language."""
    if not row["disposition"]:
        return pgettext("comment", "Open")
    return str(capfirst(Disposition(row["disposition"]).label))


def kind_in_words(row: Input) -> str:
    return str(capfirst(ThreadKind(row["kind"]).label))
