import pytest
from hypothesis import given, settings
from prosemirror.model import Node

from reports.text import limits, schema
from reports.text.limits import TextRefused

from .strategies import docs


def doc(*blocks):
    return {"type": "doc", "content": list(blocks)}


def p(*content):
    return {"type": "paragraph", "content": [text(c) if isinstance(c, str) else c for c in content]}


def text(words, *marks):
    found = [{"type": mark} if isinstance(mark, str) else mark for mark in marks]
    return {"type": "text", "text": words, **({"marks": found} if found else {})}


def link(href):
    return {"type": "link", "attrs": {"href": href}}


def bullets(*items):
    return {"type": "bulletList", "content": [{"type": "listItem", "content": list(item)} for item in items]}


def options(*items):
    return {"type": "options", "content": [{"type": "option", "content": [p(item)]} for item in items]}


BREAK = {"type": "hardBreak"}
COMMENT = {"type": "comment", "attrs": {"id": "k3"}}


def refusal(broken):
    with pytest.raises(TextRefused) as caught:
        schema.check(broken)
    return caught.value.path, caught.value.reason


@settings(max_examples=300, deadline=None)
@given(docs())
def test_checking_twice_changes_nothing_and_every_checked_text_fits_the_schema(rough):
    checked = schema.check(rough)

    assert schema.check(checked) == checked
    Node.from_json(schema.SCHEMA, checked).check()


def test_the_given_tree_is_left_as_it_was():
    given_tree = doc(p(text(" a ", COMMENT, "italic", "bold")))

    schema.check(given_tree)

    assert given_tree == doc(p(text(" a ", COMMENT, "italic", "bold")))


def test_defaults_are_filled_and_numbers_are_whole():
    rough = doc(
        {"type": "orderedList", "attrs": {"start": 3.0}, "content": [{"type": "listItem", "content": [p("a")]}]}
    )

    assert repr(schema.check(rough)["content"][0]["attrs"]) == "{'start': 3}"
    assert schema.check(doc({**rough["content"][0], "attrs": {}}))["content"][0]["attrs"] == {"start": 1}


def test_marks_of_comments_leave_no_trace_and_their_neighbours_are_joined():
    commented = doc(p("Both ", text("si", COMMENT), text("des", COMMENT, "bold"), text(" agree", "bold")))

    assert schema.check(commented) == doc(p("Both si", text("des agree", "bold")))


def test_marks_stand_in_the_order_of_the_schema():
    target = link("https://example.org/")

    checked = schema.check(doc(p(text("a", "italic", "bold", target))))

    assert checked == doc(p(text("a", target, "bold", "italic")))


def test_words_are_stored_in_nfc_also_where_two_texts_meet():
    assert schema.check(doc(p("cafe", "\u0301"))) == doc(p("caf\u00e9"))


def test_white_space_is_kept_as_it_is_printed():
    rough = doc(p("  a \t b\n c ", text("  d  ", "bold"), BREAK, "  e\u00a0f \u00a0"))

    assert schema.check(rough) == doc(p("a b c ", text("d", "bold"), BREAK, "e\u00a0f"))


def test_the_soft_line_break_of_a_word_processor_becomes_a_line_break():
    assert schema.check(doc(p("one\u000btwo\u2028three"))) == doc(p("one", BREAK, "two", BREAK, "three"))


def test_a_soft_line_break_in_a_heading_becomes_a_space():
    heading = {"type": "heading", "attrs": {"addressee": "A\u000bB"}, "content": [text("One\u000btwo")]}

    assert schema.check(doc(heading, p("x")))["content"][0] == {
        "type": "heading",
        "attrs": {"addressee": "A B", "horizon": ""},
        "content": [text("One two")],
    }


@pytest.mark.parametrize(
    "unseen", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\u2060", "\ufe0f", "\u034f", "\U000e0041"]
)
def test_what_nobody_sees_is_dropped(unseen):
    assert schema.check(doc(p(f"agr{unseen}eed"))) == doc(p("agreed"))


def test_a_joiner_stays_where_it_spells_a_word():
    persian = "می\u200cخواهم"

    assert schema.check(doc(p(f"{persian} a\u200cb"))) == doc(p(f"{persian} ab"))


@pytest.mark.parametrize(
    "impossible", ["\x00", "\x07", "\x9f", "\ud800", "\udfff", "\ue000", "\U0010ffff", "\uffff", "\u0378", "\ufffd"]
)
def test_what_no_text_holds_is_refused_by_its_place_and_number(impossible):
    path, reason = refusal(doc(p("fine"), p("a", text(f"b{impossible}", "bold"))))

    assert path == "content[1].content[1]"
    assert f"U+{ord(impossible):04X}" in reason


def test_a_text_of_zero_width_characters_is_blank():
    assert schema.check(doc(p("\u200b\u2060"), p("\u200d"))) == schema.EMPTY
    assert schema.is_blank(schema.EMPTY)
    assert not schema.is_blank(schema.check(doc(p("a"))))


def test_eight_accents_on_a_letter_are_taken_and_nine_are_not():
    assert schema.check(doc(p("x" + "\u0323" * 8)))

    assert refusal(doc(p("fine"), p("x" + "\u0323" * 5, text("\u0323" * 4, "bold"))))[0] == "content[1]"


