"""Whether a file, or a code, is a text that was signed here.

The file's own SHA-256 decides whether it is the very file that was made here; the text attached to it only says which
text it claims: a page can be replaced while the attachment stays.
"""

import hashlib
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from parley.accounts.models import User
from parley.programmes.models import Side

from .actions.signing import signatures_of
from .looking import Busy, Inside, look_inside
from .models import Act, Draft, FinalText, Publication, Rendition, Seal
from .models.agreement import DraftQuerySet
from .models.publications import PublicationQuerySet
from .renditions import adoption_of
from .sealing.examined import SealState

Reader = User | AnonymousUser | None


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
    # All that was printed here, and the seal is gone: of a published text, and of one that is not.
    SEAL_CUT = "seal-cut"
    KNOWN_CODE = "known-code"
    # Told to those alone who may read the draft: to all others such a file or hash is what it is to the world.
    DRAFT_FILE = "draft-file"
    DRAFT_TEXT_OTHER_FILE = "draft-text-other-file"
    DRAFT_HASH = "draft-hash"
    BUSY = "busy"


class SealVerdict(StrEnum):
    """What became of the seal; said only of what is published."""

    INTACT = "intact"
    # The file of a site that seals nothing, or a foreign one without any seal.
    NONE = "none"
    # All that was printed, and the seal cut off.
    CUT = "cut"
    CHANGED = "changed"
    ADDED = "added"
    UNREADABLE = "unreadable"
    # It holds, but the certificate is not one with which anything was sealed here.
    STRANGE = "strange"
    # It holds, with a certificate of this place; yet the file is none that was made here.
    HOLDS = "holds"


@dataclass(frozen=True)
class Found:
    """What the page says. `publication` only when it may be spoken of; a withdrawn one shows no names.

    `side`: whose copy the published file is, where each side has one. `seal`: what became of the file's seal, and
    `sealed`: what is known of the one that was put on it here.
    """

    verdict: Verdict
    publication: Publication | None = None
    signatures: list[Act] = field(default_factory=list)
    side: Side | None = None
    seal: SealVerdict | None = None
    sealed: Seal | None = None
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
    rendition = Rendition.objects.filter(sha256=sha256).select_related("final_text", "side", "seal").first()
    if rendition is not None:
        draft = _drafts(reader).filter(pk=rendition.draft_id).first() if rendition.draft_id else None
        if draft is not None:
            return Found(Verdict.DRAFT_FILE, draft=draft)
        return _of_our_file(rendition, getattr(rendition, "seal", None))
    seal = _seals().filter(Q(sha256=sha256) | Q(printed_sha256=sha256)).first()
    if seal is not None:
        return _of_our_file(seal.made_for, seal) if seal.sha256 == sha256 else _without_its_seal(seal)
    try:
        inside = look_inside(pdf)
    except Busy:
        return Found(Verdict.BUSY)
    draft = _drafts(reader).filter(sha256=inside.text_sha256).first() if inside.text_sha256 else None
    found = _of_a_foreign_file(inside)
    if draft is not None and found.verdict == Verdict.NOT_OURS:
        return Found(Verdict.DRAFT_TEXT_OTHER_FILE, draft=draft)
    return found


def _seals() -> models.QuerySet[Seal]:
    return Seal.objects.select_related("made_for__final_text", "made_for__side").order_by("-pk")


def _drafts(reader: Reader) -> DraftQuerySet:
    """Those that this person may read, the newest first; none for strangers."""
    if not isinstance(reader, User):
        return Draft.objects.none()
    return Draft.objects.visible_to(reader).select_related("document__group__programme")


def _of_our_file(rendition: Rendition, seal: Seal | None) -> Found:
    """Before publication a file gets only "is the signed text" or "is not"."""
    text = rendition.final_text
    publication = _known().filter(final_text=text).first() if text else None
    if text is None or not rendition.carries_signatures:
        return Found(Verdict.DRAFT, publication)
    if publication is None:
        return Found(Verdict.SIGNED_TEXT if text.voided_at is None else Verdict.DRAFT)
    stands = seal is None or seal.rendition_id == rendition.pk
    same = stands and rendition.publication_id == publication.pk
    found = _published(Verdict.SAME_FILE if same else Verdict.OTHER_PRINTING, publication, rendition.side)
    return _with_seal(found, SealVerdict.INTACT if seal else SealVerdict.NONE, seal)


def _without_its_seal(seal: Seal) -> Found:
    """The seal stands at the end of a file: what is before it was printed here, and is not what was given out."""
    text = seal.made_for.final_text
    publication = _known().filter(final_text=text).first()
    if publication is None:
        return Found(Verdict.NOT_OURS)
    return _with_seal(_published(Verdict.SEAL_CUT, publication), SealVerdict.CUT, seal)


def _of_a_foreign_file(inside: Inside) -> Found:
    if inside.text_sha256 is None:
        return Found(Verdict.UNREADABLE)
    publication = _known().filter(final_text__sha256=inside.text_sha256).first()
    if publication is None:
        return Found(Verdict.NOT_OURS)
    verdict = _judged(inside)
    return _with_seal(_published(Verdict.SAME_TEXT_OTHER_FILE, publication), verdict, None)


def _judged(inside: Inside) -> SealVerdict:
    if inside.seal != SealState.WHOLE:
        return SealVerdict(inside.seal)
    known = Seal.objects.filter(fingerprint=inside.fingerprint).exists()
    return SealVerdict.HOLDS if known else SealVerdict.STRANGE


def _with_seal(found: Found, verdict: SealVerdict, seal: Seal | None) -> Found:
    hidden = found.publication is None or found.publication.hidden_at is not None
    return found if hidden else replace(found, seal=verdict, sealed=seal)


def _known() -> PublicationQuerySet:
    return Publication.objects.known().select_related("final_text__document__group__programme")


def _published(verdict: Verdict, publication: Publication, side: Side | None = None) -> Found:
    """With whose copy it is and the names of those who signed, unless it was withdrawn or is hidden."""
    if publication.withdrawn_at or publication.hidden_at:
        return Found(verdict, publication)
    return Found(verdict, publication, signatures_of(publication.final_text), side)
