"""From the bytes of a file to plain JSON values, with a clear word for every way in which a file can be broken."""

import codecs
import json
import re
from typing import Any, Final

from django.utils.translation import gettext as _

from reports.exchange.problems import ExchangeRefused, Problem

MAX_FILE: Final = 5_000_000  # bytes; a report of 100 pages has 0.4 million
MAX_DEPTH: Final = 12  # the format itself needs 7
_TOKENS: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def values(data: bytes | str) -> dict[str, Any]:
    """The object in a JSON file. Raises ExchangeRefused with one problem that has no path, or that of a doubled key."""
    text = _decoded(data) if isinstance(data, bytes) else data
    if len(text) > MAX_FILE:
        raise _too_large()
    _refuse_depth(text)
    try:
        found = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as fault:
        raise _broken(fault) from fault
    except ExchangeRefused:
        raise
    except ValueError as fault:  # Python converts no number of more than 4300 digits
        raise _refused(_("A number in the file is too long."), _("Is it the right file?")) from fault
    if not isinstance(found, dict):
        raise _refused(_("The file holds no document."), _("It begins with { and has the keys kind, title and so on."))
    return found


def _decoded(data: bytes) -> str:
    if len(data) > MAX_FILE:
        raise _too_large()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused(_("The file is in UTF-16."), _("Save it as UTF-8."))
    if not data.strip():
        raise _refused(_("The file is empty."), _("Choose the file again."))
    if data.startswith((b"%PDF", b"PK\x03\x04")):
        raise _refused(_("This is no JSON file."), _("Choose a file whose name ends in .json."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        reason = _("The file is not in UTF-8: line %(n)d holds letters in another encoding.")
        raise _refused(reason % {"n": line}, _("Save it as UTF-8.")) from fault


def _refuse_depth(text: str) -> None:
    depth = 0
    for token in _TOKENS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, token.start()) + 1
            reason = _("The file is nested too deeply at line %(n)d.")
            raise _refused(reason % {"n": line}, _("It is no document of this format."))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        double = next(name for name in names if names.count(name) > 1)
        reason = _("The key “%(name)s” stands twice in one object.")
        raise _refused(reason % {"name": double[:60]}, _("Keep one of them."))
    return found


def _no_number(name: str) -> None:
    raise _refused(_("The file holds %(name)s, which is no number.") % {"name": name}, _("Write a whole number."))


def _broken(fault: json.JSONDecodeError) -> ExchangeRefused:
    if fault.pos >= len(fault.doc.rstrip()) or fault.msg.startswith("Unterminated"):
        reason = _("The file ends too early: it was cut off after line %(n)d.")
        return _refused(reason % {"n": fault.doc.count("\n") + 1}, _("Copy the whole file and import it again."))
    reason = _("The file is no valid JSON at line %(n)d, column %(m)d: %(fault)s.")
    found = {"n": fault.lineno, "m": fault.colno, "fault": fault.msg}
    return _refused(reason % found, _("Mend that line and import the file again."))


def _too_large() -> ExchangeRefused:
    reason = _("The file is larger than %(n)d MB.") % {"n": MAX_FILE // 1_000_000}
    return _refused(reason, _("A document of this format is smaller: is it the right file?"))


def _refused(reason: str, remedy: str) -> ExchangeRefused:
    return ExchangeRefused([Problem("", reason, remedy)])
