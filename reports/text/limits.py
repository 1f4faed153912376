"""What a text may hold: sizes, depths and characters.

Larger or stranger texts end the printer, mislead the reader or hide words.
"""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext as _

MAX_BYTES = 200_000  # of a passage in canonical form, and of the source in light markup
MAX_DEPTH = 20  # nodes inside nodes; some hundred end the printer with a RecursionError
MAX_NODES = 20_000
MAX_ITEMS = 200  # of one list
MAX_OPTIONS = 26  # lettered a) to z)
MAX_START = 700  # the number a list begins with; with MAX_ITEMS no number has four digits
MAX_MARKS_ON_A_LETTER = 8  # combining marks in a row; Vietnamese needs 2, pointed Hebrew 4
MAX_LINE = 500  # characters of a heading, a title, a name

LINE_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")  # soft breaks of word processors
SPACES = re.compile("[ \t\n\r\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]+")
NO_BREAK_SPACES = " \u00a0\u202f"
_WHITE_CONTROLS = frozenset("\t\n\r\x0b\x0c\x85")

# Format characters that are seen: Arabic number signs and their like (Unicode, "prepended concatenation marks").
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Not in category Cf, yet never seen: joiners, fillers, variation selectors, the place of a pasted picture.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\U000e0100-\U000e01ef]"
)
_JOINERS = "\u200c\u200d"  # they spell words in Arabic and the scripts of India and its neighbours, and only there
_JOINER_ELSEWHERE = re.compile(
    f"(?<![\u0600-\u109f\u1780-\u17ff])[{_JOINERS}]|[{_JOINERS}](?![\u0600-\u109f\u1780-\u17ff])"
)


class TextRefused(ValueError):
    """A text that cannot be taken: `path` says where ("content[2].content[0]"), `reason` what is wrong, what to do."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


def seen(text: str, path: str = "") -> str:
    """The text without characters that nobody sees: bidi controls, zero-width and format characters, selectors.

    Refuses what no text holds: NUL and other controls, lone surrogates, private and unassigned characters.
    Refusing the unassigned keeps NFC, and with it every hash, the same for ever (UAX #15, stability policy).
    """
    characters = set(text)
    for character in sorted(characters):
        _refuse_impossible(character, path)
    dropped = {ord(c): None for c in characters if unicodedata.category(c) == "Cf" and c not in _SEEN}
    if dropped.keys() & {0x200C, 0x200D}:
        text = _JOINER_ELSEWHERE.sub("", text)
        dropped = {code: None for code in dropped if chr(code) not in _JOINERS}
    return _UNSEEN.sub("", text.translate(dropped))


def _refuse_impossible(character: str, path: str) -> None:
    if character == "\ufffd":
        raise TextRefused(path, _("A letter was lost on the way here (U+FFFD “�”). Type the word anew."))
    if unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"} or character in _WHITE_CONTROLS:
        return
    reason = _("The text holds the character U+%(code)s, which cannot be printed. Take it out or type the words anew.")
    raise TextRefused(path, reason % {"code": f"{ord(character):04X}"})


def refuse_heaped_marks(text: str, path: str = "") -> None:
    """Letters under a heap of combining marks cover the lines around them and exhaust the printer."""
    marks = {c for c in set(text) if unicodedata.category(c).startswith("M")}
    run = 0
    for character in text if marks else "":
        run = run + 1 if character in marks else 0
        if run > MAX_MARKS_ON_A_LETTER:
            raise TextRefused(
                path,
                _("One letter carries more than %(n)d accents. Type the word anew.") % {"n": MAX_MARKS_ON_A_LETTER},
            )


def spaced(text: str) -> str:
    """The text with every run of breakable white space as one space; no-break spaces stay."""
    return SPACES.sub(" ", text.replace("\u2007", "\u00a0"))


def one_line(value: object, path: str = "", *, longest: int = MAX_LINE, may_be_blank: bool = False) -> str:
    """A title, name or heading as it is kept: NFC, one line, no unseen characters, at most `longest` characters."""
    if not isinstance(value, str):
        raise TextRefused(path, _("Words are expected here."))
    text = seen(LINE_BREAKS.sub(" ", value), path)
    text = spaced(unicodedata.normalize("NFC", text)).strip(NO_BREAK_SPACES)
    refuse_heaped_marks(text, path)
    if not text and not may_be_blank:
        raise TextRefused(path, _("No visible letter stands here. Write some words."))
    if len(text) > longest:
        raise TextRefused(path, _("This is longer than %(n)d characters. Shorten it.") % {"n": longest})
    return text


def refuse_shape(node: Any, path: str = "") -> None:
    """Refuses a tree that is too deep, too large, or not made of objects, before anything walks it by recursion."""
    pending: list[tuple[Any, str, int]] = [(node, path, 1)]
    nodes = letters = 0
    while pending:
        node, path, depth = pending.pop()
        content = _content(node, path)
        nodes += 1
        letters += len(node["text"]) if isinstance(node.get("text"), str) else 0
        if depth > MAX_DEPTH:
            raise TextRefused(path, _("Lists are nested too deeply here. Use fewer levels."))
        if nodes > MAX_NODES or letters > MAX_BYTES:
            raise too_large()
        prefix = f"{path}." if path else ""
        pending += [(child, f"{prefix}content[{i}]", depth + 1) for i, child in enumerate(content)]


def _content(node: Any, path: str) -> list[Any]:
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        raise TextRefused(path, _("This is not a piece of text that Parley knows."))
    content = node.get("content", [])
    if not isinstance(content, list):
        raise TextRefused(path, _("This is not a piece of text that Parley knows."))
    return content


def too_large() -> TextRefused:
    """The refusal of a passage beyond MAX_BYTES."""
    reason = _("The passage is larger than %(kb)d kB. Divide it into several passages.")
    return TextRefused("", reason % {"kb": MAX_BYTES // 1000})
