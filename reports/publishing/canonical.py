"""The bytes that are hashed, signed and attached: RFC 8785 of the final text with every string in NFC."""

import hashlib
import unicodedata
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes in UTF-8, the same for equal values on every machine."""
    return rfc8785.dumps(_composed(value))


def sha256(content: bytes) -> str:
    """Hexadecimal, lower case."""
    return hashlib.sha256(content).hexdigest()


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_composed(key): _composed(each) for key, each in value.items()}
    return [_composed(each) for each in value] if isinstance(value, list) else value
