import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.text import brackets, markup, schema
from reports.text.limits import TextRefused

from .strategies import SIGNS, docs
from .test_schema import BREAK, bullets, doc, link, options, p, text

PAGE = link("https://example.org/a_(b)")


@settings(max_examples=300, deadline=None)
@given(docs())
def test_a_text_survives_the_form(rough):
    checked = schema.check(rough)

    assert markup.to_doc(markup.from_doc(checked), brackets.ids_of(checked)) == checked


@pytest.mark.deep
@settings(max_examples=20_000, deadline=None)
@given(docs())
def test_a_text_survives_the_form_in_a_long_run(rough):
    checked = schema.check(rough)

    assert markup.to_doc(markup.from_doc(checked), brackets.ids_of(checked)) == checked


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(SIGNS.replace("\u0301", "") + "^[]()**\n  ", max_size=20), max_size=6).map("\n".join))
def test_whatever_is_typed_is_read_the_same_again_or_refused_with_its_line(source):
    try:
        first = markup.to_doc(source)
    except markup.MarkupRefused as refusal:
        assert 1 <= refusal.line <= source.count("\n") + 1
        return

    written = markup.from_doc(first)

    assert markup.to_doc(written) == first
    assert markup.from_doc(markup.to_doc(written)) == written


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", schema.EMPTY),
        ("One\ntwo.\n\n\nThree.", doc(p("One two."), p("Three."))),
        ("One\\\ntwo", doc(p("One", BREAK, "two"))),
        ("a **b** c", doc(p("a ", text("b", "bold"), " c"))),
        ("*a*", doc(p(text("a", "italic")))),
        ("***a***b", doc(p(text("a", "bold", "italic"), "b"))),
        ("**a *b***", doc(p(text("a ", "bold"), text("b", "bold", "italic")))),
        ("2 * 3 = 6", doc(p("2 * 3 = 6"))),
        (r"2\*3 \[a](b) 100\\", doc(p(r"2*3 [a](b) 100" + "\\"))),
        (r"C:\dir", doc(p(r"C:\dir"))),
        ("[page](https://example.org/a_(b))", doc(p(text("page", PAGE)))),
        ("[**page**](https://example.org/a_(b))", doc(p(text("page", PAGE, "bold")))),
        ("[words not agreed] (see below)", doc(p("[words not agreed] (see below)"))),
        (
            "Treaty^[Signed in *1999*.].",
            doc(
                p(
                    "Treaty",
                    {"type": "footnote", "content": [text("Signed in "), text("1999", "italic"), text(".")]},
                    ".",
                )
            ),
        ),
        ("- a\n- b", doc(bullets([p("a")], [p("b")]))),
        ("* a\n• b", doc(bullets([p("a")], [p("b")]))),
        ("- a\n\n- b\nc", doc(bullets([p("a")], [p("b")]), p("c"))),
        ("- a\n  more\n\n  second\n  - inner", doc(bullets([p("a more"), p("second"), bullets([p("inner")])]))),
        ("Options:\na) one\nb) two", doc(p("Options:"), options("one", "two"))),
        ("(a) one\n(b) two", doc(options("one", "two"))),
        (r"a\) one", doc(p("a) one"))),
        ("2025\\. A year", doc(p("2025. A year"))),
        ("-5 degrees", doc(p("-5 degrees"))),
    ],
)
def test_the_markup_is_read_as_its_guide_says(source, expected):
    assert markup.to_doc(source) == expected


def test_a_numbered_list_keeps_its_first_number():
    kept = markup.to_doc("3. a\n4. b\n1) c")

    assert kept["content"][0]["attrs"] == {"start": 3}
    assert markup.from_doc(kept) == "3. a\n4. b\n5. c"


def test_a_recommendation_begins_with_its_heading():
    source = "# Trade and roads\nTo: both governments\nBy: end of 2030\n\nOpen the road."

    kept = markup.to_doc(source)

    assert kept["content"][0] == {
        "type": "heading",
        "attrs": {"addressee": "both governments", "horizon": "end of 2030"},
        "content": [text("Trade and roads")],
    }
    assert markup.from_doc(kept) == source


