"""The server changes a live text: it says the new words exactly, and what others type meanwhile stays."""

from random import Random
from typing import Any

import pytest
from pycrdt import Doc, XmlFragment

from reports.live.conversion import doc_of, seed, to_json
from reports.live.rewriting import rewrite, str_of
from reports.text import brackets, markup, places, schema
from reports.text.limits import TextRefused
from reports.text.places import Place
from tests.reports.text.strategies import Rough

BRACKET = "k3m9x2abcdef"


def text(source: str) -> dict[str, Any]:
    return markup.to_doc(source)


def said(doc: Doc) -> str:
    """As the plain form would show it."""
    return markup.from_doc(schema.check(to_json(doc.get_update())))


def someone_types(doc: Doc, words: str, *, after: str) -> bytes:
    """In whichever paragraph says it, at its first level."""
    before = doc.get_state()
    for paragraph in doc.get("default", type=XmlFragment).children:
        for run in paragraph.children:
            if after in str_of(run):
                held = str_of(run)
                run.insert(len(held[: held.index(after) + len(after)].encode()), words)
                return doc.get_update(before)
    raise AssertionError(f"nothing says {after!r}")


def met(source: str, rewritten: dict[str, Any], *, typed: str, after: str) -> str:
    """What both sides read once the server's change and somebody's letters have met; both ways the same."""
    state, _client = seed(text(source))
    theirs = doc_of(state)
    letters = someone_types(theirs, typed, after=after)
    change, _client = rewrite(state, rewritten)

    theirs.apply_update(change)
    ours = doc_of(state)
    ours.apply_update(change)
    ours.apply_update(letters)

    assert said(theirs) == said(ours)
    return said(ours)


@pytest.mark.parametrize(
    ("before", "after", "typed", "at", "both"),
    [
        ("The river is wide.", "The great river is wide.", " and deep", "wide", "The great river is wide and deep."),
        ("The river is wide.", "The river is **wide**.", "blue ", "The ", "The blue river is **wide**."),
        ("Եւ գետը լայն է։", "**Եւ** գետը լայն չէ։", " շատ", "գետը", "**Եւ** գետը շատ լայն չէ։"),
        ("One.\n\nTwo.", "New.\n\nOne.\n\nTwo, and more.", " by one", "One", "New.\n\nOne by one.\n\nTwo, and more."),
        ("One two.\n\nThree four.", "Three four.", " and a half", "Three", "Three and a half four."),
        ("A river^[Wide.] runs.", "A river^[Very wide.] runs.", " blue", "A", "A blue river^[Very wide.] runs."),
    ],
)
def test_letters_typed_in_the_same_paragraph_stay(before: str, after: str, typed: str, at: str, both: str) -> None:
    assert met(before, text(after), typed=typed, after=at) == both


def test_a_bracket_comes_around_words_while_others_type_beside_them() -> None:
    source = "Both sides shall meet each year."
    opened = brackets.opened(text(source), Place(11, 16), BRACKET)

    assert met(source, opened, typed=" twice", after="meet") == "Both sides [[1: shall]] meet twice each year."


def test_what_stays_is_not_written_at_all() -> None:
    words = text("One **two**.\n\n- a\n- b^[note]\n\n3. c")
    state, _client = seed(words)

    change, _client = rewrite(state, words)

    assert len(change) <= 2


def rough(number: int) -> dict[str, Any] | None:
    try:
        return schema.check(Rough(number).doc())
    except TextRefused:
        return None


def altered(doc: dict[str, Any], number: int) -> dict[str, Any]:
    """The text with a few changes, as people make them."""
    chance = Random(number)
    blocks = [block for block in doc["content"] if chance.random() > 0.2]
    chance.shuffle(blocks) if chance.random() < 0.2 else None
    changed = schema.check({"type": "doc", "content": [b for b in blocks if b["type"] != "heading"]})
    length = len(places.run_on(changed))
    start, end = sorted((chance.randint(0, length), chance.randint(0, length)))
    return schema.check(places.with_mark(changed, Place(start, end), {"type": chance.choice(["bold", "italic"])}))


def becomes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    state, _client = seed(old)
    change, _client = rewrite(state, new)
    doc = doc_of(state)
    doc.apply_update(change)
    return schema.check(to_json(doc.get_update()))


@pytest.mark.parametrize("number", range(150))
def test_a_text_becomes_any_other_exactly(number: int) -> None:
    old, new = rough(number), rough(number + 1000)
    if old is None or new is None:
        return

    assert becomes(old, new) == new
    assert becomes(old, altered(old, number)) == altered(old, number)
