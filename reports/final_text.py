"""The canonical text of a document (form 1): every word that will be printed, in the order of printing.

`build` copies it from the tabled passages, the roster and the host's record; its SHA-256 is what is released,
frozen, initialled, signed and published. docs/canonical-form-1.md describes it; docs/verify.py checks it alone.
"""

import hashlib
import unicodedata
from typing import Any

import rfc8785
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from groups.models import Deputy, Membership, Role
from parley.programmes.models import HostOrganisation, Side

from .dates import printed_date
from .models import Bracket, Document, Passage, PassageState, Section, TextReservation, Voice
from .publishing.copies import ALTERNAT
from .publishing.labels import bracket_labels, copy_labels, default_labels, summary_labels, whole_reservation_labels
from .reserving import reservations_in
from .supporting import Supported, phrase_of, supports_on
from .text import brackets, plain
from .text.schema import heading_of

FORM = 1
# By the key of a passage; under None those to the whole text.
Reserved = dict[int | None, list[TextReservation]]


def canonical(model: dict[str, Any]) -> bytes:
    """RFC 8785 bytes of the NFC-normalised model."""
    return rfc8785.dumps(_nfc(model))


def digest(model: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(model)).hexdigest()


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_nfc(key): _nfc(held) for key, held in value.items()}
    return [_nfc(held) for held in value] if isinstance(value, list) else value


def build(document: Document) -> dict[str, Any]:
    """The document as all sides see it now; caucus texts are in no part and no number of it."""
    with override(document.language):
        programme = document.group.programme
        sides = programme.sides_in_order()
        seats = _roster_seats(document)
        reserved = reservations_in(document) if document.reserved else {}
        sections = _sections(document, reserved, sides)
        return _to_the_whole(reserved) | {
            "form": FORM,
            "kind": document.kind,
            "language": document.language,
            "document": {
                "id": document.public_id,
                "title": document.title,
                "date": document.date,
                "date_printed": printed_date(document.date),
                "status": "",
            },
            "programme": {"name": programme.name},
            "group": {"name": document.group.name, "kind": document.group.kind},
            "host": _host(programme.host),
            "sides": [{"id": _code(s), "name": s.name, "demonym": s.demonym} for s in sides],
            "labels": _labels(document, sections, reserved),
            "roster": [_roster(side, seats) for side in sides],
            "statement": _statement(document),
            "sections": sections,
            "signatories": [_signatory(seat) for side in sides for seat in seats if seat.side_id == side.pk],
            "rules": _rules(document),
        }


def _labels(document: Document, sections: list[dict[str, Any]], reserved: Reserved) -> dict[str, str]:
    """The words that print adds; those of brackets, of reservations, of a summary and of copies where there are any."""
    labels = default_labels() | (bracket_labels() if has_brackets(sections) else {})
    labels |= whole_reservation_labels() if None in reserved else {}
    labels |= summary_labels() if document.is_summary else {}
    return labels | (copy_labels() if document.group.programme.is_alternat else {})


def _rules(document: Document) -> dict[str, Any]:
    """How it is signed and printed. Only the alternat is named, and that a text is not agreed."""
    precedence = {"precedence": ALTERNAT} if document.group.programme.is_alternat else {}
    agreed = {"agreed": False} if document.is_summary else {}
    return (
        precedence
        | agreed
        | {
            "print_declined": document.prints_declined,
            "in_order": document.sign_in_order,
            "signing_ends_at": document.signing_ends_at.isoformat() if document.signing_ends_at else "",
        }
    )


def _code(side: Side) -> str:
    return side.code.lower()


def _host(host: HostOrganisation) -> dict[str, Any]:
    return {
        "name": host.name,
        "website": host.website,
        "email": host.email,
        "addresses": [{"label": a.label, "lines": a.lines.splitlines()} for a in host.addresses.all()],
        "about": host.about_paragraphs(),
        "funder": host.funder,
    }


def _statement(document: Document) -> dict[str, str] | None:
    if not document.is_statement:
        return None
    return {
        "place": document.place,
        "meeting": document.meeting,
        "facilitator": document.facilitated_by,
        "lead": "",
    }


def _roster_seats(document: Document) -> list[Membership]:
    """Co-chairs first, then in the order in which the seats were given; names of an imported list among them.

    Of a co-chairs' summary its co-chairs alone (in a platform the designated members): nobody else answers for it.
    """
    seats = document.group.memberships.on_the_roster().with_a_side().select_related("person", "side")
    if document.is_summary:
        seats = seats.filter(Q(role=Role.CO_CHAIR) | Q(designated=True))
    return sorted(seats, key=lambda seat: (seat.role != Role.CO_CHAIR, seat.pk))


def role_printed(seat: Membership) -> str:
    """A designated key holder has no title; a deputy is printed as deputy."""
    if seat.role == Role.CO_CHAIR:
        return _("Co-chair")
    if Deputy.objects.acting().filter(membership=seat).exists():
        return _("Deputy co-chair")
    return ""


def _roster(side: Side, seats: list[Membership]) -> dict[str, Any]:
    return {
        "side": _code(side),
        "heading": _("Members from %(side)s") % {"side": side.name},
        "people": [
            {
                "name": str(seat.person),
                "own_script": seat.person.name_own_script,
                "role": seat.role,
                "role_printed": role_printed(seat),
            }
            for seat in seats
            if seat.side_id == side.pk
        ],
    }


def _signatory(seat: Membership) -> dict[str, str]:
    return {
        "id": seat.public_id,
        "name": str(seat.person),
        "side": _code(seat.side),  # type: ignore[arg-type]  # on the roster with a side
        "role_printed": role_printed(seat),
    }


