"""Second factors, and what travellers say about themselves, lie encrypted in the database, under a key that never does
(`PARLEY_MFA_KEY`). Each use has a key of its own, derived by its label.
"""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SECOND_FACTORS = "second factors"


def encrypt(text: str, *, label: str = SECOND_FACTORS) -> str:
    return _box(settings.MFA_KEY, label).encrypt(text.encode()).decode()


def decrypt(sealed: str, *, label: str = SECOND_FACTORS) -> str:
    """Raise ImproperlyConfigured under another key: a wrong key must not look like a wrong code."""
    try:
        return _box(settings.MFA_KEY, label).decrypt(sealed.encode()).decode()
    except InvalidToken as wrong_key:
        raise ImproperlyConfigured("PARLEY_MFA_KEY is not the key this was stored under.") from wrong_key


@cache
def _box(key: str, label: str) -> Fernet:
    """HKDF (RFC 5869) makes Fernet's 32 bytes of a passphrase of any length; the label keeps other uses apart."""
    if not key:
        raise ImproperlyConfigured("Set PARLEY_MFA_KEY: second factors and particulars are stored encrypted.")
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"parley {label} 1".encode()).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
