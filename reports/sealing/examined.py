"""Whether the seal in a file holds, and if not, why: by pyHanko, with no trust in anybody and no network.

Whose certificate it is, the caller compares: `fingerprint` is its SHA-256.
"""

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class SealState(StrEnum):
    NONE = "none"
    WHOLE = "whole"
    # What was sealed is no longer what the seal was put on.
    CHANGED = "changed"
    # The sealed part is as it was, and something was put behind it: it may show other pages.
    ADDED = "added"
    # There is something like a seal, and it cannot be read.
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Examined:
    state: SealState
    fingerprint: str = ""


def seal_of(pdf: bytes) -> Examined:
    """Of the first certification or, without one, the first signature in the file."""
    try:
        found = embedded_seal(pdf)
        return _judged(found, pdf) if found is not None else Examined(SealState.NONE)
    except Exception:  # noqa: BLE001 (whatever a broken file makes the reader raise: it shows no seal that holds)
        return Examined(SealState.UNREADABLE if b"/ByteRange" in pdf else SealState.NONE)


def embedded_seal(pdf: bytes) -> Any:
    from pyhanko.pdf_utils.reader import PdfFileReader

    signatures = list(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)
    return next((one for one in signatures if one.docmdp_level is not None), signatures[0] if signatures else None)


def _judged(found: Any, pdf: bytes) -> Examined:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    from .keys import fingerprint_of

    found.compute_integrity_info(skip_diff=True)
    fingerprint = fingerprint_of(found.signer_cert)
    intact, valid = validate_sig_integrity(
        found.signer_info, found.signer_cert, expected_content_type="data", actual_digest=found.compute_digest()
    )
    if not (intact and valid and _nothing_hides_in_the_gap(found, pdf)):
        return Examined(SealState.CHANGED, fingerprint)
    whole = found.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Examined(SealState.WHOLE if whole else SealState.ADDED, fingerprint)


def _nothing_hides_in_the_gap(found: Any, pdf: bytes) -> bool:
    """A seal covers all but the place of its own bytes: behind these there is room, and it must be empty."""
    _start, before, after, _length = (int(number) for number in found.byte_range)
    gap = pdf[before:after]
    if gap[:1] != b"<" or gap[-1:] != b">":
        return False
    digits = gap[1:-1].decode("ascii")
    content = bytes.fromhex(digits)
    one_case = digits in (content.hex(), content.hex().upper())
    return one_case and not any(content[_length_of_der(content) :])


def _length_of_der(content: bytes) -> int:
    """How long the structure says that it is (X.690, 8.1.3)."""
    if content[1] < 0x80:
        return 2 + content[1]
    size = content[1] & 0x7F
    return 2 + size + int.from_bytes(content[2 : 2 + size], "big")
