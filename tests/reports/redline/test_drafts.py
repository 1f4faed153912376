"""A released draft stands by itself: read, compared, printed and checked when all around it has changed."""

import json
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groups.actions import end_membership
from reports import printing
from reports.actions.agreement import RELEASE
from reports.actions.comments import answer_thread, dispose_of_thread, start_thread
from reports.models import Draft, Rendition, Section
from reports.printing import print_waiting
from reports.renditions import render_input_of_draft, request_prints
from tests.factories.texts import passage_of
from tests.reports.signing.hands import at, both_keys, browser, bytes_of, words_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 made by a worker"


@pytest.fixture
def press(monkeypatch):
    """A press that answers at once."""
    printed = []

    def render(render_input, on_progress):
        printed.append(render_input)
        return PDF + str(len(printed)).encode()

    monkeypatch.setattr(printing, "render_bounded", render)
    return printed


def released(made) -> Draft:
    both_keys(made, RELEASE, made.document)
    draft: Draft = made.document.drafts.first()
    return draft


def change_everything(made) -> None:
    """Words, titles, people, a side's name, the host's record, who is named first, the language."""
    passage_of(made.section, made.member_a, "A sentence that came later.")
    Section.objects.filter(document=made.document).update(title="Another title")
    type(made.document).objects.filter(pk=made.document.pk).update(title="Another document", language="ru")
    end_membership(made.membership("member_b"), by=made.facilitator)
    type(made.a).objects.filter(pk=made.a.pk).update(name="Renamed", demonym="Renamish")
    programme = made.document.group.programme
    type(programme.host).objects.filter(pk=programme.host_id).update(name="Another host", funder="Another funder")
    type(programme).objects.filter(pk=programme.pk).update(precedence="alternat", name="Another programme")
    type(made.member_a).objects.filter(pk=made.member_a.pk).update(name="Another Name")


def shown(made, draft: Draft) -> str:
    """All between the head of the page and its end, but for what is new with each request."""
    page = words_of(browser(made.co_chair_b).get(at("draft", draft)))
    return re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", page[page.index('class="page-head"') : page.index("</main>")]
    )


def test_a_draft_is_read_as_it_was_when_all_around_it_has_changed(made):
    draft = released(made)
    before = shown(made, draft)

    change_everything(made)

    assert shown(made, Draft.objects.get()) == before


def test_a_draft_is_printed_from_its_stored_text_alone(made, press):
    draft = released(made)
    before = render_input_of_draft(draft)

    change_everything(made)
    fresh = Draft.objects.select_related("document__group__programme").get()

    assert render_input_of_draft(fresh) == before
    assert before["text"] == json.loads(draft.canonical)
    assert len(request_prints(fresh.document, render_input_of_draft(fresh), draft=fresh)) == 1


