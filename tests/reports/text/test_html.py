from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from hypothesis import given, settings

from reports.text import html, markup, schema

from .strategies import docs
from .test_schema import doc, p, text

ALLOWED = {
    "p": set(), "br": set(), "strong": set(), "em": set(), "ul": set(), "li": {"id"}, "h3": set(), "sup": set(),
    "ol": {"class", "start", "type"}, "a": {"href", "rel", "id", "class"},
    "span": {"class", "data-bracket", "aria-hidden"}, "div": {"class", "role", "aria-label"},
}  # fmt: skip


class Seen(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.tags, self.ids, self.targets, self.words = [], [], [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name for name, _value in attrs}))
        self.ids += [value for name, value in attrs if name == "id"]
        self.targets += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words.append(data)


@settings(max_examples=300, deadline=None)
@given(docs())
def test_only_known_elements_and_attributes_ever_come_out(rough):
    checked = schema.check(rough)

    for page in (html.render(checked, footnotes="k3"), html.render_inline(checked)):
        seen = Seen(page)
        assert all(names <= ALLOWED[tag] for tag, names in seen.tags)
        assert all(target.startswith(("https://", "http://", "mailto:", "#k3-")) for target in seen.targets)
        assert len(seen.ids) == len(set(seen.ids))


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "&lt;", "\"' onclick=x", "{{ x }}"])
def test_words_are_words(words):
    page = html.render(schema.check(doc(p(text(words, "bold")))))

    assert "".join(Seen(page).words).strip() == words


def test_a_text_as_a_page_shows_it():
    source = "# Trade\n\nThe **sides** *agree*\\\non [this](https://example.org/?a=1&b=2).\n\n3. x\n\na) y"

    assert html.render(markup.to_doc(source)) == (
        "<h3>Trade</h3>\n"
        "<p>The <strong>sides</strong> <em>agree</em><br>on "
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow">this</a>.</p>\n'
        '<ol start="3">\n<li><p>x</p>\n</li>\n</ol>\n'
        '<ol class="options" type="a">\n<li><p>y</p>\n</li>\n</ol>\n'
    )


def test_footnotes_are_called_and_listed_under_ids_of_their_own():
    note = markup.to_doc("A^[One.] b^[**Two**.]")

    unseen, back = '<span class="unseen">Footnote </span>', 'Back<span class="unseen"> to the text</span></a></li>'
    assert html.render(note, footnotes="k3", first=4) == (
        f'<p>A<sup><a class="footnote-call" id="k3-call-4" href="#k3-4">{unseen}4</a></sup>'
        f' b<sup><a class="footnote-call" id="k3-call-5" href="#k3-5">{unseen}5</a></sup></p>\n'
        '<div class="footnotes" role="group" aria-label="Footnotes"><ol start="4">\n'
        f'<li id="k3-4">One. <a href="#k3-call-4">{back}\n'
        f'<li id="k3-5"><strong>Two</strong>. <a href="#k3-call-5">{back}\n'
        "</ol></div>\n"
    )
    assert html.render_inline(note) == (
        '<p>A<span class="footnote">One.</span> b<span class="footnote"><strong>Two</strong>.</span></p>\n'
    )


def test_a_heading_may_be_left_to_the_page():
    assert html.render(markup.to_doc("# Trade\n\nx"), heading=0) == "<p>x</p>\n"


def test_a_link_that_slipped_into_the_database_is_shown_as_words():
    planted = doc(p(text("a", {"type": "link", "attrs": {"href": "javascript:alert(1)"}})))

    assert html.render(planted) == "<p>a</p>\n"


def test_a_writer_is_numbered_where_their_words_begin_and_not_again():
    ani = SimpleNamespace(number=1, person="Ani")
    pieces = [{"type": "text", "text": "A", "author": ani, "goes_on": False}]
    pieces += [{"type": "text", "text": "B", "author": ani, "goes_on": True}]

    page = html.render({"type": "doc", "content": [{"type": "paragraph", "content": pieces}]})

    assert page.count("<sup") == 1
    assert '<span class="by">B</span>' in page
