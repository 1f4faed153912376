"""What hangs on words stays on them."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.text import markup, places, schema
from reports.text.places import Place, Quote

from .strategies import docs

RIVER = "The river rises with us. Both sides drink from the river, and the river is one."


def said(text, place):
    return places.run_on(text)[place.start : place.end]


def place_of(text, words, before=""):
    return places.find(text, Quote(words, before))


def moved(old, new, words, before=""):
    """What hangs on these words of the old text says this in the new one; None when it has lost its place."""
    old, new = markup.to_doc(old), markup.to_doc(new)
    place = places.carried(old, new, place_of(old, words, before))
    return place and said(new, place)


def test_of_several_places_the_one_with_the_same_surroundings_is_found():
    text = markup.to_doc(RIVER)

    second = place_of(text, "river", before="drink from the ")

    assert places.run_on(text)[: second.start].endswith("drink from the ")
    assert places.quote_at(text, second).after.startswith(", and the river")


def test_words_that_a_page_showed_with_other_white_space_are_found_over_paragraphs():
    text = markup.to_doc("First words.\n\nSecond words.")

    assert said(text, place_of(text, "words. \n\n  Second")) == "words.\nSecond"


def test_footnotes_do_not_part_the_words_around_them():
    text = markup.to_doc("The river^[A source.] is one.")

    assert said(text, place_of(text, "river is")) == "river is"


@pytest.mark.parametrize(
    "new",
    [
        "Much is new. The river rises with us, as all know. Both sides drink from the river, and the river is one.",
        "The river rises with us.\n\nBoth sides drink from the river, and the river is one.",
        "- The river rises with us.\n- Both sides **drink from** the river, and the river is one.",
        "Both sides drink from the river, and the river is one.\n\nThe river rises with us.",
        "The river rises with us. Both sides drink from the river^[A source.] and the sea.",
    ],
)
def test_what_hangs_on_words_stays_on_them_whatever_is_written_around(new):
    assert moved(RIVER, new, "drink from the river") == "drink from the river"


def test_of_the_same_words_in_two_places_it_stays_on_its_own():
    old, new = markup.to_doc(RIVER), markup.to_doc(RIVER.replace("The river rises with us. ", ""))
    last = place_of(old, "river", before="and the ")

    place = places.carried(old, new, last)

    assert places.run_on(new)[place.end :] == " is one."


def test_words_partly_rewritten_keep_their_place():
    assert moved(RIVER, RIVER.replace("drink from", "take water from"), "sides drink from the river") == (
        "sides take water from the river"
    )


def test_words_that_went_lose_their_place_though_they_stand_elsewhere():
    assert moved(RIVER, "Both sides drink from the river, and the river is one.", "river", before="The ") is None


def test_words_replaced_by_others_lose_their_place():
    assert moved(RIVER, RIVER.replace("rises with us", "comes from afar"), "rises with us") is None


def test_a_mark_is_put_on_words_over_formats_and_taken_off_again():
    text = markup.to_doc("The **river** rises\nwith us.\n\nBoth sides.")
    bracket = {"type": "comment", "attrs": {"id": "x1"}}

    marked = places.with_mark(text, place_of(text, "river rises with us. Both"), bracket)

    assert places.marked_places(marked, "comment") == {"x1": place_of(text, "river rises with us. Both")}
    assert places.without_marks(marked, lambda mark: mark == bracket) != marked
    assert schema.check(places.without_marks(marked, lambda mark: mark == bracket)) == text


@settings(max_examples=200, deadline=None)
@given(docs(), st.integers(0, 2**32 - 1))
def test_in_any_text_a_quote_is_found_where_it_was_taken(rough, seed):
    text = schema.check(rough)
    line = places.run_on(text)
    words = [at for at, letter in enumerate(line) if not letter.isspace()]
    if not words:
        return
    start, end = sorted(Random(seed).choices(words, k=2))
    place = Place(start, end + 1)

    found = places.find(text, places.quote_at(text, place))

    assert places.quote_at(text, found).words.split() == places.quote_at(text, place).words.split()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_written_before_and_after_them_words_keep_what_hangs_on_them(seed):
    chance = Random(seed)
    vocabulary = [f"{letter}word{n}" for letter in "abc" for n in range(6)]
    before, words, after = (chance.choices(vocabulary, k=chance.randint(2, 8)) for _ in range(3))
    words = [f"held{n}" for n, _word in enumerate(words)]

    def edited(row):
        kept = [word for word in row if chance.random() < 0.7]
        return kept + chance.choices(vocabulary, k=chance.randint(0, 4))

    old = " ".join([*before, *words, *after])
    new = " ".join([*edited(before), *words, *edited(after)])

    assert moved(old, new, " ".join(words)) == " ".join(words)
