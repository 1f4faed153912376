"""The seal of a site on its signed files: put on once, kept, told of by verification, and never pretended."""

import io
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from parley.desk import doctor_seal
from parley.desk.doctor import Level
from reports.actions.publishing import hide_publication, publish
from reports.models import Rendition, Seal
from reports.printing import print_rendition, print_waiting
from reports.renditions import prints_of, render_input_of, request_rendition
from reports.sealing.examined import SealState, seal_of
from reports.verification import SealVerdict, Verdict, by_file
from tests.reports.publishing import samples
from tests.reports.publishing.authority import kept, of_the_host

from .hands import at, authorise, bytes_of, freeze, signed_text, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def statement() -> bytes:
    """A print with a place for its seal: it stands for whatever is printed in these tests."""
    from reports.publishing import render_bounded

    return render_bounded(samples.order(samples.statement(), signed=True) | {"seal": {"trial": False}})


@pytest.fixture(autouse=True)
def _quick_press(monkeypatch, statement):
    """What is printed is another test's business; that it is printed, and what becomes of it, is ours."""
    monkeypatch.setattr("reports.printing.render_bounded", lambda order, on_progress: statement)


def site(settings, values: dict[str, str]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


@pytest.fixture
def host(settings, tmp_path):
    """The site has the host organisation's certificate."""
    site(settings, kept(tmp_path, of_the_host()))
    return settings


@pytest.fixture
def trial(settings, tmp_path):
    settings.SEAL, settings.TRIAL_SEAL = "trial", tmp_path / "seal" / "trial.p12"
    return settings


def printed(text) -> Rendition:
    rendition = request_rendition(text.document, render_input_of(text), final_text=text)
    print_rendition(rendition.pk)
    return Rendition.objects.select_related("seal").get(pk=rendition.pk)


def published(made, text):
    authorise(made, text)
    return publish(text, by=made.facilitator)


def test_a_signed_file_is_sealed_once_and_kept(made, host, statement):
    text = signed_text(made)

    rendition = printed(text)
    again = printed(text)

    pdf = bytes_of(rendition)
    assert seal_of(pdf).state == SealState.WHOLE and pdf.startswith(statement)
    assert (rendition.seal.name, rendition.seal.issuer, rendition.seal.is_trial) == (
        "Lantern House", "Port Amity Authority", False,
    )  # fmt: skip
    assert (again.pk, again.sha256, Seal.objects.count()) == (rendition.pk, rendition.sha256, 1)


def test_before_signing_has_closed_nothing_is_sealed(made, host):
    text = freeze(made)

    rendition = printed(text)

    assert "seal" not in rendition.render_input
    assert not Seal.objects.exists()


def test_a_site_without_a_seal_promises_none_and_says_so(made):
    text = signed_text(made)
    rendition = printed(text)

    publication = published(made, text)

    assert "seal" not in rendition.render_input and not Seal.objects.exists()
    assert "This PDF carries no seal" in words_of(Client().get(at("published", code=publication.code)))
    assert by_file(bytes_of(rendition)).seal == SealVerdict.NONE


@pytest.fixture
def broken(settings, tmp_path):
    """For each reason, the settings under which nothing can be sealed."""
    good, past = kept(tmp_path, of_the_host()), tmp_path / "past"
    past.mkdir()
    return {
        "seal-missing": good | {"SEAL": "/nowhere/seal.p12"},
        "seal-locked": good | {"SEAL_PASSPHRASE_FILE": good["SEAL_CHAIN"]},
        "seal-token": good | {"SEAL": "pkcs11:token=x;object=y?module-path=/no.so"},
        "seal-expired": kept(past, of_the_host((-30, -1))),
        "seal-time": good | {"TIMESTAMP_URL": "http://127.0.0.1:9/"},
    }


def test_what_cannot_be_sealed_is_given_to_nobody_and_says_why(made, settings, broken):
    text, renditions = signed_text(made), []

    for values in broken.values():
        site(settings, values)
        renditions.append(printed(text))

    assert [rendition.problem for rendition in renditions] == list(broken)
    assert {(rendition.state, rendition.file.name, rendition.sha256) for rendition in renditions} == {
        ("failed", "", "")
    }
    assert not Seal.objects.exists()


def test_the_page_says_why_and_that_it_is_tried_again(made, host, client):
    text = signed_text(made)
    host.SEAL = "/nowhere/seal.p12"
    rendition = printed(text)
    client.force_login(made.member_a)

    said = words_of(client.get(at("rendition", rendition=rendition.public_id)))

    assert "The certificate of the seal is not where this site looks for it." in said
    assert "without its seal the file is given to nobody" in said
    assert "/nowhere" not in said


def test_as_soon_as_the_key_is_mended_the_file_is_sealed_by_itself(made, host, time_machine):
    text, key = signed_text(made), host.SEAL
    host.SEAL = "/nowhere/seal.p12"
    rendition = printed(text)
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    print_waiting()
    still = Rendition.objects.get(pk=rendition.pk).state
    host.SEAL = key

    print_waiting()

    rendition = Rendition.objects.select_related("seal").get(pk=rendition.pk)
    assert (still, rendition.state, rendition.problem) == ("failed", "done", "")
    assert rendition.seal.sha256 == rendition.sha256


def test_a_file_lost_from_the_store_is_sealed_anew_and_the_old_one_stays_known(made, host):
    text = signed_text(made)
    first = printed(text)
    old = bytes_of(first)
    publication = published(made, text)
    default_storage.delete(first.file.name)

    second = printed(text)

    assert (first.pk, old != bytes_of(second)) == (second.pk, True)
    assert by_file(bytes_of(second)).verdict == Verdict.SAME_FILE
    found = by_file(old)
    assert (found.verdict, found.publication, found.seal) == (Verdict.OTHER_PRINTING, publication, SealVerdict.INTACT)


def test_a_file_has_one_standing_seal(made, host):
    rendition = printed(signed_text(made))
    second = Seal.objects.get()
    second.pk, second.sha256 = None, "0" * 64

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()

    assert Seal.objects.filter(rendition=rendition).count() == 1


# Trying it out


def test_where_nobody_works_for_real_the_certificate_makes_itself(made, trial):
    rendition = printed(signed_text(made))

    assert trial.TRIAL_SEAL.exists()
    assert (rendition.render_input["seal"], rendition.seal.is_trial) == ({"trial": True}, True)


def test_elsewhere_it_is_made_by_command_alone(made, trial):
    trial.DEMO_ALLOWED = False

    before = printed(signed_text(made)).problem
    call_command("make_seal", stdout=StringIO())

    assert before == "seal-missing" and trial.TRIAL_SEAL.exists()
    with pytest.raises(CommandError, match="--again"):
        call_command("make_seal", stdout=StringIO())


def test_every_page_that_offers_such_a_file_says_plainly_what_its_seal_is_worth(made, trial, client):
    text = signed_text(made)
    rendition = printed(text)
    publication = published(made, text)
    client.force_login(made.member_a)

    answers = {
        "published": Client().get(at("published", code=publication.code)),
        "verify": Client().post(at("verify"), {"file": io.BytesIO(bytes_of(rendition))}),
        "publish": client.get(at("publish", made.document)),
        "rendition": client.get(at("rendition", rendition=rendition.public_id)),
    }

    plain = {name: "proves nothing about who made it" in words_of(answer) for name, answer in answers.items()}
    assert plain == dict.fromkeys(answers, True)


# Verification


@pytest.fixture
def public(made, host):
    text = signed_text(made)
    rendition = printed(text)
    return published(made, text), bytes_of(rendition)


def test_the_published_file_has_an_intact_seal_of_the_host(public):
    _publication, pdf = public

    found = by_file(pdf)
    said = words_of(Client().post(at("verify"), {"file": io.BytesIO(pdf)}))

    assert (found.verdict, found.seal, found.sealed) == (Verdict.SAME_FILE, SealVerdict.INTACT, Seal.objects.get())
    assert "The seal is intact" in said and "Lantern House" in said and "Port Amity Authority" in said


def test_the_seal_cut_off_is_noticed(public, statement):
    publication, _pdf = public

    found = by_file(statement)

    assert (found.verdict, found.publication, found.seal) == (Verdict.SEAL_CUT, publication, SealVerdict.CUT)


def foreign(publication, monkeypatch, pdf: bytes):
    """As if the file carried the text of this publication: the print that stands for it has another one."""
    from reports import looking, verification

    monkeypatch.setattr(
        verification,
        "look_inside",
        lambda content: looking.Inside(
            publication.final_text.sha256, seal_of(content).state, seal_of(content).fingerprint
        ),
    )
    return by_file(pdf)


def added_to(pdf: bytes) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "Something else"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def without_any(pdf: bytes) -> bytes:
    writer = PdfWriter()
    writer.add_page(PdfReader(io.BytesIO(pdf)).pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def changed(pdf: bytes) -> bytes:
    return pdf[:5000] + bytes([pdf[5000] ^ 1]) + pdf[5001:]


def test_the_page_says_why_a_seal_does_not_hold(public, monkeypatch):
    publication, pdf = public
    harmed = [changed(pdf), added_to(pdf), without_any(pdf)]

    found = [foreign(publication, monkeypatch, each) for each in harmed]
    said = [words_of(Client().post(at("verify"), {"file": io.BytesIO(each)})) for each in harmed]

    assert [each.verdict for each in found] == [Verdict.SAME_TEXT_OTHER_FILE] * 3
    assert [each.seal for each in found] == [SealVerdict.CHANGED, SealVerdict.ADDED, SealVerdict.NONE]
    assert "The seal is broken" in said[0] and "Something was added behind the seal" in said[1]
    assert "Your file carries no seal. The published PDF has one." in said[2]


def test_a_stranger_who_seals_our_text_is_a_stranger(public, monkeypatch, statement, tmp_path):
    from reports.sealing.act import seal
    from reports.sealing.keys import KeyPlace, opened
    from reports.sealing.trial import make_trial_seal

    publication, _pdf = public
    make_trial_seal(tmp_path / "own.p12")
    with opened(KeyPlace(str(tmp_path / "own.p12"), is_trial=True)) as key:
        theirs = seal(statement, key).pdf

    found = foreign(publication, monkeypatch, theirs)

    assert (found.verdict, found.seal, found.sealed) == (Verdict.SAME_TEXT_OTHER_FILE, SealVerdict.STRANGE, None)


def test_before_publication_and_of_a_hidden_one_nothing_is_said_of_a_seal(made, host, statement):
    text = signed_text(made)
    pdf = bytes_of(printed(text))
    before = [by_file(each) for each in (pdf, statement)]
    publication = published(made, text)
    hide_publication(publication, reason="A threat.", by=made.facilitator)

    after = [by_file(each) for each in (pdf, statement)]

    assert [(found.verdict, found.seal) for found in before] == [(Verdict.SIGNED_TEXT, None), (Verdict.NOT_OURS, None)]
    assert [(found.seal, found.sealed, found.signatures) for found in after] == [(None, None, [])] * 2
    assert "Lantern House" not in words_of(Client().post(at("verify"), {"file": io.BytesIO(pdf)}))


def test_a_strangers_file_is_written_to_no_disk(made, monkeypatch):
    from django.core.files import uploadhandler

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", None)
    large = b"%PDF-1.7\n" + b"x" * 3_000_000

    answer = Client().post(at("verify"), {"file": io.BytesIO(large)})

    assert answer.status_code == 200
    assert "No signed text in this file" in words_of(answer)


# Commands


def verified(what: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("verify", what, stdout=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue()


def test_the_command_says_what_the_page_says(public, tmp_path):
    publication, pdf = public
    good, cut = tmp_path / "good.pdf", tmp_path / "cut.pdf"
    good.write_bytes(pdf)
    cut.write_bytes(pdf[:-1])

    well, bad, code = verified(str(good)), verified(str(cut)), verified(publication.code)

    assert (well[0], bad[0], code[0]) == (0, 1, 0)
    assert "byte for byte" in well[1] and "Seal: intact" in well[1] and "Sealed by: Lantern House" in well[1]
    assert "Signed: Member A, Northland" in well[1] and "Signed: Member A, Northland" in code[1]


def test_an_exported_signed_document_is_the_sealed_file_of_the_site(made, host, tmp_path):
    text = signed_text(made)
    file = tmp_path / "signed.pdf"

    call_command("export_document", made.document.public_id, format="pdf", output=file, stderr=StringIO())

    assert prints_of(render_input_of(text))[0].sha256 == by_sha(file.read_bytes())
    assert seal_of(file.read_bytes()).state == SealState.WHOLE


def by_sha(pdf: bytes) -> str:
    import hashlib

    return hashlib.sha256(pdf).hexdigest()


def found_by_doctor() -> list[tuple[Level, str]]:
    return [(finding.level, f"{finding.what} {finding.mend}") for finding in doctor_seal.seal()]


def test_the_doctor_says_how_it_stands_with_the_seal(settings, tmp_path):
    none = found_by_doctor()
    site(settings, kept(tmp_path, of_the_host()))
    well = found_by_doctor()
    site(settings, kept(tmp_path, of_the_host((-30, 20))))
    soon = found_by_doctor()
    settings.SEAL_PASSPHRASE_FILE = settings.SEAL_CHAIN
    locked = found_by_doctor()
    settings.SEAL, settings.TRIAL_SEAL, settings.DEMO_ALLOWED = "trial", tmp_path / "none.p12", False
    missing = found_by_doctor()
    settings.DEMO_ALLOWED = True
    trying = found_by_doctor()

    assert [level for level, _words in none] == [Level.NOTE] and "PARLEY_SEAL is empty" in none[0][1]
    assert well[0][0] == Level.WELL and "sealed by Lantern House" in well[0][1] and "no time stamp" in well[1][1]
    assert soon[0][0] == Level.WRONG and "expires on" in soon[0][1]
    assert locked[0][0] == Level.WRONG and "passphrase" in locked[0][1]
    assert missing[0][0] == Level.WRONG and "make_seal" in missing[0][1]
    assert trying[0][0] == Level.NOTE and "self-made" in trying[0][1]


def test_the_doctor_counts_what_waits_for_its_seal(made, host):
    key, host.SEAL = host.SEAL, "/nowhere/seal.p12"
    printed(signed_text(made))
    host.SEAL = key

    found = found_by_doctor()

    assert (Level.WRONG, True) in [(level, "1 PDF wait for their seal" in words) for level, words in found]
