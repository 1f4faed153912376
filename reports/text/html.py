"""A checked text as HTML for pages. Everything is made here from nodes that we know, and every text is escaped."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reports.text import links
from reports.text.stretches import Owners, runs

Node = dict[str, Any]
_EMPTY: Final = SafeString("")


def render(
    doc: Node, *, footnotes: str = "note", first: int = 1, heading: int = 3, owners: Owners | None = None
) -> SafeString:
    """The text as HTML, its footnotes in a list at the end.

    `footnotes` begins every id, so that passages on one page do not share any: pass the passage's public id.
    `first` is the number of the first footnote; `heading` the level of a recommendation's heading, 0 leaves it out.
    Words that carry a mark of a comment are shown as such, with a way to it behind the last of them; `owners` says
    whose the brackets are.
    """
    page = _Page(footnotes, first, heading, owners or {}, letters=Counter(_commented(doc)))
    return format_html("{}{}", page.all(doc), page.notes())


def render_apart(
    doc: Node, *, footnotes: str = "note", first: int = 1, owners: Owners | None = None
) -> tuple[SafeString, list[SafeString]]:
    """The words without heading, and their footnotes as entries of a list that stands elsewhere on the page."""
    page = _Page(footnotes, first, 0, owners or {})
    words = page.all(doc)
    return words, [page.note(number, node) for number, node in enumerate(page.found, first)]


def render_inline(doc: Node) -> SafeString:
    """The text for print: each footnote stands in `<span class="footnote">` where it is called; no ids, no heading."""
    return _Page(None, 1, 0).all(doc)


@dataclass
class _Page:
    prefix: str | None
    first: int
    level: int
    owners: Owners = field(default_factory=dict)
    found: list[Node] = field(default_factory=list)
    # By comment, how many of its letters are still to come.
    letters: Counter[str] = field(default_factory=Counter)

    def all(self, node: Node) -> SafeString:
        return format_html_join("", "{}", ((self.one(child),) for child in node.get("content", [])))

    def one(self, node: Node) -> SafeString:
        return _NODES[node["type"]](self, node)

    def text(self, node: Node) -> SafeString:
        words = format_html("{}", node["text"])
        for mark in reversed(node.get("marks", [])):
            words = marked(mark, words)
        if "author" in node:
            words = authored(node["author"], words, goes_on=node["goes_on"])
        return format_html("{}{}", words, self.calls(node)) if self.letters else words

    def calls(self, node: Node) -> SafeString:
        """Of the comments whose last words these are."""
        commented = Counter(_commented(node))
        self.letters -= commented
        ended = ((thread, _("Comment on these words")) for thread in commented if not self.letters[thread])
        link = '<a class="comment-call" id="w-{0}" href="#t-{0}"><span class="unseen">{1}</span></a>'
        return format_html_join("", link, ended)

    def paragraph(self, node: Node) -> SafeString:
        return format_html("<p>{}</p>\n", self.line(node))

    def line(self, node: Node) -> SafeString:
        stretches = runs(node.get("content", []))
        return format_html_join("", "{}", ((self.stretch(bracket, pieces),) for bracket, pieces in stretches))

    def stretch(self, bracket: str, pieces: list[Node]) -> SafeString:
        """Words, in signs of a bracket where they stand in one, and whose it is for those who listen."""
        words = format_html_join("", "{}", ((self.one(piece),) for piece in pieces))
        if not bracket:
            return words
        owner = self.owners.get(bracket)
        opening = _("bracket of %(side)s:") % {"side": owner.side} if owner else _("bracket:")
        return format_html(
            '<span class="bracket{}" data-bracket="{}"><span class="bracket-sign" aria-hidden="true">[</span>'
            '<span class="unseen"> {} </span>{}<span class="unseen"> {} </span>'
            '<span class="bracket-sign" aria-hidden="true">]</span></span>',
            f" side-{owner.colour}" if owner and owner.colour else "",
            bracket,
            opening,
            words,
            _("end of the bracket"),
        )

    def heading(self, node: Node) -> SafeString:
        if not self.level:
            return _EMPTY
        level = min(max(self.level, 1), 6)
        return format_html("<h{}>{}</h{}>\n", level, self.all(node), level)

    def bullets(self, node: Node) -> SafeString:
        return format_html("<ul>\n{}</ul>\n", self.all(node))

    def numbers(self, node: Node) -> SafeString:
        start = int(node["attrs"]["start"])
        attribute = format_html(' start="{}"', start) if start != 1 else _EMPTY
        return format_html("<ol{}>\n{}</ol>\n", attribute, self.all(node))

    def options(self, node: Node) -> SafeString:
        return format_html('<ol class="options" type="a">\n{}</ol>\n', self.all(node))

    def item(self, node: Node) -> SafeString:
        return format_html("<li>{}</li>\n", self.all(node))

    def line_break(self, node: Node) -> SafeString:
        return mark_safe("<br>")

    def footnote(self, node: Node) -> SafeString:
        if self.prefix is None:
            return format_html('<span class="footnote">{}</span>', self.all(node))
        self.found.append(node)
        number = self.first + len(self.found) - 1
        return format_html(
            '<sup><a class="footnote-call" id="{0}-call-{1}" href="#{0}-{1}">'
            '<span class="unseen">{2} </span>{1}</a></sup>',
            self.prefix,
            number,
            _("Footnote"),
        )

    def notes(self) -> SafeString:
        if not self.found:
            return _EMPTY
        start = format_html(' start="{}"', self.first) if self.first != 1 else _EMPTY
        entries = format_html_join("", "{}", ((self.note(i, node),) for i, node in enumerate(self.found, self.first)))
        return format_html(
            '<div class="footnotes" role="group" aria-label="{}"><ol{}>\n{}</ol></div>\n',
            _("Footnotes"),
            start,
            entries,
        )

    def note(self, number: int, node: Node) -> SafeString:
        return format_html(
            '<li id="{0}-{1}">{2} <a href="#{0}-call-{1}">{3}<span class="unseen"> {4}</span></a></li>\n',
            self.prefix,
            number,
            self.all(node),
            _("Back"),
            _("to the text"),
        )


def authored(writer: Any, words: SafeString, *, goes_on: bool) -> SafeString:
    """Words with the number of who wrote them, and the name for those who hear the page (`reports.authorship`).

    `goes_on`: the same person wrote what stands before them, so that it need not be said again.
    """
    if goes_on:
        return format_html('<span class="by">{}</span>', words)
    return format_html(
        '<span class="by"><sup aria-hidden="true">{}</sup><span class="unseen">{}: </span>{}</span>',
        writer.number,
        writer.person or _("Unknown"),
        words,
    )


def _commented(node: Node) -> Iterator[str]:
    """The comment of each letter that carries one, as often as it has letters."""
    for mark in node.get("marks", []):
        if mark["type"] == "comment":
            yield from [mark["attrs"]["id"]] * len(node["text"])
    for child in node.get("content", []):
        yield from _commented(child)


def marked(mark: Node, words: SafeString) -> SafeString:
    """The words in the element of one mark; a link that could not have been saved is left out."""
    if mark["type"] == "bold":
        return format_html("<strong>{}</strong>", words)
    if mark["type"] == "italic":
        return format_html("<em>{}</em>", words)
    if mark["type"] == "comment":
        return format_html('<mark class="commented" data-thread="{}">{}</mark>', mark["attrs"]["id"], words)
    href = mark.get("attrs", {}).get("href")
    if mark["type"] == "link" and links.is_allowed(href):
        return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', href, words)
    return words


_NODES: Final[dict[str, Callable[[_Page, Node], SafeString]]] = {
    "text": _Page.text,
    "paragraph": _Page.paragraph,
    "heading": _Page.heading,
    "bulletList": _Page.bullets,
    "orderedList": _Page.numbers,
    "listItem": _Page.item,
    "options": _Page.options,
    "option": _Page.item,
    "footnote": _Page.footnote,
    "hardBreak": _Page.line_break,
}
