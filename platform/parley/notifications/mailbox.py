"""Mail in the embedded way of running: files in a folder, read on a page. No page without `settings.MAILBOX`."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parley.access import new_id, open_to_anyone

SHOWN = 50
WHY = "the development way of running only; elsewhere there is no such page"


class MailboxBackend(BaseEmailBackend):
    """Writes each mail to a file of its own, whole or not at all."""

    def send_messages(self, email_messages: Any) -> int:
        for message in email_messages:
            store(message.message().as_bytes(linesep="\r\n"))
        return len(email_messages)


def folder() -> Path:
    box = getattr(settings, "MAILBOX", None)
    if box is None:
        raise Http404
    return Path(box)


def store(mail: bytes) -> None:
    name = f"{timezone.now().astimezone(UTC):%Y%m%dT%H%M%S.%f}-{new_id()}"
    folder().mkdir(parents=True, exist_ok=True)
    unfinished = folder() / f"{name}.part"
    unfinished.write_bytes(mail)
    unfinished.rename(folder() / f"{name}.eml")


@dataclass(frozen=True)
class Mail:
    name: str
    at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return body.get_content() if body else ""

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]


def read(path: Path) -> Mail:
    at = datetime.strptime(path.stem.partition("-")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    return Mail(path.stem, at, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))


def newest() -> list[Mail]:
    return [read(path) for path in sorted(folder().glob("*.eml"), reverse=True)[:SHOWN]]


@require_safe
@open_to_anyone(WHY)
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/mailbox.html", {"mails": newest()})
