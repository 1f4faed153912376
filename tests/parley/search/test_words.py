"""Words as a search compares and shows them; no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.search.asking import LONGEST, MOST_TERMS, asked
from parley.search.words import Term, alike, excerpt, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("river", "rivers"),
        ("agree", "agreed"),
        ("policy", "policies"),
        ("река", "реки"),
        ("комиссия", "комиссию"),
        ("границы", "границами"),
        ("գետ", "գետը"),
    ],
)
def test_words_with_other_endings_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), [("река", "рекомендация"), ("river", "rivet"), ("war", "warm"), ("a", "as")])
def test_other_words_are_not(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize(
    ("typed", "same"),
    [("İSTİQLAL", "istiqlal"), ("SINIR", "sınır"), ("ЁЛКА", "елка"), ("ԵՎ", "և"), ("Եւ", "եվ"), ("Əlaqə", "əlaqə")],
)
def test_letters_that_people_type_in_place_of_each_other_are_one(typed: str, same: str) -> None:
    assert fold(typed) == fold(same)


def test_what_is_typed_is_words_and_phrases() -> None:
    question = asked('rivers “joint commission” cross-border „Über uns" AND -not (x')

    assert question.terms == (
        Term(("rivers",), exact=False),
        Term(("joint", "commission"), exact=True),
        Term(("cross", "border"), exact=True),
        Term(("über", "uns"), exact=True),
        Term(("and",), exact=False),
        Term(("not",), exact=False),
        Term(("x",), exact=False),
    )


@given(st.text(max_size=3 * LONGEST))
def test_whatever_is_typed_is_a_question_or_none(typed: str) -> None:
    question = asked(typed)

    assert len(question.terms) <= MOST_TERMS
    assert all(word.isalnum() for term in question.terms for word in term.words)


def test_an_excerpt_marks_what_was_asked_for_and_shows_what_stands_around_it() -> None:
    text = (
        "Before that, nothing. " * 20 + "Both sides\ndrink from one river, and rivers know no border. " + "After. " * 60
    )

    pieces = excerpt(text, asked("river “both sides”").terms)

    assert [piece.text for piece in pieces if piece.marked] == ["Both sides", "river", "rivers"]
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 400


def test_an_excerpt_without_the_words_is_the_beginning() -> None:
    pieces = excerpt("Only this stands here.", asked("elsewhere").terms)

    assert [(piece.text, piece.marked) for piece in pieces] == [("Only this stands here.", False)]


@given(st.text(max_size=900), st.text(max_size=40))
def test_an_excerpt_says_nothing_that_the_text_does_not(text: str, typed: str) -> None:
    shown = "".join(piece.text for piece in excerpt(text, asked(typed).terms))

    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(text.split())
