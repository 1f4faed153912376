"""Before a text is frozen, whatever the press would refuse is named with its place."""

import pytest

from groups.motions import MayNotBeMoved
from reports.actions.agreement import may_freeze
from reports.models import Document
from tests.factories import passage_of

from .hands import settle_all

pytestmark = pytest.mark.django_db


def refusal(made) -> str:
    settle_all(made)
    try:
        may_freeze(Document.objects.select_related("group__programme").get(pk=made.document.pk), {})
    except MayNotBeMoved as because:
        return str(because)
    return ""


def test_a_text_whose_every_character_has_a_font_may_be_frozen(made):
    passage_of(made.section, made.member_a, "Ə ğ, Հայաստան, საქართველო, Мир.")

    assert refusal(made) == ""


def test_characters_that_no_font_prints_are_named_with_their_passage(made):
    passage_of(made.section, made.member_a, "The river laughs \U0001f600.")

    assert refusal(made) == "No font here prints these characters. Replace them: paragraph 3 (U+1F600)."


def test_characters_of_a_title_or_a_name_are_named_with_their_place(made):
    Document.objects.filter(pk=made.document.pk).update(title="The \u6cb3 report")
    type(made.member_a).objects.filter(pk=made.member_a.pk).update(name_own_script="\u6771")

    assert refusal(made) == (
        "No font here prints these characters. "
        "Replace them: title of the document (U+6CB3); names of the members (U+6771)."
    )


def test_a_word_too_long_for_a_line_is_named_with_its_passage(made):
    passage_of(made.section, made.member_a, "o" * 2100)

    assert refusal(made) == "A word is too long to be broken into lines. Mend paragraph 3."
