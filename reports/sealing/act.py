"""The act of sealing: a certification that allows no change (PAdES, DocMDP), with a time stamp where one is wanted."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.stamp.base import BaseStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathError, ValidationError

from .examined import SealState, embedded_seal, seal_of
from .failures import SealFailed
from .keys import CertificateFacts, SealKey, facts_of

# As reports.publishing.sealable names the field; importing it here would load WeasyPrint.
FIELD = "Seal"
# With the validation data in the revision of the seal nothing follows it: every reader sees the whole file sealed.
TOGETHER = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)


@dataclass(frozen=True)
class Sealed:
    """The sealed file, and what is told of its seal. `level` is one of ETSI EN 319 142-1: B-B, B-T, B-LT."""

    pdf: bytes
    certificate: CertificateFacts
    level: str
    made_at: datetime
    stamped_at: datetime | None = None
    stamped_by: str = ""


class AsPrinted(BaseStampStyle):
    """The press has drawn the field: sealing leaves its picture alone."""

    def create_stamp(self, writer: Any, box: Any, text_params: dict) -> Any:
        return None


def seal(
    pdf: bytes,
    key: SealKey,
    *,
    stamper: Any = None,
    long_term: bool = False,
    lists: Sequence[Any] = (),
    fetches: bool = True,
) -> Sealed:
    """The file with its seal at the end; all before it stays as it was, byte for byte. Raises SealFailed.

    `stamper`: pyHanko's time stamper, or None. `long_term` embeds what shows for later years that the certificate was
    valid, and fails without it: `lists` of withdrawn certificates (CRL), or what the addresses in the certificates
    answer where `fetches`.
    """
    details: dict[str, Any] = {}
    if long_term:
        context = ValidationContext(
            trust_roots=key.roots,
            other_certs=key.others,
            crls=lists,
            allow_fetching=fetches,
            revocation_mode="require",
        )
        details = {"embed_validation_info": True, "validation_context": context, "dss_settings": TOGETHER}
    how = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        **details,
    )
    signer = signers.PdfSigner(how, signer=key.signer, timestamper=stamper, stamp_style=AsPrinted())
    return _checked(pdf, _sealed(pdf, signer, long_term), key, long_term)


def _sealed(pdf: bytes, signer: signers.PdfSigner, long_term: bool) -> bytes:
    try:
        return signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True).getvalue()
    except TimestampRequestError as failure:
        raise SealFailed("seal-time", detail=type(failure).__name__) from failure
    except (PathBuildingError, PathError, ValidationError, SignatureValidationError) as failure:
        raise SealFailed("seal-proof", detail=type(failure).__name__) from failure
    except (SigningError, PdfError) as failure:
        # What is looked for on behalf of later years fails under the name of signing.
        raise SealFailed("seal-proof" if long_term else "seal-broken", detail=type(failure).__name__) from failure


def _checked(pdf: bytes, sealed: bytes, key: SealKey, long_term: bool) -> Sealed:
    """Read as a stranger would read it, before it may be called sealed."""
    found, certificate = seal_of(sealed), facts_of(key.certificate)
    if not sealed.startswith(pdf) or found.state != SealState.WHOLE or found.fingerprint != certificate.fingerprint:
        raise SealFailed("seal-broken", detail=str(found.state))
    stamp = _stamp_of(sealed)
    level = "B-LT" if long_term and stamp else "B-T" if stamp else "B-B"
    return Sealed(sealed, certificate, level, datetime.now(UTC).replace(microsecond=0), *(stamp or ()))


def _stamp_of(sealed: bytes) -> tuple[datetime, str] | None:
    """The time that an authority confirmed, and who it is."""
    token = next(iter(extract_tst_data_iter(embedded_seal(sealed).signer_info, signed=False)), None)
    if token is None:
        return None
    told = token["encap_content_info"]["content"].parsed
    signer = next((one.chosen for one in token["certificates"] if _stamps(one)), None)
    return told["gen_time"].native, facts_of(signer).name if signer is not None else ""


def _stamps(choice: Any) -> bool:
    usage = choice.chosen.extended_key_usage_value if choice.name == "certificate" else None
    return usage is not None and "time_stamping" in usage.native
