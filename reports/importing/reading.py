"""From the HTML of a reader (mammoth, markdown-it) to nodes of our schema: an allow-list, as for a paste.

Only words, lists, bold, italic, links, line breaks and footnotes pass; headings stand at the top alone. All else gives
its words to the paragraph it stands in, and is counted where a person would miss it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from reports.text import limits, links
from reports.text.limits import TextRefused

from .kinds import Unfit

Node = dict[str, Any]

DEEPEST: Final = 80
VOID: Final = {"br", "img", "hr", "input"}
HEADINGS: Final = {f"h{level}" for level in range(1, 7)}
LISTS: Final = {"ul": "bulletList", "ol": "orderedList"}
BLOCKS: Final = {
    *("p", "div", "section", "blockquote", "pre", "table", "thead", "tbody", "tr", "td", "th", "li", "dl", "dt", "dd"),
    *("aside", "body", "hr"),
    *HEADINGS,
    *LISTS,
}
MARKS: Final = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic"}
# What no text may hold (reports.text.limits): controls, and the letters of symbol fonts that nobody else has.
IMPOSSIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]"
)
LETTER: Final = re.compile(r"\(?(?P<letter>[a-z])\)\s+")


@dataclass
class Element:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()

    def all(self) -> "Iterator[Element]":
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.all()


class _Tree(HTMLParser):
    """Well-formed HTML, as our readers write it, as a tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)
        if len(self.open) > DEEPEST:
            raise Unfit("deep")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def blocks_of(html: str) -> tuple[list[Node], Counter[str]]:
    """The blocks at the top of a text, unchecked, and what did not come with them."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    reader = _Reader(tree.root)
    return lettered(reader.flow(tree.root, reader.top)), reader.counts


class _Reader:
    def __init__(self, root: Element) -> None:
        self.counts: Counter[str] = Counter()
        called = {note for element in root.all() if (note := _called(element))}
        self.notes = {one.attrs["id"]: one for one in root.all() if one.tag == "li" and one.attrs.get("id") in called}

    # ---- blocks ------------------------------------------------------------------------------------------------

    def flow(self, element: Element, block: "Callable[[Element], list[Node]]") -> list[Node]:
        """Its blocks, and the words between them as paragraphs."""
        found: list[Node] = []
        words: list[Element | str] = []
        for child in element.children:
            if isinstance(child, Element) and _is_block(child):
                found += [*self.paragraph(words), *block(child)]
                words = []
            else:
                words.append(child)
        return found + self.paragraph(words)

    def top(self, element: Element) -> list[Node]:
        if element.tag in HEADINGS:
            return self.heading(element)
        return self.flow(element, self.top) if element.tag in {"div", "section", "body"} else self.inner(element)

    def inner(self, element: Element) -> list[Node]:
        if element.tag in LISTS:
            return self.listed(element)
        self.counts["tables"] += element.tag == "table"
        return self.flow(element, self.inner)

    def paragraph(self, words: "list[Element | str]") -> list[Node]:
        content = list(self.inline(words, []))
        return [{"type": "paragraph", "content": content}] if any(map(_says, content)) else []

    def heading(self, element: Element) -> list[Node]:
        """Plain words on one line; what is more than that is a paragraph, so that nothing is lost."""
        content = list(self.inline(element.children, []))
        words = "".join(node.get("text", " ") for node in content)
        if any(node["type"] == "footnote" for node in content) or len(words) > limits.MAX_LINE:
            return [{"type": "paragraph", "content": content}]
        if not words.strip():
            return []
        return [{"type": "heading", "content": [{"type": "text", "text": limits.LINE_BREAKS.sub(" ", words)}]}]

    def listed(self, element: Element) -> list[Node]:
        entries = [child for child in element.children if isinstance(child, Element)]
        entries = [entry for entry in entries if entry.attrs.get("id", "") not in self.notes]
        items = [{"type": "listItem", "content": self.flow(entry, self.inner)} for entry in entries]
        items = [item for item in items if item["content"]]
        if not items:
            return []
        if "options" in element.classes and len(items) <= limits.MAX_OPTIONS:
            return [{"type": "options", "content": [{**item, "type": "option"} for item in items]}]
        start = {"attrs": {"start": _start(element)}} if element.tag == "ol" else {}
        return [{"type": LISTS[element.tag], **start, "content": items}]

    # ---- words -------------------------------------------------------------------------------------------------

    def inline(self, children: "list[Element | str]", marks: list[Node], *, note: bool = False) -> Iterator[Node]:
        for child in children:
            if isinstance(child, Element):
                yield from self.element(child, marks, note)
            elif text := self.possible(child):
                yield {"type": "text", "text": text, **({"marks": marks} if marks else {})}

    def possible(self, words: str) -> str:
        kept, left_out = IMPOSSIBLE.subn("", words)
        self.counts["characters"] += left_out
        return kept

    def element(self, element: Element, marks: list[Node], note: bool) -> Iterator[Node]:
        called = _called(element)
        if called in self.notes:
            yield from [] if note else self.footnote(self.notes[called])
        elif element.tag == "br":
            yield {"type": "text", "text": " "} if note else {"type": "hardBreak"}
        elif element.tag == "a":
            yield from self.link(element, marks, note)
        else:
            self.counts["images"] += element.tag == "img"
            self.counts["struck"] += element.tag in {"s", "del"}
            yield from self.inline(element.children, _with(marks, MARKS.get(element.tag)), note=note)

    def link(self, element: Element, marks: list[Node], note: bool) -> Iterator[Node]:
        href = element.attrs.get("href", "")
        try:
            mark = {"type": "link", "attrs": {"href": links.target(href)}}
        except TextRefused:
            self.counts["links"] += bool(href) and not href.startswith("#")
            yield from self.inline(element.children, marks, note=note)
        else:
            yield from self.inline(
                element.children, [mark, *(one for one in marks if one["type"] != "link")], note=note
            )

    def footnote(self, entry: Element) -> Iterator[Node]:
        """Its paragraphs as one run of words; the arrow back to the text is generated by every page."""
        content = list(self.inline(_without_arrow(entry).children, [], note=True))
        while content and not content[-1]["text"].strip():
            content.pop()
        if content:
            yield {"type": "footnote", "content": content}


def _is_block(element: Element) -> bool:
    return element.tag in BLOCKS


def _says(node: Node) -> bool:
    return node["type"] == "footnote" or bool(node.get("text", "").strip())


def _start(element: Element) -> int:
    given = element.attrs.get("start") or next((c[5:] for c in element.classes if c.startswith("from-")), "1")
    number = int(given) if given.isascii() and given.isdigit() else 1
    return number if number in range(1, limits.MAX_START + 1) else 1


def _with(marks: list[Node], name: str | None) -> list[Node]:
    return marks if name is None or {"type": name} in marks else [*marks, {"type": name}]


def _called(element: Element) -> str:
    """The id of the note that this call leads to, or ""."""
    if element.tag != "sup":
        return ""
    hrefs = [one.attrs.get("href", "") for one in element.all() if one.tag == "a"]
    return hrefs[0][1:] if len(hrefs) == 1 and hrefs[0].startswith("#") else ""


def _without_arrow(entry: Element) -> Element:
    """A note without its way back, its blocks parted by spaces."""
    children: list[Element | str] = []
    for child in entry.children:
        if isinstance(child, str):
            children.append(child)
        elif not (child.tag == "a" and child.attrs.get("href", "").startswith("#")):
            children.append(_without_arrow(child))
            children += [" "] if _is_block(child) else []
    return Element(entry.tag, entry.attrs, children)


def lettered(blocks: list[Node]) -> list[Node]:
    """Paragraphs whose people typed a), b), … before them are lettered options."""
    found: list[Node] = []
    run: list[Node] = []
    for block in [*blocks, {"type": "end"}]:
        letter = _letter(block)
        if letter != chr(ord("a") + len(run)):
            found += _options(run)
            run = []
        if letter == chr(ord("a") + len(run)):
            run.append(block)
        else:
            found.append(block)
    return found[:-1]


def _letter(block: Node) -> str:
    first = block.get("content", [{}])[0].get("text", "") if block["type"] == "paragraph" else ""
    typed = LETTER.match(first)
    return typed["letter"] if typed else ""


def _options(run: list[Node]) -> list[Node]:
    if len(run) < 2:
        return run
    return [{"type": "options", "content": [{"type": "option", "content": [_unlettered(block)]} for block in run]}]


def _unlettered(block: Node) -> Node:
    first, *rest = block["content"]
    return {**block, "content": [{**first, "text": LETTER.sub("", first["text"], count=1)}, *rest]}
