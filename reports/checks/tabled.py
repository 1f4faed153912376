"""A document as the checks read it: what lies before all sides or, for one side's own eyes, with its caucus copies."""

import json
from functools import lru_cache
from typing import Any

from groups.glossary import agreed_terms
from groups.models import Membership
from parley.programmes.models import Side
from reports.coverage import no_reply_wished
from reports.models import Document, FinalText, Passage, Publication, Revision
from reports.text import plain

from .names import names_in
from .texts import Ground, Piece, SideName, TermUse, Whole, piece_of


def whole_text(document: Document) -> Whole:
    """The tabled text; nothing of a caucus is in it."""
    return _whole(document, Passage.objects.tabled_ones(), None)


def text_of_side(document: Document, side: Side) -> Whole:
    """As the members of this side read it: their caucus copies in the place of what they have tabled."""
    return _whole(document, Passage.objects.as_seen_by(side), side)


def _whole(document: Document, passages: Any, side: Side | None) -> Whole:
    sections = {section.public_id: section.title for section in document.sections.present()}
    shown = passages.filter(section__document=document, section__dropped_at=None)
    shown = shown.select_related("side", "tabled", "caucus_copy", "answers", "section").in_reading_order()
    pieces = tuple(_piece(passage, passage.text_for(side)) for passage in shown)
    return Whole(ground_of(document), pieces, sections)


def _piece(passage: Passage, revision: Revision) -> Piece:
    return piece_of(
        revision.text,
        id=passage.public_id,
        section=passage.section.public_id,
        voice=str(passage.voice),
        sha256=revision.sha256,
        side=passage.side.public_id if passage.side else "",
        answers=passage.answers.public_id if passage.answers else "",
    )


def ground_of(document: Document) -> Ground:
    programme = document.group.programme
    seats = document.group.memberships.on_the_roster().with_a_side().select_related("person")
    return Ground(
        language=document.language,
        sides=tuple(SideName(s.public_id, s.name, s.demonym) for s in programme.sides_in_order()),
        roster=tuple(sorted(_name(seat) for seat in seats)),
        terms=tuple(TermUse(**term) for term in agreed_terms(programme)),
        published=_published_names(document),
        no_reply_wished=frozenset(no_reply_wished(document)),
    )


def _name(seat: Membership) -> str:
    return str(seat.person)


def _published_names(document: Document) -> tuple[str, ...]:
    """Names in what the world can read of the programme, this document left out; each text is read once a process."""
    public = Publication.objects.public().exclude(final_text__document=document)
    public = public.filter(
        final_text__document__group__programme=document.group.programme_id,
        final_text__document__language=document.language,
    )
    texts = public.order_by("pk").values_list("final_text", "final_text__sha256")
    return tuple(sorted({name for pk, sha256 in texts for name in _names_of(pk, sha256)}))


@lru_cache(maxsize=256)
def _names_of(final_text: int, sha256: str) -> frozenset[str]:
    model = json.loads(FinalText.objects.values_list("canonical", flat=True).get(pk=final_text))
    items = [item for section in model["sections"] for item in section["items"]]
    found = {name for item in items for name in names_in("\n".join(plain.texts_of(item["text"])))}
    people = {word for roster in model["roster"] for person in roster["people"] for word in person["name"].split()}
    return frozenset(found | people)
