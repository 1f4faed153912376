"""From a checked text to light markup."""

import re
from dataclasses import dataclass
from typing import Any, Final

from reports.text import brackets
from reports.text.markup.marks import ADDRESSEE, HORIZON, STARTS
from reports.text.stretches import runs

Node = dict[str, Any]
Numbers = dict[str, int]
_STARS: Final = {"bold": "**", "italic": "*"}
_BREAK: Final = "\\\n"


def from_doc(doc: Node) -> str:
    """The light markup of a checked text, as the form shows it for editing; brackets are numbered from 1."""
    return _blocks(doc["content"], {bracket: number for number, bracket in enumerate(brackets.ids_of(doc), 1)})


def _blocks(nodes: list[Node], numbers: Numbers, inner: bool = False) -> str:
    source = ""
    for node in nodes:
        follows_closely = inner and source and "List" in node["type"]
        source += ("\n" if follows_closely else "\n\n" if source else "") + _block(node, numbers)
    return f"\n{source}" if inner and nodes[0] == {"type": "paragraph"} else source


def _block(node: Node, numbers: Numbers) -> str:
    if node["type"] == "heading":
        return _heading(node)
    if node["type"] == "paragraph":
        lines = _inline(node.get("content", []), numbers).split("\n")
        return "\n".join(_plain_start(line) for line in lines)
    first = node.get("attrs", {}).get("start", 1)
    entries = ((item, _marker(node["type"], first + i)) for i, item in enumerate(node["content"]))
    return "\n".join(_item(item, marker, numbers) for item, marker in entries)


def _heading(node: Node) -> str:
    words = "".join(child["text"] for child in node.get("content", []))
    lines = [f"# {words}"]
    for mark, name in ((ADDRESSEE, "addressee"), (HORIZON, "horizon")):
        lines += [f"{mark} {node['attrs'][name]}"] if node["attrs"][name] else []
    return "\n".join(line.rstrip() for line in lines)


def _marker(kind: str, number: int) -> str:
    if kind == "bulletList":
        return "- "
    return f"{number}. " if kind == "orderedList" else f"{chr(ord('a') + number - 1)}) "


def _item(item: Node, marker: str, numbers: Numbers) -> str:
    first, *rest = _blocks(item["content"], numbers, inner=True).split("\n")
    margin = " " * len(marker)
    return "\n".join([f"{marker}{first}".rstrip(), *(f"{margin}{line}" if line else "" for line in rest)])


def _plain_start(line: str) -> str:
    """The line with a backslash where it would be read as a list entry or a heading."""
    for start in STARTS:
        if found := start.match(line):
            at = found.start("mark")
            return f"{line[:at]}\\{line[at:]}"
    return line


def _inline(nodes: list[Node], numbers: Numbers | None = None) -> str:
    """A line; without numbers the words of a footnote, which stand between brackets themselves."""
    line = _Line(inside_brackets=numbers is None)
    stars = iter(_stars(nodes))
    for bracket, pieces in runs(nodes):
        for piece in pieces:
            line.lead_to(next(stars), (numbers or {}).get(bracket, 0), _link(piece))
            line.source += _piece(piece, line.inside_brackets or bool(line.number or line.link))
    line.lead_to(frozenset(), 0, "")
    return line.source


@dataclass
class _Line:
    """What was written of a line, and what is open at its end: stars, around or within them a bracket, in it a link."""

    inside_brackets: bool
    source: str = ""
    stars: frozenset[str] = frozenset()
    number: int = 0
    link: str = ""

    def lead_to(self, stars: frozenset[str], number: int, link: str) -> None:
        """Closes and opens what lies between the last piece and the next."""
        if self.link and (link, number) != (self.link, self.number):
            self.source, self.link = f"{self.source}]({_target(self.link)})", ""
        if self.number and number != self.number:
            self.source, self.number = f"{self.source}]]", 0
        self.source += _toggles(self.stars ^ stars)
        self.stars = stars
        if number != self.number:
            self.source, self.number = f"{self.source}[[{number}: ", number
        if link != self.link:
            self.source, self.link = f"{self.source}[", link


def _stars(nodes: list[Node]) -> list[frozenset[str]]:
    """Which stars each piece stands in; breaks and footnotes in those that the texts on both sides share."""
    before = _carried(nodes)
    after = _carried(nodes[::-1])[::-1]
    return [left & right for left, right in zip(before, after, strict=True)]


def _carried(nodes: list[Node]) -> list[frozenset[str]]:
    """The stars of each text, carried on over the breaks and footnotes that follow it."""
    carried, stars = [], frozenset[str]()
    for node in nodes:
        if node["type"] == "text":
            stars = frozenset(mark["type"] for mark in node.get("marks", [])) & _STARS.keys()
        carried.append(stars)
    return carried


def _link(node: Node) -> str:
    return next((mark["attrs"]["href"] for mark in node.get("marks", []) if mark["type"] == "link"), "")


def _toggles(changed: frozenset[str]) -> str:
    return "".join(stars for name, stars in _STARS.items() if name in changed)


def _piece(node: Node, inside_brackets: bool) -> str:
    if node["type"] == "hardBreak":
        return _BREAK
    if node["type"] == "footnote":
        return f"^[{_inline(node['content'])}]"
    text = re.sub(r"[\\*]|\^(?=\[|$)", r"\\\g<0>", node["text"])
    return re.sub(r"[\[\]]" if inside_brackets else r"\](?=\()|\[(?=\[|$)", r"\\\g<0>", text)


def _target(href: str) -> str:
    return re.sub(f"[{re.escape('()[]')}]", r"\\\g<0>", href)
