"""A file's words in a passage: the plain form with the words in it, stored by it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reports.actions.passages import save_passage
from reports.models import Passage
from reports.text import schema
from tests.factories import passage_of, text
from tests.reports.drafting.conftest import browser_of
from tests.reports.drafting.hands import at, settle, words_of

from .files import docx, inserted, paragraph

pytestmark = pytest.mark.django_db


def bring(browser, passage, words="", **more):
    return browser.post(at("import_into", passage=passage), {"words": words, "where": "instead", **more})


def store(browser, passage, answer):
    form = answer.context["form"]
    return browser.post(at("write", passage=passage), {field.html_name: field.value() for field in form})


def now(passage):
    passage.refresh_from_db()
    return passage.tabled.plain


def test_the_difference_is_shown_and_nothing_stored(made):
    answer = bring(browser_of(made.member_a), made.joint, "Both sides never agree.")

    assert "<ins>never </ins>" in words_of(answer) or "<ins>" in words_of(answer)
    assert now(made.joint) != "Both sides never agree."


def test_what_was_shown_is_what_is_stored(made):
    browser = browser_of(made.member_b)
    answer = bring(browser, made.joint, "Other words.^[A source.]")

    store(browser, made.joint, answer)

    assert now(made.joint) == "Other words.\n\n[1] A source."


def test_the_words_can_go_below_those_that_stand(made):
    browser = browser_of(made.member_b)
    before = now(made.joint)

    store(browser, made.joint, bring(browser, made.joint, "# More\n\nWords.", where="below"))

    assert now(made.joint) == f"{before}\n\nMore\n\nWords."


def test_a_view_is_written_in_its_sides_caucus(made):
    browser = browser_of(made.member_a)
    tabled = made.view_a.tabled.plain
    answer = bring(browser, made.view_a, "Newer words of ours.")

    store(browser, made.view_a, answer)

    assert now(made.view_a) == tabled
    assert made.view_a.caucus_copy.plain == "Newer words of ours."


def test_somebody_who_saved_meanwhile_is_not_overwritten(made):
    browser = browser_of(made.member_a)
    answer = bring(browser, made.joint, "Mine.")
    save_passage(made.joint, text=text("Theirs."), version=made.joint.version, by=made.member_b)

    conflict = store(browser, made.joint, answer)

    assert conflict.status_code == 409
    assert "Mine." in words_of(conflict)
    assert "Theirs." in words_of(conflict)


def test_a_recommendation_keeps_its_heading_unless_the_file_brings_one(made):
    section = made.document.sections.all()[3]
    passage = passage_of(section, made.member_a, "# Old\nTo: Both\n\nWe ask.", voice="recommendation")
    browser = browser_of(made.member_a)

    store(browser, passage, bring(browser, passage, "We demand."))
    kept = schema.heading_of(Passage.objects.get(pk=passage.pk).tabled.text)[0]
    store(browser, passage, bring(browser, passage, "# New\n\nWe beg."))

    assert kept["content"][0]["text"] == "Old"
    assert kept["attrs"]["addressee"] == "Both"
    assert now(passage) == "New\n\nWe beg."


def test_tracked_changes_are_told_first(made):
    file = SimpleUploadedFile("words.docx", docx(paragraph("We ", inserted("shall "), "agree.")))

    answer = bring(browser_of(made.member_a), made.joint, file=file)

    assert "Changes were tracked by Ani (1)" in words_of(answer)
    assert "Store, with the changes accepted" in words_of(answer)


def test_an_agreed_passage_takes_no_words_and_gives_them_back(made):
    settle(made, made.joint)

    answer = bring(browser_of(made.member_a), made.joint, "Mine, typed long.")

    assert answer.status_code == 409
    assert "Mine, typed long." in words_of(answer)


def test_a_refusal_of_the_file_is_said_beside_it(made):
    answer = bring(browser_of(made.member_a), made.joint, file=SimpleUploadedFile("a.pdf", b"%PDF-1.7"))

    assert "It is a PDF" in words_of(answer)
