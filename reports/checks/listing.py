"""How passages begin and end, and lettered options that do not fit each other."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from .registry import Finding, Place, in_passages
from .texts import Ground, Piece, in_brief

_LETTER = re.compile(r"^\(?[a-h]\)\s|^\(?[ivx]{1,4}\)\s|^[a-h]\.\s", re.IGNORECASE)
_MARKS = ".;,:!?…"
_CLOSERS = '"”’»)]'
# After "and" or "or" at the end of the last but one, an ending of its own is right.
_JOINED = re.compile(r"[;,]\s*(?:and|or|и|или)$", re.IGNORECASE)

OPTIONS = {
    "endings": (
        _("The options end in different ways: %(endings)s."),
        _("End each with a semicolon and the last with a full stop, or each with a full stop."),
    ),
    "forms": (
        _("The options begin in different ways: %(forms)s."),
        _("Give all of them the same grammatical form."),
    ),
    "letter": (
        _("A letter is typed where it is printed by itself: “%(letter)s”."),
        _("Take the typed letter away."),
    ),
}


@in_passages("options", _("Lettered options"), OPTIONS)
def options(piece: Piece, ground: Ground) -> Iterable[Finding]:
    for block in piece.options:
        yield from _in_block(piece, block)
    for line in piece.lines:
        if match := _LETTER.match(line):
            yield Finding("options", "letter", (Place(piece.id, in_brief(line)),), {"letter": match[0].strip()})


def _in_block(piece: Piece, block: tuple[str, ...]) -> Iterable[Finding]:
    place = (Place(piece.id, in_brief(" / ".join(block), 400)),)
    if len(block) > 1:
        endings = [_ending(option) for option in block]
        if len(set(endings[:-1])) > 1 or endings[-1] not in (".", endings[0]) or _ends_open(endings):
            yield Finding("options", "endings", place, {"endings": " · ".join(one or "∅" for one in endings)})
        forms = [option.split()[0] for option in block if option.split()]
        if _differ(forms):
            yield Finding("options", "forms", place, {"forms": " · ".join(forms)})


def _ending(option: str) -> str:
    words = option.rstrip().rstrip(_CLOSERS)
    if joined := _JOINED.search(words):
        return joined[0][0]
    return words[-1] if words and words[-1] in _MARKS else ""


def _ends_open(endings: list[str]) -> bool:
    """ "; ; ;" wants a full stop at the end; "no mark at all" in each is a style of its own."""
    return endings[-1] in (";", ",")


def _differ(forms: list[str]) -> bool:
    """ "To sign / after signing / to draw up": one word leads most of them, and not all; or capitals and none."""
    lower = [form.lower() for form in forms]
    leading = max(set(lower), key=lower.count)
    if lower.count(leading) > len(lower) / 2 and lower.count(leading) < len(lower):
        return True
    return len({form[0].isupper() for form in forms if form[0].isalpha()}) > 1


BROKEN = {
    "begins": (
        _("The passage begins in lower case."),
        _("It may have been torn from the one before: join them, or begin it anew."),
    ),
    "ends": (
        _("The passage ends without a full stop."),
        _("Finish the sentence; it may have been torn from the next one."),
    ),
    "colon": (
        _("The passage ends with a colon, and nothing follows."),
        _("Add what is announced, or end with a full stop."),
    ),
}


@in_passages("broken", _("Torn passages"), BROKEN)
def torn(piece: Piece, ground: Ground) -> Iterable[Finding]:
    """Generated words may stand before a view: it too begins as a sentence does."""
    if not piece.lines:
        return
    first, last = piece.lines[0], piece.lines[-1].rstrip().rstrip(_CLOSERS)
    if not piece.first_is_list and first[:1].islower():
        yield Finding("broken", "begins", (Place(piece.id, in_brief(first, 80)),))
    if piece.ends_in_list or not last:
        return
    if last.endswith(":"):
        yield Finding("broken", "colon", (Place(piece.id, last[-80:]),))
    elif last[-1] not in ".!?…":
        yield Finding("broken", "ends", (Place(piece.id, last[-80:].partition(" ")[2] or last),))
