"""What a person finds in all that they may read: asked of the index, then of the things themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from groups.models import ThematicGroup
from groups.standing import standings
from parley.accounts.models import User
from parley.search.asking import Asked
from parley.search.models import Audience, Entry, Filters, Found
from parley.search.sources import Hit, source_of, sources
from parley.search.words import Piece, excerpt

# So much is fetched: whoever finds more is asked to say more.
MOST = 100
MOST_BESIDE = 30
# What stands under no document: names before the documents, meetings after them.
BEFORE = ("person", "group")


@dataclass(frozen=True)
class Result:
    """One place; `words`: those around what was asked for."""

    hit: Hit
    heading: str
    heading_url: str
    asked: Asked

    @property
    def words(self) -> SafeString:
        """With what was asked for in <mark>."""
        pieces = excerpt(self.hit.text, self.asked.terms)
        return mark_safe("".join(map(_written, pieces)))  # noqa: S308 (each piece is escaped)


@dataclass(frozen=True)
class Results:
    results: list[Result]
    there_are_more: bool

    def __len__(self) -> int:
        return len(self.results)


def _written(piece: Piece) -> str:
    return format_html("<mark>{}</mark>", piece.text) if piece.marked else escape(piece.text)


def audience_of(person: User) -> Audience:
    """From the standings of this request, and the groups of the programmes that the person facilitates."""
    held = standings(person)
    seats = held.by_group.items()
    facilitated = ThematicGroup.objects.filter(programme__in=held.programmes).values_list("pk", flat=True)
    texts = {group for group, here in seats if here.sees_texts}
    return Audience(
        texts=frozenset(texts | set(facilitated if held.programmes else ())),
        caucuses=frozenset((group, here.side.pk) for group, here in seats if here.side),
        observed=frozenset(group for group, here in seats if not here.sees_texts),
    )


def search(person: User, asked: Asked, filters: Filters) -> Results:
    """By document, the newest first, in each in reading order; names first, meetings last."""
    audience = audience_of(person)
    rows = Entry.objects.filter(asked.condition()).read_by(audience).narrowed(filters)
    if not filters.kind:
        rows = rows.without_repeats([source.kind for source in sources() if source.repeats], audience)
    documents = rows.exclude(document_id=None).found(MOST + 1)
    beside = [] if filters.document else rows.filter(document_id=None).found(MOST_BESIDE + 1)
    hits = _as_seen_by(person, [*documents[:MOST], *beside[:MOST_BESIDE]])
    results = list(_in_order(hits, asked))
    return Results(results, len(documents) > MOST or len(beside) > MOST_BESIDE)


def _as_seen_by(person: User, found: list[Found]) -> dict[Found, Hit]:
    """The second fence: what the person may not see now is in no count and on no page."""
    hits: dict[Found, Hit] = {}
    by_kind = sorted(found, key=lambda one: one.kind)
    for kind, ones in groupby(by_kind, key=lambda one: one.kind):
        if source := source_of(kind):
            hits |= source.shown(person, list(ones))
    return {one: hits[one] for one in found if one in hits}


def _in_order(hits: dict[Found, Hit], asked: Asked) -> Iterator[Result]:
    kinds = [source.kind for source in sources()]

    def place(one: Found) -> tuple[int, int]:
        if one.document_id is not None:
            return 1, -one.document_id
        return (0 if one.kind in BEFORE else 2), kinds.index(one.kind)

    ordered = sorted(hits, key=lambda one: (*place(one), hits[one].order))
    for _place, ones in groupby(ordered, key=place):
        first, *others = ones
        heading, url = hits[first].heading or str(source_of(first.kind).label), hits[first].heading_url  # type: ignore[union-attr]
        for one in (first, *others):
            yield Result(hits[one], heading, url, asked)
