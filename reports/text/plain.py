"""A checked text as plain words: for search, mails, counts, excerpts and comparisons with a print."""

import re
from typing import Any, Final

Node = dict[str, Any]
_WORD: Final = re.compile(r"\w+(?:[’'ʼ.,\-‐‑]\w+)*")


def text_of(node: Node) -> str:
    """The words of a text or one of its blocks: blocks parted by blank lines, footnotes as "[1] …" at the end."""
    notes: list[str] = []
    body = _blocks(node["content"], notes) if node["type"] == "doc" else _block(node, notes)
    return "\n\n".join([body, *(f"[{i}] {note}" for i, note in enumerate(notes, 1))] if notes else [body]).strip()


def words_of(doc: Node) -> list[str]:
    """Every word in its order, footnotes included, without generated numbers and letters."""
    return [word for text in texts_of(doc) for word in _WORD.findall(text)]


def word_count(doc: Node) -> int:
    """How many words the text has: "don’t", "twenty-one" and "1,000" are one each."""
    return len(words_of(doc))


def footnote_count(node: Node) -> int:
    """How many footnotes the text calls."""
    own = 1 if node["type"] == "footnote" else 0
    return own + sum(footnote_count(child) for child in node.get("content", []))


def excerpt(doc: Node, letters: int = 140) -> str:
    """The beginning on one line, cut between words with "…"; a heading first, set off by a point."""
    headed = doc["content"][:1] and doc["content"][0]["type"] == "heading"
    first, *rest = texts_of(doc, footnotes=False) or [""]
    text = " ".join(" ".join([first, "·", *rest] if headed and rest else [first, *rest]).split())
    if len(text) <= letters:
        return text
    cut = text[: letters + 1].rpartition(" ")[0] or text[:letters]
    return f"{cut.rstrip(' ,;:–—-')}…"


def texts_of(node: Node, footnotes: bool = True) -> list[str]:
    """The text of each paragraph (and footnote, after the paragraph that calls it) in order, a heading included."""
    if node["type"] in {"paragraph", "heading", "footnote"}:
        notes = [child for child in node.get("content", []) if footnotes and child["type"] == "footnote"]
        return [line(node), *(line(note) for note in notes)]
    return [text for child in node.get("content", []) for text in texts_of(child, footnotes)]


def line(node: Node) -> str:
    """The words of one paragraph, heading or footnote; line breaks as new lines, footnotes left out."""
    return "".join("\n" if child["type"] == "hardBreak" else child.get("text", "") for child in node.get("content", []))


def _blocks(nodes: list[Node], notes: list[str]) -> str:
    return "\n\n".join(_block(node, notes) for node in nodes)


def _block(node: Node, notes: list[str]) -> str:
    if node["type"] in {"paragraph", "heading"}:
        notes += [line(child) for child in node.get("content", []) if child["type"] == "footnote"]
        return line(node)
    return "\n".join(f"{marker(node, i)} {_blocks(item['content'], notes)}" for i, item in enumerate(node["content"]))


def marker(node: Node, index: int) -> str:
    """What stands before the entry of a list: "•", "3." or "c)"."""
    if node["type"] == "orderedList":
        return f"{node['attrs']['start'] + index}."
    return f"{chr(ord('a') + index)})" if node["type"] == "options" else "•"