@pytest.mark.parametrize("column", ["canonical", "sha256", "number", "released_at", "comments_until"])
def test_the_database_lets_nobody_change_a_draft(made, column):
    draft = released(made)
    other = {"number": 9, "released_at": timezone.now(), "comments_until": timezone.now()}.get(column, "other")

    with pytest.raises(DatabaseError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(**{column: other})


def test_the_database_lets_nobody_change_a_table_of_comments(made):
    table = released(made).comment_table

    with pytest.raises(DatabaseError), transaction.atomic():
        type(table).objects.filter(pk=table.pk).update(canonical="{}")


# ---- redlines as files -----------------------------------------------------------------------------------------------


@pytest.fixture
def two_drafts(made):
    first = released(made)
    passage_of(made.section, made.member_a, "A new sentence for draft two.")
    return first, released(made)


@pytest.mark.parametrize(("wanted", "ending"), [("pdf", "pdf"), ("docx", "docx"), ("exe", "pdf")])
def test_a_redline_is_made_once_as_a_file(made, press, two_drafts, wanted, ending):
    _first, second = two_drafts
    member = browser(made.member_b)

    asked = [member.post(at("print_redline", second), {"since": "1", "format": wanted}).url for _ in range(2)]
    print_waiting()
    rendition = Rendition.objects.get()
    file = member.get(at("rendition_file", rendition))
    content = b"".join(file.streaming_content)

    assert content == bytes_of(rendition)
    assert asked == [at("rendition", rendition)] * 2
    assert len(press) == 1
    assert file["Content-Disposition"].endswith(f'{made.document.public_id}-redline.{ending}"')
    assert "What changed from draft 1 to draft 2" in words_of(member.get(asked[0]))


def test_a_redline_is_against_an_earlier_draft_only(made, two_drafts):
    first, second = two_drafts

    answers = [
        browser(made.member_a).post(at("print_redline", draft), {"since": since}).url
        for draft, since in ((first, "2"), (second, "2"), (second, "x"))
    ]

    assert answers == [at("draft", first), at("draft", second), at("draft", second)]
    assert not Rendition.objects.exists()


# ---- comments and dispositions ---------------------------------------------------------------------------------------


def comment(made, by, words, **more):
    return start_thread(passage=made.joint, kind="wording", source=words, own_side_only=False, by=by, **more)


def test_a_draft_takes_its_table_of_comments_along_as_it_was(made):
    thread = comment(made, made.member_a, "Say **lake**.")
    answer_thread(thread, source="We say river.", by=made.member_b)
    dispose_of_thread(thread, disposition="not-taken", note="It is a river.", by=made.co_chair_b)
    draft = released(made)
    later = comment(made, made.member_b, "A comment that came later.")

    said = words_of(browser(made.member_b).get(at("draft_comments", draft)))

    [row] = draft.comment_table.record["rows"]
    assert (row["number"], row["paragraph"], row["by"], row["said"]) == (1, "1", made.a.name, "Say lake.")
    assert (row["disposition"], row["why"], row["disposed"]["by"]) == ("not-taken", "It is a river.", made.b.name)
    assert [answer["by"] for answer in row["answers"]] == [made.b.name]
    assert "It is a river." in said and "A comment that came later." not in said
    assert later.is_open


def test_the_next_draft_tells_of_what_was_open_or_said_since(made):
    settled, still_open = comment(made, made.member_a, "First."), comment(made, made.member_a, "Second.")
    dispose_of_thread(settled, disposition="taken", by=made.co_chair_b)
    released(made)
    comment(made, made.member_b, "Third.")

    table = released(made).comment_table

    assert [(row["number"], row["said"]) for row in table.record["rows"]] == [(2, "Second."), (3, "Third.")]
    assert still_open.is_open


def test_no_table_and_no_number_betrays_a_caucus(made):
    comment(made, made.member_a, "First.")
    start_thread(passage=made.joint, kind="question", source="Velquorant plan", own_side_only=True, by=made.member_a)
    comment(made, made.member_a, "Second.")
    draft = released(made)
    readers = (made.member_b, made.member_a, made.facilitator)

    pages = [
        words_of(browser(reader).get(at(*where)))
        for reader in readers
        for where in (("draft_comments", draft), ("comment_table", made.document))
    ]

    assert [row["number"] for row in draft.comment_table.record["rows"]] == [1, 2]
    assert all("Velquorant" not in page for page in pages) and "Velquorant" not in draft.comment_table.canonical
    assert all('id="c-2"' in page and 'id="c-3"' not in page for page in pages)


def test_nobody_is_named_in_the_table(made):
    comment(made, made.member_a, "First.")

    record = released(made).comment_table.canonical

    assert str(made.member_a) not in record


@pytest.mark.parametrize("count", [1, 30])
def test_the_table_needs_the_same_queries_for_every_number_of_comments(made, count):
    for n in range(count):
        comment(made, made.member_a, f"Number {n}.")
    member = browser(made.member_b)

    with CaptureQueriesContext(connection) as queries:
        page = member.get(at("comment_table", made.document))

    assert len(page.context["rows"]) == count
    assert len(queries) == 10


# ---- the verification page -------------------------------------------------------------------------------------------


def checked(person, **sent) -> str:
    client = browser(person) if person else Client()
    return words_of(client.post(at("verify"), sent))


def test_a_member_learns_which_draft_a_hash_is_and_the_world_nothing(made):
    draft = released(made)

    told = checked(made.member_b, code=draft.sha256.upper())
    strangers = [
        checked(person, code=code) for person in (None, made.outsider) for code in (draft.sha256, draft.public_id)
    ]

    assert "This is a released draft" in told and at("draft", draft) in told
    assert all("This code is unknown here" in page and made.document.title not in page for page in strangers)


def test_a_member_learns_which_draft_a_file_is_and_the_world_nothing(made, press, tmp_path):
    draft = released(made)
    request_prints(draft.document, render_input_of_draft(draft), draft=draft)
    print_waiting()
    pdf = tmp_path / "draft.pdf"
    with Rendition.objects.get().file.open("rb") as file:
        pdf.write_bytes(file.read())

    with pdf.open("rb") as mine, pdf.open("rb") as theirs:
        told, stranger = checked(made.member_b, file=mine), checked(None, file=theirs)

    assert "printed here of a released draft" in told and made.document.title in told
    assert made.document.title not in stranger and "Your file is not the signed text" in stranger
