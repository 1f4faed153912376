import random
import time

from hypothesis import given, settings

from reports.text import difference, markup, schema
from reports.text.difference import Kind, Piece

from .strategies import docs
from .test_html import Seen
from .test_schema import doc, p

SAME, REMOVED, ADDED = Kind.SAME, Kind.REMOVED, Kind.ADDED


def words(old, new):
    return difference.words(markup.to_doc(old), markup.to_doc(new))


def test_a_word_that_changed():
    assert words("The sides may agree.", "The sides will agree.") == [
        Piece(SAME, "The sides "),
        Piece(REMOVED, "may"),
        Piece(ADDED, "will"),
        Piece(SAME, " agree."),
    ]


def test_a_paragraph_that_went_takes_its_own_beginning_along():
    assert words("One.\n\nTwo two.\n\nThree.", "One.\n\nThree.") == [
        Piece(SAME, "One."),
        Piece(REMOVED, "\n\nTwo two."),
        Piece(SAME, "\n\nThree."),
    ]


def test_a_paragraph_that_was_divided():
    assert words("One. Two.", "One.\n\nTwo.") == [
        Piece(SAME, "One."),
        Piece(REMOVED, " "),
        Piece(ADDED, "\n\n"),
        Piece(SAME, "Two."),
    ]


def test_a_word_that_only_became_bold_has_changed():
    assert words("We shall.", "We **shall**.") == [
        Piece(SAME, "We "),
        Piece(REMOVED, "shall"),
        Piece(ADDED, "shall"),
        Piece(SAME, "."),
    ]


def test_a_link_that_leads_elsewhere_has_changed():
    assert words("[a](https://a.example)", "[a](https://b.example)") == [Piece(REMOVED, "a"), Piece(ADDED, "a")]


def test_an_option_put_first_leaves_the_others_as_they_were():
    assert words("x:\na) one\nb) two", "x:\na) zero\nb) one\nc) two") == [
        Piece(SAME, "x:"),
        Piece(ADDED, "\n\nzero"),
        Piece(SAME, "\n\none\n\ntwo"),
    ]


def test_equal_texts_have_no_difference():
    assert words("One^[two]", "One^[two]") == []
    assert difference.html(markup.to_doc("One"), markup.to_doc("One")) == ""


@settings(max_examples=300, deadline=None)
@given(docs(), docs())
def test_both_texts_can_be_read_out_of_their_difference(one, other):
    old, new = schema.check(one), schema.check(other)

    pieces = difference.words(old, new)

    assert any(piece.kind is not SAME for piece in pieces) == (old != new)
    for mine, kind in ((old, REMOVED), (new, ADDED)):
        read = "".join(piece.text for piece in pieces if piece.kind in {SAME, kind})
        whole = "".join(piece.text for piece in difference.words(schema.EMPTY, mine))
        assert old == new or read.lstrip("\n") == whole.lstrip("\n")


@settings(max_examples=300, deadline=None)
@given(docs(), docs())
def test_the_page_of_a_difference_has_only_known_elements(one, other):
    seen = Seen(difference.html(schema.check(one), schema.check(other)))

    assert {tag for tag, _names in seen.tags} <= {"p", "ins", "del", "span", "strong", "em", "a", "br"}
    assert {name for _tag, names in seen.tags for name in names} <= {"class", "data-depth", "href", "rel"}


def test_the_page_says_in_words_what_came_and_went():
    old, new = markup.to_doc("We may.\n\na) x"), markup.to_doc("We **must**.\n\na) x\nb) y")

    assert difference.html(old, new) == (
        '<p class="difference__block difference__block--paragraph" data-depth="0">We '
        '<del><span class="unseen">[removed: </span>may'
        '<span class="unseen"> end of removed words]</span></del>'
        '<ins><span class="unseen">[added: </span><strong>must</strong>'
        '<span class="unseen"> end of added words]</span></ins>.</p>\n'
        '<p class="difference__block difference__block--options" data-depth="0">'
        '<span class="difference__mark">a)</span> x</p>\n'
        '<p class="difference__block difference__block--options" data-depth="0">'
        '<span class="difference__mark">b)</span> <ins><span class="unseen">[added: </span>¶ y'
        '<span class="unseen"> end of added words]</span></ins></p>\n'
    )


def test_twenty_thousand_words_are_compared_word_by_word_in_a_moment():
    """Without anchors it takes minutes, or gives up and shows one long change."""
    chance = random.Random(7)
    vocabulary = [f"word{n}" for n in range(4000)]
    old = chance.choices(vocabulary, k=20_000)
    new = [chance.choice(vocabulary) if chance.random() < 0.05 else word for word in old]
    texts = [doc(*(p(" ".join(w[i : i + 120])) for i in range(0, 20_000, 120))) for w in (old, new)]
    before, after = map(schema.check, texts)

    began = time.process_time()
    pieces = difference.words(before, after)

    assert time.process_time() - began < 10
    assert sum(piece.kind is ADDED for piece in pieces) > 100


def test_two_texts_that_share_nothing_do_not_hold_up_the_page():
    chance = random.Random(7)
    before, after = (schema.check(doc(p(" ".join(chance.choices("ab", k=20_000))))) for _text in "xy")

    began = time.process_time()
    difference.words(before, after)

    assert time.process_time() - began < 2.0
