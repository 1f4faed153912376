"""Public identifiers: random, so that no number betrays how much a caucus has written."""

import secrets
from typing import Any

from django.db import models

# Without 0/o, 1/l/i: people read codes to each other over the telephone.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 12
# Bytes from here on would give some letters a better chance than others.
FAIR = 256 - 256 % len(ALPHABET)
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(FAIR, 256))


def new_id() -> str:
    """Twelve random characters, 59 bits: unguessable in an address, short enough to read out."""
    letters = ""
    while len(letters) < LENGTH:
        letters += secrets.token_bytes(16).translate(_LETTERS, delete=_UNFAIR).decode()
    return letters[:LENGTH]


class PublicIdField(models.CharField):
    """The only identifier of a row that appears in addresses, pages, mails and exports."""

    def __init__(self, **kwargs: Any) -> None:
        kept: dict[str, Any] = {"max_length": 16, "unique": True, "default": new_id, "editable": False}
        super().__init__(**(kept | kwargs))
