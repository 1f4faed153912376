"""A sealed file, judged by pyHanko, poppler and veraPDF; and every way in which there is none."""

import dataclasses
import io
import random
import subprocess
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader, PdfWriter

from reports.sealing.act import seal
from reports.sealing.examined import Examined, SealState, seal_of
from reports.sealing.failures import REASONS, SealFailed
from reports.sealing.keys import KeyPlace, SealKey, opened
from reports.sealing.trial import make_trial_seal

from .authority import authority, certified, empty_list, kept, of_the_host, stamper
from .clock import answering


@pytest.fixture
def empty(printed) -> bytes:
    """The print, with an empty place for its seal."""
    return printed("statement to be sealed")


def root() -> x509.Certificate:
    return x509.Certificate.load(authority().certificate.public_bytes(Encoding.DER))


def test_pyhanko_calls_the_seal_valid_over_the_whole_file_and_allows_no_change(sealed):
    signature = PdfFileReader(io.BytesIO(sealed.pdf)).embedded_signatures[0]

    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root()], allow_fetching=False))

    assert (status.bottom_line, status.trusted, status.coverage) == (True, True, SignatureCoverageLevel.ENTIRE_FILE)
    assert signature.docmdp_level == MDPPerm.NO_CHANGES
    assert (signature.field_name, signature.sig_object["/SubFilter"]) == ("Seal", "/ETSI.CAdES.detached")


def test_poppler_calls_it_valid_over_the_whole_file(sealed, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed.pdf)

    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False, timeout=60).stdout

    assert "Total document signed" in said and "Signature is Valid" in said


def test_the_file_begins_with_what_was_printed(empty, sealed):
    assert sealed.pdf.startswith(empty)
    assert (sealed.level, sealed.certificate.name) == ("B-B", "Lantern House")


def test_a_time_stamp_says_when_and_by_whom(empty, place):
    with opened(place) as key:
        made = seal(empty, key, stamper=stamper())

    assert (made.level, made.stamped_by) == ("B-T", "Port Amity Clock")
    assert abs(made.stamped_at - made.made_at).total_seconds() < 60


def test_for_later_years_the_proof_lies_in_the_file_and_nothing_follows_the_seal(empty, place):
    with opened(place) as key:
        made = seal(empty, key, stamper=stamper(), long_term=True, lists=[empty_list()], fetches=False)

    store = PdfReader(io.BytesIO(made.pdf)).trailer["/Root"]["/DSS"]

    assert made.level == "B-LT"
    assert len(store["/CRLs"]) == 1 and len(store["/Certs"]) >= 2
    assert seal_of(made.pdf).state == SealState.WHOLE


class Silent:
    """A time-stamping authority that is out of reach."""

    async def async_dummy_response(self, md_algorithm):
        raise TimestampRequestError("no route to host")

    async def async_timestamp(self, message_digest, md_algorithm):
        raise TimestampRequestError("no route to host")


def test_without_the_time_stamp_that_is_wanted_there_is_no_seal(empty, place):
    with opened(place) as key, pytest.raises(SealFailed) as failed:
        seal(empty, key, stamper=Silent())

    assert failed.value.reason == "seal-time"


def test_without_the_proof_that_is_wanted_there_is_no_seal(empty, place):
    with opened(place) as key, pytest.raises(SealFailed) as failed:
        seal(empty, key, stamper=stamper(), long_term=True, fetches=False)

    assert failed.value.reason == "seal-proof"


def changed(pdf: bytes, at: int, by: int = 1) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ by]) + pdf[at + 1 :]


def whole_after_changes(pdf: bytes, places: int) -> list[int]:
    """The places at which a changed byte was not noticed."""
    chance = random.Random(20310405)
    tries = [(chance.randrange(len(pdf)), chance.randrange(1, 256)) for _ in range(places)]
    return [at for at, by in tries if seal_of(changed(pdf, at, by)).state == SealState.WHOLE]


def test_a_changed_byte_breaks_the_seal_wherever_it_is(sealed):
    assert whole_after_changes(sealed.pdf, 12) == []


@pytest.mark.deep
def test_a_changed_byte_breaks_the_seal_at_two_hundred_places(sealed):
    assert whole_after_changes(sealed.pdf, 200) == []


def test_what_hides_in_the_room_behind_the_seal_is_found(sealed):
    signature = PdfFileReader(io.BytesIO(sealed.pdf)).embedded_signatures[0]
    behind = int(signature.byte_range[2]) - 2

    found = [seal_of(changed(sealed.pdf, at)).state for at in (behind, behind - 100)]

    assert found == [SealState.CHANGED, SealState.CHANGED]


def test_what_is_added_behind_the_seal_is_told_apart(sealed):
    writer = PdfWriter(io.BytesIO(sealed.pdf), incremental=True)
    writer.add_metadata({"/Title": "Something else"})
    out = io.BytesIO()
    writer.write(out)

    found = seal_of(out.getvalue())

    assert out.getvalue().startswith(sealed.pdf)
    assert found == Examined(SealState.ADDED, sealed.certificate.fingerprint)


