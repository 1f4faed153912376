"""A passage's text (a document of the one ProseMirror schema) as HTML for print."""

from collections.abc import Callable, Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.text.stretches import MARK, runs

from .failures import RenderFailed

# From the innermost element outwards: inside a link stands nothing but text, or the PDF's link has no tag of its own.
MARKS = {"link": "a", "italic": "em", "bold": "strong"}
SCHEMES = ("https://", "http://", "mailto:")
# A longer last word is not tied to its footnote: it could not be broken over two lines any more.
LONGEST_TIED_WORD = 24


def render(doc: dict, opening: str = "", closing: str = "") -> SafeString:
    """The blocks; `opening` (number, attribution) begins the first paragraph, `closing` (calls) ends the last."""
    blocks = [node for node in doc.get("content", []) if node["type"] != "heading"]
    if opening and (not blocks or blocks[0]["type"] != "paragraph"):
        blocks = [{"type": "paragraph", "content": []}, *blocks]
    html = [block(node) for node in blocks]
    if html:
        html[0] = html[0].replace("<p>", '<p class="first">' + opening, 1) if opening else html[0]
        before, ending, after = html[-1].rpartition("</p>")
        html[-1] = before + closing + ending + after
    return mark_safe("".join(html))  # noqa: S308 (made of escaped text and our own elements only)


def running_text(node: dict) -> str:
    """The words of a node without a gap where only the marks change; blocks stand on lines of their own."""
    inner = node.get("text") or "".join(map(running_text, node.get("content", [])))
    return inner if node["type"] == "text" else inner + "\n"


def block(node: dict) -> str:
    """One block; whatever the schema does not know, here or further in, is refused."""
    try:
        return BLOCKS[node["type"]](node)
    except KeyError:
        raise RenderFailed("not_text", detail=str(node.get("type"))[:40]) from None


def blocks(nodes: Iterable[dict]) -> str:
    return "".join(map(block, nodes))


def inline(nodes: Iterable[dict]) -> str:
    """Text, line breaks and footnotes. A footnote's call stays on the line of the word before it."""
    pieces: list[str] = []
    last: dict | None = None
    for node in nodes:
        if node["type"] == "footnote" and last is not None:
            pieces[-1] = _tied(last, footnote(node))
        else:
            pieces.append(INLINE[node["type"]](node))
        last = node if node["type"] == "text" else None
    return "".join(pieces)


def line(nodes: Iterable[dict]) -> str:
    """A line in which words that are not agreed stand between brackets."""
    stretches = runs(list(nodes))
    return "".join(_in_signs(inline(pieces)) if bracket else inline(pieces) for bracket, pieces in stretches)


def _in_signs(html: str) -> str:
    return f'<span class="bracket">[</span>{html}<span class="bracket">]</span>'


def text(node: dict) -> str:
    return _marked(node, node["text"])


def footnote(node: dict) -> str:
    return f'<span class="footnote">{inline(node.get("content", []))}</span>'


def _tied(node: dict, call: str) -> str:
    head, space, word = node["text"].rpartition(" ")
    if not word or len(word) > LONGEST_TIED_WORD:
        return _marked(node, node["text"]) + call
    return f'{_marked(node, head + space)}<span class="tied">{_marked(node, word)}{call}</span>'


def _marked(node: dict, words: str) -> str:
    html: str = escape(words)
    marks = {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", [])}
    if words and (unknown := marks.keys() - MARKS.keys() - {MARK}):
        raise RenderFailed("not_text", detail=", ".join(sorted(unknown))[:40])
    for name, element in MARKS.items():
        if name in marks and words:
            html = f"<{element}{_href(marks[name])}>{html}</{element}>"
    return html


def _href(attributes: dict) -> str:
    if "href" not in attributes:
        return ""
    if not attributes["href"].lower().startswith(SCHEMES):
        raise RenderFailed("link", detail=attributes["href"][:80])
    return f' href="{escape(attributes["href"])}"'


def _element(name: str, children: Callable[[Iterable[dict]], str]) -> Callable[[dict], str]:
    opening, closing = f"<{name}>", f"</{name.split()[0]}>"
    return lambda node: opening + children(node.get("content", [])) + closing


def numbered(node: dict) -> str:
    """An ordered list; one that goes on from an earlier one begins at its own number."""
    start = int(node.get("attrs", {}).get("start", 1))
    begun = f' style="counter-reset: item {start - 1}"' if start != 1 else ""
    return f"<ol{begun}>{blocks(node.get('content', []))}</ol>"


INLINE: dict[str, Callable[[dict], str]] = {"text": text, "hardBreak": lambda node: "<br>", "footnote": footnote}
BLOCKS: dict[str, Callable[[dict], str]] = {
    "paragraph": _element("p", line),
    "bulletList": _element("ul", blocks),
    "orderedList": numbered,
    "listItem": _element('li class="item"', blocks),
    "options": _element('ol class="options"', blocks),
    "option": _element('li class="item"', blocks),
}
