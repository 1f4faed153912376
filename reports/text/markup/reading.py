"""From light markup to a checked text. Every refusal names the line and the remedy."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reports.text import limits, links, schema
from reports.text.limits import TextRefused
from reports.text.markup.marks import ADDRESSEE, BRACKET, ESCAPED, HEADING, HORIZON, LISTS, STARTS

Node = dict[str, Any]


class MarkupRefused(TextRefused):
    """A source that cannot be read. `line` counts from 1; `reason` says what is wrong there and how to mend it."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(_("Line %(n)d") % {"n": line}, reason)
        self.line = line


class Typed(str):
    """What somebody typed, with the text that it was read as where it was checked: verbs read it no second time."""

    __slots__ = ("text",)
    text: Node

    def __new__(cls, source: str, text: Node) -> "Typed":
        typed = super().__new__(cls, source)
        typed.text = text
        return typed


class Line(NamedTuple):
    number: int
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text.strip(" ")

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def entry(self) -> tuple[str, re.Match[str]] | None:
        """The kind of list that the line is an entry of, and its mark."""
        starts = ((kind, start.match(self.text)) for kind, start in LISTS.items())
        return next(((kind, found) for kind, found in starts if found), None)


def to_doc(source: str, brackets: Sequence[str] = ()) -> Node:
    """The checked text of a source in light markup. Raises MarkupRefused, or TextRefused for the text as a whole.

    `brackets`: the ids behind the numbers of its brackets, from 1 on; a source opens none itself.
    """
    if isinstance(source, Typed):
        return source.text
    if len(source) >= limits.MAX_BYTES or len(source.encode(errors="replace")) >= limits.MAX_BYTES:
        raise limits.too_large()
    lines = _lines(source)
    head, rest = _heading(lines)
    blocks = head + _blocks(rest, brackets)
    try:
        return schema.check({"type": "doc", "content": [node for _line, node in blocks]})
    except TextRefused as refusal:
        raise _located(refusal, blocks) from refusal


def _lines(source: str) -> list[Line]:
    texts = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [Line(number, text.expandtabs(4)) for number, text in enumerate(texts, 1)]
    for line in lines:
        try:
            limits.seen(line.text)
        except TextRefused as refusal:
            raise MarkupRefused(line.number, refusal.reason) from refusal
    return lines


def _located(refusal: TextRefused, blocks: "list[tuple[int, Node]]") -> TextRefused:
    """The refusal of the check, said of the line where its block begins."""
    found = re.match(r"content\[(\d+)\]", refusal.path)
    return MarkupRefused(blocks[int(found[1])][0], refusal.reason) if found else refusal


def _heading(lines: list[Line]) -> tuple[list[tuple[int, Node]], list[Line]]:
    """A recommendation's heading with the two lines that may follow it closely, and the lines after them."""
    at = next((i for i, line in enumerate(lines) if not line.is_blank), len(lines))
    if at == len(lines) or not HEADING.match(lines[at].text):
        return [], lines
    words = lines[at].text.lstrip(" ")[1:].strip(" ")
    addressee, after = _named(lines, at + 1, ADDRESSEE)
    horizon, after = _named(lines, after, HORIZON)
    attrs = {"addressee": addressee, "horizon": horizon}
    content = [{"type": "text", "text": words}] if words else []
    return [(lines[at].number, {"type": "heading", "attrs": attrs, "content": content})], lines[after:]


def _named(lines: list[Line], at: int, name: str) -> tuple[str, int]:
    if at < len(lines) and lines[at].text.startswith(name):
        return lines[at].text.removeprefix(name).strip(" "), at + 1
    return "", at


def _blocks(lines: list[Line], brackets: Sequence[str], depth: int = 1) -> list[tuple[int, Node]]:
    """Paragraphs and lists, each with the number of its first line."""
    blocks: list[tuple[int, Node]] = []
    at = 0
    while at < len(lines):
        if lines[at].is_blank:
            at += 1
        elif entry := lines[at].entry:
            at = _take_entry(lines, at, entry, blocks, brackets, depth)
        else:
            at = _take_paragraph(lines, at, blocks, brackets)
    return blocks


