"""A document as the exchange format holds it: what lies before all sides, and nothing of a caucus."""

from groups.models import Membership, Role
from parley.programmes.models import HostOrganisation
from reports import exchange
from reports.text import brackets, plain
from reports.text.schema import heading_of

from .models import Bracket, Document, DocumentKind, Passage, PassageState, Section, TextReservation
from .reserving import reservations_on, reservations_to_the_whole

KINDS = {
    DocumentKind.REPORT: exchange.Kind.REPORT,
    DocumentKind.STATEMENT: exchange.Kind.STATEMENT,
    DocumentKind.SUMMARY: exchange.Kind.SUMMARY,
}
DOCUMENT_KINDS = {held: ours for ours, held in KINDS.items()}


def contents_of(document: Document) -> exchange.Contents:
    """Every tabled passage in reading order with its open brackets, the roster, the host's record."""
    programme = document.group.programme
    sections = [_section(section) for section in document.sections.present()]
    statement = document.kind == DocumentKind.STATEMENT
    return exchange.Contents(
        kind=KINDS[DocumentKind(document.kind)],
        programme=programme.name,
        group=document.group.name,
        title=document.title,
        date=document.date,
        host=_host(programme.host),
        sides=_sides(document),
        sections=() if statement else tuple(sections),
        paragraphs=tuple(passage for section in sections for passage in section.passages) if statement else (),
        place=document.place,
        meeting=document.meeting,
        facilitator=document.facilitated_by,
        reservations=tuple(_reservation(one) for one in reservations_to_the_whole(document)),
    )


def _host(host: HostOrganisation) -> exchange.Host:
    return exchange.Host(
        name=host.name,
        website=host.website,
        email=host.email,
        addresses=tuple(exchange.Address(tuple(a.lines.splitlines()), a.label) for a in host.addresses.all()),
        about=tuple(host.about_paragraphs()),
    )


def _sides(document: Document) -> tuple[exchange.Side, ...]:
    """In the order in which the programme keeps them; co-chairs first."""
    seats = document.group.memberships.on_the_roster().with_a_side().select_related("person").order_by("pk")
    by_side: dict[int | None, list[exchange.Member]] = {}
    for seat in sorted(seats, key=lambda seat: seat.role != Role.CO_CHAIR):
        by_side.setdefault(seat.side_id, []).append(_member(seat))
    return tuple(
        exchange.Side(side.name, side.demonym, tuple(by_side.get(side.pk, ())))
        for side in document.group.programme.sides.all()
    )


def _member(seat: Membership) -> exchange.Member:
    role = exchange.Role.CO_CHAIR if seat.role == Role.CO_CHAIR else exchange.Role.MEMBER
    return exchange.Member(str(seat.person), role)


def _section(section: Section) -> exchange.Section:
    """Passages up to the first heading, then recommendations, each from its heading to the next."""
    passages = list(section.passages.tabled_ones().select_related("side", "tabled").order_by("position", "pk"))
    groups: list[list[Passage]] = [[]]
    for passage in passages:
        if heading_of(passage.tabled.text)[0] is not None:  # type: ignore[union-attr]  # tabled passages have one
            groups.append([])
        groups[-1].append(passage)
    return exchange.Section(
        title=section.title,
        passages=_passages(groups[0]),
        recommendations=tuple(_recommendation(group) for group in groups[1:]),
    )


def _passages(passages: list[Passage]) -> tuple[exchange.Passage, ...]:
    places = {passage.pk: place for place, passage in enumerate(passages)}
    held, reserved = _open_brackets(passages), reservations_on(passages)
    return tuple(_passage(passage, places, held, reserved.get(passage.pk, [])) for passage in passages)


def _passage(
    passage: Passage, places: dict[int, int], held: dict[str, Bracket], reserved: list[TextReservation]
) -> exchange.Passage:
    """Its brackets by their number: what they are called here is nothing to another place."""
    text = heading_of(passage.tabled.text)[1]  # type: ignore[union-attr]  # tabled passages have one
    ids = brackets.ids_of(text)
    return exchange.Passage(
        voice=passage.side.name if passage.side else exchange.JOINT,
        text=brackets.renamed(text, {id_: str(number) for number, id_ in enumerate(ids, 1)}),
        responds_to=places.get(passage.answers_id) if passage.answers_id else None,
        attributed_in_text=passage.attributed_in_text,
        brackets=tuple(_bracket(held[id_]) for id_ in ids),
        reservations=tuple(_reservation(one) for one in reserved),
    )


def _reservation(reservation: TextReservation) -> exchange.Reservation:
    return exchange.Reservation(reservation.side.name, reservation.words, reservation.name)


def _open_brackets(passages: list[Passage]) -> dict[str, Bracket]:
    """By the id that their marks carry; no question to the database where nothing is bracketed."""
    bracketed = [passage for passage in passages if passage.state == PassageState.BRACKETED]
    if not bracketed:
        return {}
    return {one.public_id: one for one in Bracket.objects.open().filter(passage__in=bracketed).with_alternatives()}


def _bracket(bracket: Bracket) -> exchange.Bracket:
    alternatives = tuple(
        exchange.Alternative(one.side.name, one.words)
        for one in bracket.standing  # type: ignore[attr-defined]  # prefetched
    )
    return exchange.Bracket(bracket.side.name, bracket.reason, alternatives)


def _recommendation(passages: list[Passage]) -> exchange.Recommendation:
    heading = heading_of(passages[0].tabled.text)[0]  # type: ignore[union-attr]
    return exchange.Recommendation(
        heading=plain.text_of(heading),  # type: ignore[arg-type]  # it begins with one
        addressee=heading["attrs"]["addressee"],  # type: ignore[index]  # it begins with one
        horizon=heading["attrs"]["horizon"],  # type: ignore[index]
        passages=_passages(passages),
    )
