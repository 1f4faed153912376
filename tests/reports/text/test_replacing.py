"""Other words in the place of some: only those change."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.text import markup, places, replacing, schema
from reports.text.places import Place, Quote

from .strategies import docs


def replaced(source, words, by):
    text = markup.to_doc(source)
    return markup.from_doc(schema.check(replacing.replaced(text, places.find(text, Quote(words)), by)))


@pytest.mark.parametrize(
    ("source", "words", "by", "says"),
    [
        ("One **river** here.", "One river", "One stream", "One **stream** here."),
        ("One *long* river.", "long river", "short river", "One *short* river."),
        ("A [river](https://example.org) flows.", "river flows", "river runs", "A [river](https://example.org) runs."),
        ("The river^[A source.] is one.", "river is", "stream is", "The stream^[A source.] is one."),
        ("The river^[A source.] is one.", "river is", "", "The ^[A source.] one."),
        ("- One river\n- Two banks", "Two banks", "Three banks", "- One river\n- Three banks"),
        ("Only these.", "these", "these and those", "Only these and those."),
    ],
)
def test_words_that_stay_keep_their_formats_and_notes_and_new_ones_take_that_of_those_they_replace(
    source, words, by, says
):
    assert replaced(source, words, by) == says


def test_words_over_two_paragraphs_are_refused():
    text = markup.to_doc("One river.\n\nTwo banks.")

    with pytest.raises(replacing.NotInOneLine):
        replacing.replaced(text, places.find(text, Quote("river. Two")), "x")


@settings(max_examples=200, deadline=None)
@given(docs(), st.integers(0, 2**32 - 1))
def test_in_any_text_exactly_the_chosen_words_are_replaced(rough, seed):
    text, chance = schema.check(rough), Random(seed)
    line = places.run_on(text)
    letters = [at for at, letter in enumerate(line) if not letter.isspace()]
    if not letters:
        return
    start = chance.choice(letters)
    end = min(start + chance.randint(1, 12), line.find("\n", start) if "\n" in line[start:] else len(line))

    said = places.run_on(replacing.replaced(text, Place(start, end), "held words"))

    assert said == f"{line[:start]}held words{line[end:]}"