def _take_paragraph(lines: list[Line], at: int, blocks: list[tuple[int, Node]], brackets: Sequence[str]) -> int:
    if HEADING.match(lines[at].text):
        reason = _("A heading (#) stands only at the very start of a recommendation. Write \\# for the sign itself.")
        raise MarkupRefused(lines[at].number, reason)
    end = at + 1
    while end < len(lines) and not lines[end].is_blank and not any(s.match(lines[end].text) for s in STARTS):
        end += 1
    content = _Inline.of(lines[at:end], brackets).nodes()
    blocks.append((lines[at].number, {"type": "paragraph", "content": content}))
    return end


def _take_entry(
    lines: list[Line],
    at: int,
    entry: tuple[str, re.Match[str]],
    blocks: list[tuple[int, Node]],
    brackets: Sequence[str],
    depth: int,
) -> int:
    """Reads the entry of a list that begins at `at`, with the indented lines below it; the place after them."""
    if depth > limits.MAX_DEPTH // 2 - 2:
        raise MarkupRefused(lines[at].number, _("Lists are nested too deeply here. Use fewer levels."))
    kind, mark = entry
    end = at + 1
    while end < len(lines) and (lines[end].is_blank or lines[end].indent >= lines[at].indent + 2):
        end += 1
    first = Line(lines[at].number, lines[at].text[mark.end() :])
    inner = [node for _line, node in _blocks([first, *_outdented(lines[at + 1 : end])], brackets, depth + 1)]
    item = {"type": "option" if kind == "options" else "listItem", "content": inner or [{"type": "paragraph"}]}
    if not blocks or blocks[-1][1]["type"] != kind:
        number = {"attrs": {"start": int(mark["number"])}} if kind == "orderedList" else {}
        blocks.append((lines[at].number, {"type": kind, **number, "content": []}))
    blocks[-1][1]["content"].append(item)
    return end


def _outdented(lines: list[Line]) -> list[Line]:
    margin = min((line.indent for line in lines if not line.is_blank), default=0)
    return [Line(line.number, line.text[margin:]) for line in lines]


@dataclass
class _Inline:
    """One block's words: lines joined by spaces, or by a new line where a backslash ended them."""

    text: str
    brackets: Sequence[str] = ()
    starts: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    closes: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[Line], brackets: Sequence[str]) -> "_Inline":
        block, at, parts = cls("", brackets), 0, []
        for line in lines:
            part = line.text.strip(" ")
            breaks = (len(part) - len(part.rstrip("\\"))) % 2
            parts.append(f"{part[:-1]}\n" if breaks else f"{part} ")
            block.starts.append(at)
            block.numbers.append(line.number)
            at += len(parts[-1])
        block.text = "".join(parts)[:-1]
        block.closes = _closing_brackets(block.text)
        return block

    def refuse(self, at: int, reason: str) -> MarkupRefused:
        return MarkupRefused(self.numbers[bisect_right(self.starts, at) - 1], reason)

    def nodes(self) -> list[Node]:
        return _Run(self, 0, len(self.text)).read()


def _closing_brackets(text: str) -> dict[int, int]:
    """Where each opening bracket, square or round, is closed; found in one pass, however many there are."""
    closes: dict[int, int] = {}
    pending: dict[str, list[int]] = {"]": [], ")": []}
    for found in re.finditer(r"\\.|[\[\]()]", text, re.DOTALL):
        if found[0] in "[(":
            pending["]" if found[0] == "[" else ")"].append(found.start())
        elif found[0] in pending and pending[found[0]]:
            closes[pending[found[0]].pop()] = found.start()
    return closes


