"""`manage.py verify FILE|CODE`: what the verification page says of a file or a code, and no more."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.forms_signing import VerifyForm
from reports.models import Act
from reports.verification import Found, SealVerdict, Verdict, by_code, by_file

WORDS = {
    Verdict.SAME_FILE: "This is the signed document, byte for byte the PDF that was published here.",
    Verdict.OTHER_PRINTING: "This is a true printing of the signed document, another one than was published.",
    Verdict.SAME_TEXT_OTHER_FILE: "NOT the published file: it carries the signed text, but was changed since.",
    Verdict.SEAL_CUT: "NOT the published file: the seal was cut off its end.",
    Verdict.KNOWN_CODE: "This code belongs to a published document.",
    Verdict.SIGNED_TEXT: "This is a signed text. It is not published, and nothing more is said about it.",
    Verdict.DRAFT: "This is NOT the signed text: it was made here before signing had closed, or of a voided text.",
    Verdict.UNKNOWN_CODE: "This code is unknown here.",
    Verdict.UNREADABLE: "There is no signed text in this file.",
    Verdict.NOT_OURS: "This is NOT a text published here.",
}
SEALS = {
    SealVerdict.INTACT: "intact",
    SealVerdict.NONE: "none",
    SealVerdict.CUT: "cut off",
    SealVerdict.CHANGED: "broken: what it was put on, or the seal itself, was changed",
    SealVerdict.ADDED: "something was added behind it",
    SealVerdict.UNREADABLE: "cannot be read",
    SealVerdict.STRANGE: "holds, with a certificate that is not of this place",
    SealVerdict.HOLDS: "holds, with a certificate of this place, over a file that was not made here",
}
WELL = {Verdict.SAME_FILE, Verdict.OTHER_PRINTING, Verdict.SIGNED_TEXT, Verdict.KNOWN_CODE}


class Command(BaseCommand):
    help = "Says what the verification page says of a PDF, or of the code printed beside signatures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", metavar="FILE|CODE", help="a PDF, or a code that is the name of no file")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        found = self._found(what)
        for line in lines(found):
            self.stdout.write(line)
        if found.verdict not in WELL:
            sys.exit(1)

    def _found(self, what: str) -> Found:
        path = Path(what)
        if not path.exists() and not what.lower().endswith(".pdf"):
            return by_code(what)
        try:
            if path.stat().st_size > VerifyForm.LARGEST:
                raise CommandError(f"{what} is larger than any document made here.")
            return by_file(path.read_bytes())
        except OSError as failure:
            raise CommandError(f"{what} can't be read: {failure.strerror}.") from failure


def lines(found: Found) -> list[str]:
    said = [WORDS[found.verdict]]
    publication = found.publication
    if publication is None or publication.hidden_at:
        return said
    said.append(f"Document: {publication.document.title}")
    if publication.withdrawn_at:
        replaced = publication.replaced_by
        said.append(f"WITHDRAWN by all sides on {publication.withdrawn_at:%Y-%m-%d}: {publication.withdrawn_reason}")
        if replaced is not None and replaced.is_open:
            said.append(f"Replaced by: {replaced.document.title} ({replaced.code})")
    else:
        said.append(f"Text, SHA-256: {publication.final_text.sha256}")
    return said + [_signed(act) for act in found.signatures] + _of_the_seal(found)


def _signed(act: Act) -> str:
    return f"Signed: {act.signatory.name}, {act.signatory.side.name}, {_utc(act.done_at)}"


def _of_the_seal(found: Found) -> list[str]:
    if found.seal is None:
        return []
    said = [f"Seal: {SEALS[found.seal]}"]
    if found.seal == SealVerdict.INTACT and found.sealed:
        seal = found.sealed
        said.append(f"Sealed by: {seal.name}, {_utc(seal.made_at)}, PAdES {seal.level}")
        if seal.is_trial:
            said.append("The certificate is self-made, for trying out: it proves nothing about who made the file.")
        said.append(f"Certificate, SHA-256: {seal.fingerprint}")
    return said


def _utc(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
