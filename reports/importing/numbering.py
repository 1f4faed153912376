"""Where a paragraph stands in Word's lists, and with which number they begin (ECMA-376, part 1, 17.9).

mammoth tells numbered from unnumbered lists, but neither letters from numbers nor where one begins. So each entry gets
a style of its own for mammoth's map: `p.parley3 => ol.from-4 > li:fresh`.
"""

from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from .ooxml import W, child, children_named, value

LETTERS: Final = {"lowerLetter", "upperLetter"}
DEEPEST: Final = 8
STYLE: Final = "parley"


@dataclass(frozen=True)
class Level:
    format: str
    start: int

    @property
    def is_ordered(self) -> bool:
        return self.format not in ("bullet", "none")


@dataclass
class _List:
    """Open at one level: its tag as the map writes it, and what came last."""

    num: str
    tag: str


@dataclass
class Numbering:
    numbering: ET.Element | None
    styles: ET.Element | None
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _open: list[_List] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        abstract = {value(one, "abstractNumId"): one for one in children_named(self.numbering, "abstractNum")}
        nums = list(children_named(self.numbering, "num"))
        self._abstract_of = {value(num, "numId"): value(child(num, "abstractNumId")) for num in nums}
        self._levels = {
            value(num, "numId"): _levels(abstract.get(value(child(num, "abstractNumId"))), num) for num in nums
        }
        self._styles = {value(one, "styleId"): one for one in children_named(self.styles, "style")}

    def mark(self, document: ET.Element) -> list[str]:
        """Styles every entry of a list in the document; returns the lines of mammoth's map that go with them."""
        for paragraph in document.iter(f"{W}p"):
            self._mark(paragraph)
        return [f"p.{name} => {path}" for path, name in self._names.items()]

    def _mark(self, paragraph: ET.Element) -> None:
        properties = child(paragraph, "pPr")
        style = value(child(properties, "pStyle"))
        num, depth = self._place(properties, style)
        level = self._levels.get(num, {}).get(depth)
        if level is None or level.format == "none" or self._is_heading(style):
            if "".join(one.text or "" for one in paragraph.iter(f"{W}t")).strip():
                self._open.clear()
            return
        self._enter(num, depth, level)
        self._restyle(paragraph, " > ".join(f"{one.tag} > li" for one in self._open) + ":fresh")

    def _place(self, properties: ET.Element | None, style: str) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else its style's."""
        seen: set[str] = set()
        given = child(properties, "numPr")
        while given is None and style and style not in seen:
            seen.add(style)
            given = child(self._styles.get(style), "pPr", "numPr")
            style = value(child(self._styles.get(style), "basedOn"))
        depth = value(child(given, "ilvl"))
        return value(child(given, "numId")), min(int(depth), DEEPEST) if depth.isdigit() else 0

    def _is_heading(self, style: str) -> bool:
        name = value(child(self._styles.get(style), "name")) or style
        return name.lower().startswith(("heading", "title"))

    def _enter(self, num: str, depth: int, level: Level) -> None:
        number = self._next(num, depth, level)
        del self._open[depth + 1 :]
        if len(self._open) <= depth or not self._goes_on(self._open[depth], num, level):
            del self._open[depth:]
            while len(self._open) < depth:  # a level was left out: the entries between have no words
                self._open.append(_List(num, "ul"))
            self._open.append(_List(num, _tag(level, depth, number)))

    def _goes_on(self, held: _List, num: str, level: Level) -> bool:
        same = held.num == num or self._abstract_of.get(held.num) == self._abstract_of.get(num)
        return same and held.tag.startswith("ol" if level.is_ordered else "ul")

    def _next(self, num: str, depth: int, level: Level) -> int:
        """The number that Word shows: lists of one kind count on, and begin anew under each entry above them."""
        kind = self._abstract_of.get(num, num)
        number = self._counts.get((kind, depth), level.start - 1) + 1
        self._counts[kind, depth] = number
        for deeper in range(depth + 1, DEEPEST + 1):
            self._counts.pop((kind, deeper), None)
        return number

    def _restyle(self, paragraph: ET.Element, path: str) -> None:
        name = self._names.setdefault(path, f"{STYLE}{len(self._names)}")
        properties = child(paragraph, "pPr")
        if properties is None:
            properties = ET.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        for given in [*children_named(properties, "pStyle"), *children_named(properties, "numPr")]:
            properties.remove(given)
        properties.insert(0, ET.Element(f"{W}pStyle", {f"{W}val": name}))


def _levels(abstract: ET.Element | None, num: ET.Element) -> dict[int, Level]:
    changed = {value(one, "ilvl"): one for one in children_named(num, "lvlOverride")}
    found = {}
    for level in children_named(abstract, "lvl"):
        depth = value(level, "ilvl") or "0"
        start = value(child(changed.get(depth), "startOverride")) or value(child(level, "start")) or "1"
        if depth.isdigit():
            number = int(start) if start.isdigit() else 1
            found[int(depth)] = Level(value(child(level, "numFmt")) or "decimal", number)
    return found


def _tag(level: Level, depth: int, number: int) -> str:
    if not level.is_ordered:
        return "ul"
    if depth == 0 and level.format in LETTERS and number == 1:
        return "ol.options"
    return f"ol.from-{number}" if number != 1 else "ol"
