"""Transactional mail to an address: sign-in codes, invitations. Never delayed, dropped when it has expired."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from parley.access import new_id

from .kinds import Urgency
from .letters import ACCOUNT
from .models import Delivery, event_key
from .wake import poke


def send_account_mail(
    template_prefix: str,
    to: str,
    context: Mapping[str, Any],
    expires_at: datetime | None = None,
    *,
    key: str | None = None,
) -> None:
    """Queue `templates/mail/<template_prefix>.{subject.txt,txt,html}`; it survives a crash of the mail server.

    `context` is plain JSON (strings, numbers, lists); "language" in it is the reader's, else the active one. With a
    `key`, the same mail asked for twice is sent once. The context is wiped when the mail is out or has expired.
    """
    facts = {"language": translation.get_language(), **context}
    delivery = Delivery(
        key=event_key(f"{template_prefix}|{key or new_id()}", to, "mail"),
        to=to,
        kind=f"{ACCOUNT}{template_prefix}",
        facts=facts,
        urgency=Urgency.TRANSACTIONAL,
        expires_at=expires_at,
    )
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)
    poke()
