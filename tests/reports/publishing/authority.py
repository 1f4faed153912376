"""A site that seals, and what it needs for it: a small authority of our own, its time stamps and its certificates."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = "lantern"
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class Held:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate


def certified(
    name: str, by: Held | None, *usages: str, days: tuple[int, int] = (-1, 365), stamps: bool = False
) -> Held:
    # pyHanko's stand-in for a time-stamping authority knows RSA only.
    key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
    issuer, signing = (by.certificate.subject, by.key) if by else (subject, key)
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=days[0]))
        .not_valid_after(now + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(by is None, None), critical=True)
        .add_extension(x509.KeyUsage(**{one: one in usages for one in USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Held(key, builder.sign(signing, hashes.SHA256()))


@cache
def authority() -> Held:
    return certified("Port Amity Authority", None, "key_cert_sign", "crl_sign", days=(-900, 900))


@cache
def of_the_host(days: tuple[int, int] = (-1, 365)) -> Held:
    return certified("Lantern House", authority(), "digital_signature", "content_commitment", days=days)


def kept(folder: Path, held: Held, passphrase: str = PASSPHRASE) -> dict[str, str]:
    """The settings of a site that has this certificate in a PKCS#12 file."""
    key, words, chain = folder / "seal.p12", folder / "passphrase", folder / "chain.pem"
    protection = BestAvailableEncryption(PASSPHRASE.encode())
    roots = [authority().certificate] if held.certificate.issuer != held.certificate.subject else None
    key.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", held.key, held.certificate, roots, protection))
    words.write_text(f"{passphrase}\n")
    chain.write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    return {"SEAL": str(key), "SEAL_PASSPHRASE_FILE": str(words), "SEAL_CHAIN": str(chain)}


@cache
def stamper() -> Any:
    """A time-stamping authority in this process."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    held = certified("Port Amity Clock", authority(), "digital_signature", stamps=True)
    key = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate = asn1.Certificate.load(held.certificate.public_bytes(Encoding.DER))
    root = asn1.Certificate.load(authority().certificate.public_bytes(Encoding.DER))
    store = SimpleCertificateStore.from_certs([certificate, root])
    return DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(key), certs_to_embed=store)


def empty_list() -> Any:
    """The authority's list of withdrawn certificates, with none in it."""
    from asn1crypto import crl

    held, now = authority(), dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(held.certificate.subject)
        .last_update(now - dt.timedelta(hours=1))
        .next_update(now + dt.timedelta(days=9))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(held.key.public_key()), critical=False)
        .sign(held.key, hashes.SHA256())
    )
    return crl.CertificateList.load(built.public_bytes(Encoding.DER))
