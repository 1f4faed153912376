"""The seal of this site: where its key is, what it promises, and how a printed file comes by it.

The library that seals loads a hundred modules: it is imported where a file is sealed, never by a page.
"""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from .models import Rendition
from .models.seals import Seal
from .sealing.failures import PASSING, SealFailed

if TYPE_CHECKING:
    from .sealing.act import Sealed
    from .sealing.keys import CertificateFacts, KeyPlace, SealKey

# Instead of the place of a key: the certificate that the site makes for itself.
TRIAL = "trial"
STAMP_SECONDS = 15


def promised() -> dict[str, Any]:
    """The part of a render input that says whether its file will be sealed, and whether only for trying out."""
    return {"seal": {"trial": settings.SEAL == TRIAL}} if settings.SEAL else {}


def key_place() -> "KeyPlace | None":
    """None: files of this site are not sealed."""
    from .sealing.keys import KeyPlace

    if not settings.SEAL:
        return None
    if settings.SEAL == TRIAL:
        return KeyPlace(str(settings.TRIAL_SEAL), is_trial=True)
    return KeyPlace(settings.SEAL, settings.SEAL_PASSPHRASE_FILE, settings.SEAL_CHAIN)


def opened_key() -> "AbstractContextManager[SealKey]":
    """The key of this site; raises SealFailed. Where nobody works for real the one for trying out makes itself."""
    from .sealing.keys import opened
    from .sealing.trial import make_trial_seal

    place = key_place()
    if place is None:
        raise SealFailed("seal-missing")
    if place.is_trial and settings.DEMO_ALLOWED:
        make_trial_seal(settings.TRIAL_SEAL)
    return opened(place)


def certificate() -> "CertificateFacts":
    """Of the key as it is now; raises SealFailed."""
    from .sealing.keys import facts_of

    with opened_key() as key:
        return facts_of(key.certificate)


def sealed(pdf: bytes) -> "Sealed":
    """The printed file with the seal of this site; raises SealFailed."""
    from .sealing.act import seal

    try:
        with opened_key() as key:
            return seal(pdf, key, stamper=_stamper(), long_term=settings.SEAL_LONG_TERM)
    except SealFailed:
        raise
    except Exception as unforeseen:  # whatever a token or its driver raises: the print ends in a state of its own
        reason = "seal-token" if settings.SEAL.startswith("pkcs11:") else "seal-broken"
        raise SealFailed(reason, detail=type(unforeseen).__name__) from unforeseen


def _stamper() -> Any:
    if not settings.TIMESTAMP_URL:
        return None
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return HTTPTimeStamper(settings.TIMESTAMP_URL, timeout=STAMP_SECONDS)


def is_promised(rendition: Rendition) -> bool:
    """Its pages say that it is sealed: without a seal it is not given to anybody."""
    return bool(rendition.render_input.get("seal"))


def keep(rendition: Rendition, made: "Sealed", *, sha256: str, printed_sha256: str) -> Seal:
    """The seal that stands from now on; an earlier one, whose file is gone, stays known."""
    Seal.objects.filter(rendition=rendition).update(rendition=None)
    return Seal.objects.create(
        rendition=rendition,
        made_for=rendition,
        sha256=sha256,
        printed_sha256=printed_sha256,
        made_at=made.made_at,
        name=made.certificate.name,
        issuer=made.certificate.issuer,
        fingerprint=made.certificate.fingerprint,
        valid_until=made.certificate.valid_until,
        is_trial=made.certificate.is_self_made,
        level=made.level,
        stamped_at=made.stamped_at,
        stamped_by=made.stamped_by,
    )


def hinders(problem: str) -> bool:
    """Whether what stopped a seal still does, as far as can be told without making one."""
    if problem in PASSING:
        return False
    try:
        certificate()
    except SealFailed:
        return True
    return False
