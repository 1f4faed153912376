"""Writing a mail from rows of the outbox: for this reader, in their language and zone, of what they may still see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .digests import digest_of
from .headers import of_any, of_notices
from .models import Delivery
from .safe_mail import safe_words
from .told import Told, told_to

ACCOUNT = "account:"
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


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
            attach_calendar(mail, self.calendar)
        return mail


@dataclass(frozen=True)
class Written:
    """A mail, which of its rows it tells of, and which nobody needs any more: expired, their subject gone, their
    reader without access. No letter where no row is left.
    """

    letter: Letter | None
    told: list[Delivery]
    unwanted: list[Delivery]


def write(delivery: Delivery) -> Letter | None:
    """The mail of one row, or None when nobody needs it any more."""
    return write_together([delivery]).letter


def write_together(rows: list[Delivery]) -> Written:
    """The mail of one row, or of the rows of a bundle, which have one reader."""
    first, now = rows[0], timezone.now()
    if first.kind.startswith(ACCOUNT):
        expired = first.expires_at is not None and first.expires_at <= now
        return Written(None, [], rows) if expired else Written(account_letter(first), rows, [])
    told = told_to(first.reader, rows)
    wanted = [each.row for each in told]
    unwanted = [row for row in rows if row not in wanted]
    if not told:
        return Written(None, [], unwanted)
    with in_the_words_of(told[0].reader):
        alone = len(told) == 1 and not told[0].is_news
        written = notice_letter(told, rows) if alone else digest_letter(told, rows)
    return Written(written, wanted, unwanted)


@contextmanager
def in_the_words_of(reader: Any) -> Iterator[None]:
    with translation.override(reader.language), timezone.override(reader.time_zone):
        yield


def notice_letter(told: list[Told], bundle: list[Delivery]) -> Letter:
    context = {"words": told[0].words}
    written = letter(told[0].address, "notifications/mail/notice", context, of_notices(told, bundle))
    return replace(written, calendar=told[0].calendar)


def digest_letter(told: list[Told], bundle: list[Delivery]) -> Letter:
    digest = digest_of(told)
    if digest.says_nothing:
        context: dict[str, Any] = {"words": safe_words()}
        return letter(told[0].address, "notifications/mail/notice", context, of_notices(told, bundle))
    context = {"digest": digest}
    return letter(told[0].address, "notifications/mail/digest", context, of_notices(told, bundle))


def account_letter(delivery: Delivery) -> Letter:
    """A code, an invitation: no standing is asked, since who gets it may have none yet."""
    prefix = f"mail/{delivery.kind.removeprefix(ACCOUNT)}"
    context = dict(delivery.facts)
    with translation.override(context.get("language") or settings.LANGUAGE_CODE):
        return letter(delivery.to, prefix, context, of_any([delivery]))


def letter(to: str, prefix: str, context: dict[str, Any], headers: dict[str, str]) -> Letter:
    context = {"site": settings.PARLEY_URL, "help_mail": settings.HELP_MAIL, "headers": headers, **context}
    return Letter(
        to=to,
        subject=one_line(render_to_string(f"{prefix}.subject.txt", context)),
        text=render_to_string(f"{prefix}.txt", context).strip() + "\n",
        html=render_to_string(f"{prefix}.html", context),
        headers=headers,
    )


def one_line(text: str) -> str:
    """Word's soft line break and its kin break a header."""
    return " ".join(text.split())


def attach_calendar(mail: EmailMultiAlternatives, text: str) -> None:
    """Twice, as mail programmes differ: the last alternative (Gmail, Outlook) and a file (Apple Mail, all others).

    RFC 6047 §2.4: the method is a parameter of the part and must be the one inside the file.
    """
    mail.attach_alternative(text, f"text/calendar; method={method_of(text)}")
    mail.attach("meeting.ics", text.encode(), "application/ics")


def method_of(text: str) -> str:
    return next((line[7:].strip() for line in text.splitlines() if line.startswith("METHOD:")), "PUBLISH")
