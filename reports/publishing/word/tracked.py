"""Compared words as paragraphs with tracked changes (ECMA-376 part 1, 17.13.5).

Accepting every change gives the newer text, rejecting every change the older one. A paragraph's end carries the change
of the mark that ends it, where our comparison knows beginnings: `ends` turns one into the other.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from reports.text.difference import NOTE, Kind, Mark, Step, Token

from .package import DEEPEST, LISTS, a_list, plain, quoted

INS, DEL, FROM, TO = "ins", "del", "moveFrom", "moveTo"
TRACKED = {Kind.ADDED: (INS,), Kind.REMOVED: (DEL,), Kind.SAME: ()}
# Words of a passage at its new place: what it brought along, what came there, and what it lost there.
MOVED_HERE = {Kind.ADDED: (INS,), Kind.REMOVED: (TO, DEL), Kind.SAME: (TO,)}
MOVED_AWAY = {Kind.SAME: (), Kind.REMOVED: (FROM,), Kind.ADDED: ()}
UNTRACKED: dict[Kind, tuple[str, ...]] = dict.fromkeys(Kind, ())
# The order in which a paragraph's end names them (17.3.1.29, EG_ParaRPrTrackChanges).
ORDER = (INS, DEL, FROM, TO)
STYLES = {"heading": "Heading2"}
BOLD, ITALIC = ("bold", ""), ("italic", "")

Ways = dict[Kind, tuple[str, ...]]


class Tracker:
    """Numbers the changes, footnotes and lists of one file; whose changes they are and when they were made is one."""

    def __init__(self, author: str, at: str) -> None:
        self.signed = f"w:author={quoted(author)} w:date={quoted(at)}"
        self.changes = 0
        self.footnotes: list[str] = []
        self.lists: list[str] = []

    def number(self) -> int:
        self.changes += 1
        return self.changes

    # ---- a paragraph --------------------------------------------------------------------------------------------

    def paragraphs(self, blocks: Sequence[Sequence[Step]], ways: Ways = TRACKED, style: str = "") -> str:
        """The blocks of one comparison; `style` for those that are plain paragraphs."""
        blocks = _with_one_beginning(list(map(list, blocks)))
        under: dict[int, tuple[str, int]] = {}  # by depth the list that goes on
        written = []
        for steps, end in zip(blocks, ends(blocks), strict=True):
            begins = _beginnings(steps)
            properties = self.properties(begins[-1], style, under)
            if len({(one.block, one.depth) for one in begins}) > 1:
                properties += self.was(begins[0])
            written.append(self.paragraph(properties, self.line(steps, ways), ways[end]))
        return "".join(written)

    def paragraph(self, properties: str, inner: str, end: Sequence[str] = ()) -> str:
        told = "".join(f'<w:{way} w:id="{self.number()}" {self.signed}/>' for way in ORDER if way in end)
        mark = f"<w:rPr>{told}</w:rPr>" if told else ""
        before, found, after = properties.partition("<w:pPrChange")
        return f"<w:p><w:pPr>{before}{mark}{found}{after}</w:pPr>{inner}</w:p>"

    def properties(self, begins: Token, style: str, under: dict[int, tuple[str, int]]) -> str:
        named = STYLES.get(begins.block, style)
        told = f'<w:pStyle w:val="{named}"/>' if named else ""
        for deeper in [depth for depth in under if depth > begins.depth]:
            del under[deeper]
        if begins.block not in LISTS:
            under.pop(begins.depth, None)
            return told + (f'<w:ind w:left="{454 * begins.depth}"/>' if begins.depth else "")
        level = min(begins.depth, DEEPEST - 1)
        if under.get(begins.depth, ("", 0))[0] != begins.block:
            under[begins.depth] = begins.block, self.begin_list(begins, level)
        return f'{told}<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{under[begins.depth][1]}"/></w:numPr>'

    def begin_list(self, begins: Token, level: int) -> int:
        number = len(self.lists) + 1
        self.lists.append(a_list(number, begins.block, level, _start(begins.shown)))
        return number

    def was(self, begins: Token) -> str:
        """That it was another kind of paragraph before."""
        style = STYLES.get(begins.block, "")
        inner = f'<w:pStyle w:val="{style}"/>' if style else ""
        return f'<w:pPrChange w:id="{self.number()}" {self.signed}><w:pPr>{inner}</w:pPr></w:pPrChange>'

    # ---- its words ----------------------------------------------------------------------------------------------

    def line(self, steps: Sequence[Step], ways: Ways) -> str:
        pieces = _pieces([step for step in steps if not step[1].block])
        return "".join(self.words(one, ways) if isinstance(one, list) else self.footnote(one, ways) for one in pieces)

    def words(self, steps: Sequence[Step], ways: Ways) -> str:
        runs = groupby(steps, key=lambda step: (step[0], step[1].marks))
        return "".join(
            self.change(_run("".join(token.text for _kind, token in found), marks, ways[kind]), ways[kind])
            for (kind, marks), found in runs
        )

    def change(self, inner: str, ways: Sequence[str]) -> str:
        for way in reversed(ways):
            inner = f'<w:{way} w:id="{self.number()}" {self.signed}>{inner}</w:{way}>'
        return inner

    def footnote(self, note: "Note", ways: Ways) -> str:
        """Its call in the text, and its words at the foot, tracked themselves where only they changed."""
        number = len(self.footnotes) + 1
        self.footnotes.append("")  # its number is taken before its words are written
        sign = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        inner = TRACKED if note.kind is Kind.SAME else UNTRACKED
        words = self.words([(kind, _bare(token)) for kind, token in note.steps], inner)
        self.footnotes[number - 1] = (
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>{sign}'
            f'<w:r><w:t xml:space="preserve"> </w:t></w:r>{words}</w:p></w:footnote>'
        )
        reference = (
            f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
        )
        return self.change(reference, ways[note.kind])


class Note:
    """A footnote with what became of its call, and the steps of its words."""

    def __init__(self, kind: Kind, steps: list[Step]) -> None:
        self.kind, self.steps = kind, steps


def ends(blocks: Sequence[Sequence[Step]]) -> list[Kind]:
    """What became of the end of each paragraph: it parts two beginnings, and its change is that of the second.

    Of paragraphs that came or went as a whole it is their own: nothing of them is left behind, their look neither.
    """
    found = [_fate_of_beginning(steps) for steps in blocks[1:]] + [Kind.SAME]
    for place in reversed(range(len(blocks))):
        kinds = {kind for kind, _token in blocks[place]}
        if len(kinds) == 1 and kinds != {Kind.SAME} and found[place] is Kind.SAME:
            found[place] = kinds.pop()
            if place:
                found[place - 1] = Kind.SAME
    return found


def _fate_of_beginning(steps: Sequence[Step]) -> Kind:
    """A beginning that was only replaced by one of another kind is still there."""
    kinds = {kind for kind, token in steps if token.block}
    return kinds.pop() if len(kinds) == 1 else Kind.SAME


def _with_one_beginning(blocks: list[list[Step]]) -> list[list[Step]]:
    """A text whose first paragraph begins anew, with words of the old one kept, is one paragraph, not two."""
    while len(blocks) > 1:
        first, second = (_fate_of_beginning(steps) for steps in blocks[:2])
        whole = len({kind for kind, _token in blocks[1]}) == 1
        if Kind.SAME in (first, second) or first is second or whole:
            break
        blocks[:2] = [blocks[0] + blocks[1]]
    return blocks


def _beginnings(steps: Sequence[Step]) -> list[Token]:
    """The older first: what is shown is the newer."""
    order = {Kind.REMOVED: 0, Kind.SAME: 1, Kind.ADDED: 2}
    begins = sorted((step for step in steps if step[1].block), key=lambda step: order[step[0]])
    return [token for _kind, token in begins]


def _start(shown: str) -> int:
    """ "3." or "c)" → 3."""
    if number := re.match(r"\d+", shown):
        return int(number[0])
    return ord(shown[0]) - ord("a") + 1 if shown[1:] == ")" else 1


def _pieces(steps: Sequence[Step]) -> Iterator[list[Step] | Note]:
    """Words, and footnotes whose beginning and end met the same fate; of any other the words stand in the line."""
    held: list[Step] = []
    place = 0
    while place < len(steps):
        end = _end_of_note(steps, place)
        if end is None:
            held.append(steps[place])
            place += 1
            continue
        if held:
            yield held
            held = []
        yield Note(steps[place][0], list(steps[place + 1 : end]))
        place = end + 1
    if held:
        yield held


def _end_of_note(steps: Sequence[Step], place: int) -> int | None:
    kind, token = steps[place]
    if token.marks != (NOTE,) or token.text != "[":
        return None
    for end in range(place + 1, len(steps)):
        other, closing = steps[end]
        if NOTE not in closing.marks:
            return None
        if closing.marks == (NOTE,) and closing.text == "]" and other is kind:
            within = {step[0] for step in steps[place + 1 : end]}
            return end if kind is Kind.SAME or within <= {kind} else None
    return None


def _bare(token: Token) -> Token:
    return token._replace(marks=tuple(mark for mark in token.marks if mark != NOTE))


def _run(words: str, marks: tuple[Mark, ...], ways: Sequence[str]) -> str:
    kept = f"{'<w:b/>' if BOLD in marks else ''}{'<w:i/>' if ITALIC in marks else ''}"
    properties = f"<w:rPr>{kept}</w:rPr>" if kept else ""
    element = "delText" if DEL in ways else "t"
    lines = (f'<w:{element} xml:space="preserve">{plain(line)}</w:{element}>' for line in words.split("\n"))
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"
