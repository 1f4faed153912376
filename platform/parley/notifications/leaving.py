"""Leaving a list by mail, signed out: an address that says who and which list, under our signature (RFC 8058)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse

SALT = "parley.leaving"
DIGESTS, AT_ONCE = "digests", "at_once"


@dataclass(frozen=True)
class WayOut:
    """Of one reader, of one of the two lists."""

    reader: Any
    of: str


def address_to_leave(reader: Any, *, at_once: bool) -> str:
    token = signing.Signer(salt=SALT).sign_object([reader.public_id, AT_ONCE if at_once else DIGESTS])
    return f"{settings.PARLEY_URL}{reverse('leave_list', kwargs={'token': token})}"


def way_out(token: str) -> WayOut | None:
    """None for an address that we did not write, or whose reader is gone. Like the mail, it never grows old."""
    try:
        public_id, of = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    reader = get_user_model()._default_manager.filter(public_id=public_id, is_active=True).first()
    return WayOut(reader, of) if reader is not None and of in (DIGESTS, AT_ONCE) else None