def _to_the_whole(reserved: Reserved) -> dict[str, Any]:
    return {"reservations": _reservations(reserved[None])} if None in reserved else {}


def _reservations(reserved: list[TextReservation]) -> list[dict[str, str]]:
    """In the order in which they were entered, each as its footnote says it."""
    return [
        {
            "id": reservation.public_id,
            "side": _code(reservation.side),
            "name": reservation.name,
            "attribution": reservation.attribution,
            "text": reservation.words,
        }
        for reservation in reserved
    ]


def _sections(document: Document, reserved: Reserved, sides: list[Side]) -> list[dict[str, Any]]:
    passages = list(
        Passage.objects.tabled_ones()
        .filter(section__document=document, section__dropped_at=None)
        .select_related("side", "tabled", "answers")
        .in_reading_order()
    )
    by_section: dict[int, list[Passage]] = {}
    for passage in passages:
        by_section.setdefault(passage.section_id, []).append(passage)
    printed = supports_on(document, passages, sides) if document.prints_support else {}
    held = _open_brackets([p for p in passages if p.state == PassageState.BRACKETED])
    numbers = Numbers()
    sections = document.sections.present()
    numbered = not document.is_statement
    return [
        _section(section, str(n) if numbered else "", by_section.get(section.pk, []), numbers, held, reserved, printed)
        for n, section in enumerate(sections, 1)
    ]


def has_brackets(sections: list[dict[str, Any]]) -> bool:
    """Whether words in them are not agreed: of a draft; a final text has none."""
    return any("brackets" in item for section in sections for item in section["items"])


def _open_brackets(passages: list[Passage]) -> dict[str, Bracket]:
    """By the id that their marks carry."""
    if not passages:
        return {}
    found = Bracket.objects.open().filter(passage__in=passages).with_alternatives()
    return {bracket.public_id: bracket for bracket in found}


class Numbers:
    """Paragraphs are numbered through the document, recommendations R1, R2, …; never typed."""

    def __init__(self) -> None:
        self.paragraph = self.recommendation = 0

    def next_paragraph(self) -> str:
        self.paragraph += 1
        return str(self.paragraph)

    def next_recommendation(self) -> str:
        self.recommendation += 1
        return f"R{self.recommendation}"


def _section(
    section: Section,
    number: str,
    passages: list[Passage],
    numbers: Numbers,
    held: dict[str, Bracket],
    reserved: Reserved,
    printed: dict[int, list[Supported]],
) -> dict[str, Any]:
    return {
        "id": section.public_id,
        "number": number,
        "title": section.title,
        "items": [
            _item(passage, numbers, held, reserved.get(passage.pk, [])) | _support(printed.get(passage.pk))
            for passage in passages
        ],
    }


def _item(
    passage: Passage, numbers: Numbers, held: dict[str, Bracket], reserved: list[TextReservation]
) -> dict[str, Any]:
    revision = passage.tabled
    heading, text = heading_of(revision.text)  # type: ignore[union-attr]  # tabled passages have one
    return {
        "id": passage.public_id,
        "voice": passage.voice,
        "side": _code(passage.side) if passage.side else None,
        "answers": passage.answers.public_id if passage.answers else None,
        "number": numbers.next_paragraph(),
        "label": label(passage),
        "attribution": "" if passage.attributed_in_text else attribution(passage),
        "heading": _heading(heading, numbers),
        "text": text,
        "revision": revision.number,  # type: ignore[union-attr]
        "sha256": revision.sha256,  # type: ignore[union-attr]
        **_brackets(text, held),
        **({"reservations": _reservations(reserved)} if reserved else {}),
    }


def _support(supported: list[Supported] | None) -> dict[str, Any]:
    """Under a recommendation, where the keys decided to print it; no key elsewhere."""
    if supported is None:
        return {}
    levels = [{"side": _code(one.side), "level": one.level} for one in supported]
    return {"support": {"label": _("Support"), "text": phrase_of(supported), "sides": levels}}


def _brackets(text: dict[str, Any], held: dict[str, Bracket]) -> dict[str, Any]:
    """In reading order whose each is, why it was opened, and what each side would say instead; no key without any."""
    found = [_bracket(held[bracket]) for bracket in brackets.ids_of(text)]
    return {"brackets": found} if found else {}


def _bracket(bracket: Bracket) -> dict[str, Any]:
    return {
        "id": bracket.public_id,
        "side": _code(bracket.side),
        "reason": bracket.reason,
        "alternatives": [
            {"side": _code(one.side), "text": one.words}
            for one in bracket.standing  # type: ignore[attr-defined]  # prefetched
        ],
    }


def label(passage: Passage) -> str:
    """The heading over one side's words, in the document's language."""
    if passage.side is None:
        return ""
    if passage.voice == Voice.REPLY:
        return _("Comment by the %(demonym)s side") % {"demonym": passage.side.demonym}
    return _("%(demonym)s perspective") % {"demonym": passage.side.demonym}


def attribution(passage: Passage) -> str:
    """The generated phrase that says who speaks."""
    if passage.side is None:
        return ""
    if passage.voice == Voice.REPLY:
        return _("The %(demonym)s side comments:") % {"demonym": passage.side.demonym}
    return _("From %(side)s’s perspective:") % {"side": passage.side.name}


def _heading(heading: dict[str, Any] | None, numbers: Numbers) -> dict[str, str] | None:
    if heading is None:
        return None
    attrs = heading["attrs"]
    return {
        "number": numbers.next_recommendation(),
        "text": plain.text_of(heading),
        "addressee": attrs["addressee"],
        "horizon": attrs["horizon"],
        "addressee_label": _("Addressee") if attrs["addressee"] else "",
        "horizon_label": _("Horizon") if attrs["horizon"] else "",
    }
