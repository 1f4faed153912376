"""A co-chairs' summary: issued by the co-chairs alone, and said everywhere to be no agreed text."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from reports.exchanging import DOCUMENT_KINDS, contents_of
from reports.final_text import build
from reports.models import Document, DocumentKind
from reports.publishing.composition import compose
from reports.renditions import render_input_of
from tests.factories import document_of, passage_of
from tests.groups.hands import signed_in

from .hands import authorise, freeze, initial, publish, sign, standing_text

pytestmark = pytest.mark.django_db

LINE = "Summary by the co-chairs. Not an agreed text."


@pytest.fixture
def summary(made) -> Document:
    made.document = document_of(made.group, made.co_chair_a, "What we heard", kind=DocumentKind.SUMMARY)
    passage_of(made.document.sections.first(), made.co_chair_a, "The co-chairs heard two views of the river.")
    return made.document


def at(name: str, document: Document) -> str:
    return reverse(name, kwargs={"document": document.public_id})


def test_a_co_chair_starts_one_with_its_own_sections(made):
    browser = signed_in(made.co_chair_a)
    sent = {"kind": "summary", "title": "What we heard"}

    browser.post(reverse("start_document", kwargs={"group": made.group.public_id}), sent)

    document = Document.objects.get(title="What we heard")
    assert [part.title for part in document.sections.all()] == [
        "What was discussed", "What remains open", "Next steps",
    ]  # fmt: skip
    assert LINE in browser.get(at("document", document)).content.decode()


def test_the_co_chairs_alone_stand_behind_its_canonical_text_which_says_that_it_is_not_agreed(made, summary):
    model = build(summary)

    assert [person["name"] for person in model["signatories"]] == ["Co Chair A", "Co Chair B"]
    assert [len(part["people"]) for part in model["roster"]] == [1, 1]
    assert (model["kind"], model["rules"]["agreed"], model["labels"]["not_agreed"]) == ("summary", False, LINE)


def test_the_bytes_of_other_kinds_know_nothing_of_it(made):
    model = build(made.document)

    assert "agreed" not in model["rules"] and "not_agreed" not in model["labels"]
    assert len(model["signatories"]) == 6


def test_both_co_chairs_issue_it_and_every_page_says_what_it_is(made, summary):
    text = freeze(made)
    for chair in (made.co_chair_a, made.co_chair_b):
        initial(text, chair)
    for chair in (made.co_chair_a, made.co_chair_b):
        sign(standing_text(made), chair)
    authorise(made, standing_text(made))
    publication = publish(standing_text(made), by=made.facilitator)

    html = compose(render_input_of(publication.final_text)).html
    pages = [Client().get(reverse("published", args=[publication.code])).content.decode(),
             Client().get(reverse("verify") + f"?code={publication.code}").content.decode()]  # fmt: skip

    assert f'data-left="{LINE}"' in html and f'<p class="not-agreed">{LINE}</p>' in html
    assert "Issued by" in html and "under the co-chairs’ own responsibility" in html
    assert [LINE in page for page in pages] == [True, True]
    assert "not an agreed text" in Client().get(reverse("published_list")).content.decode()
    assert json.loads(publication.final_text.canonical)["rules"]["agreed"] is False


def test_a_working_copy_carries_both_its_marks(made, summary):
    from reports.renditions import render_input_now

    html = compose(render_input_now(summary)).html

    assert f'data-left="{LINE} · Working copy – not agreed text"' in html


def test_it_goes_through_the_exchange_format_with_its_sections(made, summary):
    contents = contents_of(summary)

    assert DOCUMENT_KINDS[contents.kind] == DocumentKind.SUMMARY
    assert next(section.title for section in contents.sections) == "What was discussed"
