"""The alternat on its way: one copy for each side, printed, offered, published and checked as one and the same text."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from parley.programmes.models import Precedence, Programme
from reports import final_text, printing
from reports.actions.agreement import RELEASE
from reports.actions.publishing import publish
from reports.models import Document, Draft, Rendition
from reports.printing import print_waiting
from reports.publishing import RenderFailed
from reports.renditions import render_input_of, render_input_of_draft, request_prints
from reports.verification import Verdict, by_file

from .hands import at, authorise, both_keys, browser, bytes_of, freeze, published, signed_text, unfreeze, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(monkeypatch):
    """A press that answers at once with a file for each side's copy."""

    def render(render_input, on_progress=None):
        return f"%PDF-1.7 copy of {render_input.get('copy_of', 'nobody')}".encode()

    monkeypatch.setattr(printing, "render_bounded", render)
    return render


@pytest.fixture
def made(made):
    """Northland and Southland, each first in its own copy."""
    Programme.objects.filter(pk=made.programme.pk).update(precedence=Precedence.ALTERNAT)
    made.programme.refresh_from_db()
    return made


def fresh(made) -> Document:
    return Document.objects.select_related("group__programme").get(pk=made.document.pk)


def copies_of(made) -> list[Rendition]:
    return list(Rendition.objects.filter(document=made.document).side_by_side())


def test_asked_for_once_the_text_is_printed_for_each_side(made, press):
    member = browser(made.member_a)

    answer = member.post(at("print_document", made.document))
    print_waiting()

    north, south = copies_of(made)
    assert answer.url == at("rendition", north)
    assert [one.side for one in (north, south)] == [made.a, made.b]
    assert bytes_of(south) == f"%PDF-1.7 copy of {made.b.code.lower()}".encode()


def test_asked_for_again_nothing_is_printed_twice(made, press):
    member = browser(made.member_a)
    member.post(at("print_document", made.document))

    member.post(at("print_document", made.document))

    assert len(copies_of(made)) == 2


def test_the_place_of_download_shows_every_copy_by_its_name_to_either_side(made, press):
    browser(made.member_a).post(at("print_document", made.document))
    print_waiting()
    north, south = copies_of(made)

    said = {who: words_of(browser(made.people[who]).get(at("rendition", south))) for who in ("member_a", "member_b")}

    for page in said.values():
        assert page.index("Copy of Northland") < page.index("Copy of Southland")
        assert at("rendition_file", north) in page and at("rendition_file", south) in page


