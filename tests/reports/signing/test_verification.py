"""The verification page: real files, changed files, files that mean harm; each gets one clear answer."""

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter
from pypdf.generic import EncodedStreamObject, NameObject

from reports import looking
from reports.actions.agreement import RELEASE
from reports.actions.publishing import publish
from reports.models import Draft, Rendition
from reports.printing import print_rendition
from reports.publishing import attached, render_bounded
from reports.renditions import render_input_of, render_input_of_draft, request_rendition
from reports.verification import Verdict, by_code, by_file

from .hands import (
    at,
    authorise,
    both_keys,
    bytes_of,
    open_for_signature,
    published,
    sign_all,
    signed_text,
    unfreeze,
    words_of,
)

pytestmark = pytest.mark.django_db


def printed(text) -> tuple[Rendition, bytes]:
    """The PDF of a final text as the worker makes it."""
    rendition = request_rendition(text.document, render_input_of(text), final_text=text)
    print_rendition(rendition.pk)
    rendition.refresh_from_db()
    assert rendition.state == Rendition.State.DONE, rendition.problem_in_words
    return rendition, bytes_of(rendition)


@pytest.fixture
def signed(made):
    """A text that everybody signed, and its PDF."""
    text = signed_text(made)
    return text, printed(text)[1]


@pytest.fixture
def public(made, signed):
    text, pdf = signed
    authorise(made, text)
    return publish(text, by=made.facilitator), pdf


def rewritten(pdf: bytes) -> bytes:
    """Another file with the same attachment: its pages could say anything."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.add_metadata({"/Title": "Something else"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_attachment(content: bytes, **how) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("text.json", content)
    if how.get("password"):
        writer.encrypt(how["password"])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def check(content: bytes, name: str = "report.pdf"):
    file = SimpleUploadedFile(name, content, "application/pdf")
    return Client().post(at("verify"), {"file": file})


def test_the_published_file_is_known_to_the_last_byte(public):
    publication, pdf = public

    found = by_file(pdf)

    assert (found.verdict, found.publication) == (Verdict.SAME_FILE, publication)
    assert {act.signatory.name for act in found.signatures} >= {"Co Chair A", "Co Chair B", "Member A"}


def test_the_page_says_who_signed_and_when(public):
    _publication, pdf = public

    said = words_of(check(pdf))

    assert "This is the signed document" in said
    assert "byte for byte" in said
    assert said.count('<th scope="row">') == 6


def test_a_file_that_was_changed_is_not_the_published_one_whatever_it_carries(public):
    _publication, pdf = public

    found = by_file(rewritten(pdf))

    assert found.verdict == Verdict.SAME_TEXT_OTHER_FILE
    assert "Not the published file" in words_of(check(rewritten(pdf)))


def test_one_changed_byte_is_noticed(public):
    _publication, pdf = public

    changed = pdf[:-20] + bytes([pdf[-20] ^ 1]) + pdf[-19:]

    assert by_file(changed).verdict != Verdict.SAME_FILE


def test_what_was_printed_before_signing_had_closed_is_no_signed_text(made):
    text = open_for_signature(made)
    early = printed(text)[1]
    sign_all(text)
    before = by_file(early)
    authorise(made, text)
    publication = publish(text, by=made.facilitator)

    after = by_file(early)

    assert (before.verdict, before.publication) == (Verdict.DRAFT, None)
    assert (after.verdict, after.publication, after.signatures) == (Verdict.DRAFT, publication, [])


def test_before_publication_a_file_gets_only_is_or_is_not(made, signed):
    text, pdf = signed

    found = by_file(pdf)

    assert (found.verdict, found.publication, found.signatures) == (Verdict.SIGNED_TEXT, None, [])
    said = words_of(check(pdf))
    for secret in (made.document.title, made.group.name, "Member A", text.public_id, text.sha256):
        assert secret not in said


def test_before_publication_a_code_is_unknown(signed):
    text, _pdf = signed

    assert by_code(text.public_id).verdict == Verdict.UNKNOWN_CODE


def test_a_signed_text_whose_freeze_was_undone_is_signed_no_more(made, signed):
    _text, pdf = signed

    unfreeze(made)

    assert by_file(pdf).verdict == Verdict.DRAFT


def test_another_printing_of_the_same_signatures_is_true_too(made, public):
    publication, _pdf = public
    later = Rendition.objects.create(
        document=made.document,
        final_text=publication.final_text,
        input_sha256="0" * 64,
        render_input=publication.files[0].render_input,
        state=Rendition.State.DONE,
        sha256="b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
    )

    found = by_file(b"foo\n")

    assert later.carries_signatures
    assert (found.verdict, found.publication) == (Verdict.OTHER_PRINTING, publication)


def test_a_code_is_read_as_people_type_it(made):
    publication = published(made)
    code = publication.code

    typed = [code.upper(), f" {code[:4]} {code[4:8]}-{code[8:]} ", code]

    assert [by_code(each).verdict for each in typed] == [Verdict.KNOWN_CODE] * 3


HARM = {
    "cut short": lambda pdf: pdf[: len(pdf) // 2],
    "only a head": lambda pdf: b"%PDF-1.7\n",
    "noise": lambda pdf: b"%PDF-1.7\n" + bytes(range(256)) * 200,
    "a password": lambda pdf: with_attachment(b'{"form": 1, "sections": []}', password="secret"),
    "no text of ours": lambda pdf: with_attachment(b"Dear all"),
    "deeply nested": lambda pdf: with_attachment(b"[" * 200_000),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM.keys())
def test_files_that_carry_no_text_get_a_clear_answer(harm):
    answer = check(harm(b"%PDF-1.7\n" + b"x" * 400))

    assert answer.status_code == 200
    assert "No signed text in this file" in words_of(answer)


def test_somebody_elses_text_is_not_ours():
    forged = with_attachment(b'{"form":1,"sections":[]}')

    assert by_file(forged).verdict == Verdict.NOT_OURS


def bomb() -> bytes:
    """A small file whose attachment unpacks to more than the reader may use."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(60)) + packer.flush()
    heavy = EncodedStreamObject()
    heavy._data = packed
    heavy[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(with_attachment(b"small"))))
    specification = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()
    specification["/EF"][NameObject("/F")] = writer._add_object(heavy)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_bomb_takes_no_more_than_its_share():
    found = by_file(bomb())

    assert found.verdict == Verdict.UNREADABLE


