"""What `manage.py doctor` says of the seal: whether the key opens, until when its certificate is valid, what waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from reports import seals
from reports.models import Rendition
from reports.sealing.failures import REASONS, SealFailed

from .doctor import Finding, check, note, well, wrong

# Long enough for an order to an authority, which takes weeks.
SOON = timedelta(days=60)
MEND = {
    "seal-missing": "PARLEY_SEAL, PARLEY_SEAL_PASSPHRASE_FILE and PARLEY_SEAL_CHAIN name files that can be read.",
    "seal-unreadable": "PARLEY_SEAL names a PKCS#12 file (.p12, .pfx), PARLEY_SEAL_CHAIN certificates in PEM.",
    "seal-locked": "put the passphrase alone into the file that PARLEY_SEAL_PASSPHRASE_FILE names.",
    "seal-token": "look at the token, at its label and module-path in PARLEY_SEAL, and at the PIN.",
    "seal-expired": "get a new certificate; for the one for trying out: `manage.py make_seal --again`.",
    "seal-early": "look at the clock, then at the certificate.",
    "seal-self-made": "use a certificate that an authority vouches for, or PARLEY_SEAL=trial.",
    "seal-time": "look whether PARLEY_TIMESTAMP_URL can be reached from here.",
    "seal-proof": "the addresses in the certificate must be in reach; PARLEY_SEAL_CHAIN holds all up to the root.",
    "seal-broken": "run `manage.py make_seal` with PARLEY_SEAL=trial: if that works, the certificate is unfit.",
}


@check
def seal() -> Iterator[Finding]:
    if not settings.SEAL:
        yield note("Signed PDFs carry no seal: PARLEY_SEAL is empty (docs/seal.md).")
    else:
        yield from _of_the_key()
    yield from _of_what_waits()


def _of_the_key() -> Iterator[Finding]:
    try:
        facts = seals.certificate()
    except SealFailed as failure:
        mend = MEND[failure.reason]
        if failure.reason == "seal-missing" and settings.SEAL == seals.TRIAL:
            mend = "run `manage.py make_seal`."
        yield wrong(f"Signed PDFs cannot be sealed: {REASONS[failure.reason]}", mend)
        return
    until = f"{facts.valid_until:%Y-%m-%d}"
    if facts.valid_until - datetime.now(UTC) < SOON:
        yield wrong(f"The certificate of the seal expires on {until}.", "get a new one in time.")
    if facts.is_self_made:
        yield note(
            f"PDFs are sealed for trying out, with a self-made certificate until {until}; each says so.",
            "for real documents get a certificate in the name of the host organisation (docs/seal.md).",
        )
    else:
        yield well(f"PDFs are sealed by {facts.name}, until {until}; vouched for by {facts.issuer}.")
    if not settings.TIMESTAMP_URL and not facts.is_self_made:
        yield note("Seals carry no time stamp: PARLEY_TIMESTAMP_URL is empty.")


def _of_what_waits() -> Iterator[Finding]:
    unsealed = Rendition.objects.filter(state=Rendition.State.FAILED, problem__in=REASONS)
    reasons = list(unsealed.order_by("problem").values_list("problem", flat=True).distinct())
    if reasons:
        said = " ".join(str(REASONS[reason]) for reason in reasons)
        yield wrong(f"{unsealed.count()} PDF wait for their seal: {said}", MEND[reasons[0]])
