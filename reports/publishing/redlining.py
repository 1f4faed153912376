"""A redline for print: the whole newer text with what came, went and moved, told by more than colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from reports.text import difference
from reports.text.difference import NOTE, Kind, Step, Token

from .canonical import canonical, sha256
from .comparison import Compared, Comparison, Fate, Node, Pair, Part, as_text, compare
from .labels import fill
from .wordings import place_of, voice_of

# Read aloud they are "plus" and "minus"; the minus is no hyphen.
SIGNS = {Kind.ADDED: ("ins", "+"), Kind.REMOVED: ("del", "−")}
MARKS = {"italic": "em", "bold": "strong"}


@dataclass(frozen=True)
class Printed:
    """A block of words: a paragraph, a heading or an entry of a list with its number, letter or bullet in front.

    No blank stands before the first word: a line that begins on the next page would be broken behind its first.
    """

    kind: str
    depth: int
    html: SafeString
    changed: bool


@dataclass(frozen=True)
class Piece:
    """A passage: what is said of it, its words in blocks, and further lines with their labels."""

    number: str
    named: str
    remarks: list[str]
    blocks: list[Printed]
    beside: list[tuple[str, list[Printed]]]
    changed: bool


@dataclass(frozen=True)
class Chapter:
    """A section; one that was only left has its remark and nothing else."""

    title: list[Printed]
    remark: str
    pieces: list[Piece]
    left: bool


def context_of(render_input: dict) -> dict[str, Any]:
    """What the template of a redline is given beside what all annexes share."""
    comparison = compare(render_input["since"], render_input["text"])
    hand = Hand(render_input["words"])
    hashes = [sha256(canonical(render_input[name])) for name in ("since", "text")]
    return {
        "empty": comparison.is_empty,
        "around": [(hand.words[f.label], printed(as_text(f.before), as_text(f.after))) for f in comparison.facts],
        "chapters": [] if comparison.is_empty else hand.chapters(comparison),
        "versions": [
            {**version, "sha256": digest} for version, digest in zip(render_input["versions"], hashes, strict=True)
        ],
    }


class Hand:
    def __init__(self, words: dict[str, str]) -> None:
        self.words = words

    def chapters(self, comparison: Comparison) -> list[Chapter]:
        return [self.chapter(part) for part in comparison.parts]

    def chapter(self, part: Part) -> Chapter:
        old, new = (as_text(_title(section)) for section in (part.before, part.after))
        still = part.moved or part.left or not part.is_changed
        title = printed(new, new) if still else printed(old, new)
        pieces = [] if part.left else [self.piece(one) for one in part.passages]
        return Chapter(title, self.remark(part), pieces, part.left)

    def remark(self, part: Part) -> str:
        if part.left:
            return fill(self.words["section_left"], title=part.here["title"])
        if part.before is None or part.after is None:
            return self.words["section_added" if part.before is None else "section_removed"]
        names = [name for name, so in (("section_moved", part.moved), ("section_renamed", part.is_renamed)) if so]
        return " · ".join(self.words[name] for name in names)

    def piece(self, passage: Compared) -> Piece:
        item = passage.here.item
        left = passage.fate == Fate.LEFT
        heading = item["heading"]["number"] if item["heading"] else ""
        named, remarks = " · ".join(filter(None, [item["label"], heading])), list(self.remarks(passage))
        blocks = [] if left else printed(*passage.words)
        if blocks and not (named or remarks):  # its number stands before its words
            number = format_html('<span class="number">{}</span>', item["number"])
            blocks[0] = replace(blocks[0], html=number + blocks[0].html)
        return Piece(
            number=item["number"],
            named=named,
            remarks=remarks,
            blocks=blocks,
            beside=[] if left else list(self.beside(passage)),
            changed=passage.fate != Fate.SAME,
        )

    def remarks(self, passage: Compared) -> Iterator[str]:
        if passage.fate == Fate.SAME:
            return
        if passage.fate in (Fate.MOVED, Fate.LEFT):
            stand = passage.before if passage.fate == Fate.MOVED else passage.after
            yield fill(self.words[passage.fate], place=place_of(stand.section, stand.item, self.words))  # type: ignore[union-attr]
        else:
            yield self.words[passage.fate]
        if (
            passage.before
            and passage.fate == Fate.CHANGED
            and passage.before.item["number"] != passage.here.item["number"]
        ):
            yield fill(self.words["was"], number=passage.before.item["number"])

    def beside(self, passage: Compared) -> Iterator[tuple[str, list[Printed]]]:
        yield from ((label, printed(*pair)) for label, pair in beside(passage, self.words))


def beside(passage: Compared, words: dict[str, str]) -> Iterator[tuple[str, Pair]]:
    """Labels, and what was and is said under them: of another voice, and of brackets that were spoken of anew."""
    if passage.speaks_otherwise and passage.before and passage.after:
        yield (
            words["voice"],
            (
                as_text(voice_of(passage.before.item, words)),
                as_text(voice_of(passage.after.item, words)),
            ),
        )
    before, after = passage.notes
    if before != after:
        yield words["brackets"], (before, after)


def _title(section: Node | None) -> str:
    return " ".join(filter(None, [section["number"], section["title"]])) if section else ""


def printed(old: Node, new: Node) -> list[Printed]:
    return [block_of(steps) for steps in difference.blocks(old, new)]


def block_of(steps: Sequence[Step]) -> Printed:
    begins = next(token for _kind, token in reversed(steps) if token.block)
    kinds = {kind for kind, _token in steps}
    # The beginning of a block that came or went as a whole needs no sign of its own.
    told = steps if len(kinds) > 1 else [step for step in steps if not step[1].block]
    runs = groupby(told, key=itemgetter(0))
    body = "".join(_stretch(kind, [token for _kind, token in found]) for kind, found in runs)
    changed = kinds != {Kind.SAME}
    sign = format_html('<span class="entry">{}</span>', begins.shown) if begins.shown else ""
    return Printed(begins.block, begins.depth, mark_safe(f"{sign}{body}"), changed)  # noqa: S308 (made of escaped text)


def _stretch(kind: Kind, tokens: Sequence[Token]) -> str:
    body = "".join(_run(kind, marks, list(run)) for marks, run in groupby(tokens, key=lambda token: token.marks))
    if kind is Kind.SAME or not body:
        return body
    element, sign = SIGNS[kind]
    told = f'<span class="sign {element}">{sign}</span>'
    return f"{told}<{element}>{body}</{element}>{told}"


def _run(kind: Kind, marks: tuple[difference.Mark, ...], tokens: Sequence[Token]) -> str:
    changed = kind is not Kind.SAME
    words = "".join(("¶ " if changed else "") if token.block else token.text for token in tokens)
    html = str(escape(words)).replace("\n", "<br>")
    names = [name for name, _target in marks]
    for name, element in MARKS.items():
        if name in names and words:
            html = f"<{element}>{html}</{element}>"
    return str(format_html('<span class="note">{}</span>', mark_safe(html))) if NOTE in marks else html  # noqa: S308
