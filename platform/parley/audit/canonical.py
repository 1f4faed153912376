"""One way to write a fact down, so that its hash means the same everywhere: RFC 8785 (JSON canonicalisation)."""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


class FactRefused(ValueError):
    """A fact that can't be written canonically: a float, an object, a number beyond 2^53, half a character."""


def canonical(value: Any) -> bytes:
    """The bytes of `value` in RFC 8785; raises `FactRefused`."""
    _refuse_floats(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as wrong:
        raise FactRefused(str(wrong)) from wrong


def sha256(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse_floats(value: Any) -> None:
    """Two databases print floats differently; a record needs none."""
    if isinstance(value, float):
        raise FactRefused("a float has no place in the record")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)
