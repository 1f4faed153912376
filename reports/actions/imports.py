"""A document from a file: joint passages arrive open, with their brackets; views and replies as proposed for a side."""

from collections.abc import Iterable

from django.db import transaction

from groups.models import ThematicGroup
from parley.access import new_id
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports import exchange
from reports.actions.reservations import bring_in_reservations
from reports.exchange import ExchangeRefused, Problem
from reports.exchanging import DOCUMENT_KINDS
from reports.models import Alternative, Bracket, Document, DocumentKind, Passage, PassageState, Section, Voice
from reports.revising import count_passages, put_before_all
from reports.text import brackets
from reports.text.schema import with_heading


@transaction.atomic
def import_document(contents: exchange.Contents, *, group: ThematicGroup, specimen: str = "", by: User) -> Document:
    """A new document of the group; all of it or nothing. Raises ExchangeRefused with what does not fit this group."""
    sides = _sides_by_name(contents, group)
    document = Document.objects.create(
        group=group,
        kind=_kind(contents),
        title=contents.title,
        date=contents.date,
        language=group.programme.language,
        place=contents.place,
        meeting=contents.meeting,
        facilitated_by=contents.facilitator,
        specimen=specimen,
        started_by=by,
    )
    for place, section in enumerate(_sections(contents)):
        _import_section(document, section, place, sides, by)
    bring_in_reservations(document, None, contents.reservations, sides, by)
    record("document.imported", chain=group.chain, by=by, facts={"document": document.public_id})
    page_changed(group.topic())
    return document


def _kind(contents: exchange.Contents) -> DocumentKind:
    if contents.kind not in DOCUMENT_KINDS:
        reason = f"A document of the kind “{contents.kind}” cannot be made here."
        raise ExchangeRefused([Problem("kind", reason, "Import a report, a statement or a summary.")])
    return DOCUMENT_KINDS[contents.kind]


def _sides_by_name(contents: exchange.Contents, group: ThematicGroup) -> dict[str, Side]:
    held = {side.name: side for side in group.programme.sides.all()}
    problems = [
        Problem(
            f"sides[{place}].name",
            f"“{side.name}” is no side of the programme “{group.programme}”.",
            f"The sides here are: {', '.join(held)}.",
        )
        for place, side in enumerate(contents.sides)
        if side.name not in held
    ]
    if problems:
        raise ExchangeRefused(problems)
    return held


def _sections(contents: exchange.Contents) -> Iterable[exchange.Section]:
    if contents.paragraphs:
        return [exchange.Section(title=contents.title, passages=contents.paragraphs)]
    return contents.sections


def _import_section(document: Document, part: exchange.Section, place: int, sides: dict[str, Side], by: User) -> None:
    section = Section.objects.create(
        document=document,
        title=part.title,
        position=place,
        holds_recommendations=bool(part.recommendations),
    )
    _import_passages(section, part.passages, sides, by, first=0)
    position = len(part.passages)
    for one in part.recommendations:
        _import_passages(section, one.passages, sides, by, first=position, under=one)
        position += len(one.passages)
    count_passages(document, section)


def _import_passages(
    section: Section,
    parts: Iterable[exchange.Passage],
    sides: dict[str, Side],
    by: User,
    *,
    first: int,
    under: exchange.Recommendation | None = None,
) -> None:
    made: list[Passage] = []
    for place, part in enumerate(parts):
        side = sides.get(part.voice)
        passage = Passage(
            section=section,
            voice=_voice(part, under),
            side=side,
            answers=made[part.responds_to] if part.responds_to is not None else None,
            position=first + place,
            state=PassageState.CAUCUS,
            attributed_in_text=part.attributed_in_text,
            proposed_for_side=side is not None,
            started_by=by,
        )
        passage.save()
        ids = [new_id() for _bracket in part.brackets]
        text = brackets.renamed(part.text, {str(number): id_ for number, id_ in enumerate(ids, 1)})
        if under is not None and place == 0:
            text = with_heading(text, under.heading, addressee=under.addressee, horizon=under.horizon)
        put_before_all(passage, text, by=by)
        if ids:
            passage.move_to(PassageState.BRACKETED)
        passage.save()
        bring_in_reservations(section.document, passage, part.reservations, sides, by)
        _import_brackets(passage, dict(zip(ids, part.brackets, strict=True)), sides, by)
        made.append(passage)


def _import_brackets(passage: Passage, noted: dict[str, exchange.Bracket], sides: dict[str, Side], by: User) -> None:
    """Open, each in the name of the side that the file gives: that side withdraws it or says something else."""
    words = brackets.words_of(passage.tabled.text) if noted else {}  # type: ignore[union-attr]  # put before all
    for id_, part in noted.items():
        bracket = Bracket.objects.create(
            public_id=id_,
            passage=passage,
            side=sides[part.side],
            reason=part.reason,
            words=words[id_],
            person=by,
            from_file=True,
        )
        for one in part.alternatives:
            Alternative.objects.create(bracket=bracket, side=sides[one.side], words=one.text, person=by, from_file=True)


def _voice(part: exchange.Passage, under: exchange.Recommendation | None) -> Voice:
    if part.voice == exchange.JOINT:
        return Voice.RECOMMENDATION if under else Voice.JOINT
    return Voice.VIEW if part.responds_to is None else Voice.REPLY


def brackets_in(contents: exchange.Contents) -> int:
    """How many brackets the file holds."""
    parts = [*contents.paragraphs, *(one for section in contents.sections for one in section.every_passage())]
    return sum(len(part.brackets) for part in parts)


def reservations_in(contents: exchange.Contents) -> int:
    """How many reservations the file holds."""
    parts = [*contents.paragraphs, *(one for section in contents.sections for one in section.every_passage())]
    return len(contents.reservations) + sum(len(part.reservations) for part in parts)


def unknown_people(contents: exchange.Contents, group: ThematicGroup) -> list[str]:
    """Names in the file that nobody on the group's roster bears; the page lists them, and makes nobody of them."""
    held = {str(seat.person) for seat in group.memberships.on_the_roster().select_related("person")}
    return [member.name for side in contents.sides for member in side.members if member.name not in held]
