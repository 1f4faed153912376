"""The key of the seal: in a PKCS#12 file or on a token (PKCS#11), opened for as long as one file is sealed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from asn1crypto import pem, x509

from .failures import SealFailed

TOKEN = "pkcs11:"  # noqa: S105 (the scheme of RFC 7512)


@dataclass(frozen=True)
class KeyPlace:
    """Where the key is: the path of a PKCS#12 file, or a PKCS#11 URI (RFC 7512).

    `passphrase`: a file that holds the passphrase or the token's PIN; `chain`: a PEM file with the certificates from
    the authority's up to its root, and those of the time-stamping authority.
    """

    key: str
    passphrase: str = ""
    chain: str = ""
    is_trial: bool = False

    @property
    def is_token(self) -> bool:
        return self.key.startswith(TOKEN)


@dataclass(frozen=True)
class SealKey:
    """`signer` is pyHanko's; `others` the certificates that stand between it and a root, roots included."""

    signer: Any
    certificate: x509.Certificate
    others: list[x509.Certificate]

    @property
    def roots(self) -> list[x509.Certificate]:
        return [one for one in self.others if one.self_issued]


@dataclass(frozen=True)
class CertificateFacts:
    """What is told of a certificate."""

    name: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime
    is_self_made: bool


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    return CertificateFacts(
        name=_called(certificate.subject),
        issuer=_called(certificate.issuer),
        fingerprint=fingerprint_of(certificate),
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
        is_self_made=certificate.subject == certificate.issuer,
    )


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hexadecimal: what other programs call its fingerprint."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def _called(name: x509.Name) -> str:
    """The organisation where one is named, else the common name."""
    said: dict[str, Any] = name.native
    found = said.get("organization_name") or said.get("common_name") or name.human_friendly
    return str(found[0] if isinstance(found, list) else found)[:200]


@contextmanager
def opened(place: KeyPlace) -> Iterator[SealKey]:
    """The key, ready for use; raises SealFailed, also when its certificate is not valid today."""
    others = _chain(place)
    with _on_token(place, others) if place.is_token else _in_file(place, others) as key:
        _refuse_the_unfit(facts_of(key.certificate), place)
        yield key


def _refuse_the_unfit(facts: CertificateFacts, place: KeyPlace) -> None:
    now = datetime.now(UTC)
    if facts.valid_until <= now:
        raise SealFailed("seal-expired")
    if facts.valid_from > now:
        raise SealFailed("seal-early")
    if facts.is_self_made and not place.is_trial:
        raise SealFailed("seal-self-made")


def _chain(place: KeyPlace) -> list[x509.Certificate]:
    if not place.chain:
        return []
    try:
        blocks = pem.unarmor(Path(place.chain).read_bytes(), multiple=True)
        return [x509.Certificate.load(content, strict=True) for _kind, _headers, content in blocks]
    except OSError as failure:
        raise SealFailed("seal-missing", detail=_kind(failure)) from failure
    except ValueError as failure:
        raise SealFailed("seal-unreadable", detail=_kind(failure)) from failure


def _passphrase(place: KeyPlace) -> bytes | None:
    if not place.passphrase:
        return None
    try:
        return Path(place.passphrase).read_bytes().rstrip(b"\r\n")
    except OSError as failure:
        raise SealFailed("seal-missing", detail=_kind(failure)) from failure


@contextmanager
def _in_file(place: KeyPlace, others: list[x509.Certificate]) -> Iterator[SealKey]:
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign.signers import SimpleSigner

    try:
        content = Path(place.key).read_bytes()
    except OSError as failure:
        raise SealFailed("seal-missing", detail=_kind(failure)) from failure
    passphrase = _passphrase(place)
    try:
        pkcs12.load_key_and_certificates(content, passphrase)  # tells a wrong passphrase from a file that is none
    except ValueError as failure:
        locked = "password" in str(failure).lower() or "passphrase" in str(failure).lower()
        raise SealFailed("seal-locked" if locked else "seal-unreadable", detail=_kind(failure)) from None
    try:
        signer = SimpleSigner.load_pkcs12_data(content, other_certs=others, passphrase=passphrase)
    except Exception as failure:  # noqa: BLE001 (pyHanko lets through whatever its readers raise)
        raise SealFailed("seal-unreadable", detail=_kind(failure)) from None
    if signer is None or signer.signing_cert is None:
        raise SealFailed("seal-unreadable")
    yield SealKey(signer, signer.signing_cert, list(signer.cert_registry))


@contextmanager
def _on_token(place: KeyPlace, others: list[x509.Certificate]) -> Iterator[SealKey]:
    from pkcs11 import PKCS11Error
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    named, pin = _named(place.key), _passphrase(place)
    try:
        session = open_pkcs11_session(
            named["module-path"], token_criteria=_criteria(named), user_pin=pin.decode() if pin else None
        )
    except (PKCS11Error, SigningError, RuntimeError, OSError, KeyError, UnicodeDecodeError) as failure:
        raise SealFailed("seal-token", detail=_kind(failure)) from None
    try:
        how: dict[str, Any] = {"cert_label": named.get("object"), "ca_chain": others, "other_certs_to_pull": ()}
        certificate = PKCS11Signer(session, **how).signing_cert
        # Tokens sign a digest by ECDSA; few of them take the file's bytes.
        curved = certificate is not None and certificate.public_key.algorithm == "ec"
        signer = PKCS11Signer(session, **how, use_raw_mechanism=curved)
    except (PKCS11Error, SigningError) as failure:
        session.close()
        raise SealFailed("seal-token", detail=_kind(failure)) from None
    try:
        if certificate is None:
            raise SealFailed("seal-token")
        yield SealKey(signer, certificate, [*others, certificate])
    finally:
        session.close()


def _named(uri: str) -> dict[str, str]:
    """The attributes of a PKCS#11 URI: `token` and `object` in its path, `module-path` in its query (RFC 7512, 2.3)."""
    path, _, query = uri.removeprefix(TOKEN).partition("?")
    pairs = [part.partition("=") for part in path.split(";") if part]
    return {name: unquote(value) for name, _, value in pairs} | dict(parse_qsl(query, separator="&"))


def _criteria(named: dict[str, str]) -> Any:
    from pyhanko.config.pkcs11 import TokenCriteria

    return TokenCriteria(label=named["token"]) if "token" in named else None


def _kind(failure: Exception) -> str:
    """Never its message: that may name a path or a part of what is secret."""
    return type(failure).__name__