@pytest.mark.parametrize(
    ("pdf", "state"),
    [
        (b"%PDF-1.7\n", SealState.NONE),
        (b"%PDF-1.7 /ByteRange [0 1 2 3]", SealState.UNREADABLE),
        (b"", SealState.NONE),
    ],
)
def test_a_file_that_cannot_be_read_shows_no_seal(pdf, state):
    assert seal_of(pdf).state == state


def test_cut_off_the_seal_leaves_none(empty):
    assert seal_of(empty) == Examined(SealState.NONE)


def test_a_print_that_has_no_place_for_a_seal_gets_none(place):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)

    with opened(place) as key, pytest.raises(SealFailed) as failed:
        seal(out.getvalue(), key)

    assert failed.value.reason == "seal-broken"


# The key


def refused(place: KeyPlace) -> str:
    with pytest.raises(SealFailed) as failed, opened(place):
        pass
    return failed.value.reason


def test_a_key_that_is_not_there_locked_or_none_is_told_apart(place, tmp_path):
    noise = tmp_path / "noise.p12"
    noise.write_bytes(b"Dear all")
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase")

    reasons = [
        refused(dataclasses.replace(place, key=str(tmp_path / "gone.p12"))),
        refused(dataclasses.replace(place, passphrase=str(tmp_path / "gone"))),
        refused(dataclasses.replace(place, passphrase=str(wrong))),
        refused(dataclasses.replace(place, key=str(noise))),
        refused(dataclasses.replace(place, chain=str(noise))),
    ]

    assert reasons == ["seal-missing", "seal-missing", "seal-locked", "seal-unreadable", "seal-unreadable"]


@pytest.mark.parametrize(("days", "reason"), [((-30, -1), "seal-expired"), ((1, 30), "seal-early")])
def test_a_certificate_out_of_its_time_seals_nothing(tmp_path, days, reason):
    site = kept(tmp_path, of_the_host(days))

    assert refused(KeyPlace(site["SEAL"], site["SEAL_PASSPHRASE_FILE"])) == reason


def test_a_self_made_certificate_is_refused_unless_it_is_for_trying_out(tmp_path):
    own = certified("Lantern House", None, "digital_signature", "content_commitment")
    site = kept(tmp_path, own)
    place = KeyPlace(site["SEAL"], site["SEAL_PASSPHRASE_FILE"])

    with opened(dataclasses.replace(place, is_trial=True)) as key:
        taken = isinstance(key, SealKey)

    assert (refused(place), taken) == ("seal-self-made", True)


def test_the_key_for_trying_out_is_made_once_and_is_for_its_account_alone(tmp_path):
    path = tmp_path / "seal" / "trial.p12"

    made = make_trial_seal(path), make_trial_seal(path)
    first = path.read_bytes()
    again = make_trial_seal(path, again=True)

    assert made == (True, False) and again
    assert path.read_bytes() != first and path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_every_reason_fits_its_column_and_says_a_sentence():
    assert all(len(reason) <= 20 and str(words).endswith(".") for reason, words in REASONS.items())


def test_a_stamp_is_asked_for_over_http(empty, place):
    with answering(stamper()) as url, opened(place) as key:
        made = seal(empty, key, stamper=HTTPTimeStamper(url, timeout=5))

    assert (made.level, made.stamped_by) == ("B-T", "Port Amity Clock")


# A token

SOFT_TOKEN = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture
def token(tmp_path, monkeypatch) -> KeyPlace:
    """A token in software with the key and the certificate of the host, and its PIN in a file."""
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat
    from pkcs11 import Attribute, ObjectClass, lib
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    configuration, pin = tmp_path / "softhsm2.conf", tmp_path / "pin"
    (tmp_path / "tokens").mkdir()
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    pin.write_text("246810\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    make = ["softhsm2-util", "--init-token", "--free", "--label", "Parley", "--pin", "246810", "--so-pin", "135790"]
    subprocess.run(make, check=True, capture_output=True, timeout=30)
    held = of_the_host()
    key = held.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    certificate = held.certificate.public_bytes(Encoding.DER)
    with lib(str(SOFT_TOKEN)).get_token(token_label="Parley").open(user_pin="246810", rw=True) as session:
        named = {Attribute.LABEL: "seal", Attribute.TOKEN: True, Attribute.ID: b"1"}
        session.create_object(decode_ec_private_key(key) | named | {Attribute.SENSITIVE: True, Attribute.SIGN: True})
        session.create_object(decode_x509_certificate(certificate) | named | {Attribute.CLASS: ObjectClass.CERTIFICATE})
    chain = kept(tmp_path, held)["SEAL_CHAIN"]
    return KeyPlace(f"pkcs11:token=Parley;object=seal?module-path={SOFT_TOKEN}", str(pin), chain)


@pytest.mark.skipif(not SOFT_TOKEN.exists(), reason="softhsm2 is not installed")
def test_a_key_on_a_token_seals_too_and_a_wrong_pin_does_not(empty, token, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("000000")

    with opened(token) as key:
        made = seal(empty, key, stamper=stamper(), long_term=True, lists=[empty_list()], fetches=False)
    refusal = refused(dataclasses.replace(token, passphrase=str(wrong)))

    assert (made.certificate.name, made.level, refusal) == ("Lantern House", "B-LT", "seal-token")