def test_a_file_bears_the_code_of_its_side(made, press):
    browser(made.member_b).post(at("print_document", made.document))
    print_waiting()
    south = copies_of(made)[1]

    file = browser(made.member_b).get(at("rendition_file", south))

    name = f"{made.document.public_id}-{made.b.code.lower()}.pdf"
    assert file["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(file.streaming_content) == bytes_of(south)


def test_a_copy_that_failed_does_not_hold_up_the_other(made, press, monkeypatch):
    def fail_for_the_south(render_input, on_progress):
        if render_input["copy_of"] == made.b.code.lower():
            raise RenderFailed("layout")
        return press(render_input)

    monkeypatch.setattr(printing, "render_bounded", fail_for_the_south)
    browser(made.member_a).post(at("print_document", made.document))
    print_waiting()

    said = words_of(browser(made.member_a).get(at("rendition", copies_of(made)[0])))

    assert "The PDF is ready" in said and "The layout of the pages failed." in said


def test_a_released_draft_has_copies_too(made, press):
    both_keys(made, RELEASE, fresh(made))
    draft = Draft.objects.get()

    browser(made.member_a).post(at("print_draft", draft))

    assert [one.side for one in copies_of(made)] == [made.a, made.b]
    assert {one.draft for one in copies_of(made)} == {draft}


def test_the_text_that_is_signed_is_one_whoever_is_named_first(made):
    text = signed_text(made)

    prints = request_prints(text.document, render_input_of(text), final_text=text)

    assert [one.render_input["text"] for one in prints] == [prints[0].render_input["text"]] * 2
    assert {final_text.digest(one.render_input["text"]) for one in prints} == {text.sha256}
    assert {one.render_input["records"]["text_sha256"] for one in prints} == {text.sha256}


def test_what_is_frozen_keeps_its_copies_when_the_programme_takes_another_order(made):
    text = freeze(made)
    Programme.objects.filter(pk=made.programme.pk).update(precedence=Precedence.FIXED)

    kept = render_input_of(text)
    unfreeze(made)

    assert [one.side for one in request_prints(text.document, kept, final_text=text)] == [made.a, made.b]
    assert "precedence" not in final_text.build(fresh(made))["rules"]


def test_another_order_of_the_sides_changes_no_text_that_has_one_print_for_all(made):
    Programme.objects.filter(pk=made.programme.pk).update(precedence=Precedence.ALPHABETICAL)
    before = final_text.build(fresh(made))

    Programme.objects.filter(pk=made.programme.pk).update(precedence=Precedence.FIXED)

    assert final_text.build(fresh(made)) == before
    assert "precedence" not in before["rules"] and "copy" not in before["labels"]


def test_pages_name_the_sides_by_the_alphabet_to_everybody(made):
    text = freeze(made)

    pages = [words_of(browser(made.people[who]).get(at("sign", text.document))) for who in ("co_chair_a", "co_chair_b")]

    for page in pages:
        assert page.index("Members from Northland") < page.index("Members from Southland")


def test_those_who_turn_a_key_for_the_freeze_read_how_it_is_printed(made):
    said = words_of(browser(made.co_chair_a).get(at("freeze", made.document)))

    assert "one copy for each side, in which that side is named first" in said


def test_every_copy_is_published_and_offered(made, press, client):
    publication = published(made)
    early = words_of(client.get(at("published", code=publication.code)))
    print_waiting()

    late = words_of(client.get(at("published", code=publication.code)))

    links = [at("published_copy", code=publication.code, side=side.code.lower()) for side in (made.a, made.b)]
    assert "The copy of Northland is being made" in early and "The copy of Southland is being made" in early
    assert late.index("Signed PDF: copy of Northland") < late.index("Signed PDF: copy of Southland")
    assert [link in late for link in links] == [True, True]
    assert [b"".join(client.get(link).streaming_content) for link in links] == [
        f"%PDF-1.7 copy of {side.code.lower()}".encode() for side in (made.a, made.b)
    ]


def test_the_address_of_the_one_pdf_leads_to_all_copies(made, press, client):
    publication = published(made)
    print_waiting()

    answer = client.get(at("published_pdf", code=publication.code))

    assert answer.url == at("published", code=publication.code)


def test_a_side_that_has_no_copy_has_no_address(made, press, client):
    publication = published(made)

    answer = client.get(at("published_copy", code=publication.code, side="nobody"))

    assert answer.status_code == 404


def test_the_file_that_is_printed_last_is_waited_for_before_the_page_says_all_is_there(made, press):
    text = signed_text(made)
    authorise(made, text)
    north = copies_of(made)[0]
    printing.print_rendition(north.pk)

    said = words_of(browser(made.facilitator).get(at("publish", text.document)))

    assert "Signed PDF: copy of Northland" in said and "Copy of Southland" in said
    assert "The PDF is not printed yet" in said


def test_every_published_copy_is_the_signed_document_and_says_whose_it_is(made, press):
    publication = published(made)
    print_waiting()

    found = [by_file(bytes_of(one)) for one in publication.files]

    assert [(one.verdict, one.publication, one.side) for one in found] == [
        (Verdict.SAME_FILE, publication, made.a),
        (Verdict.SAME_FILE, publication, made.b),
    ]


def test_the_verification_page_says_whose_copy_it_is_and_knows_the_hash_of_each(made, press):
    from .test_verification import check

    publication = published(made)
    print_waiting()

    said = words_of(check(bytes_of(publication.files[1])))

    assert "It is the copy of Southland" in said
    assert [one.sha256 in said for one in publication.files] == [True, True]


def test_a_copy_of_a_draft_is_a_draft(made, press):
    both_keys(made, RELEASE, fresh(made))
    draft = Draft.objects.get()
    one, _other = request_prints(made.document, render_input_of_draft(draft), draft=draft)
    print_waiting()
    one.refresh_from_db()

    assert by_file(bytes_of(one)).verdict == Verdict.DRAFT


def test_hidden_no_copy_is_given(made, press, client):
    from reports.actions.publishing import hide_publication

    publication = published(made)
    print_waiting()
    hide_publication(publication, reason="Somebody is in danger.", by=made.facilitator)

    answers = [
        client.get(at("published_copy", code=publication.code, side=side.code.lower())) for side in (made.a, made.b)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_published_files_are_those_that_were_authorised(made, press):
    text = signed_text(made)
    authorise(made, text)
    authorised_ones = {one.pk for one in copies_of(made)}

    publication = publish(text, by=made.facilitator)

    assert {one.pk for one in publication.files} == authorised_ones


def exported(made, tmp_path, monkeypatch, **options) -> tuple[str, str]:
    """Whose copy the command writes, and what it says."""
    from parley.desk.management.commands import export_document

    monkeypatch.setattr(export_document, "render_bounded", lambda order: order.get("copy_of", "for all").encode())
    file, said = tmp_path / "out.pdf", StringIO()
    call_command("export_document", made.document.public_id, format="pdf", output=file, stderr=said, **options)
    return file.read_text(), said.getvalue()


def test_the_command_writes_the_copy_of_the_side_that_is_named(made, tmp_path, monkeypatch):
    code, _said = exported(made, tmp_path, monkeypatch, side=made.b.code)

    assert code == made.b.code.lower()


def test_the_command_writes_the_first_by_the_alphabet_and_says_what_else_there_is(made, tmp_path, monkeypatch):
    code, said = exported(made, tmp_path, monkeypatch)

    assert code == made.a.code.lower()
    assert f"This is the copy of {made.a.code.upper()}" in said and made.b.code.upper() in said


def test_the_command_refuses_a_side_without_a_copy(made, tmp_path, monkeypatch):
    with pytest.raises(CommandError, match="The sides with a copy are"):
        exported(made, tmp_path, monkeypatch, side="XXX")

    Programme.objects.filter(pk=made.programme.pk).update(precedence=Precedence.ALPHABETICAL)
    with pytest.raises(CommandError, match="one PDF for all sides"):
        exported(made, tmp_path, monkeypatch, side=made.a.code)


def test_the_command_gives_no_side_a_copy_of_the_json(made, tmp_path):
    with pytest.raises(CommandError, match="one for all"):
        call_command(
            "export_document", made.document.public_id, format="json", output=tmp_path / "out", side=made.a.code
        )


def test_a_stranger_finds_nothing_of_a_print_by_the_address_of_a_copy(made, press):
    browser(made.member_a).post(at("print_document", made.document))
    north, south = copies_of(made)

    answers = [browser(made.people[who]).get(at("rendition", south)).status_code for who in ("outsider", "ex_member_a")]

    assert answers == [404, 404]
    assert Client().get(at("rendition", north)).status_code == 302
