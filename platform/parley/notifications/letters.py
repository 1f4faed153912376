"""Writing a mail from a row of the outbox: for this reader, in their language and zone, if they may still see it."""

from dataclasses import dataclass, field
from email.mime.text import MIMEText
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .kinds import kind_named
from .models import Delivery
from .safe_mail import mail_words

ACCOUNT = "account:"
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


class UnknownKind(LookupError):
    """No part of this release declares the kind of a row."""


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str
    html: str
    calendar: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def message(self, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
        mail = EmailMultiAlternatives(
            self.subject, self.text, to=[self.to], headers=self.headers, connection=connection
        )
        mail.attach_alternative(INLINER.inline(self.html), "text/html")
        if self.calendar:
            mail.attach(calendar_part(self.calendar))
        return mail


def write(delivery: Delivery) -> Letter | None:
    """The mail, or None when it is no longer wanted: expired, its subject gone, its reader without access."""
    if delivery.expires_at and delivery.expires_at <= timezone.now():
        return None
    if delivery.kind.startswith(ACCOUNT):
        return account_letter(delivery)
    return notice_letter(delivery)


def notice_letter(delivery: Delivery) -> Letter | None:
    reader, kind = delivery.reader, kind_named(delivery.kind)
    if kind is None:
        # Of a newer release, perhaps: it waits for a worker that knows it, and is never dropped in silence.
        raise UnknownKind(delivery.kind)
    if reader is None or not reader.is_active:
        return None
    subject = kind.find(delivery.subject)
    if subject is None or not kind.may_see(reader, subject):
        return None
    with translation.override(reader.language), timezone.override(reader.time_zone):
        words = mail_words(kind, subject, reader, delivery.facts)
        return letter(delivery, reader.email, "notifications/mail/notice", {"words": words, "reader": reader})


def account_letter(delivery: Delivery) -> Letter:
    """A code, an invitation: no standing is asked, since who gets it may have none yet."""
    prefix = f"mail/{delivery.kind.removeprefix(ACCOUNT)}"
    context = dict(delivery.facts)
    with translation.override(context.get("language") or settings.LANGUAGE_CODE):
        return letter(delivery, delivery.to, prefix, context)


def letter(delivery: Delivery, to: str, prefix: str, context: dict[str, Any]) -> Letter:
    context = {"site": settings.PARLEY_URL, "help_mail": settings.HELP_MAIL, **context}
    return Letter(
        to=to,
        subject=one_line(render_to_string(f"{prefix}.subject.txt", context)),
        text=render_to_string(f"{prefix}.txt", context).strip() + "\n",
        html=render_to_string(f"{prefix}.html", context),
        calendar=delivery.calendar,
        headers=headers(delivery),
    )


def headers(delivery: Delivery) -> dict[str, str]:
    """The Message-ID follows from the row's key: a mail sent twice is recognised as one. RFC 3834 for the second."""
    domain = urlsplit(settings.PARLEY_URL).hostname or "localhost"
    return {"Message-ID": f"<{delivery.key[:40]}@{domain}>", "Auto-Submitted": "auto-generated"}


def one_line(text: str) -> str:
    """Word's soft line break and its kin break a header."""
    return " ".join(text.split())


def calendar_part(text: str) -> MIMEText:
    """RFC 6047: the method is a parameter of the part and must be the one inside the file."""
    part = MIMEText(text, "calendar", "utf-8")
    method = next((line[7:].strip() for line in text.splitlines() if line.startswith("METHOD:")), "PUBLISH")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename="meeting.ics")
    return part