def test_a_child_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(looking, "SECONDS", 0.01)

    assert looking.look_inside(with_attachment(b'{"form":1,"sections":[]}')).text_sha256 is None


def test_more_files_than_can_be_looked_at_together_are_told_to_wait(monkeypatch):
    monkeypatch.setattr(looking, "PATIENCE", 0.01)
    taken = [looking._looking.acquire(timeout=1) for _ in range(looking.AT_ONCE)]
    try:
        answer = check(with_attachment(b"x"))
    finally:
        for _one in taken:
            looking._looking.release()

    assert answer.status_code == 503
    assert "Wait a minute" in words_of(answer)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear all, this is a letter.", "This file is no PDF."),
        (b"", "This file is empty."),
        (b"%PDF-" + b"x" * 20_000_001, "larger than 20 MB"),
    ],
    ids=["no PDF", "empty", "too large"],
)
def test_what_is_no_pdf_is_refused_at_its_field(content, said):
    answer = check(content)

    assert answer.status_code == 422
    assert said in words_of(answer)


def test_a_request_larger_than_any_document_is_not_even_read():
    answer = Client().post(
        at("verify"), data=b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="900000000"
    )

    assert answer.status_code == 413
    assert "larger than 20 MB" in words_of(answer)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a', "multipart/form-data; boundary=x"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    ],
)
def test_garbage_is_answered_and_never_an_error_of_ours(body, kind):
    answer = Client().post(at("verify"), data=body, content_type=kind)

    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("code", ["\0", "a\0b", "x" * 5000, "' OR 1=1 --", "%00", "ⅩⅨ"])
def test_a_code_that_is_none_is_unknown(code):
    typed = Client().post(at("verify"), {"code": code[:40]})
    linked = Client().get(at("verify"), {"code": code})

    assert typed.status_code in (200, 422)
    assert "This code is unknown here" in words_of(linked)


@pytest.mark.parametrize("code", ["%00", "a%00b", "x" * 500, "..."])
def test_an_address_that_is_none_is_not_found(code):
    assert Client().get(f"/published/{code}/").status_code == 404
    assert Client().get(f"/published/{code}/pdf/").status_code == 404


def test_nothing_typed_and_nothing_chosen_is_said(made):
    assert "Type a code, or choose a file." in words_of(Client().post(at("verify"), {}))


def test_a_stranger_who_checks_without_end_is_slowed_down(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "check_document": "2/m/ip"}
    stranger = Client()

    answers = [stranger.post(at("verify"), {"code": "abc"}).status_code for _ in range(3)]

    assert answers == [200, 200, 429]


def test_the_limits_of_the_reader_are_those_that_are_documented():
    assert (attached.LIMITS.memory, attached.LIMITS.processor) == (512 << 20, 15)


def test_a_released_draft_is_a_draft(made):
    both_keys(made, RELEASE, made.document)
    draft = Draft.objects.get()
    rendition = request_rendition(made.document, render_input_of_draft(draft), draft=draft)
    pdf = render_bounded(rendition.render_input)
    print_rendition(rendition.pk)

    assert by_file(pdf).verdict == Verdict.DRAFT
