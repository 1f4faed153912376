"""Footnotes are numbered by document: in the section, in the whole text, in the final text and in print alike."""

import re
from importlib import import_module

import pytest
from django.apps import apps

from groups.actions import propose, turn_key
from reports import final_text
from reports.actions.agreement import DROP
from reports.actions.passages import save_passage
from reports.final_reading import reading_of
from reports.live.opening import open_text
from reports.live.showing import words_to_show
from reports.models import Passage, Section, Voice
from tests.factories import passage_of, text
from tests.reports.drafting.conftest import browser_of
from tests.reports.drafting.hands import at, words_of

pytestmark = pytest.mark.django_db
CALL = re.compile(r'id="([a-z0-9]+(?:-own)?)-call-(\d+)"')


@pytest.fixture
def noted(made):
    """Three sections with 2, 1 and 1 footnotes before all sides, a caucus with one between them."""
    first, second, third = made.document.sections.all()[:3]
    one = passage_of(first, made.member_a, "A^[a] and b^[b].")
    passage_of(second, made.member_a, "Ours^[hidden].", voice=Voice.VIEW, side=made.a)
    two = passage_of(second, made.member_b, "C^[c].")
    three = passage_of(third, made.member_b, "D^[d].")
    return one, two, three


def numbers(page, *passages):
    """The numbers of the footnotes of these passages on a page."""
    found = {(passage, int(number)) for passage, number in CALL.findall(page)}
    return [sorted(number for name, number in found if name == passage.public_id) for passage in passages]


def test_a_section_goes_on_where_the_one_before_it_ended(made, noted):
    browser = browser_of(made.member_b)

    pages = [words_of(browser.get(at("section", section=passage.section))) for passage in noted]

    assert [numbers(page, passage)[0] for page, passage in zip(pages, noted, strict=True)] == [[1, 2], [3], [4]]


def test_the_whole_text_the_final_text_and_the_sections_count_alike(made, noted):
    page = words_of(browser_of(made.member_b).get(at("whole_text", document=made.document)))

    final = reading_of(final_text.build(made.document))

    assert numbers(page, *noted) == [[1, 2], [3], [4]]
    assert [re.sub("<[^>]*>", "", note).split()[0] for note in map(str, final.notes)] == ["a", "b", "c", "d"]


def test_what_a_caucus_notes_moves_no_number_of_the_others(made, noted):
    browser = browser_of(made.member_b)
    before = words_of(browser.get(at("section", section=noted[2].section)))

    passage_of(noted[1].section, made.member_a, "More^[x]^[y]^[z].", voice=Voice.VIEW, side=made.a)

    after = words_of(browser.get(at("section", section=noted[2].section)))
    assert numbers(before, noted[2]) == numbers(after, noted[2]) == [[4]]


def test_a_page_kept_by_the_browser_is_renewed_when_an_earlier_section_gets_a_note(made, noted):
    browser = browser_of(made.member_b)
    kept = browser.get(at("section", section=noted[2].section)).headers["ETag"]
    save_passage(noted[0], text=text("A^[a], b^[b] and more^[e]."), version=1, by=made.member_a)

    answer = browser.get(at("section", section=noted[2].section), HTTP_IF_NONE_MATCH=kept)

    assert answer.status_code == 200
    assert numbers(words_of(answer), noted[2]) == [[5]]


def test_what_is_dropped_takes_its_footnotes_out_of_the_count(made, noted):
    motion = propose(DROP.name, noted[0].public_id, sha256=DROP.sha256(noted[0], {}), by=made.co_chair_a)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    page = words_of(browser_of(made.member_b).get(at("section", section=noted[2].section)))

    assert numbers(page, noted[2]) == [[2]]


def test_live_words_are_shown_with_the_numbers_of_the_document(made, noted):
    live = open_text(noted[1], by=made.member_b)

    assert 'call-3"' in words_to_show(live.pk, "en")


def test_a_caucus_text_shows_its_own_side_the_numbers_that_would_follow(made, noted):
    page = words_of(browser_of(made.member_a).get(at("section", section=noted[1].section)))

    assert [int(number) for name, number in CALL.findall(page) if name.endswith("-own")] == [3]


def test_what_was_tabled_before_is_counted_when_the_site_is_brought_up_to_date(made, noted):
    Passage.objects.update(footnotes=0)
    Section.objects.update(footnotes=0)

    import_module("reports.migrations.0008_imports").count(apps, None)

    assert list(Section.objects.order_by("position").values_list("footnotes", flat=True))[:3] == [2, 1, 1]