def test_lines_end_as_they_do_on_any_computer():
    assert markup.to_doc("a\r\n\r\nb\rc") == doc(p("a"), p("b c"))


def test_what_is_written_is_what_people_would_type():
    source = "The sides **agree** on [a point](https://example.org/):\n\na) one;\nb) two^[See *there*.].\n\n- x\n  1. y"

    assert markup.from_doc(markup.to_doc(source)) == source


BRACKET = {"type": "bracket", "attrs": {"id": "k3m9x2abcdef"}}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("We [[1: shall]] meet.", p("We ", text("shall", BRACKET), " meet.")),
        ("[[1: shall]](soon)", p(text("shall", BRACKET), "(soon)")),
        ("**a [[1: b** c]]", p(text("a ", "bold"), text("b", BRACKET, "bold"), text(" c", BRACKET))),
        ("[[1: [page](https://example.org/a_(b)) one]]", p(text("page", BRACKET, PAGE), text(" one", BRACKET))),
        (r"\[[1: x]]", p("[[1: x]]")),
        ("[[words]]", p("[[words]]")),
    ],
)
def test_words_in_a_bracket_are_read_by_its_number(source, expected):
    assert markup.to_doc(source, ["k3m9x2abcdef"]) == doc(expected)


def test_brackets_are_numbered_as_they_are_read():
    other = {"type": "bracket", "attrs": {"id": "7hq4w8ghjkmn"}}
    held = doc(p(text("shall", other), " meet ", text("yearly", BRACKET)))

    assert markup.from_doc(held) == "[[1: shall]] meet [[2: yearly]]"
    assert markup.to_doc("[[2: yearly]] [[1: shall]]", brackets.ids_of(held)) == doc(
        p(text("yearly", BRACKET), " ", text("shall", other))
    )


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("a\n\n[[1: x]]", 3, "no bracket 1"),
        ("a\n[[1: x", 2, "never ends"),
        ("a ^[note [[1: x]]]", 1, "cannot stand in"),
        ("fine\n\nthe **words", 3, "never end"),
        ("one\ntwo *a", 2, "never end"),
        ("a\nb ^[note", 2, "footnote begins here"),
        ("^[a ^[b]]", 1, "another footnote"),
        ("[a [b](https://b.example)](https://a.example)", 1, "another link"),
        ("a\n\n[x](javascript:alert)", 3, "Links begin with"),
        ("a\n# b", 2, "very start"),
        ("- a) b", 1, "cannot stand inside a list"),
        ("fine\n\nbad \x00 sign", 3, r"U\+0000"),
        ("- " * 30 + "a", 1, "nested too deeply"),
        ("x\n\n" + "- a\n" * 201, 3, "at most 200"),
        ("800. a", 1, "from 1 to 700"),
    ],
)
def test_a_refusal_names_the_line_and_the_remedy(source, line, reason):
    with pytest.raises(markup.MarkupRefused, match=reason) as caught:
        markup.to_doc(source)

    assert caught.value.line == line
    assert caught.value.path == f"Line {line}"


@pytest.mark.parametrize("source", ["word " * 40_000, "\ud800" * 200_000, "Ա" * 100_000])
def test_a_source_of_200_kilobytes_is_refused(source):
    with pytest.raises(TextRefused, match="larger than 200 kB"):
        markup.to_doc(source)


def test_hostile_sources_end_soon():
    for source in ("[" * 199_000, "*a" * 99_000, "^[" * 99_000, "(" * 199_000, "[a](" * 49_000, "\\\n" * 99_000):
        try:
            markup.to_doc(source)
        except TextRefused:
            continue


def test_the_guide_shows_markup_that_is_read():
    assert [rule.typed for rule in markup.GUIDE][:2] == ["**…**", "*…*"]
    for rule in markup.GUIDE:
        assert str(rule.becomes)
        assert markup.to_doc(rule.typed)
