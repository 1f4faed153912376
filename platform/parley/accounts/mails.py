"""Mail about an account, through the outbox: nothing is sent inside a request."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from parley.notifications import send_account_mail

from .models import User

SECURITY_MAIL = timedelta(days=3)


def sign_in_code(email: str, code: str) -> None:
    """Dropped when the code has expired."""
    lifetime = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    context = {"code": code, "minutes": lifetime.seconds // 60}
    _queue("account_code", email, context, timezone.now() + lifetime)


def unknown_address(email: str) -> None:
    """The same road and the same pace as a code: nobody learns from outside whether an address is known."""
    lifetime = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    _queue("account_unknown", email, {}, timezone.now() + lifetime)


def new_address_code(email: str, code: str, *, minutes: int) -> None:
    """To the new mailbox: who reads it there may use it for signing in."""
    _queue("account_address", email, {"code": code, "minutes": minutes}, timezone.now() + timedelta(minutes=minutes))


def address_taken(email: str) -> None:
    """To somebody whose address another person wants to use here."""
    _queue("account_taken", email, {}, timezone.now() + SECURITY_MAIL)


def security_changed(person: User, change: str, *, to: str = "") -> None:
    """To the person, or to the address that they had before (`to`)."""
    with translation.override(person.language):
        _queue("account_security", to or person.email, {"change": change}, timezone.now() + SECURITY_MAIL)


def _queue(prefix: str, email: str, context: dict[str, Any], expires_at: datetime) -> None:
    own = {"site": settings.PARLEY_URL, "sign_in_url": f"{settings.PARLEY_URL}{reverse('account_login')}"}
    context |= own | {"email": email, "language": translation.get_language()}
    send_account_mail(prefix, to=email, context=context, expires_at=expires_at)
