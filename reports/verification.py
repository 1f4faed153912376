"""Whether a file, or a code, is a text that was signed here.

The file's own SHA-256 decides whether it is the very file that was made here; the text attached to it only says which
text it claims: a page can be replaced while the attachment stays.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from parley.accounts.models import User
from parley.programmes.models import Side

from .actions.signing import signatures_of
from .models import Act, Draft, FinalText, Publication, Rendition
from .models.agreement import DraftQuerySet
from .models.publications import PublicationQuerySet
from .publishing.attached import LIMITS
from .renditions import adoption_of

Reader = User | AnonymousUser | None

SECONDS = 20
# Files of strangers that one process looks at together, and seconds that one more waits for its turn.
AT_ONCE, PATIENCE = 2, 5
_looking = threading.BoundedSemaphore(AT_ONCE)


class Verdict(StrEnum):
    UNKNOWN_CODE = "unknown-code"
    NOT_OURS = "not-ours"
    UNREADABLE = "unreadable"
    # A file made here, of a text that is not published: is it the signed text or not, and no more.
    SIGNED_TEXT = "signed-text"
    DRAFT = "draft"
    # Published: the very file, another printing made here of it, or only the code or the attached text.
    SAME_FILE = "same-file"
    OTHER_PRINTING = "other-printing"
    SAME_TEXT_OTHER_FILE = "same-text-other-file"
    KNOWN_CODE = "known-code"
    # Told to those alone who may read the draft: to all others such a file or hash is what it is to the world.
    DRAFT_FILE = "draft-file"
    DRAFT_TEXT_OTHER_FILE = "draft-text-other-file"
    DRAFT_HASH = "draft-hash"
    BUSY = "busy"


class Busy(Exception):
    """As many files are being looked at as this process will look at together: ask again."""


@dataclass(frozen=True)
class Found:
    """What the page says. `publication` only when it may be spoken of; a withdrawn one shows no names.

    `side`: whose copy the published file is, where each side has one.
    """

    verdict: Verdict
    publication: Publication | None = None
    signatures: list[Act] = field(default_factory=list)
    side: Side | None = None
    draft: Draft | None = None

    @property
    def adoption(self) -> dict[str, str] | None:
        """How silence adopted it, of a publication that may be spoken of."""
        shown = self.publication is not None and not (self.publication.withdrawn_at or self.publication.hidden_at)
        return adoption_of(self.text).get("adoption") if shown and self.text else None

    @property
    def text(self) -> FinalText | None:
        return self.publication.final_text if self.publication else None


def by_code(code: str, reader: Reader = None) -> Found:
    """Before publication a code is unknown here. Typed from paper: case, spaces and dashes do not matter.

    Who may read a draft may also ask for its code or for the SHA-256 of its text.
    """
    wanted = "".join(re.findall("[a-z0-9]", code.lower()))
    publication = _known().filter(final_text__public_id=wanted).first()
    if publication is not None:
        return _published(Verdict.KNOWN_CODE, publication)
    draft = _drafts(reader).filter(Q(public_id=wanted) | Q(sha256=wanted)).first()
    return Found(Verdict.DRAFT_HASH, draft=draft) if draft else Found(Verdict.UNKNOWN_CODE)


def by_file(pdf: bytes, reader: Reader = None) -> Found:
    """`reader`: who asks, if they are signed in."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    rendition = Rendition.objects.filter(sha256=sha256).select_related("final_text", "side").first()
    if rendition is not None:
        draft = _drafts(reader).filter(pk=rendition.draft_id).first() if rendition.draft_id else None
        return Found(Verdict.DRAFT_FILE, draft=draft) if draft else _of_our_file(rendition)
    try:
        text_sha256 = attached_text_sha256(pdf)
    except Busy:
        return Found(Verdict.BUSY)
    if text_sha256 is None:
        return Found(Verdict.UNREADABLE)
    publication = _known().filter(final_text__sha256=text_sha256).first()
    if publication is not None:
        return _published(Verdict.SAME_TEXT_OTHER_FILE, publication)
    draft = _drafts(reader).filter(sha256=text_sha256).first()
    return Found(Verdict.DRAFT_TEXT_OTHER_FILE, draft=draft) if draft else Found(Verdict.NOT_OURS)


def _drafts(reader: Reader) -> DraftQuerySet:
    """Those that this person may read, the newest first; none for strangers."""
    if not isinstance(reader, User):
        return Draft.objects.none()
    return Draft.objects.visible_to(reader).select_related("document__group__programme")


def _of_our_file(rendition: Rendition) -> Found:
    """Before publication a file gets only "is the signed text" or "is not"."""
    text = rendition.final_text
    publication = _known().filter(final_text=text).first() if text else None
    if text is None or not rendition.carries_signatures:
        return Found(Verdict.DRAFT, publication)
    if publication is None:
        return Found(Verdict.SIGNED_TEXT if text.voided_at is None else Verdict.DRAFT)
    same = rendition.publication_id == publication.pk
    return _published(Verdict.SAME_FILE if same else Verdict.OTHER_PRINTING, publication, rendition.side)


def _known() -> PublicationQuerySet:
    return Publication.objects.known().select_related("final_text__document__group__programme")


def _published(verdict: Verdict, publication: Publication, side: Side | None = None) -> Found:
    """With whose copy it is and the names of those who signed, unless it was withdrawn or is hidden."""
    if publication.withdrawn_at or publication.hidden_at:
        return Found(verdict, publication)
    return Found(verdict, publication, signatures_of(publication.final_text), side)


def attached_text_sha256(pdf: bytes) -> str | None:
    """SHA-256 of the canonical text that the PDF carries, read in a bounded child process; None when there is none.

    Raises Busy when AT_ONCE files are being looked at already: strangers send them, and each may take half a gigabyte.
    """
    if not _looking.acquire(timeout=PATIENCE):
        raise Busy
    try:
        return _read_apart(pdf)
    finally:
        _looking.release()


def _read_apart(pdf: bytes) -> str | None:
    command = [sys.executable, "-I", str(LIMITS.script)]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and script)
            command, input=pdf, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
        return json.loads(done.stdout)["sha256"] if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
