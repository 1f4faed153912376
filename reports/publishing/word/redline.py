"""A redline as a Word file: the newer draft, with what changed since the older as tracked changes in its name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from reports.publishing.canonical import canonical, sha256
from reports.publishing.comparison import Compared, Comparison, Fate, Node, Part, Stand, as_text, compare, whole
from reports.publishing.redlining import beside
from reports.publishing.wordings import voice_of
from reports.text import difference
from reports.text.difference import Kind

from .package import HEAD, NAMES, archive, around, page_setup, plain
from .tracked import MOVED_AWAY, MOVED_HERE, TRACKED, Tracker


def redline(render_input: dict[str, Any]) -> bytes:
    """The file. Its changes are those of the newer draft: they bear its number and the moment of its release."""
    text, words = render_input["text"], render_input["words"]
    made = datetime.fromisoformat(render_input["made"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    hand = Hand(words, render_input["versions"][1]["name"], made)
    comparison = compare(render_input["since"], text)
    body = hand.head(render_input) + hand.body(comparison)
    document = f"{HEAD}<w:document {NAMES}><w:body>{body}{page_setup()}</w:body></w:document>"
    marks = filter(None, [render_input["draft"], render_input["specimen"], render_input["title"]])
    parts = around(
        title=f"{text['document']['title']} – {render_input['title']}",
        creator=text["group"]["name"],
        made=made,
        language=text["language"],
        head=" · ".join(marks),
        footnotes="".join(hand.tracker.footnotes),
        lists="".join(hand.tracker.lists),
    )
    return archive({**parts, "word/document.xml": document})


class Hand:
    def __init__(self, words: dict[str, str], author: str, made: str) -> None:
        self.words = words
        self.tracker = Tracker(author, made)
        self.moves: dict[str, str] = {}

    def head(self, render_input: dict[str, Any]) -> str:
        """What it is, which drafts it compares, and their hashes."""
        titles = [as_text(render_input[name]["document"]["title"]) for name in ("since", "text")]
        lines = [self.tracker.paragraphs(difference.blocks(*titles), style="Title"), self.line(render_input["title"])]
        for version, name in zip(render_input["versions"], ("since", "text"), strict=True):
            digest = sha256(canonical(render_input[name]))
            lines.append(self.line(f"{version['name']} · {version['at']} · SHA-256 {digest}", "Where"))
        return "".join(lines)

    def body(self, comparison: Comparison) -> str:
        if comparison.is_empty:
            return self.line(self.words["no_differences"])
        facts = [fact for fact in comparison.facts if fact.label != "title"]
        told = [self.line(self.words["around"], "Heading1")] if facts else []
        for fact in facts:
            told.append(self.line(self.words[fact.label], "Where"))
            told.append(self.compared(as_text(fact.before), as_text(fact.after)))
        return "".join([*told, *map(self.part, comparison.parts)])

    # ---- sections -----------------------------------------------------------------------------------------------

    def part(self, part: Part) -> str:
        """A section that moved as a whole is moved with every passage."""
        if part.left:
            return self.left(part)
        old, new, none = as_text(_title(part.before)), as_text(_title(part.after)), as_text("")
        if part.after is None:
            told = self.compared(old, none, style="Heading1")
        elif part.before is None or part.moved:
            told = self.compared(none, new, style="Heading1")
        else:
            told = self.compared(old if part.is_renamed else new, new, style="Heading1")
        return told + "".join(self.passage(one, part) for one in part.passages)

    def left(self, part: Part) -> str:
        title = self.compared(as_text(_title(part.before)), as_text(""), style="Heading1")
        return title + "".join(self.at_old_place(one) for one in part.passages)

    # ---- passages -----------------------------------------------------------------------------------------------

    def passage(self, passage: Compared, part: Part) -> str:
        if part.moved and passage.fate in (Fate.REMOVED, Fate.LEFT):
            return ""  # it is told of at the section's old place
        if passage.fate == Fate.LEFT:
            return self.at_old_place(passage)
        moved = passage.fate == Fate.MOVED or (part.moved and passage.fate != Fate.ADDED)
        where = Kind.ADDED if moved else {Fate.ADDED: Kind.ADDED, Fate.REMOVED: Kind.REMOVED}.get(passage.fate)
        told = self.where(passage, where)
        blocks = difference.blocks(*passage.words)
        if moved:
            told += self.range("To", passage, self.tracker.paragraphs(blocks, MOVED_HERE))
        else:
            told += self.tracker.paragraphs(blocks)
        return told + "".join(self.lines_beside(passage))

    def at_old_place(self, passage: Compared) -> str:
        """What was there: taken away to its new place, or left out with its section."""
        stand = passage.before
        assert stand is not None  # noqa: S101 (for the type checker: it stood here)
        words = whole(stand)
        line = self.compared(as_text(self.place(stand)), as_text(""), style="Where")
        if passage.after is None:
            return line + self.compared(words, as_text(""))
        return line + self.range("From", passage, self.tracker.paragraphs(_as_going(words), MOVED_AWAY))

    def range(self, way: str, passage: Compared, inner: str) -> str:
        """Between the marks that tie both places of what was moved together (17.13.5.23, 17.13.5.27)."""
        name = self.moves.setdefault(passage.here.item["id"], f"move{len(self.moves) + 1}")
        number = self.tracker.number()
        begins = f'<w:move{way}RangeStart w:id="{number}" w:name="{name}" {self.tracker.signed}/>'
        return f'{begins}{inner}<w:move{way}RangeEnd w:id="{number}"/>'

    def where(self, passage: Compared, fate: Kind | None) -> str:
        """The number and who speaks: of another voice, both; as a whole where the passage came or went."""
        here = self.place(passage.here)
        if fate is Kind.ADDED:
            return self.compared(as_text(""), as_text(here), style="Where")
        if fate is Kind.REMOVED:
            return self.compared(as_text(here), as_text(""), style="Where")
        before = passage.before if passage.speaks_otherwise else None
        was = self.place(before, number=passage.here.item["number"]) if before else here
        return self.compared(as_text(was), as_text(here), style="Where")

    def place(self, stand: Stand, number: str = "") -> str:
        item = stand.item
        heading = item["heading"]["number"] if item["heading"] else ""
        said = self.words["paragraph"].replace("{number}", number or item["number"])
        return " · ".join(filter(None, [said, voice_of(item, self.words) if item["label"] else "", heading]))

    def lines_beside(self, passage: Compared) -> Iterator[str]:
        """What is said of its brackets anew; of a moved passage, once, at its new place."""
        for label, pair in beside(passage, self.words):
            if label != self.words["voice"]:
                yield self.line(label, "Where")
                yield self.compared(*pair, style="Beside")

    # ---- lines --------------------------------------------------------------------------------------------------

    def compared(self, old: Node, new: Node, style: str = "") -> str:
        return self.tracker.paragraphs(difference.blocks(old, new), TRACKED, style)

    def line(self, words: str, style: str = "") -> str:
        named = f'<w:pStyle w:val="{style}"/>' if style else ""
        return f'<w:p><w:pPr>{named}</w:pPr><w:r><w:t xml:space="preserve">{plain(words)}</w:t></w:r></w:p>'


def _title(section: Node | None) -> str:
    return " ".join(filter(None, [section["number"], section["title"]])) if section else ""


def _as_going(words: Node) -> list[list[difference.Step]]:
    """All of it as something that goes: its ends go along."""
    return [[(Kind.REMOVED, token) for _kind, token in steps] for steps in difference.blocks(words, words)]
