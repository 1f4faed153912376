"""Two edits of one text: apart they are both in the result, at the same words they are never mixed without a word."""

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.text import markup, plain, schema
from reports.text.merging import Merged, Overlap, _text, _tokens, merge

from .strategies import docs

BASE = "The river rises with us.\n\nIt falls to the lake.\n\n- two gauges\n- one page"


def doc(source: str):
    return schema.check(markup.to_doc(source))


def merged(base: str, one: str, other: str) -> str | None:
    """As the plain form shows it; both ways round it is the same."""
    found = merge(doc(base), doc(one), doc(other))
    assert found.text == merge(doc(base), doc(other), doc(one)).text
    return None if found.text is None else markup.from_doc(found.text)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (
            BASE.replace("river", "Orla"),
            BASE.replace("lake", "sea"),
            BASE.replace("river", "Orla").replace("lake", "sea"),
        ),
        (BASE.replace("river", "Orla"), BASE.replace(" with us", ""), "The Orla rises." + BASE[24:]),
        (BASE.replace("us.", "us all."), BASE.replace("lake.", "lake.\n\nAnd dries."), None),
        (BASE.replace("\n\nIt falls to the lake.", ""), BASE.replace("one page", "one *page*"), None),
        (BASE.replace("- two gauges", "- two gauges\n- a bridge"), BASE.replace("one page", "one board"), None),
        (BASE.replace("gauges", "gauges^[Of one make.]"), BASE.replace("river", "**river**"), None),
        (BASE.replace("- two gauges\n", ""), BASE.replace("falls", "sinks"), None),
    ],
)
def test_edits_at_different_words_are_both_in_the_result(one: str, other: str, both: str | None) -> None:
    found = merged(BASE, one, other)

    assert found is not None
    if both is not None:
        assert found == both
    else:
        assert merged(one, found, BASE) == other
        assert merged(other, found, BASE) == one


def test_a_paragraph_added_after_another_whose_last_word_was_changed_follows_it() -> None:
    found = merged("One two.\n\nThree.", "One too!\n\nThree.", "One two.\n\nNew.\n\nThree.")

    assert found == "One too!\n\nNew.\n\nThree."


def test_words_added_at_the_end_of_a_paragraph_stand_before_a_new_one() -> None:
    assert merged("One", "One two", "One\n\nThree") == "One two\n\nThree"


@pytest.mark.parametrize(
    ("one", "other", "was", "said"),
    [
        ("The Orla rises.", "The Kura rises.", "river", ("Orla", "Kura")),
        ("The dark river rises.", "The wide river rises.", "", ("dark", "wide")),
        ("The dark river rises.", "The Orla rises.", "river", ("dark river", "Orla")),
        ("The river sinks.", "The Orla rises.", "river rises", ("river sinks", "Orla rises")),
        ("The river.", "The river quickly rises.", "rises", ("", "quickly rises")),
    ],
)
def test_edits_at_the_same_words_are_named_and_not_mixed(one: str, other: str, was: str, said: tuple) -> None:
    found = merge(doc("The river rises."), doc(one), doc(other))

    assert found == Merged(None, (Overlap(was, *said),))


def test_the_same_change_made_twice_is_made_once() -> None:
    assert merged("One two three.", "One 2 three.", "One 2 three!") == "One 2 three!"


def test_a_recommendation_keeps_its_heading_through_both_edits() -> None:
    base = schema.with_heading(doc("We ask."), "A gauge", addressee="Both offices", horizon="2027")
    one = schema.with_heading(doc("We ask."), "Two gauges", addressee="Both offices", horizon="2027")
    other = schema.with_heading(doc("We ask again."), "A gauge", addressee="Both offices", horizon="2028")

    found = merge(base, one, other).text

    assert found == schema.with_heading(doc("We ask again."), "Two gauges", addressee="Both offices", horizon="2028")


def test_edits_that_make_no_text_together_are_no_text() -> None:
    """One puts a stretch of words into a footnote, the other a footnote of its own into that stretch."""
    base = doc("Before one two three four after.")
    one = doc("Before ^[one two three four] after.")
    other = doc("Before one two^[Source.] three four after.")

    assert merge(base, one, other).text is None


@given(docs())
def test_a_text_is_the_row_of_its_tokens(rough) -> None:
    text = schema.check(rough)

    assert schema.check(_text(list(_tokens(text)))) == text


@given(docs(), docs(), docs())
def test_whatever_the_texts_the_result_says_nothing_that_neither_edit_said(rough, one, other) -> None:
    base, one, other = schema.check(rough), schema.check(one), schema.check(other)

    found = merge(base, one, other)

    assert merge(base, base, other).text == other
    assert merge(base, one, base).text == one
    assert found.text == merge(base, other, one).text
    if found.text is not None:
        words = set(plain.words_of(found.text))
        assert words <= set(plain.words_of(one)) | set(plain.words_of(other))


class Sentence:
    """Different words in paragraphs; edits of its words, each with words that stand nowhere else."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.words = [f"w{n}" for n in range(self.chance.randint(6, 40))]
        self.ends = {n for n in range(len(self.words) - 1) if self.chance.random() < 0.15}

    def places(self) -> tuple[set[int], set[int]]:
        """Words for the one and for the other edit, an untouched word between them."""
        owners = [self.chance.choice("1-2") for _word in self.words]
        found: tuple[set[int], set[int]] = (set(), set())
        last = ("", -2)
        for place, owner in enumerate(owners):
            if owner == "-" or (last[0] not in ("", owner) and place - last[1] < 2):
                continue
            found[int(owner) - 1].add(place)
            last = (owner, place)
        return found

    def edited(self, *edits: tuple[str, set[int]]):
        """Each edit replaces, removes or extends its words, always in the same way."""
        said = list(self.words)
        for name, places in edits:
            for place in places:
                now = (f"{name}{place}", "", f"{self.words[place]} {name}{place}")[place % 3]
                said[place] = now
        lines = [word + ("\n\n" if place in self.ends else " ") for place, word in enumerate(said)]
        return doc("".join(lines))


@given(st.integers(0, 2**32 - 1))
def test_edits_with_an_untouched_word_between_them_are_always_both_in_the_result(seed: int) -> None:
    sentence = Sentence(seed)
    one, other = sentence.places()

    found = merge(sentence.edited(), sentence.edited(("x", one)), sentence.edited(("y", other)))

    assert found.text == sentence.edited(("x", one), ("y", other))


@example(15226)  # the one lengthens the last word of a paragraph, the other joins it with the next
@given(st.integers(0, 2**32 - 1))
def test_edits_of_one_word_are_never_mixed_without_a_word(seed: int) -> None:
    sentence = Sentence(seed)
    one, other = sentence.places()
    both = sentence.chance.choice([place for place in range(len(sentence.words)) if place % 3 != 1])

    base = sentence.edited()
    found = merge(base, sentence.edited(("x", one | {both})), sentence.edited(("y", other | {both})))

    assert found.text is None
    assert found.overlaps
