"""A text as the checks read it: plain words, no model and no database; a rule is a function, and its test a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from reports.text import plain

# Letters of running text that a passage must have in the script of its language, else no rule of words reads it.
MOST_OTHER_LETTERS = 0.2
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
# Where a sentence ends: before a capital, a quotation mark or a bracket; neither after an abbreviation nor an initial.
_ENDS = re.compile(
    r"(?<=[.!?…])[\"”’»)\]]*\s+(?=[\"“«(\[]?[^\W\d_a-zа-яё])|\n+",
)
_GOES_ON = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|No|Nos|Art|Arts|Mr|Mrs|Ms|Dr|Prof|St|para|paras|p|pp|ca)|\b[A-ZÀ-Þ])\.$"
)


@dataclass(frozen=True)
class Piece:
    """A passage: who speaks, what it answers, and its words by kind; footnotes are in `notes` alone."""

    id: str
    section: str
    voice: str
    sha256: str
    side: str = ""
    answers: str = ""
    heading: str = ""
    addressee: str = ""
    horizon: str = ""
    # The lines of running text, of list entries and lettered options in their order.
    lines: tuple[str, ...] = ()
    # The entries of each block of lettered options.
    options: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    # The last block is a list or lettered options.
    ends_in_list: bool = False
    # The first block is one.
    first_is_list: bool = False

    @property
    def text(self) -> str:
        return "\n".join((*self.lines, *self.notes))

    @property
    def speaks_for_a_side(self) -> bool:
        return bool(self.side)


@dataclass(frozen=True)
class SideName:
    id: str
    name: str
    demonym: str


@dataclass(frozen=True)
class TermUse:
    """An agreed term of the programme's glossary. `names`: by side, what that side says."""

    id: str
    kind: str
    name: str
    names: tuple[tuple[str, str], ...] = ()
    # Words that stand for it and are not to be used, or are contested too.
    others: tuple[str, ...] = ()
    instead: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Ground:
    """What a passage is checked against beside the other passages."""

    language: str = "en"
    sides: tuple[SideName, ...] = ()
    roster: tuple[str, ...] = ()
    terms: tuple[TermUse, ...] = ()
    # Names in published documents of the programme.
    published: tuple[str, ...] = ()
    # Views to which no reply is wished.
    no_reply_wished: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Whole:
    """A document: its passages in reading order under the titles of their sections."""

    ground: Ground
    pieces: tuple[Piece, ...] = ()
    sections: dict[str, str] = field(default_factory=dict)

    def of_section(self, section: str) -> list[Piece]:
        return [piece for piece in self.pieces if piece.section == section]


def piece_of(doc: dict[str, Any], **about: Any) -> Piece:
    """A checked text of the schema, as a piece."""
    blocks = doc["content"]
    heading, body = (blocks[0], blocks[1:]) if blocks[0]["type"] == "heading" else (None, blocks)
    attrs = heading["attrs"] if heading else {"addressee": "", "horizon": ""}
    lists = [block for block in body if block["type"] != "paragraph"]
    return Piece(
        heading=plain.text_of(heading) if heading else "",
        addressee=attrs["addressee"],
        horizon=attrs["horizon"],
        lines=tuple(line for block in body for line in plain.texts_of(block, footnotes=False)),
        options=tuple(_options(block) for block in lists if block["type"] == "options"),
        notes=tuple(_notes(doc)),
        ends_in_list=bool(body) and body[-1]["type"] != "paragraph",
        first_is_list=bool(body) and body[0]["type"] != "paragraph",
        **about,
    )


def _options(block: dict[str, Any]) -> tuple[str, ...]:
    return tuple(" ".join(plain.texts_of(option, footnotes=False)) for option in block["content"])


def _notes(node: dict[str, Any]) -> list[str]:
    if node["type"] == "footnote":
        return [plain.line(node)]
    return [note for child in node.get("content", []) for note in _notes(child)]


@lru_cache(maxsize=2048)
def reads_as(language: str, text: str) -> bool:
    """Whether the words are written in the script of this language: a rule of words keeps silent over others."""
    letters = _LETTER.findall(text)
    if not letters:
        return False
    latin = len(_LATIN.findall(text)) / len(letters)
    return latin >= 1 - MOST_OTHER_LETTERS if language in LATIN else latin <= MOST_OTHER_LETTERS


LATIN = frozenset({"en", "az", "tr", "fr", "de"})


def sentences_of(text: str) -> list[str]:
    """In their order, each with its full stop; lists and line breaks part sentences too."""
    found: list[str] = []
    for part in _ENDS.split(text):
        if found and _GOES_ON.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        elif part and part.strip():
            found.append(part)
    return [sentence.strip() for sentence in found]


def in_brief(text: str, letters: int = 160) -> str:
    """The beginning on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= letters:
        return line
    return f"{line[:letters].rpartition(' ')[0] or line[:letters]}…"


def around(text: str, start: int, end: int, letters: int = 60) -> str:
    """The words with a few on either side."""
    before, after = text[:start], text[end:]
    kept = before[-letters:].partition(" ")[2] if len(before) > letters else before
    rest = after[:letters].rpartition(" ")[0] if len(after) > letters else after
    cut = "…" if len(before) > letters else ""
    return f"{cut}{kept}{text[start:end]}{rest}{'…' if len(after) > letters else ''}".replace("\n", " ").strip()


def listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
