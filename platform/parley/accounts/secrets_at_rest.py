"""Second factors lie encrypted in the database, under a key that never does (`PARLEY_MFA_KEY`)."""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def encrypt(text: str) -> str:
    return _box(settings.MFA_KEY).encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """Raise ImproperlyConfigured under another key: a wrong key must not look like a wrong code."""
    try:
        return _box(settings.MFA_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as wrong_key:
        raise ImproperlyConfigured("PARLEY_MFA_KEY is not the key this second factor was stored under.") from wrong_key


@cache
def _box(key: str) -> Fernet:
    """HKDF (RFC 5869) makes Fernet's 32 bytes of a passphrase of any length; the label keeps other uses apart."""
    if not key:
        raise ImproperlyConfigured("Set PARLEY_MFA_KEY: second factors are stored encrypted.")
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"parley second factors 1").derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