def test_blank_paragraphs_items_lists_and_footnotes_are_dropped():
    note = {"type": "footnote", "content": [text(" ")]}
    rough = doc(p(" "), bullets([p("a")], [p("")]), bullets([p(" ")]), p(note), p("b"))

    assert schema.check(rough) == doc(bullets([p("a")]), p("b"))


def test_neighbouring_lists_of_one_kind_are_one_list():
    assert schema.check(doc(options("a"), p(""), options("b"))) == doc(options("a", "b"))


def test_an_item_begins_with_a_paragraph():
    inner = bullets([p("b")])

    assert schema.check(doc(bullets([inner]))) == doc(bullets([{"type": "paragraph"}, inner]))


def test_a_break_and_a_footnote_carry_no_format_of_their_own():
    note = {"type": "footnote", "content": [text("n")]}
    bold = [{"type": "bold"}]

    assert schema.check(doc(p("a", {**BREAK, "marks": bold}, {**note, "marks": bold}))) == doc(p("a", BREAK, note))


def test_a_heading_without_words_addressee_and_horizon_is_none():
    assert schema.check(doc({"type": "heading"}, p("a"))) == doc(p("a"))


def test_a_heading_is_put_on_taken_off_and_replaced():
    plain = schema.check(doc(p("a")))

    headed = schema.with_heading(plain, "Trade", addressee="both governments")
    renamed = schema.with_heading(headed, "Roads", horizon="2030")

    assert schema.heading_of(renamed) == (
        {"type": "heading", "attrs": {"addressee": "", "horizon": "2030"}, "content": [text("Roads")]},
        plain,
    )
    assert schema.heading_of(plain) == (None, plain)


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        (None, ""),
        ([], ""),
        ({"type": "paragraph"}, ""),
        ({"type": "doc", "content": {}}, ""),
        (doc("words"), "content[0]"),
        (doc({"type": "table"}), "content[0]"),
        (doc({"type": ["doc"]}), "content[0]"),
        (doc({"type": "image", "attrs": {"src": "https://example.org/seen.png"}}), "content[0]"),
        (doc(text("bare")), "content[0]"),
        (doc(p("a"), {"type": "heading", "content": [text("late")]}), "content[1]"),
        (doc({"type": "heading", "content": [text("a", "bold")]}, p("a")), "content[0].content[0]"),
        (doc({"type": "heading", "attrs": {"level": 2}}, p("a")), "content[0]"),
        (doc({"type": "heading", "attrs": {"horizon": 2030}}, p("a")), "content[0].attrs.horizon"),
        (doc(p({"type": "text"})), "content[0].content[0]"),
        (doc(p({"type": "text", "text": 5})), "content[0].content[0]"),
        (doc(p(text("a", "underline"))), "content[0].content[0]"),
        (doc(p({**text("a"), "marks": "bold"})), "content[0].content[0]"),
        (doc(p({**text("a"), "marks": [{"type": "bold", "attrs": {"color": "red"}}]})), "content[0].content[0]"),
        (
            doc(p(text("a", {"type": "link", "attrs": {"href": "https://example.org", "target": "_blank"}}))),
            "content[0].content[0]",
        ),
        (doc({"type": "paragraph", "attrs": {"align": "right"}, "content": [text("a")]}), "content[0]"),
        (doc({"type": "bulletList", "content": [p("a")]}), "content[0].content[0]"),
        (doc(bullets([options("a")])), "content[0].content[0].content[0]"),
        (doc(p({"type": "footnote", "content": [BREAK]})), "content[0].content[0].content[0]"),
        (doc(p({"type": "footnote", "content": [{"type": "footnote"}]})), "content[0].content[0].content[0]"),
        (doc({"type": "orderedList", "attrs": {"start": 1.5}}), "content[0]"),
        (doc({"type": "orderedList", "attrs": {"start": 0}}), "content[0]"),
        (doc({"type": "orderedList", "attrs": {"start": True}}), "content[0]"),
        (doc({"type": "orderedList", "attrs": {"start": float("nan")}}), "content[0]"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(broken, path):
    assert refusal(broken)[0] == path


def test_a_passage_of_200_kilobytes_is_refused_with_a_remedy():
    assert schema.check(doc(p("word " * 39_900)))

    assert refusal(doc(p("word " * 40_000))) == (
        "",
        "The passage is larger than 200 kB. Divide it into several passages.",
    )
    assert refusal(doc(p("Ա" * 100_000)))[1].startswith("The passage is larger")


def test_depth_is_refused_before_anything_walks_the_tree():
    deep = p("a")
    for _level in range(5000):
        deep = bullets([deep])

    assert "nested too deeply" in refusal(doc(deep))[1]


def test_a_list_has_at_most_200_entries_and_26_options():
    assert schema.check(doc(bullets(*[[p("a")]] * limits.MAX_ITEMS), options(*"a" * 26)))

    assert "at most 200" in refusal(doc(bullets(*[[p("a")]] * 201)))[1]
    assert "at most 26" in refusal(doc(options(*"a" * 14), options(*"b" * 13)))[1]


def test_very_many_pieces_are_refused():
    assert "larger than" in refusal(doc(*[p("a")] * 20_001))[1]