class _Run:
    """Reads a stretch of a block: the block itself, the words of a link, of a bracket, or a footnote."""

    def __init__(
        self, block: _Inline, start: int, end: int, *, link: str = "", bracket: str = "", note: bool = False
    ) -> None:
        self.block, self.text = block, block.text
        self.at, self.end = start, end
        self.link, self.bracket, self.note = link, bracket, note
        self.stars: dict[str, int] = {}  # mark → where it was opened
        self.found: list[Node] = []
        self.letters: list[str] = []

    def read(self, stars: dict[str, int] | None = None) -> list[Node]:
        self.stars = {} if stars is None else stars
        while self.at < self.end:
            self.step()
        self.flush()
        if self.stars and stars is None:
            raise self.block.refuse(
                min(self.stars.values()),
                _("Bold or italic words begin here with * or ** and never end. Close them, or write \\* for a star."),
            )
        return self.found

    def step(self) -> None:
        sign = self.text[self.at]
        if sign == "\\" and self.at + 1 < self.end and self.text[self.at + 1] in ESCAPED:
            self.letters.append(self.text[self.at + 1])
            self.at += 2
        elif sign == "\n":
            self.add({"type": "hardBreak"}, self.at + 1)
        elif sign == "*":
            self.toggle()
        elif not (sign == "^" and self.footnote()) and not (sign == "[" and (self.disputed() or self.hyperlink())):
            self.letters.append(sign)
            self.at += 1

    def toggle(self) -> None:
        """One star turns italic on or off, two bold, three both; a star between spaces is a star."""
        end = self.at
        while end < self.end and self.text[end] == "*":
            end += 1
        stars = self.text[self.at : end]
        if len(stars) > 3 or self.stands_alone(end):
            self.letters.append(stars)
        else:
            self.flush()
            for mark in {1: ["italic"], 2: ["bold"], 3: ["bold", "italic"]}[len(stars)]:
                if self.stars.pop(mark, None) is None:
                    self.stars[mark] = self.at
        self.at = end

    def stands_alone(self, end: int) -> bool:
        return all(beside in {"", " ", "\n"} for beside in (self.text[self.at - 1 : self.at], self.text[end : end + 1]))

    def footnote(self) -> bool:
        if self.text[self.at + 1 : self.at + 2] != "[":
            return False
        close = self.block.closes.get(self.at + 1, self.end)
        if close >= self.end:
            reason = _("A footnote begins here with ^[ and never ends. Close it with ], or write \\^ for the sign.")
            raise self.block.refuse(self.at, reason)
        if self.note:
            raise self.block.refuse(self.at, _("A footnote cannot hold another footnote. Put both into the text."))
        content = _Run(self.block, self.at + 2, close, note=True).read()
        self.add({"type": "footnote", "content": content}, close + 1)
        return True

    def disputed(self) -> bool:
        """`[[1: words]]`: the words of the bracket with this number."""
        found = BRACKET.match(self.text, self.at, self.end)
        if not found:
            return False
        close = self.block.closes.get(self.at, self.end)
        if close >= self.end or self.block.closes.get(self.at + 1) != close - 1:
            raise self.block.refuse(
                self.at,
                _("A bracket begins here with [[ and never ends. Close it with ]], or write \\[[ for the signs."),
            )
        if self.link or self.note or self.bracket:
            reason = _("A bracket cannot stand in a link, a footnote or another bracket. Write \\[[ for the signs.")
            raise self.block.refuse(self.at, reason)
        self.flush()
        words = _Run(self.block, found.end(), close - 1, bracket=self.named(found["number"]))
        self.found += words.read(self.stars)
        self.at = close + 1
        return True

    def named(self, number: str) -> str:
        if int(number) <= len(self.block.brackets):
            return self.block.brackets[int(number) - 1]
        reason = _(
            "There is no bracket %(number)s in this text. A bracket is opened on its own page, on words that all sides "
            "read. Write \\[[ for the signs themselves."
        )
        raise self.block.refuse(self.at, reason % {"number": number})

    def hyperlink(self) -> bool:
        close = self.block.closes.get(self.at, self.end)
        last = self.block.closes.get(close + 1, self.end) if self.text[close + 1 : close + 2] == "(" else self.end
        if last >= self.end:
            return False
        if self.link:
            raise self.block.refuse(self.at, _("A link cannot hold another link. Write \\[ for the bracket itself."))
        href = re.sub(r"\\([!-/:-@[-`{-~])", r"\1", self.text[close + 2 : last])
        self.flush()
        words = _Run(self.block, self.at + 1, close, link=self.target(href), bracket=self.bracket, note=self.note)
        self.found += words.read(self.stars)
        self.at = last + 1
        return True

    def target(self, href: str) -> str:
        try:
            return links.target(href)
        except TextRefused as refusal:
            remedy = _("Write \\[ if no link is meant.")
            raise self.block.refuse(self.at, f"{refusal.reason} {remedy}") from refusal

    def add(self, node: Node, after: int) -> None:
        self.flush()
        self.found.append(node)
        self.at = after

    def flush(self) -> None:
        if self.letters:
            marks: list[Node] = [{"type": "bracket", "attrs": {"id": self.bracket}}] if self.bracket else []
            marks += [{"type": "link", "attrs": {"href": self.link}}] if self.link else []
            marks += [{"type": name} for name in self.stars]
            self.found.append({"type": "text", "text": "".join(self.letters), "marks": marks})
            self.letters.clear()
