import pytest

from reports.exchange import JOINT
from reports.exchange.attribution import is_in_text


@pytest.mark.parametrize(
    "words",
    [
        "From Northland's perspective, the river is shared.",
        "From Northland’s point of view the river is shared.",
        "From the Northern perspective, the river is shared.",
        "The Northern side agrees that trust is low, but differs.",
        "the northern delegation sees some risks.",
        "In Northland's view, the river is shared.",
        "In the view of Northland, the river is shared.",
        "In the Northern view, the river is shared.",
        "According to Northland, the river is shared.",
        "For Northland, the river is life.",
        "Northland firmly believes that the river is shared.",
        "On the dam, Northland considers the matter open.",
    ],
)
def test_words_of_a_side_that_name_their_speaker(words):
    assert is_in_text(words, "Northland", "Northern")


@pytest.mark.parametrize(
    "words",
    [
        "The river is shared.",
        "Northland built the dam.",
        "From Southland's perspective, the river is shared.",
        "The Southern side agrees.",
        "The river is shared. From Northland's perspective, it always was.",
        "Northlandia believes in rivers.",
        "",
    ],
)
def test_words_of_a_side_that_do_not(words):
    assert not is_in_text(words, "Northland", "Northern")


@pytest.mark.parametrize(
    "words",
    ["Both sides agree on this.", "From both sides' perspective, it helps.", "The two sides jointly recall it."],
)
def test_joint_words_that_name_all_sides(words):
    assert is_in_text(words, JOINT)


def test_joint_words_about_one_side_name_nobody():
    assert not is_in_text("The obstacle, from the Northern perspective, is the dam.", JOINT)


def test_a_name_is_no_pattern():
    assert is_in_text("From A+B (C)'s perspective, yes.", "A+B (C)", "A*")
    assert not is_in_text("From AxB's perspective, yes.", "A.B", "A.B")
