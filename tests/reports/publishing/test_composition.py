"""What stands beside what: a view and its replies, sides in columns, people by side."""

import pytest

from reports.publishing import composition
from reports.publishing.labels import LABELS, default_labels, fill

from . import samples
from .samples import item, paragraph, view


def bands(*items: dict) -> list[list[list[str]]]:
    """For each block: its bands, each a list of the sides in it; a joint passage is an empty list."""
    sides = composition.sides_of(samples.final_text([], sides=4))
    blocks = composition.blocks_of(list(items), sides, {})
    return [[[cell.side.id for cell in band] for band in block.bands] for block in blocks]


def say(number: int, side: int, answers: int | None = None) -> dict:
    return view(number, side, paragraph("Words."), answers=answers)


def test_a_view_and_its_reply_stand_side_by_side():
    assert bands(say(1, 0), say(2, 1, 1)) == [[["ve", "ko"]]]


def test_a_view_without_a_reply_stands_alone():
    assert bands(say(1, 0), say(2, 1)) == [[["ve"]], [["ko"]]]


def test_three_sides_stand_in_three_columns_and_four_as_two_and_two():
    three = [say(1, 0), say(2, 1, 1), say(3, 2, 1)]

    assert bands(*three) == [[["ve", "ko", "ma"]]]
    assert bands(*three, say(4, 3, 1)) == [[["ve", "ko"], ["ma", "to"]]]


def test_a_reply_to_a_reply_goes_into_the_next_band():
    assert bands(say(1, 0), say(2, 1, 1), say(3, 0, 2), say(4, 1, 3)) == [[["ve", "ko"], ["ve", "ko"]]]


def test_two_replies_of_one_side_share_a_column():
    blocks = composition.blocks_of(
        [say(1, 0), say(2, 1, 1), say(3, 1, 1)], composition.sides_of(samples.final_text([])), {}
    )

    assert [len(cell.passages) for cell in blocks[0].cells] == [1, 2]


def test_a_joint_sentence_between_closes_the_exchange():
    joint = item(2, paragraph("Joint."))

    assert bands(say(1, 0), joint, say(3, 1, 1)) == [[["ve"]], [], [["ko"]]]


def test_a_reply_to_a_view_of_another_exchange_stands_alone():
    assert bands(say(1, 0), say(2, 1), say(3, 1, 1)) == [[["ve"]], [["ko"]], [["ko"]]]


def test_a_short_exchange_is_kept_on_one_page_and_a_long_one_is_not():
    sides = composition.sides_of(samples.final_text([]))
    short, long = paragraph("x " * 200), paragraph("x " * 300)

    def is_short(node: dict) -> bool:
        return composition.blocks_of([view(1, 0, node), view(2, 1, node, answers=1)], sides, {})[0].is_short

    assert (is_short(short), is_short(long)) == (True, False)


@pytest.mark.parametrize(("sides", "width"), [(1, 2), (2, 2), (3, 3), (4, 2), (5, 3), (6, 3), (7, 3), (8, 3)])
def test_columns_are_never_more_than_three(sides, width):
    assert composition.columns(sides) == width


def test_people_of_a_longer_side_leave_a_gap_in_the_shorter():
    sides = composition.sides_of(samples.final_text([]))
    people = [{"name": name, "side": side} for name, side in (("A", "ve"), ("B", "ko"), ("C", "ve"))]

    (band,) = composition.by_side(people, sides)

    names = [[person and person["name"] for _, person in row] for row in band["rows"]]
    assert names == [["A", "B"], ["C", None]]


def test_everything_that_people_typed_is_escaped():
    text = samples.final_text([samples.section(1, "<b>1</b>", item(1, paragraph('<script>alert("x")</script>')))])
    text["document"]["title"] = text["programme"]["name"] = text["group"]["name"] = "<i>&"

    html = composition.compose(samples.order(text)).html

    assert "<script>" not in html
    assert "<b>1" not in html
    assert "<i>&" not in html
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in html


def test_every_label_has_words_and_only_known_gaps():
    labels = default_labels()

    assert labels.keys() == LABELS.keys()
    assert all(labels.values())
    values = dict.fromkeys(("host", "name", "url", "call", "number", "hash"), "")
    assert [words for words in labels.values() if "{" in fill(words, **values)] == []


def test_values_are_filled_in_as_they_are():
    assert fill("About {host} {x}", host="{name}") == "About {name} {x}"
